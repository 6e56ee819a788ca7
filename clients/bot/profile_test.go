package main

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// The profile names what all bytes were spent on, by the game's own names.
func TestProfile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, server.Options{
			Games:  samples.All(),
			Limits: server.Limits{CallsPerSecond: 1000, HandshakesPerSecond: 1000}, // all come from one address
		})
		args := []string{"--game=world", "--clients=20", "--option=size=64", "--profile", "--duration=20s", "--ramp=100"}
		cfg, err := parse(append(args, "--url=http://tickwire.test:80"), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg.dial = s.Dial
		r, err := measure(t.Context(), cfg, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		p, sum, shares := r.Profile, 0.0, 0.0
		fields := map[string]float64{}
		for _, f := range p.Fields {
			fields[f.Table+"."+f.Field] = f.Bytes
			sum, shares = sum+f.Bytes, shares+f.Share
		}
		if math.Abs(sum-r.BytesDown) > r.BytesDown/100 || math.Abs(shares-1) > 1e-9 {
			t.Errorf("%.1f bytes a second, of %.1f; shares of %v", sum, r.BytesDown, shares)
		}
		for _, name := range []string{"walkers.x", "food.(enters)", "(frame).(head)", "walkers.(marks)"} {
			if fields[name] == 0 {
				t.Errorf("%s: nothing; %v", name, fields)
			}
		}
		if c := p.Clients; c.P50 <= 0 || c.P50 > c.P90 || c.P90 > c.P99 || c.P99 > c.Max ||
			c.P50 > 2*r.BytesDown || 2*c.Max < r.BytesDown {
			t.Errorf("%+v, the mean is %.1f", p.Clients, r.BytesDown)
		}
		var out bytes.Buffer
		if err := r.table(&out); err != nil || !strings.Contains(out.String(), "walkers") {
			t.Errorf("%v\n%s", err, &out)
		}
		t.Logf("\n%s", &out)
	})
}

// What cannot be profiled is said at once.
func TestProfileWantsPacked(t *testing.T) {
	for _, args := range [][]string{{"--codec=plain"}, {"--peer=gws"}, {"--compare-gws"}} {
		if _, err := parse(append(args, "--profile"), io.Discard); err == nil || !strings.Contains(err.Error(), "--profile") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

package main

import (
	"context"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/link"
	"github.com/tickwire/tickwire/server/servertest"
)

// Bots play over every kind of network, and come back whenever they are cut. Nobody is lost, and all is right.
func TestPlayOverNetworks(t *testing.T) {
	for _, c := range []struct {
		why       string
		args      []string
		rate      float64 // frames a second that every client gets at least
		dropped   [2]int  // at least, at most
		resumeP99 float64
	}{
		{"lan", []string{"--net-profile=lan"}, 29.5, [2]int{}, 0},
		{"wifi", []string{"--net-profile=wifi"}, 29, [2]int{}, 0},
		{"mobile", []string{"--net-profile=mobile"}, 28, [2]int{}, 0},
		{"bad", []string{"--net-profile=bad"}, 7, [2]int{}, 0},
		{"satellite", []string{"--net-profile=satellite"}, 10, [2]int{}, 0},
		{"slow", []string{"--net-profile=slow"}, 15, [2]int{}, 0},
		{"slow, with eight times the ships", []string{"--net-profile=slow", "--clients=64"}, 10, [2]int{}, 0},
		// A client waits up to 500 ms before it comes back, and then for the next tick; times are counted in steps of 0.4 %.
		{"each is cut three times", []string{"--cut-every=20s", "--duration=60s", "--clients=32"}, 29, [2]int{70, 140}, 536},
		{"the same on a mobile network", []string{
			"--cut-every=20s", "--duration=60s", "--net-profile=mobile",
		}, 28, [2]int{15, 35}, 1000},
		{"connections that never last", []string{"--cut-every=2s"}, 5, [2]int{25, 70}, 16000},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, broken := playOver(t, c.args)
				for _, b := range broken {
					t.Error(b)
				}
				if r.Resumed != r.Dropped || r.Dropped < c.dropped[0] || r.Dropped > c.dropped[1] || r.EventsLost > 0 {
					t.Errorf("%d dropped, %d resumed, %d events lost", r.Dropped, r.Resumed, r.EventsLost)
				}
				t.Logf("%.1f frames a second, %d dropped, resumed in %+v ms", r.Frames, r.Dropped, r.ResumeTime)
				if r.Frames < c.rate || r.ResumeTime.P99 > c.resumeP99 {
					t.Errorf("%.1f frames a second, resumed in %+v ms", r.Frames, r.ResumeTime)
				}
			})
		})
	}
}

func playOver(t *testing.T, args []string) (r *report, broken []string) {
	t.Helper()
	s := servertest.Start(t, server.Options{
		Games:  samples.All(),
		Limits: server.Limits{CallsPerSecond: 1000, HandshakesPerSecond: 1000}, // all come from one address
	})
	cfg, err := parse(append([]string{
		"--url=http://tickwire.test:80", "--clients=8", "--duration=20s", "--ramp=100",
	}, args...), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	cfg.dial = s.Dial
	if r, err = measure(t.Context(), cfg, io.Discard); err != nil {
		t.Fatal(err)
	}
	<-time.After(5 * time.Second) // what was said last is still on its way
	return r, cfg.bounds.check(r)
}

// The moments of the cuts are the seed's, and there are none before and after the time for them, or once it has ended.
func TestCuts(t *testing.T) {
	first, again := cuts(t, "7"), cuts(t, "7")
	if !slices.Equal(first, again) || slices.Equal(first, cuts(t, "8")) {
		t.Errorf("cut at %v, and at %v with the same seed", first, again)
	}
	if len(first) < 8 || len(first) > 12 || first[0] < 20*time.Second || first[len(first)-1] > 72*time.Second {
		t.Errorf("cut at %v; want about ten between 20 s and 70 s", first)
	}
	for i := 1; i < len(first); i++ {
		if gap := first[i] - first[i-1]; gap < 2500*time.Millisecond || gap > 7500*time.Millisecond {
			t.Errorf("%v between two cuts", gap)
		}
	}
}

// cuts keeps a connection for 100 s, another one as soon as it is cut, and says when that was.
func cuts(t *testing.T, seed string) []time.Duration {
	t.Helper()
	var at []time.Duration
	synctest.Test(t, func(t *testing.T) {
		cfg, err := parse([]string{"--cut-every=5s", "--net-seed=" + seed}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg.dial = func(context.Context, string, string) (net.Conn, error) {
			client, _ := link.Pipe(link.Options{})
			return client, nil
		}
		var on atomic.Bool
		time.AfterFunc(20*time.Second, func() { on.Store(true) })
		time.AfterFunc(70*time.Second, func() { on.Store(false) })
		n := newNetwork(cfg, 1, on.Load)
		start := time.Now()
		time.AfterFunc(100*time.Second, n.end)
		for {
			nc, err := n.dial(t.Context(), "tcp", "x")
			if err != nil {
				t.Fatal(err)
			}
			_ = nc.SetReadDeadline(start.Add(110 * time.Second))
			_, err = nc.Read(make([]byte, 1))
			if time.Since(start) == 110*time.Second {
				_ = nc.Close()
				return
			}
			at = append(at, time.Since(start))
			_ = err // a reset, or that this end was closed
		}
	})
	return at
}

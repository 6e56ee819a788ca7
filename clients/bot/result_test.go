package main

import (
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// absent is a player whose connection is lost when the measurement ends, and back so long after it joined; 0: never.
type absent struct {
	fakePlayer

	back time.Duration
}

func (p *absent) totals() totals {
	t := p.fakePlayer.totals()
	t.dropped = 1
	if p.back > 0 && time.Since(p.joined) >= p.back {
		t.resumed = 1
	}
	return t
}

// Who is away at the end gets time to come back, and is lost if it takes too long.
func TestSettle(t *testing.T) {
	for _, c := range []struct {
		why    string
		back   time.Duration
		lost   int
		within time.Duration // until all is over, from the start
	}{
		{"all are there", 5 * time.Second, 0, 11 * time.Second},
		{"one comes back in time", 25 * time.Second, 0, 26 * time.Second},
		{"one does not", 0, 1, 32 * time.Second},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, err := parse([]string{"--clients=3", "--duration=10s"}, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				var left atomic.Int32
				start := time.Now()
				r, err := newFleet(cfg, io.Discard, func(_ *config, g *gauges, n int) player {
					if n == 1 {
						return &absent{fakePlayer{g: g, left: &left}, c.back}
					}
					return &fakePlayer{g: g, left: &left}
				}).run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took > c.within+500*time.Millisecond || left.Load() != 3 {
					t.Errorf("it took %v, %d left", took, left.Load())
				}
				if r.Dropped != 1 || r.Resumed != 1-c.lost || r.Lost != c.lost || r.Errors["AWAY"] != c.lost || r.Seconds > 10.1 {
					t.Errorf("%d dropped, %d resumed, %d lost, %v, in %v s", r.Dropped, r.Resumed, r.Lost, r.Errors, r.Seconds)
				}
				if broken := cfg.bounds.check(r); len(broken) != 2*c.lost {
					t.Errorf("broken %q", broken)
				}
			})
		})
	}
}

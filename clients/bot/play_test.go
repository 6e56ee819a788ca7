package main

import (
	"io"
	"testing"
	"testing/synctest"

	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// Bots play the samples on a real server, in virtual time: all that can be said for certain of such a load is said.
func TestPlay(t *testing.T) {
	for _, c := range []struct {
		why   string
		args  []string
		rate  float64
		rooms int
		more  func(*testing.T, *report)
	}{
		{"arena, packed", []string{"--game=arena", "--clients=64"}, 30, 1, func(t *testing.T, r *report) {
			t.Helper()
			if r.Shots == nil || *r.Shots < 1 {
				t.Errorf("shots %v: the pilots do not shoot", optional(r.Shots, "%.2f"))
			}
			if r.BodyBytesMean > 110 {
				t.Errorf("%.1f bytes of state in a frame", r.BodyBytesMean)
			}
			if r.InputToState.P50 < 33 || r.InputToState.P99 > 120 {
				t.Errorf("input to state %+v ms", r.InputToState)
			}
		}},
		{"arena, plain", []string{"--game=arena", "--clients=8", "--codec=plain"}, 30, 1, func(*testing.T, *report) {}},
		{"world", []string{"--game=world", "--clients=60", "--option=size=96"}, 20, 1, func(t *testing.T, r *report) {
			t.Helper()
			if r.Commands < 60 || r.Refused > r.Commands/10 {
				t.Errorf("%d commands, %d refused: the gatherers do not eat what they find", r.Commands, r.Refused)
			}
		}},
		{"world, blind", []string{"--game=world", "--clients=20", "--pilot=blind"}, 20, 1, func(t *testing.T, r *report) {
			t.Helper()
			if r.Commands > 0 {
				t.Errorf("%d commands of players who see nothing", r.Commands)
			}
		}},
		{"tic-tac-toe", []string{"--game=tictactoe", "--clients=6"}, 10, 3, func(t *testing.T, r *report) {
			t.Helper()
			if r.Commands < 100 || r.Refused > 0 {
				t.Errorf("%d commands, %d refused", r.Commands, r.Refused)
			}
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, server.Options{
					Games:  samples.All(),
					Limits: server.Limits{CallsPerSecond: 1000, HandshakesPerSecond: 1000}, // all come from one address
				})
				cfg, err := parse(append(c.args, "--url=http://tickwire.test:80", "--duration=20s", "--ramp=100"), io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				cfg.dial = s.Dial
				r, err := measure(t.Context(), cfg, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				for _, broken := range cfg.bounds.check(r) {
					t.Error(broken)
				}
				if r.Frames < c.rate-0.1 || r.Frames > c.rate+0.1 || r.Rooms != c.rooms || r.BytesDown <= r.BodyBytesMean*c.rate ||
					r.WireDown <= r.BytesDown {
					t.Errorf("report %+v", r)
				}
				c.more(t, r)
			})
		})
	}
}

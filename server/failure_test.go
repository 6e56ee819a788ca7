package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// bomb is a game that fails in one of its hooks.
type bomb struct{ hook string }

func (b bomb) in(hook string) {
	if hook == b.hook {
		panic("boom")
	}
}

func (b bomb) Tick(t *game.Tick) error {
	if t.Number() > 60 {
		b.in("Tick")
	}
	return nil
}

func (b bomb) Join(*game.Tick, game.Player) error         { b.in("Join"); return nil }
func (b bomb) Leave(*game.Tick, game.Player, game.Reason) { b.in("Leave") }
func (b bomb) Drop(*game.Tick, game.Player)               { b.in("Drop") }
func (b bomb) Resume(*game.Tick, game.Player)             { b.in("Resume") }
func (b bomb) Close(*game.Tick, int)                      { b.in("Close") }
func bombs(hook string) game.Definition {
	return game.Definition{Name: "pilot", MaxPlayers: 4, New: func(w *game.World) game.Game {
		game.NewVar(w, "x", struct{ A uint8 }{})
		return bomb{hook}
	}}
}

// A panic in any of a game's hooks ends its room and no other; its players are told so, and what led to it is on disk and
// does the same again.
func TestAPanicEndsItsRoomOnly(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		hook string
		then func(s *servertest.Server, other *raw)
	}{
		{"Tick", func(*servertest.Server, *raw) {}},
		{"Join", func(*servertest.Server, *raw) {}},
		{"Leave", func(_ *servertest.Server, other *raw) { other.bytes(wsFrame(0x80|opClose, []byte{3, 0xe8})) }},
		{"Drop", func(_ *servertest.Server, other *raw) { _ = other.conn.Close() }},
		{"Resume", func(s *servertest.Server, other *raw) {
			other.frame()
			_ = other.conn.Close()
			other.again(s)
		}},
		{"Close", func(s *servertest.Server, other *raw) {
			other.frame()
			go s.Stop()
		}},
	} {
		t.Run(tc.hook, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				bystanders := pilots().Games[0]
				bystanders.Name = "bystanders"
				s := servertest.Start(t, server.Options{Games: []game.Definition{bombs(tc.hook), bystanders}, Dumps: dir})
				bystander := playIn(t, s, "bystanders")
				bystander.frame()
				one, other := play(t, s), play(t, s)
				tc.then(s, other)
				if code, bye := one.end(true); code != tickwirev1.Code_CODE_GAME_FAILED || bye != code {
					t.Errorf("close code %d, bye %d", code, bye)
				}
				if tc.hook != "Close" { // which ends the others too
					for range 30 {
						bystander.frame()
					}
				}
				failed := replay(t, dir, bombs(tc.hook))
				if failed.Hook != tc.hook || failed.Cause != any("boom") {
					t.Errorf("the dump fails with %v", failed)
				}
			})
		})
	}
}

// replay plays the only dump in a folder and returns how it fails.
func replay(t *testing.T, dir string, def game.Definition) *game.GameError {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.rec"))
	if err != nil || len(files) != 1 {
		t.Fatalf("dumps: %v, %v", files, err)
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rec, err := game.ReadRecording(f)
	if err != nil {
		t.Fatal(err)
	}
	failed, ok := errors.AsType[*game.GameError](rec.Replay(def, func(*game.Sim, *game.Output) error { return nil }))
	if !ok {
		t.Fatal("the dump does not fail")
	}
	return failed
}

// sleeper is a game that hangs when it is told to.
type sleeper struct {
	pilot

	until chan struct{}
}

func (g *sleeper) Tick(t *game.Tick) error {
	for c := range g.say.All(t) {
		if c.Value.Text == "hang" {
			<-g.until
		}
	}
	return nil
}

// sleepers are the options for it.
func sleepers(until chan struct{}, log *strings.Builder) server.Options {
	return server.Options{Log: zerolog.New(zerolog.SyncWriter(log)), Games: []game.Definition{{
		Name: "pilot", MaxPlayers: 1, New: func(w *game.World) game.Game {
			return &sleeper{*newPilot(w).(*pilot), until}
		},
	}}}
}

// A game that hangs costs its own room: the log shows where, its players are told, the others play on, and after some
// such rooms no new ones are made.
func TestAHangingGame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		until, log := make(chan struct{}), &strings.Builder{}
		s := servertest.Start(t, sleepers(until, log))
		witness := play(t, s)
		witness.frame()
		hang := func() *raw {
			c := play(t, s)
			c.frame()
			c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte("hang")}}}})
			return c
		}
		start, first := time.Now(), hang()
		for since(start) < 3*time.Second {
			witness.frame()
		}
		if n := metric(t, s, `limits_total{limit="TickWarn"}`); n != 1 {
			t.Errorf("%v warnings after 3 s", n)
		}
		go func() {
			for { // the others play on
				if op, payload, err := witness.next(); err != nil {
					return
				} else if op == opBinary {
					witness.take(payload)
				}
			}
		}()
		code, _ := first.end(true)
		if took := since(start); code != tickwirev1.Code_CODE_GAME_FAILED || took < 10*time.Second || took > 11*time.Second {
			t.Errorf("close code %d after %v", code, took)
		}
		for range 2 {
			hang().end(true)
		}
		if n := metric(t, s, "rooms_stuck"); n != 3 {
			t.Errorf("%v rooms are stuck, want 3", n)
		}
		if code := refusal(t, s); code != tickwirev1.Code_CODE_BUSY {
			t.Errorf("a fourth room is answered with %v", code)
		}
		if n := metric(t, s, "tick_slips_total"); n != 0 {
			t.Errorf("%v ticks slipped in other rooms", n)
		}
		close(until)
		synctest.Wait()
		if n := metric(t, s, "rooms_stuck"); n != 0 {
			t.Errorf("%v rooms are stuck after the games came back", n)
		}
		if n := metric(t, s, "players"); n != 1 {
			t.Errorf("%v players are counted, one is there", n)
		}
		s.Stop()
		for _, want := range []string{"the game takes long for a tick", "the game hangs", "(*sleeper).Tick"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not say %q", want)
			}
		}
	})
}

// lastWords is a game that takes some ticks to end when its server stops.
type lastWords struct {
	stopping *game.Var[struct{ In int32 }]
	after    int32
}

func (g *lastWords) Close(_ *game.Tick, ticks int) { g.stopping.V.In = int32(ticks) }

func (g *lastWords) Tick(*game.Tick) error {
	if g.stopping.V.In > 0 {
		if g.stopping.V.In--; g.after > 0 {
			if g.after--; g.after == 0 {
				return game.ErrOver
			}
		}
	}
	return nil
}

func TestDrain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why   string
		after int32 // ticks after which the game is over by itself; 0: never
		code  tickwirev1.Code
		least time.Duration
	}{
		{"a game that wants to end well does", 90, tickwirev1.Code_CODE_OVER, 2900 * time.Millisecond},
		{"one that does not come to an end is ended in time", 0, tickwirev1.Code_CODE_STOPPING, 22 * time.Second},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, server.Options{Games: []game.Definition{{
					Name: "pilot", MaxPlayers: 4, New: func(w *game.World) game.Game {
						return &lastWords{game.NewVar(w, "stopping", struct{ In int32 }{}), tc.after}
					},
				}}})
				c := play(t, s)
				c.frame()
				start, stopped := time.Now(), make(chan time.Duration, 1)
				go func() {
					s.Stop()
					stopped <- since(start)
				}()
				closing := uint32(0)
				for closing == 0 {
					closing = c.frame().GetClosing()
				}
				if closing < 22*30 || closing > 25*30 {
					t.Errorf("the client is told of %d ticks", closing)
				}
				if code := refusal(t, s); code != tickwirev1.Code_CODE_STOPPING {
					t.Errorf("a new seat is answered with %v", code)
				}
				code, _ := c.end(true)
				if took := since(start); code != tc.code || took < tc.least || took > 25*time.Second {
					t.Errorf("close code %d after %v", code, took)
				}
				_ = c.conn.Close()
				if took := <-stopped; took > 25*time.Second {
					t.Errorf("the server stopped after %v", took)
				}
			})
		})
	}
}

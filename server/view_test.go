package server

import (
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// blind is a game whose View fails from some tick on, or kicks somebody before.
type blind struct {
	game  *game.World
	marks *game.Table[blindMark]
	tick  *game.Var[blindMark]
	fail  int
	kick  int
}

type blindMark struct{ N int32 }

func (g *blind) Join(_ *game.Tick, p game.Player) error {
	g.marks.Put(p, blindMark{})
	return nil
}

func (g *blind) Leave(_ *game.Tick, p game.Player, _ game.Reason) { g.marks.Delete(p) }

func (g *blind) Tick(t *game.Tick) error {
	g.tick.V.N = int32(t.Number())
	for id := range g.marks.All() {
		if int(t.Number()) == g.kick {
			t.Kick(id, "out")
			break
		}
	}
	return nil
}

func (g *blind) View(p game.Player, v *game.View) {
	if int(g.tick.V.N) >= g.fail {
		panic("blind")
	}
	v.Row(g.marks, p)
}

// A View that panics ends its room as any failure of the game does, whether for an ordinary frame or for the last one of a
// player who must go; nobody gets a frame of that tick.
func TestAViewThatFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why        string
		fail, kick int
		cores      int
	}{
		{"in the frames of a tick", 20, 0, 1},
		{"in the frames of a tick, with two cores", 20, 0, 2},
		{"in a last frame", 20, 20, 1},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			h := roomOf(t, game.Definition{Name: "blind", MaxPlayers: 64, New: func(w *game.World) game.Game {
				return &blind{
					w, game.NewTable[blindMark](w, "marks"), game.NewVar(w, "tick", blindMark{}), tc.fail, tc.kick,
				}
			}})
			if tc.cores > 1 {
				h.room.crew.least, h.room.crew.most = 1, tc.cores
			}
			var tapes []*tape
			for range 40 {
				h.join(t, tickwirev1.Codec_CODEC_PACKED)
				tapes = append(tapes, &tape{})
				h.room.inbox.filled.entries[len(h.room.inbox.filled.entries)-1].conn.wire.out = tapes[len(tapes)-1]
			}
			for h.room.sim.Now() < 19 {
				h.tick(t, nil)
			}
			sent := len(tapes[0].frames)
			h.now = h.room.clock.next()
			code, message, ended := h.room.turn(h.now)
			if !ended || code != tickwirev1.Code_CODE_GAME_FAILED || !strings.Contains(message, "failed") {
				t.Errorf("the room ended: %v with %v %q", ended, code, message)
			}
			if sent < 18 || len(tapes[0].frames) != sent {
				t.Errorf("%d frames before, %d after", sent, len(tapes[0].frames))
			}
		})
	}
}

// A worker that fails ends its room, and no other.
func TestAWorkerThatFails(t *testing.T) {
	t.Parallel()
	h := roomOf(t, game.Definition{Name: "blind", MaxPlayers: 64, New: func(w *game.World) game.Game {
		return &blind{w, game.NewTable[blindMark](w, "marks"), game.NewVar(w, "tick", blindMark{}), 1 << 30, 0}
	}})
	h.room.crew.least, h.room.crew.most = 1, 2
	for range 40 {
		h.join(t, tickwirev1.Codec_CODEC_PACKED)
	}
	h.tick(t, nil)
	h.sessions[39].line.conn.wire.out = nil // who writes to it panics
	defer func() {
		f, ok := recover().(*failure)
		if !ok || !strings.Contains(string(f.stack), "sendLocked") {
			t.Errorf("%v", f)
		}
	}()
	h.tick(t, nil)
	t.Error("the tick went on")
}

package server

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// One who comes back after a second is told what changed, in the scenes of a match: that is little where ships fly, and
// nearly all where everybody turns and shoots, for then nearly all is new. The schema never comes again.
func TestComingBackCosts(t *testing.T) {
	t.Parallel()
	packed, plain := tickwirev1.Codec_CODEC_PACKED, tickwirev1.Codec_CODEC_PLAIN
	for _, tc := range []struct {
		why   string
		codec tickwirev1.Codec
		input func(player int, tick uint32) []int64 // thrust, turn, fire
		most  float64                               // of a whole state
	}{
		{"ships drift", packed, func(int, uint32) []int64 { return []int64{0, 0, 0} }, 0.35},
		{"ships fly straight", packed, func(int, uint32) []int64 { return []int64{1, 0, 0} }, 0.35},
		{"all turn and shoot without a pause", packed, func(player int, tick uint32) []int64 {
			return []int64{int64(player%3) - 1, int64(tick/40+uint32(player))%3 - 1, 1}
		}, 0.80},
		{"the same in the plain codec", plain, func(player int, tick uint32) []int64 {
			return []int64{int64(player%3) - 1, int64(tick/40+uint32(player))%3 - 1, 1}
		}, 0.70},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			h := seatAt(t, arena.Definition(), 64, tc.codec)
			play := func(ticks int) {
				for range ticks {
					tick := h.room.sim.Now() + 1
					for i, s := range h.sessions {
						e := entry{kind: entryInput, session: s, conn: s.line.conn, at: h.now, tick: tick}
						h.room.inbox.putMessage(e, tc.input(i, tick), nil)
					}
					h.tick(t, nil)
				}
			}
			play(600)
			one, held := h.sessions[0], h.room.sim.Now()
			holds := one.baseline
			h.room.inbox.put(entry{kind: entryClosed, session: one, conn: one.line.conn, at: h.now, typ: int32(codeLost)})
			h.sessions = h.sessions[1:]
			play(30)
			h.plug(t, one, entry{typ: int32(tc.codec), tick: held, seq: one.mail.seq})
			play(1)
			if got, want := one.baseline.Tick(), h.room.sim.Now(); got != want {
				t.Fatalf("it holds tick %d, want %d", got, want)
			}
			ring, whole := h.costs(tc.codec, holds)
			share := float64(ring) / float64(whole)
			t.Logf("state %d bytes, a whole one %d: %.0f %%; all that came %d bytes; a stranger gets %d bytes of schema too",
				ring, whole, 100*share, one.flow.flight.frames[0].bytes, len(h.room.welcome))
			if share > tc.most {
				t.Errorf("coming back costs %.0f %% of a whole state", 100*share)
			}
		})
	}
}

// costs is the size of the state for a client that holds something, and for one that holds nothing.
func (h *byHand) costs(codec tickwirev1.Codec, holds game.Baseline) (ring, whole int) {
	f := h.room.framers[0]
	size := func(b *game.Baseline) int {
		if codec == tickwirev1.Codec_CODEC_PLAIN {
			_, state := f.rows(b, h.room.sim.Now(), 1, nil)
			return len(state)
		}
		_, state := f.packed(b, 1, nil)
		return len(state)
	}
	return size(&holds), size(&game.Baseline{})
}

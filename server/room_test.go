package server

import (
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// byHand is a room that a test moves by hand, with its players.
type byHand struct {
	room     *room
	sessions []*session
	now      time.Time
}

// seatAt makes a room of a game with players in it, who all read the given codec.
func seatAt(tb testing.TB, def game.Definition, players int, codec tickwirev1.Codec) *byHand {
	tb.Helper()
	patient := Limits{Dead: time.Hour, Idle: time.Hour, Ping: time.Hour} // time by hand runs ahead of the sockets'
	s, err := New(Options{Games: []game.Definition{def}, Limits: patient})
	if err != nil {
		tb.Fatal(err)
	}
	r, err := newRoom(s, "room", def, nil)
	if err != nil {
		tb.Fatal(err)
	}
	h := &byHand{room: r, now: time.Now()}
	r.clock = newClock(h.now, r.def.Rate)
	for range players {
		c, seat := open(tb, &void{}, &s.options.Limits), r.newSession("player")
		r.inbox.put(entry{kind: entryConnected, session: seat, conn: c, at: h.now})
		r.inbox.put(entry{kind: entryHello, session: seat, conn: c, at: h.now, typ: int(codec)})
		h.sessions = append(h.sessions, seat)
	}
	h.tick(tb, nil)
	return h
}

// tick gives every player the same input and runs one tick.
func (h *byHand) tick(tb testing.TB, input []int64) {
	tb.Helper()
	tick := h.room.sim.Now() + 1
	for i, s := range h.sessions {
		if input != nil {
			e := entry{kind: entryInput, session: s, conn: s.conn, at: h.now, tick: tick}
			input[0], input[1] = int64(i%3)-1, int64(tick/40+uint32(i))%3-1
			h.room.inbox.putMessage(e, input, nil)
		}
	}
	h.now = h.room.clock.next()
	if code, message, ended := h.room.turn(h.now); ended {
		tb.Fatalf("the room ended: %d %s", code, message)
	}
}

// BenchmarkTick is the whole of a room's tick but for the system calls.
func BenchmarkTick(b *testing.B) {
	for _, codec := range []tickwirev1.Codec{tickwirev1.Codec_CODEC_PACKED, tickwirev1.Codec_CODEC_PLAIN} {
		b.Run(codec.String(), func(b *testing.B) {
			h := seatAt(b, arena.Definition(), 64, codec)
			input := []int64{0, 0, 1}
			for range 500 {
				h.tick(b, input)
			}
			b.ReportAllocs()
			for b.Loop() {
				h.tick(b, input)
			}
		})
	}
}

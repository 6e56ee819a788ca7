package server

import (
	"testing"

	"github.com/tickwire/tickwire/game/samples/arena"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Inputs that follow a hello in the same tick come after it, though the old socket has left no place in the inbox:
// before it they would be those of a socket that has not got the seat.
func TestInputsStayBehindTheirHello(t *testing.T) {
	t.Parallel()
	h := seatAt(t, arena.Definition(), 1, tickwirev1.Codec_CODEC_PACKED)
	for range 40 {
		h.tick(t, nil)
	}
	s, now := h.sessions[0], h.room.sim.Now()
	input := func(c *conn, tick uint32) {
		e := entry{kind: entryInput, session: s, conn: c, at: h.now, tick: tick}
		h.room.inbox.putMessage(e, []int64{1, 0, 0}, nil)
	}
	for i := range uint32(maxInputsWaiting) { // what a choked network brings at last, all twice
		input(s.line.conn, now-15+i%16)
	}
	c := h.plug(t, s, entry{tick: now})
	for i := range uint32(3) {
		input(c, now+1+i)
	}
	h.now = h.room.clock.next()
	h.room.turn(h.now)
	if s.line.conn != c {
		t.Fatal("the new socket has not got the seat")
	}
	if applied := h.room.sim.Applied(s.player); s.newest != now+3 || applied != now+1 {
		t.Errorf("the newest input is for tick %d, want %d; the game has that for %d, want %d",
			s.newest, now+3, applied, now+1)
	}
}

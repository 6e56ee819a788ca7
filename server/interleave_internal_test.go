package server

import (
	"testing"

	"github.com/tickwire/tickwire/game"
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

// The server counts an input as come exactly if the game will be given it.
func TestInputsAsFarAheadAsTheGameTakes(t *testing.T) {
	t.Parallel()
	h := seatAt(t, arena.Definition(), 1, tickwirev1.Codec_CODEC_PACKED)
	s, next := h.sessions[0], h.room.sim.Now()+1
	for _, tc := range []struct {
		why    string
		tick   uint32
		newest uint32
	}{
		{"one too far ahead", next + game.MaxAhead + 1, 0},
		{"as far as may be", next + game.MaxAhead, next + game.MaxAhead},
	} {
		e := entry{kind: entryInput, session: s, conn: s.line.conn, at: h.now, tick: tc.tick}
		h.room.inbox.putMessage(e, []int64{0, 0, 0}, nil)
		h.room.arrive(h.room.inbox.take())
		if s.newest != tc.newest {
			t.Errorf("%s: the newest is %d, want %d", tc.why, s.newest, tc.newest)
		}
	}
	h.tick(t, nil)
	if n := h.room.sim.Dropped(s.player); n != 0 {
		t.Errorf("the game dropped %d inputs that the server counts", n)
	}
}

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
func seatAt(t testing.TB, def game.Definition, players int, codec tickwirev1.Codec) *byHand {
	t.Helper()
	patient := Limits{Dead: time.Hour, Idle: time.Hour, Ping: time.Hour} // time by hand runs ahead of the sockets'
	s, err := New(Options{Games: []game.Definition{def}, Limits: patient})
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRoom(s, "room", def, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	tb := &byHand{room: r, now: time.Now()}
	r.clock = newClock(tb.now, r.def.Rate)
	for range players {
		c, seat := open(t, &void{}, &s.options.Limits), r.newSession(Identity{}, "player")
		r.inbox.put(entry{kind: entryConnected, session: seat, conn: c, at: tb.now})
		r.inbox.put(entry{kind: entryHello, session: seat, conn: c, at: tb.now, typ: int(codec)})
		tb.sessions = append(tb.sessions, seat)
	}
	tb.tick(t, nil)
	return tb
}

// tick gives every player the same input and runs one tick.
func (tb *byHand) tick(t testing.TB, input []int64) {
	tick := tb.room.sim.Now() + 1
	for i, s := range tb.sessions {
		if input != nil {
			e := entry{kind: entryInput, session: s, conn: s.conn, at: tb.now, tick: tick}
			input[0], input[1] = int64(i%3)-1, int64(tick/40+uint32(i))%3-1 //nolint:gosec // small
			tb.room.inbox.putMessage(e, input, nil)
		}
	}
	tb.now = tb.room.clock.next()
	if code, message, ended := tb.room.turn(tb.now); ended {
		t.Fatalf("the room ended: %d %s", code, message)
	}
}

// A tick of 64 players, from the inbox to the wire, allocates nothing but what the WebSocket library does itself: one
// small header a message.
func TestTickAllocatesNothing(t *testing.T) {
	for _, codec := range []tickwirev1.Codec{tickwirev1.Codec_CODEC_PACKED, tickwirev1.Codec_CODEC_PLAIN} {
		tb := seatAt(t, arena.Definition(), 64, codec)
		input := []int64{0, 0, 1}
		for range 2000 { // until all memory has its size
			tb.tick(t, input)
		}
		const players = 64
		if n := testing.AllocsPerRun(300, func() { tb.tick(t, input) }); n > players {
			t.Errorf("%v: a tick allocates %v times, %d of them are the library's", codec, n, players)
		}
	}
}

// BenchmarkTick is the whole of a room's tick but for the system calls.
func BenchmarkTick(b *testing.B) {
	for _, codec := range []tickwirev1.Codec{tickwirev1.Codec_CODEC_PACKED, tickwirev1.Codec_CODEC_PLAIN} {
		b.Run(codec.String(), func(b *testing.B) {
			tb := seatAt(b, arena.Definition(), 64, codec)
			input := []int64{0, 0, 1}
			for range 500 {
				tb.tick(b, input)
			}
			b.ReportAllocs()
			for b.Loop() {
				tb.tick(b, input)
			}
		})
	}
}

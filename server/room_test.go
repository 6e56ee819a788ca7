package server

import (
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/game/samples/world"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// byHand is a room that a test moves by hand, with its players.
type byHand struct {
	room     *room
	place    *place
	sessions []*session
	now      time.Time
}

// roomOf makes a room of a game that a test moves by hand.
func roomOf(tb testing.TB, def game.Definition) *byHand {
	tb.Helper()
	def = def.WithDefaults()
	patient := Limits{ // time by hand runs ahead of the sockets'
		Dead: time.Hour, Idle: time.Hour, Ping: time.Hour, Write: time.Hour, Confirm: time.Hour,
	}
	s, err := New(Options{Games: []game.Definition{def}, Limits: patient})
	if err != nil {
		tb.Fatal(err)
	}
	s.directory.advance(stageNew, stageRunning)
	p, err := s.directory.open(&def, nil, false, asker{exempt: true})
	if err != nil {
		tb.Fatal(err)
	}
	r, err := newRoom(s, p.info.ID, def, nil)
	if err != nil {
		tb.Fatal(err)
	}
	s.directory.made(p, r, nil)
	h := &byHand{room: r, place: p, now: time.Now()}
	r.clock = newClock(h.now, r.def.Rate)
	return h
}

// join lets one more player in.
func (h *byHand) join(tb testing.TB, codec tickwirev1.Codec) *session {
	tb.Helper()
	s := h.room.newSession("player", "somebody")
	if _, err := h.room.server.directory.hold(h.place, s, asker{exempt: true}, h.now); err != nil {
		tb.Fatal(err)
	}
	h.plug(tb, s, entry{typ: int32(codec)})
	h.sessions = append(h.sessions, s)
	return s
}

// plug gives a session a socket with the newest generation and a hello.
func (h *byHand) plug(tb testing.TB, s *session, hello entry) *conn {
	tb.Helper()
	d := h.room.server.directory
	d.mu.Lock()
	generation := d.seats[s.id].newest.number
	d.mu.Unlock()
	c := open(tb, &void{}, &h.room.server.options.Limits)
	h.room.inbox.put(entry{kind: entryConnected, session: s, conn: c, at: h.now, seq: generation})
	hello.kind, hello.session, hello.conn, hello.at = entryHello, s, c, h.now
	h.room.inbox.put(hello)
	return c
}

// seatAt makes a room of a game with players in it, who all read the given codec.
func seatAt(tb testing.TB, def game.Definition, players int, codec tickwirev1.Codec) *byHand {
	tb.Helper()
	h := roomOf(tb, def)
	for range players {
		h.join(tb, codec)
	}
	h.tick(tb, nil)
	return h
}

// tick lets every player acknowledge the last frame, gives all the same input and runs one tick.
func (h *byHand) tick(tb testing.TB, input []int64) {
	tb.Helper()
	now := h.room.sim.Now()
	for i, s := range h.sessions {
		e := entry{kind: entryAck, session: s, conn: s.line.conn, at: h.now, ack: now}
		if input == nil {
			h.room.inbox.put(e)
			continue
		}
		e.kind, e.tick = entryInput, now+1
		input[0], input[1] = int64(i%3)-1, int64((now+1)/40+uint32(i))%3-1
		h.room.inbox.putMessage(e, input, nil)
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

// BenchmarkTickOfViews is BenchmarkTick where each player sees what is near: 200 on a meadow of the usual density.
func BenchmarkTickOfViews(b *testing.B) {
	h := roomOf(b, world.Definition())
	h.bySeed(b, 7, map[string]string{"size": "256"})
	const players = 200
	for range players {
		h.join(b, tickwirev1.Codec_CODEC_PACKED)
	}
	input := []int64{0, 0, 0}
	for range 300 {
		h.tick(b, input)
	}
	b.ReportAllocs()
	for b.Loop() {
		h.tick(b, input)
	}
}

package server

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/game/samples/world"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// tape is a socket that keeps what is written to it, until it is stuck: then it takes nothing.
type tape struct {
	void

	stuck  bool
	bytes  []byte
	frames [][]byte // the messages, without their WebSocket headers
}

func (k *tape) TryWrite(p []byte) (int, error) {
	if k.stuck {
		return 0, nil
	}
	k.bytes = append(k.bytes, p...)
	k.split()
	return len(p), nil
}

// split takes whole messages off the bytes.
func (k *tape) split() {
	for {
		b, head := k.bytes, 2
		if len(b) < head {
			return
		}
		size := int(b[1] & 0x7f)
		switch {
		case size == 126 && len(b) >= 4:
			head, size = 4, int(binary.BigEndian.Uint16(b[2:]))
		case size == 127 && len(b) >= 10:
			head, size = 10, int(binary.BigEndian.Uint64(b[2:]))
		case size > 125:
			return
		}
		if len(b) < head+size {
			return
		}
		if b[0]&0xf == 2 {
			k.frames = append(k.frames, bytes.Clone(b[head:head+size]))
		}
		k.bytes = b[head+size:]
	}
}

// bySeed makes a room's game anew, so that another room of the same seed plays the same.
func (h *byHand) bySeed(tb testing.TB, seed uint64, options map[string]string) {
	tb.Helper()
	sim, err := game.NewSim(h.room.def, seed, options)
	if err != nil {
		tb.Fatal(err)
	}
	h.room.sim, h.room.schema, h.room.framers = sim, sim.Schema(), []*framer{newFramer(sim)}
}

// taped is a session whose sockets are tapes.
type taped struct {
	session *session
	tape    *tape // the newest; nil: it has none
	all     []*tape
	codec   tickwirev1.Codec
	acked   int // so many frames of the newest tape
}

// troupe is a room whose players are taped.
type troupe struct {
	*byHand

	cast []*taped
}

// enter lets a player in, or in again who holds a tick.
func (p *troupe) enter(tb testing.TB, one *taped, holds uint32) {
	tb.Helper()
	hello := entry{typ: int32(one.codec), tick: holds, seq: one.session.mail.seq}
	c := p.plug(tb, one.session, hello)
	one.tape, one.acked = &tape{}, 0
	one.all = append(one.all, one.tape)
	c.wire.out = one.tape
}

// act does what a number says, of what may happen to players, and runs a tick.
func (p *troupe) act(tb testing.TB, r *rand.Rand) {
	tb.Helper()
	in := p.room.inbox
	for range r.IntN(4) {
		var one *taped
		if len(p.cast) > 0 {
			one = p.cast[r.IntN(len(p.cast))]
		}
		what, codec := r.IntN(12), tickwirev1.Codec(1+r.IntN(2))
		if one == nil || len(p.cast) < 30 || what < 2 {
			s := p.room.newSession(fmt.Sprintf("player %d", len(p.cast)), "")
			if _, err := p.room.server.directory.hold(p.place, s, asker{exempt: true}, p.now); err != nil {
				continue // all seats are taken
			}
			one = &taped{session: s, codec: codec}
			p.cast = append(p.cast, one)
			p.enter(tb, one, 0)
			continue
		}
		s, c := one.session, one.session.line.conn
		if s.ended {
			continue
		}
		switch {
		case c == nil && s.player == 0: // it has just come
		case c == nil || what == 2: // it comes back, or again with another socket
			p.enter(tb, one, uint32(what/3)*s.acked)
		case what == 3:
			in.put(entry{kind: entryClosed, session: s, conn: c, at: p.now, typ: int32(codeNormal)})
		case what == 4:
			in.put(entry{kind: entryClosed, session: s, conn: c, at: p.now, typ: int32(codeLost)})
		case what == 5:
			p.room.expel(s, "go")
		case what == 6:
			in.put(entry{kind: entryResync, session: s, conn: c, at: p.now, tick: s.acked})
		case what < 9:
			one.tape.stuck = !one.tape.stuck
		}
	}
	for i, one := range p.cast {
		s, roll := one.session, r.IntN(8)
		if s.line.conn == nil {
			continue
		}
		e := entry{session: s, conn: s.line.conn, at: p.now}
		if roll > 0 && s.flow.last > 0 && !one.tape.stuck { // else the acknowledgement comes later
			e.ack = s.flow.last
		}
		e.kind, e.tick = entryInput, p.room.sim.Now()+1
		in.putMessage(e, []int64{int64(i%3) - 1, int64(i/3%3) - 1, int64(roll & 1)}, nil)
	}
	p.now = p.room.clock.next()
	if code, message, ended := p.room.turn(p.now); ended {
		tb.Fatalf("the room ended: %d %s", code, message)
	}
}

// Several cores make the very same frames as one, byte for byte, whoever comes and goes, is skipped or starts anew, in both
// codecs, whether all see all or not, with bytes enough for all and with few.
func TestCoresMakeTheSameFrames(t *testing.T) {
	t.Parallel()
	meadow := map[string]string{"size": "64"}
	for _, tc := range []struct {
		why     string
		def     game.Definition
		options map[string]string
		budget  int
	}{
		{"all see all", arena.Definition(), nil, 1 << 20},
		{"all see all, and it is more than they may be sent", arena.Definition(), nil, 4 << 10},
		{"each sees what is near", world.Definition(), meadow, 1 << 20},
		{"each sees what is near and most important", world.Definition(), meadow, 2 << 10},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			var rooms [2]*troupe
			for i := range rooms {
				h := roomOf(t, tc.def)
				h.bySeed(t, 7, tc.options)
				h.room.limits.FrameBytesPerSecond, h.room.limits.FrameBurst = tc.budget, tc.budget/2
				rooms[i] = &troupe{byHand: h}
			}
			one, many := rooms[0], rooms[1]
			many.now, many.room.clock = one.now, newClock(one.now, one.room.def.Rate)
			one.room.crew.least = 1 << 30
			many.room.crew.least, many.room.crew.most = 1, 4
			for n := range uint64(200) {
				for _, p := range rooms {
					p.act(t, rand.New(rand.NewPCG(n, 3)))
				}
			}
			if n := len(many.room.framers); n < 2 {
				t.Errorf("%d cores were at work", n)
			}
			frames := 0
			for i, a := range one.cast {
				b := many.cast[i]
				for k, tape := range a.all {
					frames += len(tape.frames)
					compare(t, fmt.Sprintf("player %d, socket %d", i, k), tape.frames, b.all[k].frames)
				}
			}
			short := reached(t, many.room.server.metrics)[limitFrameBytes]
			t.Logf("%d players, %d frames, the budget was short %v times", len(one.cast), frames, short)
			if scarce := tc.budget < 1<<20; frames < 1000 || (short > 0) != scarce {
				t.Errorf("%d frames were compared, the budget was short %v times", frames, short)
			}
		})
	}
}

// compare compares what two sockets got. IDs and tokens are secret, so each room's Welcomes have their own.
func compare(t *testing.T, who string, one, many [][]byte) {
	t.Helper()
	if len(one) != len(many) {
		t.Fatalf("%s: %d frames, and %d of many cores", who, len(one), len(many))
	}
	for n := range one {
		if bytes.Equal(one[n], many[n]) {
			continue
		}
		var a, b tickwirev1.ServerFrame
		if err := proto.Unmarshal(one[n], &a); err != nil {
			t.Fatal(err)
		}
		if err := proto.Unmarshal(many[n], &b); err != nil {
			t.Fatal(err)
		}
		if a.GetWelcome() == nil || b.GetWelcome() == nil {
			t.Fatalf("%s, frame %d of %d: %v\n%v", who, n, len(one), &a, &b)
		}
		a.Welcome, b.Welcome = nil, nil
		if !proto.Equal(&a, &b) {
			t.Fatalf("%s, frame %d of %d: %v\n%v", who, n, len(one), &a, &b)
		}
	}
}

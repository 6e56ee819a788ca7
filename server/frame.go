package server

import (
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// hashTicks is how many ticks lie between two frames with a hash, at least.
const hashTicks = 64

// framer holds what is needed to build frames; its memory is kept from tick to tick.
type framer struct {
	encoder *game.Encoder
	plain   plain
	delta   sharedDelta
	body    []byte // of the frame being built
	frame   []byte
	event   []byte // event being delivered
}

// sharedDelta is the last Delta that was made: the next client mostly needs the very same one.
type sharedDelta struct {
	tick          uint32
	before, after game.Baseline // of the client it was made for
	base          uint32
	bytes         []byte
}

// packed returns the state for a client of the packed codec and advances its baseline. The encoder shares the work.
func (f *framer) packed(b *game.Baseline, stride uint32) (base uint32, body []byte) {
	base, f.body = f.encoder.Frame(f.body[:0], b, stride, nil)
	return base, f.body
}

// rows returns the state for a client of the plain codec and advances its baseline. Baselines are copied by value, which
// is right because all clients see all: their baselines list no rows whose memory two could share.
func (f *framer) rows(b *game.Baseline, tick, stride uint32) (base uint32, delta []byte) {
	d := &f.delta
	if d.tick != tick || !d.before.Same(b) {
		d.tick, d.before = tick, *b
		f.plain.reset()
		d.base = f.encoder.Plain(&f.plain, b, stride, nil)
		d.bytes, d.after = f.plain.bytes(), *b
	}
	*b = d.after
	return d.base, d.bytes
}

// sendFrames moves every socket on, and when a frame is due builds and sends one to each client that can take it. One
// that cannot is skipped: nothing is built, nothing waits, and its next frame is a ring or a whole one.
func (r *room) sendFrames(tick uint32, due bool, now time.Time) {
	written, passed := 0, 0
	for _, s := range r.sessions {
		c := s.line.conn
		if c == nil {
			continue
		}
		c.flush(now)
		if !due || !s.flow.turn(tick, r.stride()) {
			continue
		}
		out := skipped
		if !c.busy() && s.flow.open(now, r.interval()) {
			out = r.sendFrame(s, tick, now)
		}
		switch out {
		case sent:
			written++
		case skipped:
			s.flow.skip(now)
			passed++
		case cut: // the feeder says why, after all that it has read
		}
	}
	r.server.metrics.framesSent.Add(float64(written))
	r.server.metrics.framesSkipped.Add(float64(passed))
}

// sendFrame sends one client its frame.
func (r *room) sendFrame(s *session, tick uint32, now time.Time) outcome {
	frame := r.frame(s, tick, now)
	out := s.line.conn.send(frame)
	switch out {
	case sent:
		s.flow.sent(tick, len(frame), now, &s.baseline)
		s.mail.sent(tick)
		s.line.pong, s.line.closing = pong{}, false
		if s.line.greeted == 0 {
			s.line.greeted, s.line.greetedAt, s.line.welcome = tick, now, welcome{}
		}
	case skipped:
		s.baseline.Reset()
		s.hashed = 0
	case cut:
	}
	return out
}

// sendLast sends a player who is here the frame before the end, even one who has not taken the frame before: it and the
// end wait together for as long as the connection lingers.
func (r *room) sendLast(s *session, now time.Time) {
	if s.line.conn == nil {
		return
	}
	s.line.conn.part()
	if r.sendFrame(s, r.sim.Now(), now) == sent {
		r.server.metrics.framesSent.Inc()
	}
}

// frame builds the frame of one client: the state, shared with all who see the same, and the client's few bytes.
func (r *room) frame(s *session, tick uint32, now time.Time) []byte {
	f := &r.framer
	e := envelope{
		codec: s.line.codec, inputAge: tick - r.sim.Applied(s.player),
		slack: int32(s.lead.least(now, leadWhile)), //nolint:gosec // bounded
	}
	if e.codec == tickwirev1.Codec_CODEC_PLAIN {
		e.base, e.state = f.rows(&s.baseline, tick, r.stride())
	} else {
		e.base, e.state = f.packed(&s.baseline, r.stride())
	}
	if e.base != 0 || s.line.greeted == 0 {
		e.tick = tick
	}
	if s.hashed == 0 || tick-s.hashed >= hashTicks {
		s.hashed = tick
		e.hashed, e.hash = true, f.encoder.Hash(&s.baseline)
	}
	if s.line.pong.due {
		e.pong, e.heldUS = s.line.pong, microseconds(now.Sub(s.line.pong.at))
	}
	if s.line.greeted == 0 {
		e.welcome = r.welcomeTo(s)
	}
	if s.line.closing {
		e.closing = r.closing - min(r.closing, tick)
	}
	f.frame = s.mail.appendTo(e.appendTo(f.frame[:0]), tick)
	return f.frame
}

// welcomeTo encodes a session's Welcome. The schema, which is most of it, was encoded when the room was made; a client
// that still has it does not get it again.
func (r *room) welcomeTo(s *session) []byte {
	w := &s.line.welcome
	head := &tickwirev1.Welcome{
		RoomId: r.id, SessionId: s.id, Player: uint32(s.player), Game: r.def.Name,
		Rate: uint32(r.def.Rate), Stride: r.stride(), Codec: s.line.codec, //nolint:gosec // checked by New
		Token: w.token, Grace: uint32(r.sim.Grace(s.player)), Resumed: w.resumed, //nolint:gosec // at most 300
		LastCommand: s.commanded, LastInput: s.newest, LostEvents: w.lost,
	}
	b, err := proto.MarshalOptions{}.Marshal(head)
	if err != nil { // cannot be: the strings are our own ASCII
		r.log.Error().Err(err).Msg("encode welcome")
	}
	if w.resumed && w.kept {
		return b
	}
	return append(b, r.welcome...)
}

// encodeSchema returns a Welcome that holds the schema only; encoded messages that follow each other merge.
func encodeSchema(s *game.Schema) ([]byte, error) {
	return proto.Marshal(&tickwirev1.Welcome{Schema: schemaProto(s)})
}

// microseconds is d in whole microseconds, not negative.
func microseconds(d time.Duration) uint32 {
	return uint32(max(0, min(d.Microseconds(), 1<<31)))
}

// phase is a random part of an interval, so that rooms do not all tick at the same moment.
func phase(interval time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(interval))) //nolint:gosec // not a secret
}

// newSeed is the seed of a room's game.
func newSeed() uint64 { return rand.Uint64() } //nolint:gosec // not a secret

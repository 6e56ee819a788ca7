package server

import (
	"math/rand/v2"
	"slices"
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

// sendFrames moves every socket on, and when a frame is due builds and sends one to each client that can take it. A
// client whose wire is busy is skipped: nothing is built, nothing waits, and its next frame is a ring or a whole one.
func (r *room) sendFrames(tick uint32, due bool, now time.Time) {
	written, passed := 0, 0
	for _, s := range slices.Backward(r.sessions) { // from the back: cut removes
		s.conn.flush(now)
		if !due || s.player == 0 {
			continue
		}
		if s.conn.busy() {
			passed++
			continue
		}
		switch r.sendFrame(s, tick, now) {
		case sent:
			written++
		case skipped: // a pong slipped in since busy was asked
			passed++
		case cut:
			if code := s.conn.outbox.reason(); code != 0 { // else the feeder is about to say why
				r.remove(s, leaveReason(code))
			}
		}
	}
	r.server.metrics.framesSent.Add(float64(written))
	r.server.metrics.framesSkipped.Add(float64(passed))
}

// sendFrame sends one client its frame.
func (r *room) sendFrame(s *session, tick uint32, now time.Time) outcome {
	out := s.conn.send(r.frame(s, tick, now))
	switch out {
	case sent:
		s.mail.sent()
		s.pong, s.welcomed = pong{}, true
	case skipped:
		s.baseline.Reset()
	case cut:
	}
	return out
}

// sendLast sends a player who is in the game the frame before the end, even one who has not taken the frame before: it
// and the end wait together for as long as the connection lingers.
func (r *room) sendLast(s *session, now time.Time) {
	if s.player == 0 {
		return
	}
	s.conn.part()
	if r.sendFrame(s, r.sim.Now(), now) == sent {
		r.server.metrics.framesSent.Inc()
	}
}

// frame builds the frame of one client: the state, shared with all who see the same, and the client's few bytes.
func (r *room) frame(s *session, tick uint32, now time.Time) []byte {
	f := &r.framer
	e := envelope{codec: s.codec, inputAge: tick - r.sim.Applied(s.player), slack: s.lead.least(now)}
	if s.codec == tickwirev1.Codec_CODEC_PLAIN {
		e.base, e.state = f.rows(&s.baseline, tick, r.stride())
	} else {
		e.base, e.state = f.packed(&s.baseline, r.stride())
	}
	if e.base != 0 {
		e.tick = tick
	}
	if tick-s.hashed >= hashTicks {
		s.hashed = tick
		e.hashed, e.hash = true, f.encoder.Hash(&s.baseline)
	}
	if s.pong.due {
		e.pong, e.heldUS = s.pong, microseconds(now.Sub(s.pong.at))
	}
	if !s.welcomed {
		e.welcome = r.welcomeTo(s)
	}
	f.frame = s.mail.appendTo(e.appendTo(f.frame[:0]), tick)
	return f.frame
}

// welcomeTo encodes a session's Welcome. The schema, which is most of it, was encoded when the room was made.
func (r *room) welcomeTo(s *session) []byte {
	head := &tickwirev1.Welcome{
		RoomId: r.id, SessionId: s.id, Player: uint32(s.player), Game: r.def.Name,
		Rate: uint32(r.def.Rate), Stride: r.stride(), Codec: s.codec, //nolint:gosec // checked by New
	}
	b, err := proto.MarshalOptions{}.Marshal(head)
	if err != nil { // cannot be: the strings are our own ASCII
		r.log.Error().Err(err).Msg("encode welcome")
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

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

// maxEnvelope is what a frame has besides its state, its mail and a Welcome, at most: the fields of the envelope and the
// header of the WebSocket.
const maxEnvelope = 72

// plainCost is about how many times as long a row is in the plain codec as in the packed one, in which room is measured.
const plainCost = 4

// framer builds and sends frames. A room has one, and one more for each core that helps it. Its memory is kept from tick
// to tick.
type framer struct {
	encoder *game.Encoder
	plain   plain
	delta   sharedDelta
	body    []byte // of the frame being built
	frame   []byte
	tally   tally
}

// newFramer returns a framer for a room's game.
func newFramer(sim *game.Sim) *framer {
	return &framer{encoder: game.NewEncoder(sim.Schema(), sim.History())}
}

// sharedDelta is the last Delta that was made for clients that see all: the next such client mostly needs the very same.
type sharedDelta struct {
	tick          uint32
	before, after game.Baseline // of the client it was made for
	base          uint32
	bytes         []byte
}

// packed returns the state for a client of the packed codec and advances its baseline. The encoder shares the work.
func (f *framer) packed(b *game.Baseline, stride uint32, vis *game.Visible) (base uint32, body []byte) {
	base, f.body = f.encoder.Frame(f.body[:0], b, stride, vis)
	return base, f.body
}

// rows returns the state for a client of the plain codec and advances its baseline.
func (f *framer) rows(b *game.Baseline, tick, stride uint32, vis *game.Visible) (base uint32, delta []byte) {
	d := &f.delta
	switch {
	case vis != nil:
		f.plain.reset()
		base = f.encoder.Plain(&f.plain, b, stride, vis)
		d.tick = 0 // its bytes are written over
		return base, f.plain.bytes()
	case d.tick != tick || !d.before.Same(b):
		d.tick = tick
		d.before.Copy(b)
		f.plain.reset()
		d.base = f.encoder.Plain(&f.plain, b, stride, nil)
		d.bytes = f.plain.bytes()
		d.after.Copy(b)
	default:
		b.Copy(&d.after)
	}
	return d.base, d.bytes
}

// serve sends one client its frame and notes what became of it.
func (f *framer) serve(r *room, d *due, tick uint32, now time.Time) {
	switch s := d.session; f.send(r, d, tick, now) {
	case sent:
		f.tally.sent++
	case skipped:
		s.flow.skip(now)
		f.tally.skipped++
	case cut: // the feeder says why, after all that it has read
	}
}

// send builds and sends one frame.
func (f *framer) send(r *room, d *due, tick uint32, now time.Time) outcome {
	s := d.session
	frame := f.build(r, d, tick, now)
	out := s.line.conn.send(frame)
	switch out {
	case sent:
		s.flow.sent(tick, len(frame), now, &s.baseline)
		s.budget.charge(&r.limits, len(frame))
		s.received += uint64(len(frame))
		s.mail.sent(tick)
		s.line.pong, s.line.closing = pong{}, false
		if s.line.greeted == 0 {
			s.line.greeted, s.line.greetedAt, s.line.welcome = tick, now, welcome{}
		}
	case skipped:
		s.hold(nil)
		s.hashed = 0
	case cut:
	}
	return out
}

// build builds the frame of one client: the state, shared with all who see the same, and the client's few bytes.
func (f *framer) build(r *room, d *due, tick uint32, now time.Time) []byte {
	s := d.session
	e := envelope{
		codec: s.line.codec, inputAge: tick - r.sim.Applied(s.player),
		slack: int32(s.lead.least(now, leadWhile)), //nolint:gosec // bounded
	}
	if s.line.greeted == 0 {
		e.welcome = r.welcomeTo(s)
	}
	d.profile.hold(&s.baseline)
	vis := f.visible(r, d, maxEnvelope+len(e.welcome)+s.mail.weight())
	if e.codec == tickwirev1.Codec_CODEC_PLAIN {
		e.base, e.state = f.rows(&s.baseline, tick, r.stride(), vis)
	} else {
		e.base, e.state = f.packed(&s.baseline, r.stride(), vis)
	}
	if e.base&^game.Moves != 0 || s.line.greeted == 0 {
		e.tick = tick
	}
	if s.hashed == 0 || tick-s.hashed >= hashTicks {
		s.hashed = tick
		e.hashed, e.hash = true, f.encoder.Hash(&s.baseline)
	}
	if s.line.pong.due {
		e.pong, e.heldUS = s.line.pong, microseconds(now.Sub(s.line.pong.at))
	}
	if s.line.closing {
		e.closing = r.closing - min(r.closing, tick)
	}
	f.frame = s.mail.appendTo(e.appendTo(f.frame[:0]), tick)
	d.profile.take(f.encoder, r.stride(), e.base, e.state, f.frame)
	return f.frame
}

// visible is the rows that a client may see in a frame with some bytes besides its state; nil: all. Where all see all, no
// row waits for others but in the pieces of a first picture; frames come less often then.
func (f *framer) visible(r *room, d *due, besides int) *game.Visible {
	s, view, most := d.session, &d.view, d.session.budget.most(&r.limits)
	if !r.views {
		view, most = nil, r.limits.FrameBurst
	}
	room := most - besides
	if s.line.codec == tickwirev1.Codec_CODEC_PLAIN {
		room /= plainCost
	}
	return f.encoder.See(&s.sight, view, &s.baseline, max(1, room)) // 0 would be no limit
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

// newSeed is the seed of a room's game.
func newSeed() uint64 { return rand.Uint64() } //nolint:gosec // not a secret

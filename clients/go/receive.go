package client

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// FrameKind is what a frame's state was a difference to.
type FrameKind uint8

// The kinds of frames.
const (
	// Chain: to the frame before.
	Chain FrameKind = iota
	// Ring: to an older state, because frames in between were left out.
	Ring
	// Whole: to nothing.
	Whole
)

// String is the kind's name.
func (k FrameKind) String() string { return [...]string{"chain", "ring", "whole"}[k] }

// Frame is one state that was applied. The one that OnFrame gets is good during the call; those of Frames stay good.
type Frame struct {
	// Tick of the state.
	Tick uint32
	// Kind is what the frame was a difference to.
	Kind FrameKind
	// Bytes is the size of the whole message, Body that of the state in it.
	Bytes, Body int
	// Applied is the tick of the newest input of this player that is in the state; 0: none.
	Applied uint32
	// At is when the frame came.
	At time.Time
}

// receive takes one ServerFrame.
func (r *Room) receive(l *line, b []byte, now time.Time) *Error {
	f := &r.in
	if f.decode(b) != nil {
		return newError(codeProtocol, "the server sent a message that is not a frame")
	}
	if f.welcome != nil {
		if err := r.welcome(l, f.welcome, now); err != nil {
			return err
		}
	}
	if l.greeted.IsZero() {
		if f.bye != nil {
			l.farewell(byeError(f.bye))
			return nil
		}
		return newError(codeProtocol, "the server's first frame is not a welcome")
	}
	if f.stride != 0 {
		r.mu.Lock() // Interpolated reads it
		r.stride = f.stride
		r.mu.Unlock()
	}
	applied := false
	if f.hasState() {
		applied = r.state(f, len(b), now)
	}
	if applied && r.away.on {
		r.cameBack(&r.frame)
	}
	if err := r.extras(f, now); err != nil {
		return err
	}
	if f.bye != nil {
		l.farewell(byeError(f.bye))
		return nil
	}
	if applied && r.opts.OnFrame != nil {
		r.call(func() { r.opts.OnFrame(r, &r.frame) })
	}
	if f.hasState() {
		r.reply(l, now)
	}
	return nil
}

func byeError(b []byte) *Error {
	bye := &tickwirev1.Bye{}
	if proto.Unmarshal(b, bye) != nil {
		return newError(codeProtocol, "the server sent a bye that is not one")
	}
	return newError(bye.GetCode(), bye.GetMessage())
}

// state applies the frame's state; false if it could not be.
func (r *Room) state(f *serverFrame, size int, now time.Time) bool {
	tick := f.tick
	if tick == 0 {
		tick = r.frame.Tick + r.stride
	}
	if r.opts.OnBody != nil && f.delta == nil {
		r.replica.SetStride(r.stride)
		r.call(func() { r.opts.OnBody(r, tick, f.base, f.body) })
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	r.replica.SetStride(r.stride)
	if f.delta != nil {
		err = r.plain.apply(r.replica, tick, f.base, f.delta)
	} else {
		err = r.replica.Apply(tick, f.base, f.body)
	}
	before := r.frame.Tick
	kind := kindOf(f.base &^ game.Moves)
	r.frame = Frame{Tick: tick, Kind: kind, Bytes: size, Body: len(f.body) + len(f.delta), At: now}
	r.frame.Applied = tick - min(f.age, tick)
	r.stats.note(&r.frame, f.slack)
	if err != nil {
		if !r.behind || kind == Whole {
			r.stats.BadFrames++
			r.resync = tickwirev1.ResyncReason_RESYNC_REASON_FRAME
		}
		return false
	}
	r.acked = tick
	if kind == Whole {
		r.behind = false
	}
	if f.hasHash && !r.behind && f.hash != r.replica.Hash() {
		r.stats.Desyncs++
		r.resync = tickwirev1.ResyncReason_RESYNC_REASON_HASH
	}
	if r.lines != nil {
		if r.fresh {
			r.lines.restart()
		}
		r.lines.add(r.replica, tick, r.stride, now)
	}
	r.notes.frame(r.frame)
	// A slack of 0 with no input taken is no report at all.
	if r.input.last != 0 && before != 0 && !r.fresh && (r.frame.Applied != 0 || f.slack != 0) {
		r.lead.adapt(f.slack, tick-before, r.rate)
	}
	r.fresh = false
	r.stats.Lead = int(r.lead.now())
	return true
}

func kindOf(base uint32) FrameKind {
	switch base {
	case 0:
		return Chain
	case 1:
		return Whole
	default:
		return Ring
	}
}

// extras handles what a frame carries beside the state.
func (r *Room) extras(f *serverFrame, now time.Time) *Error {
	bad := newError(codeProtocol, "the server sent a part of a frame that cannot be read")
	for _, b := range f.answers {
		a, err := decodeAnswer(b)
		if err != nil {
			return bad
		}
		r.answered(a)
	}
	tick := f.tick
	if f.hasState() {
		tick = r.frame.Tick
	}
	r.late()
	for _, b := range f.events {
		e, err := decodeEvent(b)
		if err != nil {
			return bad
		}
		if e.seq <= r.lastEvent { // it came on the line before
			continue
		}
		r.missed(e.seq)
		if int64(e.typ) < int64(len(r.events)) { // else it is not for this client
			r.arrived(e, tick-min(e.age, tick))
		}
	}
	if f.pong != nil {
		id, held, err := decodePong(f.pong)
		if err != nil {
			return bad
		}
		r.pong(id, time.Duration(held)*time.Microsecond, now)
	}
	if f.closing != 0 && r.opts.OnClosing != nil {
		ticks := int(f.closing)
		r.call(func() { r.opts.OnClosing(r, ticks) })
	}
	return nil
}

// missed takes the number of an event and counts those between it and the one before, which will not come any more.
func (r *Room) missed(seq uint32) {
	if gap := seq - r.lastEvent - 1; gap > 0 && !r.joinedLate {
		r.mu.Lock()
		r.stats.EventsLost += int(gap)
		r.mu.Unlock()
	}
	r.lastEvent, r.joinedLate = seq, false
}

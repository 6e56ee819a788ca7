package client

import (
	"errors"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

const pingEvery = time.Second

// Send sets what the player does from now on: a struct or a map[string]any with the input's fields. It goes out with
// the answer to each frame, for each tick; nothing is sent at once, and while the connection is lost nothing goes out.
// Fields marked as edges are presses: they go out once, even if another Send clears them before. A value outside its range
// is an error and changes nothing.
func (r *Room) Send(v any) error {
	if r.inputs == nil {
		return ErrNoInput
	}
	r.out.Lock()
	defer r.out.Unlock()
	var err error
	if r.values, r.blobs, err = r.inputs.pack(v, r.values, r.blobs); err != nil {
		return err
	}
	r.input.put(r.values, r.blobs)
	return nil
}

// SendValues is Send for programs that know the schema: values and blobs in the order of Schema().Input.
func (r *Room) SendValues(values []int64, blobs [][]byte) error {
	if r.inputs == nil {
		return ErrNoInput
	}
	if err := r.schema.Input.Check(values, blobs); err != nil {
		return err
	}
	r.out.Lock()
	defer r.out.Unlock()
	r.input.put(values, blobs)
	return nil
}

// InputTick is the newest tick that an input was sent for; 0: none yet. When a Frame's Applied reaches it, that input
// is in the state.
func (r *Room) InputTick() uint32 {
	r.out.Lock()
	defer r.out.Unlock()
	return r.input.last
}

// Pace asks the server for no more than one frame in so many ticks, for a program that nobody looks at; 0: as the room
// sends. More than a second's worth of ticks is a second. It holds for the next connections too.
func (r *Room) Pace(ticks int) error {
	if ticks < 0 {
		return errors.New("tickwire: a pace is a number of ticks, not below 0")
	}
	if r.leaving.Load() {
		return ErrLeft
	}
	r.out.Lock()
	if r.pending.closed != nil {
		r.out.Unlock()
		return r.pending.closed
	}
	r.pace = min(uint32(min(ticks, maxPace)), r.rate)
	l := r.line
	if r.up {
		r.buf = appendPace(r.buf[:0], r.pace)
		r.put(l, r.buf)
	}
	r.out.Unlock()
	if l != nil {
		l.flush()
	}
	return nil
}

// maxPace is above every rate.
const maxPace = 1000

// reply answers a frame: what was applied, the inputs of the ticks to come, a ping now and then.
func (r *Room) reply(l *line, now time.Time) {
	view := r.view()
	r.out.Lock()
	b := appendNumber(r.buf[:0], fieldClientAck, r.acked)
	first, count := r.input.span(r.frame.Tick+r.lead.now(), r.stride)
	b = r.input.append(b, first, count)
	b = appendNumber(b, fieldClientView, view)
	if now.Sub(r.pingAt) >= pingEvery {
		r.pingID++
		r.pingAt = now
		b = appendPing(b, r.pingID)
	}
	if r.resync != tickwirev1.ResyncReason_RESYNC_REASON_UNSPECIFIED {
		b = appendResync(b, r.frame.Tick, r.resync)
		r.resync, r.behind = tickwirev1.ResyncReason_RESYNC_REASON_UNSPECIFIED, true
	}
	for _, c := range r.pending.batch(now) {
		b = append(b, c.bytes...)
	}
	r.buf = b
	r.put(l, b)
	r.out.Unlock()
	l.flush()
}

// pong takes a round trip, without the time that the server held it back for its next frame.
func (r *Room) pong(id uint32, held time.Duration, now time.Time) {
	if id != r.pingID {
		return
	}
	r.mu.Lock()
	r.stats.RTT = max(0, now.Sub(r.pingAt)-held)
	r.mu.Unlock()
}

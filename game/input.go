package game

import "reflect"

// The bounds of what players may send ahead.
const (
	// maxWaiting is how many inputs of one player may wait for their ticks.
	maxWaiting = 32
	// MaxAhead is how many ticks after the one that it comes in an input may be meant for; a later one is dropped.
	MaxAhead = 16
	// repeatMillis is for how long a missing input is replaced by the last one.
	repeatMillis = 250
)

// Inputs is what players do in each tick: one value of type T a player and tick.
type Inputs[T any] struct{}

// NewInputs registers the input of a game, of which there is one at most. It panics if T cannot be sent, or if a field's
// bounds leave out 0, which is what a player does who sends nothing.
func NewInputs[T any](w *World) *Inputs[T] {
	w.takeInputs(reflect.TypeFor[T](), allocate[T])
	return &Inputs[T]{}
}

// takeInputs registers the input.
func (w *World) takeInputs(t reflect.Type, alloc func(int) ptr) {
	w.open("input", "input")
	if w.input != nil {
		panic(problem{"input", "", "a game has one kind of input"})
	}
	shape := messageOf(t, "input", "")
	shape.mustInput()
	w.schema.Input = shape.schema
	w.input = &inputs{shape: shape, alloc: alloc}
}

// Of is what a player does in this tick. A missing input repeats the last one, its edge fields cleared, for up to
// 250 ms; then, and for a player who is not there, it is the zero T.
func (*Inputs[T]) Of(t *Tick, p Player) (in T) {
	if s := t.seat(p); s != nil && s.now != nil {
		in = *valueAt[T](s.now)
	}
	return in
}

// inputs is Inputs without its type.
type inputs struct {
	shape *messageShape
	alloc func(n int) ptr

	values []int64 // a checkpoint's scratch
	blobs  [][]byte
}

// waiting is one input that waits for its tick.
type waiting struct {
	tick, view uint32
	values     []int64
	blobs      [][]byte
}

// accept puts an input among those that wait, by tick. One that is too old, too far ahead or there already is dropped.
func (in *inputs) accept(s *seat, e *Entry, now uint32) {
	if e.Tick <= s.applied || e.Tick > now+MaxAhead {
		s.dropped++
		return
	}
	at := len(s.waiting)
	for at > 0 && s.waiting[at-1].tick >= e.Tick {
		at--
	}
	if at < len(s.waiting) && s.waiting[at].tick == e.Tick {
		s.dropped++
		return
	}
	if len(s.waiting) == maxWaiting { // the two oldest are late both, for fewer may be ahead
		if at == 0 {
			in.fold(e.Values, &s.waiting[0])
			return
		}
		in.fold(s.waiting[0].values, &s.waiting[1])
		s.forget(1)
		at--
	}
	if n := len(s.waiting); n < cap(s.waiting) {
		s.waiting = s.waiting[:n+1] // with the memory of an earlier one
	} else {
		s.waiting = append(s.waiting, waiting{})
	}
	last := s.waiting[len(s.waiting)-1]
	copy(s.waiting[at+1:], s.waiting[at:])
	last.set(e)
	s.waiting[at] = last
}

// set copies an entry, in the memory of an earlier one.
func (w *waiting) set(e *Entry) {
	w.tick, w.view = e.Tick, e.View
	w.values = append(w.values[:0], e.Values...)
	for len(w.blobs) < len(e.Blobs) {
		w.blobs = append(w.blobs, nil)
	}
	w.blobs = w.blobs[:len(e.Blobs)]
	for i, b := range e.Blobs {
		w.blobs[i] = append(w.blobs[i][:0], b...)
	}
}

// advance gives a player its input of this tick: the newest that is due, with the presses of those it skips.
func (in *inputs) advance(s *seat, now uint32, rate int) {
	due := 0
	for due < len(s.waiting) && s.waiting[due].tick <= now {
		due++
	}
	switch {
	case due > 0:
		in.apply(s, due)
		s.since = now
	case s.applied == 0:
	case now-s.since > uint32(repeatMillis*rate/1000): // not since the tick it was meant for: late ones last as long
		in.shape.unpack(s.now, nil, nil)
	default:
		in.release(s)
	}
}

// apply takes the first due inputs out of the queue.
func (in *inputs) apply(s *seat, due int) {
	newest := &s.waiting[due-1]
	in.shape.unpack(s.now, newest.values, newest.blobs)
	for i := range due - 1 {
		in.press(s, s.waiting[i].values)
	}
	s.applied, s.view = newest.tick, newest.view
	s.forget(due)
}

// forget takes the first n inputs out of the queue. They go to its end, where their memory waits for later ones.
func (s *seat) forget(n int) {
	for range n {
		first := s.waiting[0]
		copy(s.waiting, s.waiting[1:])
		s.waiting[len(s.waiting)-1] = first
	}
	s.waiting = s.waiting[:len(s.waiting)-n]
}

// fold gives an input the presses of an earlier one, for which there is no place.
func (in *inputs) fold(earlier []int64, into *waiting) {
	v := 0
	for i := range in.shape.schema.Fields {
		f := &in.shape.schema.Fields[i]
		if f.Kind == FieldString || f.Kind == FieldBytes {
			continue
		}
		if f.Edge && v < len(earlier) && v < len(into.values) && earlier[v] != 0 {
			into.values[v] = earlier[v]
		}
		v++
	}
}

// press sets the edge fields that are set in a skipped input.
func (in *inputs) press(s *seat, values []int64) {
	v := 0
	for i := range in.shape.leaves {
		f := &in.shape.schema.Fields[i]
		if f.Kind == FieldString || f.Kind == FieldBytes {
			continue
		}
		if f.Edge && v < len(values) && values[v] != 0 {
			at, kind := step(s.now, in.shape.leaves[i].offset), in.shape.leaves[i].kind
			if f.Kind == FieldFloat {
				setReal64(at, kind, float64(values[v])*f.Step)
			} else {
				setInteger(at, kind, values[v])
			}
		}
		v++
	}
}

// release clears the edge fields of a repeated input.
func (in *inputs) release(s *seat) {
	for i := range in.shape.leaves {
		l := &in.shape.leaves[i]
		if f := &in.shape.schema.Fields[i]; !f.Edge {
			continue
		}
		at := step(s.now, l.offset)
		if isFloat(l.kind) {
			setReal64(at, l.kind, 0)
		} else {
			setInteger(at, l.kind, 0)
		}
	}
}

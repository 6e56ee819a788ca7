package client

// input is what the player does now, and how far it was sent. A press (an edge field) goes out once, in the first tick
// after it was set, even if the player let go before; a state goes out in every tick.
type input struct {
	set    bool
	values []int64
	blobs  [][]byte
	edges  []int   // indices into values
	kept   []int64 // presses not yet sent
	last   uint32
	ring   [ringInputs]sentInput // the newest that were sent
	next   int                   // the oldest place in it
}

// sentInput is an input as it was sent, in case the connection was lost with it.
type sentInput struct {
	tick  uint32 // 0: none
	bytes []byte // the field of a ClientFrame
}

const (
	maxInputs  = 32 // what a ClientFrame may carry
	fillInputs = 8  // what the server takes after a gap
	ringInputs = maxInputs
)

// put replaces the current input. The slices are copied.
func (in *input) put(values []int64, blobs [][]byte) {
	in.kept = in.kept[:0]
	for _, e := range in.edges {
		kept := int64(0)
		if in.set && e < len(in.values) {
			kept = in.values[e]
		}
		in.kept = append(in.kept, kept)
	}
	in.values = append(in.values[:0], values...)
	in.blobs = in.blobs[:0]
	for _, b := range blobs {
		in.blobs = append(in.blobs, append([]byte{}, b...))
	}
	for i, e := range in.edges {
		if e < len(in.values) && in.values[e] == 0 {
			in.values[e] = in.kept[i]
		}
	}
	in.set = true
}

// span says which ticks to send inputs for, so that none up to target is left out: count of them from first on.
func (in *input) span(target, stride uint32) (first, count uint32) {
	if !in.set {
		return 0, 0
	}
	ahead := int32(target - in.last) //nolint:gosec // a difference of ticks, which may be negative
	if in.last != 0 && ahead <= 0 {
		return 0, 0
	}
	count = min(max(fillInputs, stride), maxInputs)
	if in.last == 0 {
		count = min(count, max(1, stride))
	} else {
		count = min(count, uint32(ahead)) //nolint:gosec // positive
	}
	count = min(count, target)
	return target - count + 1, count
}

// append writes inputs for count ticks from first on.
func (in *input) append(b []byte, first, count uint32) []byte {
	if count == 0 {
		return b
	}
	b = appendNumber(b, fieldClientFirst, first)
	for i := range count {
		from := len(b)
		b = appendInput(b, in.values, in.blobs)
		in.keep(first+i, b[from:])
		if i > 0 {
			continue
		}
		for _, e := range in.edges {
			if e < len(in.values) {
				in.values[e] = 0
			}
		}
	}
	in.last = first + count - 1
	return b
}

// keep remembers an input that is sent.
func (in *input) keep(tick uint32, b []byte) {
	s := &in.ring[in.next]
	s.tick, s.bytes = tick, append(s.bytes[:0], b...)
	in.next = (in.next + 1) % ringInputs
}

// slot is the i-th oldest of the ring.
func (in *input) slot(i int) *sentInput { return &in.ring[(in.next+i)%ringInputs] }

package game

import (
	"encoding/binary"
	"math"
)

// writer appends what checkpoints and recordings consist of: varints, and texts with their length in front.
type writer struct{ b []byte }

// What writes and reads one value is called from everywhere. It is kept from being copied to all these places, which
// would be a tenth of the core in the browser.

//go:noinline
func (w *writer) uint(v uint64) { w.b = binary.AppendUvarint(w.b, v) }

//go:noinline
func (w *writer) int(v int64) { w.b = binary.AppendVarint(w.b, v) }

//go:noinline
func (w *writer) fixed(v uint64) {
	w.b = binary.LittleEndian.AppendUint64(w.b, v)
}

func (w *writer) flag(b bool) {
	if b {
		w.uint(1)
	} else {
		w.uint(0)
	}
}

//go:noinline
func (w *writer) text(s string) {
	w.uint(uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) values(values []int64, blobs [][]byte) {
	w.uint(uint64(len(values)))
	for _, v := range values {
		w.int(v)
	}
	w.uint(uint64(len(blobs)))
	for _, b := range blobs {
		w.uint(uint64(len(b)))
		w.b = append(w.b, b...)
	}
}

// reader takes apart what a writer made, or what a stranger claims one made: it never reads past the end, never
// allocates more than the bytes that are there justify, and after the first mistake returns zeros only.
type reader struct {
	b   []byte
	bad bool
}

//go:noinline
func (r *reader) fail() { r.b, r.bad = nil, true }

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

// flag reads a bool, which is nothing but 0 or 1.
func (r *reader) flag() bool {
	v := r.uint()
	if v > 1 {
		r.fail()
	}
	return v == 1
}

// uint32 reads a number that must fit.
func (r *reader) uint32() uint32 {
	v := r.uint()
	if v > math.MaxUint32 {
		r.fail()
		return 0
	}
	return uint32(v)
}

func (r *reader) fixed() uint64 {
	if len(r.b) < 8 {
		r.fail()
		return 0
	}
	v := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return v
}

// count reads the number of things that follow, each of which has at least one byte.
func (r *reader) count() int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail()
		return 0
	}
	return int(n)
}

// bytes reads a text. It lies in the reader's memory.
func (r *reader) bytes() []byte {
	n := r.count()
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

//go:noinline
func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) values() (values []int64, blobs [][]byte) {
	n := r.count()
	for range n {
		values = append(values, r.int())
	}
	n = r.count()
	for range n {
		blobs = append(blobs, r.bytes())
	}
	return values, blobs
}

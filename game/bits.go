package game

import (
	"encoding/binary"
	"math/bits"
)

// zig maps small numbers of either sign to small unsigned ones: 0, -1, 1, -2 become 0, 1, 2, 3.
func zig(r int32) uint32 { return uint32(r<<1) ^ uint32(r>>31) }

// zag undoes zig.
func zag(u uint32) int32 { return int32(u>>1) ^ -int32(u&1) }

const (
	// maxK keeps an Exp-Golomb code within 48 bits, so that a reader decides on one look at 57 bits.
	maxK = 16
	// maxZeros is the number of zero bits before a number that is written in full.
	maxZeros = 16
	// longestCode is the length in bits of the longest Exp-Golomb code.
	longestCode = 48
)

// golomb is the Exp-Golomb code of u with parameter k, lowest bit first, and its length: z zeros, a one, the low z bits
// of q = (u>>k)+1 and the low k bits of u. If q has more than 16 bits: 16 zeros, then u in full.
func golomb(k uint, u uint32) (code uint64, n uint) {
	q := uint64(u>>k) + 1
	if q >= 1<<maxZeros {
		return uint64(u) << maxZeros, longestCode
	}
	z := uint(bits.Len64(q)) - 1
	low := uint64(u) & (1<<k - 1)
	return ((low<<z|q&(1<<z-1))<<1 | 1) << z, 2*z + 1 + k
}

// bitWriter appends bits to buf, the lowest first.
type bitWriter struct {
	buf []byte
	acc uint64 // the last n bits, not yet in buf
	n   uint   // < 64
}

// put appends the low n bits of v; n <= 64 and v has no other bits.
func (w *bitWriter) put(v uint64, n uint) {
	w.acc |= v << (w.n & 63)
	w.n += n
	if w.n >= 64 {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, w.acc)
		w.n -= 64
		w.acc = v >> (n - w.n)
	}
}

// golomb appends a number.
func (w *bitWriter) golomb(k uint, u uint32) { w.put(golomb(k, u)) }

// count appends a number of rows, which is 0 in most frames.
func (w *bitWriter) count(n int) {
	if n == 0 {
		w.put(1, 1)
		return
	}
	w.golomb(0, uint32(n))
}

// text appends a length and bytes.
func (w *bitWriter) text(s string) {
	w.golomb(textK, uint32(len(s)))
	for i := range len(s) {
		w.put(uint64(s[i]), 8)
	}
}

// len is the number of bits written since reset.
func (w *bitWriter) len() int { return len(w.buf)*8 + int(w.n) }

// spill moves all whole bytes to buf.
func (w *bitWriter) spill() {
	for ; w.n >= 8; w.n -= 8 {
		w.buf = append(w.buf, byte(w.acc))
		w.acc >>= 8
	}
}

// close fills the last byte with zeros and returns all bytes.
func (w *bitWriter) close() []byte {
	w.spill()
	if w.n > 0 {
		w.buf = append(w.buf, byte(w.acc))
		w.acc, w.n = 0, 0
	}
	return w.buf
}

// bitReader reads what a bitWriter wrote. Past the end it reads zeros and remembers it, so that callers need not check
// every read but must check failed before they trust a value for long.
type bitReader struct {
	buf []byte // the body and 8 bytes of zeros, so that a look never needs a bound
	pos int    // in bits
	end int    // in bits, of the body
}

// reset starts a body. The reader keeps a copy.
func (r *bitReader) reset(body []byte) {
	var pad [8]byte
	r.buf = append(append(r.buf[:0], body...), pad[:]...)
	r.pos, r.end = 0, len(body)*8
}

// left is the number of bits not yet read; negative if too many were.
func (r *bitReader) left() int { return r.end - r.pos }

// failed reports whether something was read past the end.
func (r *bitReader) failed() bool { return r.pos > r.end }

// peek returns the next 57 bits or more.
func (r *bitReader) peek() uint64 {
	i := r.pos >> 3
	if i > len(r.buf)-8 {
		return 0
	}
	return binary.LittleEndian.Uint64(r.buf[i:]) >> (uint(r.pos) & 7)
}

// bits reads n <= 32 bits.
func (r *bitReader) bits(n int) uint32 {
	v := uint32(r.peek() & (1<<uint(n) - 1))
	r.pos += n
	return v
}

// golomb reads a number.
func (r *bitReader) golomb(k uint) uint32 {
	x := r.peek()
	z := uint(bits.TrailingZeros32(uint32(x)))
	if z >= maxZeros {
		r.pos += longestCode
		return uint32(x >> maxZeros)
	}
	x >>= z + 1
	q := 1<<z | x&(1<<z-1)
	r.pos += int(2*z + 1 + k)
	return uint32((q-1)<<k | x>>z&(1<<k-1))
}

// text reads a length and as many bytes. It allocates no more than the body holds.
func (r *bitReader) text() (string, bool) {
	n := int(r.golomb(textK))
	if n > MaxText || n*8 > r.left() {
		return "", false
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.bits(8))
	}
	return string(b), true
}

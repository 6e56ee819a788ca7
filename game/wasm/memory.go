//go:build js

package main

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/tickwire/tickwire/game"
)

// buffer makes room for n bytes of arguments. The result is their address.
//
//go:wasmexport buffer
func buffer(n int32) *byte {
	if int(n) > cap(m.in) {
		m.in = make([]byte, n)
	}
	m.in = m.in[:max(n, 0)]
	return address(m.in)
}

// result is the address of the last result.
//
//go:wasmexport result
func result() *byte { return address(m.out) }

// resultSize is its length in bytes.
//
//go:wasmexport resultSize
func resultSize() int32 { return int32(len(m.out)) } //nolint:gosec // memory has 4 GiB

// address is where bytes lie in memory; 0 if there are none. The garbage collector moves nothing, and the module keeps
// them.
func address(b []byte) *byte {
	if len(b) == 0 {
		return nil
	}
	return &b[0]
}

// word takes a text up to a zero byte, or to the end.
func word(b []byte) (text string, rest []byte) {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return string(b[:i]), b[i+1:]
	}
	return string(b), nil
}

// unpack reads packed entries; see the package comment.
func unpack(entries []game.Entry, b []byte) ([]game.Entry, bool) {
	r := unpacker{b: b}
	for len(r.b) > 0 && !r.bad {
		e := game.Entry{
			Kind: game.EntryKind(min(r.word(), math.MaxUint8)), Player: game.Player(r.word()), Tick: r.word(), View: r.word(),
			Seq: r.word(),
		}
		other, values, blobs := r.word(), r.word(), r.word()
		if e.Kind == game.EntryLeave {
			e.Reason = game.Reason(min(other, math.MaxUint8))
		} else {
			e.Type = int(other)
		}
		if uint64(values) > uint64(len(r.b)/8) || uint64(blobs) > uint64(len(r.b)/4) {
			return nil, false
		}
		for range values {
			low := r.word()
			e.Values = append(e.Values, int64(uint64(r.word())<<32|uint64(low))) //nolint:gosec // bits
		}
		for range blobs {
			e.Blobs = append(e.Blobs, r.bytes(r.word()))
		}
		if e.Kind == game.EntryJoin && len(e.Blobs) == 2 {
			e.Name, e.Identity, e.Blobs = string(e.Blobs[0]), string(e.Blobs[1]), nil
		}
		entries = append(entries, e)
	}
	return entries, !r.bad
}

// unpacker reads words; after the first mistake it returns zeros.
type unpacker struct {
	b   []byte
	bad bool
}

func (r *unpacker) word() uint32 {
	if len(r.b) < 4 {
		r.b, r.bad = nil, true
		return 0
	}
	w := binary.LittleEndian.Uint32(r.b)
	r.b = r.b[4:]
	return w
}

func (r *unpacker) bytes(n uint32) []byte {
	padded := (uint64(n) + 3) &^ 3
	if padded > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[padded:]
	return b
}

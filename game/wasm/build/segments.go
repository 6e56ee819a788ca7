package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
)

// What the binary format of WebAssembly says; the Go linker uses no other form of a segment.
const (
	header       = "\x00asm\x01\x00\x00\x00"
	sectionData  = 11
	sectionCount = 12 // of segments
	opConst      = 0x41
	opEnd        = 0x0b
)

// maxGap is the longest run of zeros that is written out. Its exact value matters little.
const maxGap = 64

var (
	errDamaged = errors.New("not a WebAssembly program, or a damaged one")
	errForm    = errors.New("the data has a form that the Go linker does not write")
)

// segment is bytes that are copied to memory, which is zero, at the start.
type segment struct {
	offset uint64
	data   []byte
}

func (s segment) end() uint64 { return s.offset + uint64(len(s.data)) }

// join makes few segments of a program's data. The Go linker leaves out every 8 zeros, which makes tens of thousands of
// segments; to gzip their offsets are noise, and zeros are nothing.
func join(program []byte) ([]byte, error) {
	r := reader{b: program}
	if string(r.bytes(uint64(len(header)))) != header {
		return nil, errDamaged
	}
	joined := []byte(header)
	for len(r.b) > 0 {
		from := r.b
		id := r.byte()
		body := r.bytes(r.number())
		switch {
		case r.bad:
			return nil, errDamaged
		case id == sectionCount:
			return nil, errForm
		case id != sectionData:
			joined = append(joined, from[:len(from)-len(r.b)]...)
			continue
		}
		segments, err := parse(body)
		if err != nil {
			return nil, err
		}
		body = data(segments)
		joined = append(joined, sectionData)
		joined = binary.AppendUvarint(joined, uint64(len(body)))
		joined = append(joined, body...)
	}
	return joined, nil
}

// parse reads a data section. It returns the segments in the order of their offsets.
func parse(body []byte) ([]segment, error) {
	r := reader{b: body}
	count := r.number()
	var segments []segment
	for len(r.b) > 0 && !r.bad {
		memory, op := r.number(), r.byte()
		s := segment{offset: r.offset()}
		end := r.byte()
		s.data = r.bytes(r.number())
		if !r.bad && (memory != 0 || op != opConst || end != opEnd) {
			return nil, errForm
		}
		segments = append(segments, s)
	}
	if r.bad || count != uint64(len(segments)) {
		return nil, errDamaged
	}
	slices.SortFunc(segments, func(a, b segment) int { return cmp.Compare(a.offset, b.offset) })
	for i := 1; i < len(segments); i++ {
		if segments[i-1].end() > segments[i].offset { // then their first order would matter
			return nil, errForm
		}
	}
	return segments, nil
}

// data writes a data section, with the zeros of short gaps.
func data(segments []segment) []byte {
	var joined []segment
	for _, s := range segments {
		if n := len(joined) - 1; n >= 0 && s.offset-joined[n].end() <= maxGap {
			zeros := make([]byte, s.offset-joined[n].end())
			joined[n].data = append(append(joined[n].data, zeros...), s.data...)
			continue
		}
		s.data = bytes.Clone(s.data) // it grows, and what it came from does not
		joined = append(joined, s)
	}
	body := binary.AppendUvarint(nil, uint64(len(joined)))
	for _, s := range joined {
		body = append(body, 0, opConst)
		body = appendConst(body, s.offset)
		body = append(body, opEnd)
		body = binary.AppendUvarint(body, uint64(len(s.data)))
		body = append(body, s.data...)
	}
	return body
}

// appendConst appends a number in LEB128 with a sign, which is zero.
func appendConst(b []byte, n uint64) []byte {
	for n >= 1<<6 {
		b = append(b, byte(n&0x7f|0x80))
		n >>= 7
	}
	return append(b, byte(n))
}

// reader reads a program; after the first mistake it returns zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// number reads LEB128.
func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

// offset reads LEB128 with a sign, which must be zero.
func (r *reader) offset() uint64 {
	from := r.b
	v := r.number()
	if n := len(from) - len(r.b); n == 0 || from[n-1]&0x40 != 0 {
		r.b, r.bad = nil, true
		return 0
	}
	return v
}

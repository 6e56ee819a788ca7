package server

import (
	"encoding/binary"
	"sync"
)

// The sizes of a client's frame header: with a short length, and with one in two bytes.
const (
	shortHeader = 6
	longHeader  = 8
)

// taken is one message out of its frame, decoded. Its memory is used again.
type taken struct {
	bytes []byte
	frame clientFrame
}

// takenPool holds them between two calls: a conn that is silent holds none.
//
//nolint:gochecknoglobals // a pool serves all conns
var takenPool = sync.Pool{New: func() any { return new(taken) }}

// wholes takes the frames at the beginning of p that are there in one piece and need no answer: messages and pongs, which is
// all that clients send in play. They have passed the guard, so that nothing is left for gws to find out; what it is spared
// is its coroutine, which most conns so never have. The rest is gws's, and so is all of a frame that comes in parts. False:
// the conn has ended.
func (c *conn) wholes(p []byte) (rest []byte, more bool) {
	for c.guard.still() {
		header, size := wholeFrame(p)
		if size == 0 {
			break
		}
		if _, refused := c.guard.scan(p[:size]); refused != nil {
			c.guard.refuse(refused)
			return nil, false
		}
		if p[0] == 0x80|opBinary {
			c.unmask(p[header-4:header], p[header:size])
		}
		if p = p[size:]; c.wire.closing.Load() {
			return nil, false
		}
	}
	return p, true
}

// wholeFrame returns how long the header and all of the frame are that p begins with; 0 if it is none that wholes takes.
func wholeFrame(p []byte) (header, size int) {
	if len(p) < shortHeader || p[0] != 0x80|opBinary && p[0] != 0x80|opPong || p[1]&0x80 == 0 {
		return 0, 0
	}
	header, size = shortHeader, int(p[1]&0x7F)
	switch {
	case size == 127, size == 126 && len(p) < longHeader:
		return 0, 0
	case size == 126:
		header, size = longHeader, int(binary.BigEndian.Uint16(p[2:]))
	}
	if size += header; size > len(p) {
		return 0, 0
	}
	return header, size
}

// unmask takes the message of a frame's payload.
func (c *conn) unmask(mask, payload []byte) {
	m := takenPool.Get().(*taken) //nolint:forcetypeassert // the pool holds nothing else
	defer takenPool.Put(m)
	m.bytes = append(m.bytes[:0], payload...)
	key := binary.NativeEndian.Uint32(mask)
	b := m.bytes
	for ; len(b) >= 4; b = b[4:] {
		binary.NativeEndian.PutUint32(b, binary.NativeEndian.Uint32(b)^key)
	}
	for i := range b {
		b[i] ^= mask[i]
	}
	c.take(m.bytes, &m.frame)
}

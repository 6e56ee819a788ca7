package server

import (
	"io"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// The close codes of RFC 6455 that the server sends or reports beside its own.
const (
	codeNormal      Code = 1000 // the client closed
	codeProtocol    Code = 1002 // the client's frames are not WebSocket
	codeUnsupported Code = 1003 // they are, but of a kind that is not taken here
	codeNoStatus    Code = 1005 // the client closed without a code
	codeLost        Code = 1006 // the socket ended without a close frame
	codeInvalid     Code = 1007 // a close reason that is not UTF-8
	codeTooBig      Code = 1009 // a message over the limit
	codeInternal    Code = 1011 // the server failed at this connection
)

// Why guard refuses a frame. The texts are fixed: nothing that a client or the machine says gets into them.
var (
	errReserved  = &Error{codeProtocol, "reserved bits are set"}
	errOpcode    = &Error{codeProtocol, "unknown opcode"}
	errContinued = &Error{codeProtocol, "a continuation of nothing"}
	errUnmasked  = &Error{codeProtocol, "the frame is not masked"}
	errControl   = &Error{codeProtocol, "a control frame is cut or too long"}
	errLength    = &Error{codeProtocol, "the length is not written in the shortest way"}
	errNegative  = &Error{codeProtocol, "the length is negative"}
	errText      = &Error{codeUnsupported, "text frames are not taken"}
	errFragment  = &Error{codeUnsupported, "fragments are not taken"}
	errTooBig    = &Error{codeTooBig, "the message is too big"}
	errFlood     = &Error{tickwirev1.Code_CODE_TOO_MANY, "too many frames"}
	errVolume    = &Error{tickwirev1.Code_CODE_TOO_MANY, "too many bytes"}
	errPings     = &Error{tickwirev1.Code_CODE_TOO_MANY, "too many pings"}
)

// The opcodes of WebSocket frames.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA
)

// burst is how much of the rates of frames and bytes may come at once, and pingBurst how many pings, of one a second.
const (
	burst     = 2 * time.Second
	pingBurst = 5 * time.Second
)

// guard is the net.Conn that gws sees. Its Read follows the frame headers that pass and fails at the first one that is
// wrong, too long or too soon, before anybody takes memory for it. It belongs to the feeder.
type guard struct {
	*wire

	conn *conn
	now  time.Duration // time of this feed since the conn was made; set by the feeder

	limit uint64 // greatest payload of a message

	part   headerPart // which part of a header the next byte belongs to; in the payload if left is not 0
	opcode byte
	count  int    // bytes of this part still to come
	length uint64 // as far as it was read
	least  uint64 // what a length written this long must be at least
	left   uint64 // bytes of payload still to come

	frames, volume, pings bucket
}

// headerPart is a part of a frame header.
type headerPart uint8

const (
	partFirst  headerPart = iota // flags and opcode
	partSecond                   // mask bit and short length
	partLength                   // 2 or 8 bytes
	partMask                     // 4 bytes
)

// Read implements io.Reader. It ends with the frame being read, so that what a frame changes, the limit for one, holds for
// the next one however the bytes came. At a bad frame it closes the conn with the code of the refusal and ends.
func (g *guard) Read(p []byte) (int, error) {
	if g.closing.Load() {
		return 0, io.EOF
	}
	in, err := g.fed()
	if err != nil {
		return 0, err
	}
	n, refused := g.scan(in[:min(len(in), len(p))])
	if refused != nil {
		g.conn.end(refused.Code, refused.Message)
		return 0, io.EOF
	}
	return g.wire.Read(p[:n])
}

// scan follows the frame in p and returns how many bytes may be handed on: all, or up to the frame's end.
func (g *guard) scan(p []byte) (int, *Error) {
	for i := 0; i < len(p); {
		if g.left > 0 {
			n := min(g.left, uint64(len(p)-i))
			g.left -= n
			i += int(n) //nolint:gosec // at most len(p)
		} else {
			if refused := g.step(p[i]); refused != nil {
				return 0, refused
			}
			i++
		}
		if g.left == 0 && g.part == partFirst {
			return i, nil
		}
	}
	return len(p), nil
}

// step takes one byte of a header.
func (g *guard) step(b byte) *Error {
	switch g.part {
	case partFirst:
		g.part, g.opcode = partSecond, b&0xF
		return checkFirst(b)
	case partSecond:
		return g.second(b)
	case partLength:
		if g.count == 8 && b >= 0x80 {
			return errNegative
		}
		g.length = g.length<<8 | uint64(b)
		if g.count--; g.count > 0 {
			return nil
		}
		return g.announced()
	case partMask:
		if g.count--; g.count == 0 {
			g.part, g.left = partFirst, g.length
		}
	}
	return nil
}

// checkFirst checks flags and opcode.
func checkFirst(b byte) *Error {
	whole := b&0x80 != 0
	if b&0x70 != 0 {
		return errReserved
	}
	switch b & 0xF {
	case opBinary:
		if !whole {
			return errFragment
		}
	case opText:
		return errText
	case opContinuation:
		return errContinued
	case opClose, opPing, opPong:
		if !whole {
			return errControl
		}
	default:
		return errOpcode
	}
	return nil
}

// second checks the mask bit and takes the short length.
func (g *guard) second(b byte) *Error {
	if b&0x80 == 0 {
		return errUnmasked
	}
	short := b & 0x7F
	if g.opcode >= opClose && short > 125 {
		return errControl
	}
	g.length, g.part = 0, partLength
	switch short {
	case 126:
		g.count, g.least = 2, 126
	case 127:
		g.count, g.least = 8, 1<<16
	default:
		g.length, g.least = uint64(short), 0
		return g.announced()
	}
	return nil
}

// announced checks a frame whose length is known, and charges for it.
func (g *guard) announced() *Error {
	if g.length < g.least {
		return errLength
	}
	if g.opcode == opBinary && g.length > g.limit {
		return errTooBig
	}
	g.part, g.count = partMask, 4
	if !g.frames.take(g.now, time.Second/time.Duration(g.conn.limits.FramesPerSecond), burst) {
		return errFlood
	}
	const header = 6                 // of the shortest frame
	size := int64(g.length + header) //nolint:gosec // not over the limit
	if !g.volume.take(g.now, time.Duration(size*int64(time.Second)/int64(g.conn.limits.BytesPerSecond)), burst) {
		return errVolume
	}
	if g.opcode == opPing && !g.pings.take(g.now, time.Second, pingBurst) {
		return errPings
	}
	g.conn.hear(g.now)
	return nil
}

// bucket is a token bucket in one word: the time at which it will be full again. The zero value is full.
type bucket struct{ full time.Duration }

// take takes tokens that need price to grow again, out of a bucket that needs burst to fill. False: too few are left.
func (b *bucket) take(now, price, burst time.Duration) bool {
	full := max(b.full, now) + price
	if full-now > burst {
		return false
	}
	b.full = full
	return true
}

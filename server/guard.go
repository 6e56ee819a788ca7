package server

import (
	"io"
	"sync/atomic"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Why guard refuses a frame. The texts are fixed: nothing that a client or the machine says gets into them.
var (
	errReserved  = errorf(codeProtocol, "reserved bits are set")
	errOpcode    = errorf(codeProtocol, "unknown opcode")
	errContinued = errorf(codeProtocol, "a continuation of nothing")
	errUnmasked  = errorf(codeProtocol, "the frame is not masked")
	errControl   = errorf(codeProtocol, "a control frame is cut or too long")
	errLength    = errorf(codeProtocol, "the length is not written in the shortest way")
	errNegative  = errorf(codeProtocol, "the length is negative")
	errText      = errorf(codeUnsupported, "text frames are not taken")
	errFragment  = errorf(codeUnsupported, "fragments are not taken")
	errFragments = errorf(codeUnsupported, "too many fragments")
	errNested    = errorf(codeProtocol, "a message within a message")
	errDrip      = errorf(tickwirev1.Code_CODE_MALFORMED, "the message did not arrive in time")
	errTooBig    = errorf(codeTooBig, "the message is too big")
	errFlood     = errorf(tickwirev1.Code_CODE_TOO_MANY, "too many frames")
	errVolume    = errorf(tickwirev1.Code_CODE_TOO_MANY, "too many bytes")
	errPings     = errorf(tickwirev1.Code_CODE_TOO_MANY, "too many pings")
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

// burst is how many seconds' worth of frames and bytes may come at once, and pingBurst of pings.
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
	whole  bool   // the frame ends its message
	count  int    // bytes of this part still to come
	length uint64 // as far as it was read
	least  uint64 // what a length written this long must be at least
	left   uint64 // bytes of payload still to come

	fragments int    // of the message that is not complete yet
	size      uint64 // of these

	// began is one more than when the first byte came of what is not complete yet; 0: nothing is. The room looks at it.
	began atomic.Int64

	frames, volume, pings meter
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
		g.refuse(refused)
		return 0, io.EOF
	}
	return g.wire.Read(p[:n])
}

// refuse closes the conn.
func (g *guard) refuse(why *Error) {
	g.conn.metrics.reached(g.limitOf(why))
	g.conn.end(why.Code, why.Message)
}

// still says whether a frame would be a message's first: nothing has begun to arrive.
func (g *guard) still() bool { return g.left == 0 && g.part == partFirst && g.fragments == 0 }

// scan follows the frame in p and returns how many bytes may be handed on: all, or up to the frame's end.
func (g *guard) scan(p []byte) (int, *Error) {
	if g.drips(g.now) {
		return 0, errDrip
	}
	n, refused := g.follow(p)
	switch partial := g.left > 0 || g.part != partFirst || g.fragments > 0; {
	case !partial && g.began.Load() != 0:
		g.began.Store(0)
	case partial && g.began.Load() == 0:
		g.began.Store(int64(g.now) + 1)
	}
	return n, refused
}

// drips says whether a message that has begun is not complete in time. Any goroutine may ask.
func (g *guard) drips(now time.Duration) bool {
	began := g.began.Load()
	return began != 0 && now-time.Duration(began-1) > g.conn.limits.Message
}

// follow is scan without regard to time.
func (g *guard) follow(p []byte) (int, *Error) {
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
		g.part, g.opcode, g.whole = partSecond, b&0xF, b&0x80 != 0
		return g.first(b)
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

// first checks flags and opcode.
func (g *guard) first(b byte) *Error {
	if b&0x70 != 0 {
		return errReserved
	}
	switch g.opcode {
	case opBinary, opContinuation:
		return g.fragment()
	case opText:
		return errText
	case opClose, opPing, opPong:
		if !g.whole {
			return errControl
		}
	default:
		return errOpcode
	}
	return nil
}

// fragment checks a data frame's place in its message.
func (g *guard) fragment() *Error {
	allowed := g.conn.limits.Fragments
	switch {
	case g.opcode == opContinuation && g.fragments == 0:
		return errContinued
	case g.opcode == opBinary && g.fragments > 0:
		return errNested
	case g.whole:
		return nil
	case allowed < 2: // a message of one fragment is not fragmented
		return errFragment
	case g.fragments+1 >= allowed: // this one, and one more at least
		return errFragments
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
	if refused := g.grow(); refused != nil {
		return refused
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
	if g.opcode == opPing && !g.pings.take(g.now, time.Second/time.Duration(g.conn.limits.PingsPerSecond), pingBurst) {
		return errPings
	}
	g.conn.hear(g.now)
	return nil
}

// grow adds a data frame to its message.
func (g *guard) grow() *Error {
	if g.opcode >= opClose {
		return nil
	}
	if g.length > g.limit-min(g.limit, g.size) {
		return errTooBig
	}
	g.fragments++
	g.size += g.length
	if g.whole {
		g.fragments, g.size = 0, 0
	}
	return nil
}

// limitOf is the limit that a refusal stands for; "" if it is for bytes that are wrong at any rate.
func (g *guard) limitOf(refused *Error) limit {
	switch refused {
	case errFlood:
		return limitFrames
	case errVolume:
		return limitBytes
	case errPings:
		return limitPings
	case errFragment, errFragments:
		return limitFragments
	case errDrip:
		return limitMessage
	case errTooBig:
		if g.limit == uint64(g.conn.limits.HelloSize) { //nolint:gosec // positive
			return limitHelloSize
		}
		return limitMessageSize
	default:
		return ""
	}
}

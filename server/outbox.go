package server

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// outcome is what became of a frame.
type outcome uint8

const (
	sent    outcome = iota // the transport has it, or all but its tail
	skipped                // the client has not taken the frame before; nothing was written
	cut                    // the connection is ending; nothing will be written any more
)

// outbox is the only way out of a room to a client. It keeps nothing: a frame is on its way or was skipped.
type outbox struct {
	mu   sync.Mutex // held round calls that do not wait
	code Code       // 0 while frames may be sent
}

// note remembers why the conn ended, if nothing is known yet.
func (o *outbox) note(code Code) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.code == 0 {
		o.code = code
	}
}

// reason is why the conn ended; 0 if it did not.
func (o *outbox) reason() Code {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.code
}

// busy says whether the client has not taken the frame before, so that it makes no sense to build one.
func (c *conn) busy() bool { return c.wire.busy.Load() }

// send writes one frame, which may be used again after the call.
func (c *conn) send(frame []byte) outcome {
	c.outbox.mu.Lock()
	defer c.outbox.mu.Unlock()
	return c.sendLocked(frame)
}

func (c *conn) sendLocked(frame []byte) outcome {
	switch {
	case c.outbox.code != 0 || c.wire.closing.Load():
		return cut
	case c.wire.busy.Load() && !c.wire.parting.Load():
		return skipped
	case c.wire.message(frame) != nil:
		return cut
	}
	return sent
}

// part says that what is sent from now on ends the connection, so it may wait behind a frame that the client has not
// taken. The caller calls end next.
func (c *conn) part() { c.wire.parting.Store(true) }

// end ends the connection: a Bye, then a close frame with the code, both without waiting. The feeder closes the socket.
// Only the first call counts.
func (c *conn) end(code Code, message string) {
	c.outbox.mu.Lock()
	defer c.outbox.mu.Unlock()
	if c.outbox.code != 0 {
		return
	}
	message = strings.ToValidUTF8(message, "\uFFFD") // a game's own words may be cut
	if hasBye(code) {
		bye := &tickwirev1.ServerFrame{Bye: &tickwirev1.Bye{Code: code, Message: message}}
		if frame, err := proto.Marshal(bye); err == nil {
			c.part()
			c.sendLocked(frame)
		}
	}
	c.outbox.code = code
	_ = c.ws.WriteClose(uint16(code), closeReason(message)) //nolint:gosec // codes are close codes; a failure closes too
}

// closeReason is the message as the reason of a close frame, which has room for 123 bytes of UTF-8.
func closeReason(message string) []byte {
	const room = 123
	if len(message) > room {
		message = message[:room]
		for !utf8.ValidString(message) && message != "" {
			message = message[:len(message)-1]
		}
	}
	return []byte(message)
}

// ping asks the client for a sign of life, unless it has bytes to take first.
func (c *conn) ping() {
	if !c.busy() {
		_ = c.ws.WritePing(nil) // a failure has closed the conn
	}
}

// flush writes what a client did not take before, and ends the connection if it takes too long. A room calls
// it once a tick.
func (c *conn) flush(now time.Time) {
	if c.wire.stalled(now, c.limits.Write) {
		c.metrics.reached(limitWrite)
		c.end(tickwirev1.Code_CODE_SLOW, "frames were not read in time")
	}
}

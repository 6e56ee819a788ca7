package server

import (
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/lxzan/gws"
	"github.com/rs/zerolog"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// handler is who gets what a conn reads: a session. Its methods are called on the feeder's goroutine, one at a time.
type handler interface {
	// frame takes one frame, which is valid during the call. An *Error ends the connection with its code, any other
	// error or a panic as a failure of the server.
	frame(c *conn, f *clientFrame) error
	// closed is called once, after the last frame, with the code that the connection ended with.
	closed(c *conn, code Code)
}

// conn is one socket: it turns bytes into frames and frames into bytes, and knows no game. gws's read loop runs as a
// coroutine behind feed; who calls feed is interchangeable. send, end, flush and the like are for any goroutine and
// never wait.
type conn struct {
	limits  *Limits
	guard   guard
	born    time.Time
	heardAt atomic.Int64 // time of the last good frame header since born
	handler handler

	begun bool // what came with the handshake was fed; of a conn that a room reads, as is the next
	spent bool // there is nothing more to feed
	fresh int  // bytes fed that no metric has counted; the feeder's

	metrics *metrics
	outbox  outbox
	wire    wire

	ws    *gws.Conn
	next  func() (struct{}, bool) // runs the read loop until it has used up what was fed; nil: it has not begun
	stop  func()                  // ends the read loop
	early []byte                  // what came together with the handshake

	log      zerolog.Logger
	from     string
	greeting *greeting // its place until Hello
	over     func()    // called once, when nothing is left of the conn
}

// run reads until the connection ends, then tells the handler and closes the socket. It returns when nothing of the
// conn is left, at most the linger time after its end. The caller owns the goroutine, and must call run exactly once.
func (c *conn) run(h handler) {
	var writing sync.WaitGroup
	if c.wire.box != nil {
		writing.Go(c.wire.box.run)
	}
	c.start(h)
	c.drive()
	c.finish()
	writing.Wait()
}

// start makes the conn ready to be fed.
func (c *conn) start(h handler) { c.handler = h }

// listen begins gws's read loop.
func (c *conn) listen() {
	c.next, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.wire.yield = yield
		c.ws.ReadLoop()
	})
}

// feed gives the conn bytes that were read at the time now, which the frames in them are charged to. False: there is
// nothing more to feed. One goroutine at a time may feed.
func (c *conn) feed(p []byte, now time.Time) (more bool) {
	defer func() {
		if cause := recover(); cause != nil {
			c.failed(cause)
			more = false
		}
	}()
	c.fresh += len(p)
	c.guard.now = max(0, now.Sub(c.born)) // a room's guess may be earlier
	if p, more = c.wholes(p); !more || len(p) == 0 {
		return more
	}
	if c.next == nil {
		c.listen()
	}
	c.wire.in = p
	_, more = c.next()
	return more && !c.wire.closing.Load()
}

// finish ends the conn after its last feed. It may wait as long as the linger time.
func (c *conn) finish() {
	c.conclude()
	c.wire.farewell(c.limits.Linger)
}

// cameAt is fedAt as exactly as the system knows, for what is measured in milliseconds: it is asked, and counts in its own
// ticks, but what it says was there at the last look was not. Only a handler's frame calls it.
func (c *conn) cameAt() time.Time {
	fed := c.fedAt()
	if c.wire.fd == nil {
		return fed
	}
	ago, ok := c.wire.fd.since()
	if !ok {
		return fed
	}
	now := time.Now()
	return now.Add(-min(ago, 2*now.Sub(fed)))
}

// count returns how many bytes were fed since the last call.
func (c *conn) count() int {
	n := c.fresh
	c.fresh = 0
	return n
}

// conclude ends all of the conn but its socket.
func (c *conn) conclude() {
	c.wind()
	c.outbox.note(codeLost)
	c.tell()
}

// fedAt is when the bytes came that the conn is being fed. Only a handler's frame calls it.
func (c *conn) fedAt() time.Time { return c.born.Add(c.guard.now) }

// wind ends the coroutine.
func (c *conn) wind() {
	defer func() {
		if cause := recover(); cause != nil {
			c.failed(cause)
		}
	}()
	if c.stop != nil {
		c.stop()
	}
}

// tell tells the handler that the conn is closed.
func (c *conn) tell() {
	defer func() {
		if cause := recover(); cause != nil {
			c.failed(cause)
		}
	}()
	c.handler.closed(c, c.outbox.reason())
}

// failed ends a conn at which the server itself failed.
func (c *conn) failed(cause any) {
	c.log.Error().Str("cause", fmt.Sprint(cause)).Bytes("stack", debug.Stack()).Msg("a connection failed")
	c.end(codeInternal, "the server failed")
}

// take decodes one message into f and passes it on.
func (c *conn) take(b []byte, f *clientFrame) {
	defer func() {
		if cause := recover(); cause != nil {
			c.failed(cause)
		}
	}()
	err := f.decode(b)
	if err != nil {
		c.log.Debug().Int("bytes", len(b)).Msg("a message is malformed")
	} else {
		err = c.handler.frame(c, f)
	}
	if err == nil {
		return
	}
	refused, ok := errors.AsType[*Error](err)
	if !ok {
		c.log.Error().Err(err).Msg("a frame could not be taken")
		refused = &Error{Code: codeInternal, Message: "the server failed"}
	}
	c.end(refused.Code, refused.Message)
}

// greet raises the limit for messages, which is lower for the first one, gives the place back that is for sockets before
// Hello, and says who gets what comes after it. Only a handler's frame calls it.
func (c *conn) greet(h handler) {
	c.greeting.over()
	c.handler = h
	c.guard.limit = uint64(c.limits.MessageSize) //nolint:gosec // positive
}

// hear notes that a good frame came.
func (c *conn) hear(at time.Duration) { c.heardAt.Store(int64(at)) }

// heard is when the last good frame began to arrive; when the conn was made, if none did.
func (c *conn) heard() time.Time { return c.born.Add(time.Duration(c.heardAt.Load())) }

// drips says whether a message has begun to arrive that did not come to its end in time. The guard says so when bytes
// come; whoever owns the conn asks for when none do.
func (c *conn) drips(now time.Time) bool { return c.guard.drips(now.Sub(c.born)) }

// remote is the peer's address, for logs and limits.
func (c *conn) remote() string { return c.from }

// callbacks are what gws calls. They belong to the coroutine.
type callbacks struct{}

// OnOpen implements gws.Event. It must stay empty: nothing stands round it if it panics.
func (callbacks) OnOpen(*gws.Conn) {}

// OnMessage implements gws.Event.
func (callbacks) OnMessage(ws *gws.Conn, m *gws.Message) {
	t := takenPool.Get().(*taken) //nolint:forcetypeassert // the pool holds nothing else
	connOf(ws).take(m.Bytes(), &t.frame)
	takenPool.Put(t)
	_ = m.Close() // gives its memory back
}

// OnPing implements gws.Event: a pong says what the ping said.
func (callbacks) OnPing(ws *gws.Conn, payload []byte) {
	_ = ws.WritePong(payload) // a failure has closed the conn
}

// OnPong implements gws.Event. That the client lives is already noted.
func (callbacks) OnPong(*gws.Conn, []byte) {}

// OnClose implements gws.Event: the client sent a close frame, which gws has answered, or the conn has ended otherwise.
func (callbacks) OnClose(ws *gws.Conn, err error) {
	if closed, ok := errors.AsType[*gws.CloseError](err); ok {
		c := connOf(ws)
		c.outbox.note(closeCode(closed, c.guard.length == 0)) // the guard is at the close frame still
	}
}

// connOf finds the conn of a gws.Conn.
func connOf(ws *gws.Conn) *conn {
	return ws.NetConn().(*guard).conn //nolint:forcetypeassert // upgrade gave it a guard
}

// closeCode is the code of a client's close frame, or that of the answer if the frame was wrong.
func closeCode(e *gws.CloseError, empty bool) Code {
	switch {
	case empty:
		return codeNoStatus
	case !utf8.Valid(e.Reason):
		return codeInvalid
	case Code(e.Code) == codeInternal:
		return codeLost // the client's own failure, which must not count as the server's
	case e.Code < 1000, e.Code == 1004, e.Code == 1005, e.Code == 1006, e.Code == 1014, e.Code == 1015,
		e.Code >= 1016 && e.Code < 3000, e.Code >= 5000:
		return codeProtocol
	case e.Code >= 3000:
		return codeNoStatus // a client's own codes mean nothing here; the 4xxx are the server's to give
	}
	return Code(e.Code)
}

// hasBye says whether a Bye precedes the close frame. Of a code of RFC 6455 it would tell a client nothing new.
func hasBye(code Code) bool { return code >= tickwirev1.Code_CODE_OVER }

package client

import (
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"
)

const (
	// deadAfter is how long a server may be silent; it pings every 5 s.
	deadAfter = 12 * time.Second
	// maxUnsent is how many bytes may wait behind a write that the server does not take. A connection that is so far
	// behind is of no use.
	maxUnsent = 256 << 10
)

// line is one socket of a room. A room has one at a time, and a new one after each that was lost. Its gws callbacks run on
// the room's goroutine, which is in read.
type line struct {
	room  *Room
	net   *lingerConn
	conn  *gws.Conn
	start time.Time
	due   time.Time    // when the welcome must have come
	heard atomic.Int64 // nanoseconds since start

	// The room's goroutine only.
	greeted time.Time // when the welcome came; zero: not yet
	end     error     // why the socket ended
	wrong   bool      // what the server sent is not the protocol; it would be the same on the next socket

	mu      sync.Mutex // guards the block below; held for microseconds, never while anything waits
	dog     *time.Timer
	limit   *time.Timer // ends the wait for the welcome
	queue   unsent
	spare   unsent
	writing bool // somebody is in flush
	broken  bool // nothing can be written any more
}

// unsent are messages that wait to be written.
type unsent struct {
	bytes []byte
	parts []part
}

// part is one message: up to where in bytes, and what it is. That of a close frame is its code.
type part struct {
	end int
	op  gws.Opcode
}

func newLine(r *Room, conn net.Conn) *line {
	return &line{room: r, net: &lingerConn{Conn: conn}, start: time.Now()}
}

// read reads the socket until it has ended, and says why.
func (l *line) read(hello []byte) *Error {
	l.hear()
	l.mu.Lock()
	l.dog = time.AfterFunc(deadAfter, l.watch)
	l.limit = time.AfterFunc(time.Until(l.due), l.net.kill)
	l.mu.Unlock()
	l.put(gws.OpcodeBinary, hello)
	l.flush()
	l.loop()
	l.net.kill()
	l.mu.Lock()
	l.broken = true
	l.dog.Stop()
	l.limit.Stop()
	l.mu.Unlock()
	return l.verdict()
}

// loop is gws's. It panics on some frames that no honest server sends; they end the socket, not the process.
func (l *line) loop() {
	defer func() {
		if cause := recover(); cause != nil {
			if l.room.inCallback {
				panic(cause)
			}
			l.end = newError(codeProtocol, "the server sent a frame that is not WebSocket")
		}
	}()
	l.conn.ReadLoop()
}

// admit ends the wait for the welcome.
func (l *line) admit(now time.Time) {
	l.greeted = now
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit.Stop()
}

// watch ends the socket if nothing was heard for too long.
func (l *line) watch() {
	rest := deadAfter - l.silence()
	if rest <= 0 {
		l.net.kill()
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.broken {
		l.dog.Reset(rest)
	}
}

func (l *line) hear() { l.heard.Store(int64(time.Since(l.start))) }

// silence is how long nothing was heard from the server.
func (l *line) silence() time.Duration { return time.Since(l.start) - time.Duration(l.heard.Load()) }

// put queues a copy of one message, to be written by flush. It never waits.
func (l *line) put(op gws.Opcode, b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return
	}
	if len(l.queue.bytes)+len(b) > maxUnsent {
		l.broken = true
		l.net.kill()
		return
	}
	l.queue.bytes = append(l.queue.bytes, b...)
	l.queue.parts = append(l.queue.parts, part{len(l.queue.bytes), op})
}

// flush writes what is queued, in order. If another goroutine is at it, that one writes this too, and flush returns at
// once: so one write that waits for the server holds up nobody else, not at gws's own lock either. A write that fails ends
// read.
func (l *line) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writing {
		return
	}
	l.writing = true
	for len(l.queue.parts) > 0 && !l.broken {
		batch := l.queue
		l.queue, l.spare = l.spare, unsent{}
		l.mu.Unlock()
		err := l.send(&batch)
		l.mu.Lock()
		l.spare = unsent{batch.bytes[:0], batch.parts[:0]}
		l.broken = l.broken || err != nil
	}
	l.writing = false
}

func (l *line) send(batch *unsent) error {
	from := 0
	for _, p := range batch.parts {
		b := batch.bytes[from:p.end]
		from = p.end
		var err error
		if p.op == gws.OpcodeCloseConnection {
			err = l.conn.WriteClose(binary.BigEndian.Uint16(b), nil)
		} else {
			err = l.conn.WriteMessage(p.op, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// close queues a close frame and writes it.
func (l *line) close(code Code) {
	l.put(gws.OpcodeCloseConnection, binary.BigEndian.AppendUint16(nil, uint16(code))) //nolint:gosec // four digits
	l.flush()
}

// leave ends the socket as players leave: with a close frame, and within about a second.
func (l *line) leave() {
	time.AfterFunc(lingerTime, l.net.kill)
	l.close(codeNormal)
}

// farewell takes the server's last word. The close frame that follows it need not be waited for long.
func (l *line) farewell(why *Error) {
	l.end = why
	_ = l.net.SetReadDeadline(time.Now().Add(lingerTime)) // it can only fail if the end is there already
}

// fail ends the socket because of what the server sent.
func (l *line) fail(e *Error) {
	if l.end == nil {
		l.end, l.wrong = e, true
	}
	l.close(codeProtocol) // the reason is kept here; the server learns only whose fault it was
}

// verdict says why the socket ended: what the server said goes before what the socket said.
func (l *line) verdict() *Error {
	if e, ok := errors.AsType[*Error](l.end); ok {
		return e
	}
	if c, ok := errors.AsType[*gws.CloseError](l.end); ok {
		if c.Code == 0 {
			return newError(codeNoStatus, "the server closed the connection without a reason")
		}
		return newError(Code(c.Code), string(c.Reason))
	}
	if c, ok := l.end.(interface{ Uint16() uint16 }); ok { // gws's own findings
		if Code(c.Uint16()) == codeTooBig {
			l.wrong = true
			return newError(codeTooBig, "the server sent a message that is greater than Options.MessageSize")
		}
		return newError(Code(c.Uint16()), "the server sent a frame that is not WebSocket")
	}
	e := newError(CodeLost, "the connection was lost")
	switch {
	case l.silence() >= deadAfter:
		e = newError(CodeSilent, "the server has not been heard for too long")
	case l.greeted.IsZero():
		e = newError(CodeLost, "the connection ended before the welcome")
	}
	e.cause = l.end
	return e
}

// OnOpen is called by gws.
func (l *line) OnOpen(*gws.Conn) {}

// OnPong is called by gws.
func (l *line) OnPong(*gws.Conn, []byte) {}

// OnPing is called by gws. It answers with the payload, as RFC 6455 wants.
func (l *line) OnPing(_ *gws.Conn, payload []byte) {
	l.hear()
	l.put(gws.OpcodePong, payload)
	l.flush()
}

// OnMessage is called by gws.
func (l *line) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }() // it only gives memory back
	now := time.Now()
	l.heard.Store(int64(now.Sub(l.start)))
	if l.room.leaving.Load() || l.end != nil {
		return
	}
	if m.Opcode != gws.OpcodeBinary {
		l.fail(newError(codeProtocol, "the server sent a text message"))
		return
	}
	if err := l.room.receive(l, m.Bytes(), now); err != nil {
		l.fail(err)
	}
}

// OnClose is called by gws.
func (l *line) OnClose(_ *gws.Conn, err error) {
	if c, ok := errors.AsType[*gws.CloseError](err); ok {
		err = &gws.CloseError{Code: c.Code, Reason: append([]byte{}, c.Reason...)}
	}
	if l.end == nil {
		l.end = err
	}
}

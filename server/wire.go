package server

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// maxControl is how many bytes of control frames may wait behind the rest of a data frame.
const maxControl = 4 << 10

// longAgo is a deadline that ends a waiting call at once.
//
//nolint:gochecknoglobals // a constant
var longAgo = time.Unix(1, 0)

// errWire is the error of writing to a wire that no longer takes bytes.
var errWire = errors.New("the connection is closing")

// tryWriter writes what its transport takes without waiting; nothing, if it must. An error is final.
type tryWriter interface {
	TryWrite(p []byte) (int, error)
}

// wire is the net.Conn below gws. Its Write never waits: it hands the transport what it takes and keeps the tail of one
// frame, so no call of gws can hold up a room. Its Read takes the bytes that the feeder brought and yields when there
// are no more. So bytes are read and the socket is closed only by the feeder; anybody may Write and Close.
type wire struct {
	fd   *descriptor // the socket, if a room reads it: own; else nil
	own  descriptor
	seal *seal              // what TLS stands on there; nil: there is no TLS
	out  tryWriter          // nil while the handshake is being answered
	box  *mailbox           // out, if the transport cannot write without waiting; else nil
	sent prometheus.Counter // bytes out, of all wires

	busy    atomic.Bool // rest is not empty, here or in the seal
	parting atomic.Bool // what is written from now on ends the conn: data frames may wait in rest too
	closing atomic.Bool // state is past open

	mu       sync.Mutex // held round one call that does not wait
	state    wireState
	data     bool   // rest holds the tail of a data frame
	rest     []byte // what the transport did not take yet
	stall    stall  // of rest
	controls int    // bytes of control frames in rest

	nc     net.Conn      // nil if the wire has the descriptor
	linger time.Duration // how long a closing TLS transport may still wait to write

	in    []byte              // what the feeder brought; only the feeder and its coroutine touch it
	yield func(struct{}) bool // goes back to the feeder; false: there will be no more
}

// stall is how long bytes have been waiting for a transport. The zero value: there are none.
type stall struct {
	began time.Time // when they came
	moved time.Time // when the transport last took some
}

// maxTrickle is how many times the write limit bytes may wait for a transport that takes some of them now and then.
const maxTrickle = 5

// over says whether it is too long, by the write limit.
func (s stall) over(now time.Time, limit time.Duration) bool {
	return !s.began.IsZero() && (now.Sub(s.moved) >= limit || now.Sub(s.began) >= maxTrickle*limit)
}

// wireState is where a wire is in its life. It only grows.
type wireState uint8

const (
	wireShaking wireState = iota // the handshake is being answered, by one goroutine, with ordinary writes
	wireOpen
	wireClosing // nobody writes any more but farewell
	wireDead    // the transport failed or the peer is gone
)

// open ends the handshake: from here on Write does not wait.
func (w *wire) open() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.out = newTryWriter(w.nc); w.out == nil {
		w.box = newMailbox(w.nc, w.push, w.lose)
		w.out = w.box
	}
	w.state = wireOpen
}

// newTryWriter returns how to write to nc without waiting, nil if it cannot.
func newTryWriter(nc net.Conn) tryWriter {
	if out, ok := nc.(tryWriter); ok {
		return out
	}
	return newRawWriter(nc)
}

// fed returns what the feeder brought, and lets it bring more when that is used up. It never calls the system.
func (w *wire) fed() ([]byte, error) {
	for len(w.in) == 0 {
		if w.yield == nil || !w.yield(struct{}{}) {
			w.lose() // or gws would tell a peer that is gone about it
			return nil, io.EOF
		}
	}
	return w.in, nil
}

// Read implements io.Reader for the coroutine.
func (w *wire) Read(p []byte) (int, error) {
	in, err := w.fed()
	n := copy(p, in)
	w.in = in[n:]
	return n, err
}

// Write implements io.Writer for gws, which writes whole frames, and for message. It takes all of one or fails. After a
// close frame it takes none.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.state == wireShaking:
		return w.nc.Write(p)
	case w.state != wireOpen || len(p) == 0:
		return 0, errWire
	}
	n := 0
	if len(w.rest) == 0 {
		var err error
		if n, err = w.out.TryWrite(p); err != nil {
			w.enter(wireDead)
			return 0, err
		}
	}
	if !w.keep(p, n) {
		w.enter(wireDead)
		return 0, errWire
	}
	if p[0] == 0x80|opClose {
		w.enter(wireClosing)
	}
	w.sent.Add(float64(len(p)))
	return len(p), nil
}

// keep stores what the transport did not take of a frame, within bounds.
func (w *wire) keep(frame []byte, taken int) bool {
	if taken == len(frame) {
		return true
	}
	tail := frame[taken:]
	if control := frame[0]&0x8 != 0; control {
		if w.controls += len(tail); w.controls > maxControl {
			return false
		}
	} else {
		if w.data && !w.parting.Load() {
			return false
		}
		w.data = true
	}
	if len(w.rest) == 0 {
		now := time.Now()
		w.stall = stall{began: now, moved: now}
	}
	w.rest = append(w.rest, tail...)
	w.busy.Store(true)
	return true
}

// push gives the transport what waits.
func (w *wire) push() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pushAt(time.Now())
}

// pushAt is push with the lock held.
func (w *wire) pushAt(now time.Time) {
	if w.state != wireOpen || !w.busy.Load() {
		return
	}
	if len(w.rest) > 0 {
		n, err := w.out.TryWrite(w.rest)
		switch {
		case err != nil:
			w.enter(wireDead)
		case n == len(w.rest):
			w.rest, w.stall, w.data, w.controls = nil, stall{}, false, 0
		case n > 0:
			w.rest, w.stall.moved = w.rest[n:], now
		}
	}
	if w.seal == nil {
		w.busy.Store(len(w.rest) > 0)
	} else if err := w.seal.settle(now, len(w.rest) > 0); err != nil {
		w.enter(wireDead)
	}
}

// stalled gives the transport what waits and says whether that takes too long, by the write limit.
func (w *wire) stalled(now time.Time, limit time.Duration) bool {
	if w.box == nil && !w.busy.Load() {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pushAt(now)
	s := w.stall
	switch { // rest waits for what is in there
	case w.box != nil:
		s = w.box.waiting()
	case w.seal != nil:
		s = w.seal.waiting()
	}
	return w.state == wireOpen && s.over(now, limit)
}

// enter moves on to a state. Entering one past open wakes a feeder that waits in a read; a room sees it at its next tick.
func (w *wire) enter(s wireState) {
	if w.state >= s {
		return
	}
	if w.state < wireClosing {
		w.closing.Store(true)
		if w.fd == nil {
			_ = w.nc.SetReadDeadline(longAgo) // an error means that nobody is waiting there
		}
		if w.box != nil { // a read of TLS may wait to write: an alert, a new key
			_ = w.nc.SetWriteDeadline(time.Now().Add(w.linger))
		}
	}
	w.state = s
}

// lose says that the peer is gone: nothing is written any more.
func (w *wire) lose() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state == wireOpen {
		w.enter(wireDead)
	}
}

// Close implements io.Closer for gws, which calls it after a close frame. The feeder does the rest.
func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state == wireShaking {
		w.enter(wireDead)
		return w.nc.Close()
	}
	w.enter(wireClosing)
	return nil
}

// LocalAddr implements net.Conn for gws, which hands it on to nobody.
func (*wire) LocalAddr() net.Addr { return nowhere{} }

// RemoteAddr implements net.Conn; see LocalAddr.
func (*wire) RemoteAddr() net.Addr { return nowhere{} }

// SetDeadline implements net.Conn for the answer to the handshake. Afterwards nothing waits, so there is nothing to do.
func (w *wire) SetDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state == wireShaking {
		return w.nc.SetDeadline(t)
	}
	return nil
}

// SetReadDeadline implements net.Conn; see SetDeadline.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn; see SetDeadline.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

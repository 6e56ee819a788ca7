package server

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// seal is the net.Conn below a TLS connection whose socket is read by a room. Neither its Read nor its Write waits: Read
// takes the bytes that the feeder brought and fails for now when there are no more, which TLS survives; Write hands the
// socket what it takes and keeps the tail. So TLS itself never waits either.
type seal struct {
	tls  *tls.Conn
	fd   *descriptor
	busy *atomic.Bool // the wire's: rest is not empty

	in     []byte // what the feeder brought; the feeder's
	ending bool   // TLS was ended; the feeder's

	mu      sync.Mutex // held round one call that does not wait
	shut    bool       // nothing is written any more
	framing bool       // what is written is a frame of the wire
	rest    []byte     // what the socket did not take yet
	own     int        // bytes in rest that TLS has to say by itself
	stall   stall      // of rest
}

// noMoreError is the end of what the feeder brought.
type noMoreError struct{}

// Error implements error.
func (noMoreError) Error() string { return "no more for now" }

// Timeout implements net.Error: as after a deadline, reading may go on.
func (noMoreError) Timeout() bool { return true }

// Temporary implements net.Error, and is what TLS asks for.
func (noMoreError) Temporary() bool { return true }

// open gives TLS bytes of the socket and passes on what they hold, by way of some scratch memory. False: there will be no
// more.
func (s *seal) open(p, scratch []byte, pass func([]byte) bool) bool {
	s.in = p
	for {
		n, err := s.tls.Read(scratch)
		if n > 0 && !pass(scratch[:n]) {
			return false
		}
		if err != nil {
			return errors.Is(err, noMoreError{})
		}
	}
}

// Read implements io.Reader for TLS.
func (s *seal) Read(p []byte) (int, error) {
	if len(s.in) == 0 {
		return 0, noMoreError{}
	}
	n := copy(p, s.in)
	s.in = s.in[n:]
	return n, nil
}

// TryWrite implements tryWriter: a frame is taken whole, or not at all while one waits.
func (s *seal) TryWrite(p []byte) (int, error) {
	if free, err := s.begin(); err != nil || !free {
		return 0, err
	}
	defer s.end()
	return s.tls.Write(p)
}

// begin says whether a frame may be written, and that one is.
func (s *seal) begin() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.push(time.Now())
	s.framing = err == nil && len(s.rest) == 0
	return s.framing, err
}

func (s *seal) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.framing = false
}

// Write implements io.Writer for TLS, which writes whole records. It takes all or fails.
func (s *seal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		return 0, errWire
	}
	n := 0
	if len(s.rest) == 0 {
		var err error
		if n, err = s.fd.TryWrite(p); err != nil {
			s.shut = true
			return 0, err
		}
	}
	if n == len(p) {
		return n, nil
	}
	if !s.framing { // an alert, a new key
		if s.own += len(p) - n; s.own > maxControl {
			s.shut = true
			return 0, errWire
		}
	}
	if len(s.rest) == 0 {
		now := time.Now()
		s.stall = stall{began: now, moved: now}
	}
	s.rest = append(s.rest, p[n:]...)
	s.busy.Store(true)
	return len(p), nil
}

// push gives the socket what waits. The caller holds the lock.
func (s *seal) push(now time.Time) error {
	if s.shut {
		return errWire
	}
	if len(s.rest) == 0 {
		return nil
	}
	n, err := s.fd.TryWrite(s.rest)
	switch {
	case err != nil:
		s.shut = true
	case n == len(s.rest):
		s.rest, s.own, s.stall = nil, 0, stall{}
	case n > 0:
		s.rest, s.stall.moved = s.rest[n:], now
	}
	return err
}

// settle gives the socket what waits, and says on the wire whether anything does, there or here.
func (s *seal) settle(now time.Time, above bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.push(now)
	s.busy.Store(above || len(s.rest) > 0)
	return err
}

// waiting says how long something has been waiting.
func (s *seal) waiting() stall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stall
}

// goodbye ends TLS and says whether the socket has taken all of it.
func (s *seal) goodbye(now time.Time) (said bool, err error) {
	if !s.ending {
		s.ending = true
		if err := s.tls.CloseWrite(); err != nil {
			return false, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.push(now)
	return len(s.rest) == 0, err
}

// Close implements io.Closer for TLS: nothing is written any more. The socket is the feeder's.
func (s *seal) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = true
	return nil
}

// LocalAddr implements net.Conn.
func (*seal) LocalAddr() net.Addr { return nowhere{} }

// RemoteAddr implements net.Conn.
func (*seal) RemoteAddr() net.Addr { return nowhere{} }

// SetDeadline implements net.Conn. Nothing waits, so there is nothing to do.
func (*seal) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn; see SetDeadline.
func (*seal) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn; see SetDeadline.
func (*seal) SetWriteDeadline(time.Time) error { return nil }

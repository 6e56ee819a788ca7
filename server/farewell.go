package server

import (
	"net"
	"time"
)

// maxDrain is how much a closing connection reads and throws away, so that unread input does not make the kernel
// reset the connection and lose the reason with it.
const maxDrain = 1 << 20

// farewell ends the socket of a conn that has a goroutine of its own. A wire that is closing first writes what waits,
// closes its half, and throws away what still comes until the peer has closed too, all within linger. Only the feeder
// calls it, after its last feed; it may wait.
func (w *wire) farewell(linger time.Duration) {
	w.mu.Lock()
	polite := w.state == wireClosing
	rest := w.rest
	w.rest = nil
	w.enter(wireDead)
	w.mu.Unlock()

	limit := longAgo
	if polite {
		limit = time.Now().Add(linger)
	}
	_ = w.nc.SetWriteDeadline(limit) // without deadlines Close below ends a waiting write
	if w.box != nil {
		w.box.stop()
	}
	// TLS takes seconds of its own to say goodbye to a peer that does not listen, unless its socket is closed.
	cut := func() {}
	if tls, ok := w.nc.(interface{ NetConn() net.Conn }); ok {
		cut = func() { _ = tls.NetConn().Close() }
	}
	late := time.AfterFunc(time.Until(limit), cut)
	if polite && w.finish(rest) {
		w.drain(limit)
	} else {
		cut()
	}
	late.Stop()
	_ = w.nc.Close() // nothing is left to be told
	if w.box != nil {
		<-w.box.done
	}
}

// finish writes the last bytes and closes the writing half.
func (w *wire) finish(rest []byte) bool {
	if w.box != nil {
		<-w.box.done // within the deadline
		if w.box.err != nil {
			return false
		}
	}
	if len(rest) > 0 {
		if _, err := w.nc.Write(rest); err != nil {
			return false
		}
	}
	if half, ok := w.nc.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite() == nil
	}
	return true
}

// drain reads until the peer closes.
func (w *wire) drain(limit time.Time) {
	if w.nc.SetReadDeadline(limit) != nil {
		return
	}
	var buf [512]byte
	for total := 0; total < maxDrain; {
		n, err := w.nc.Read(buf[:])
		if err != nil {
			return
		}
		total += n
	}
}

package link

import (
	"errors"
	"io"
	"net"
	"time"
)

// pumpBuffer holds several frames of a usual game; what is longer takes several turns.
const pumpBuffer = 4 << 10

// longAgo is a deadline that ends a waiting call at once.
//
//nolint:gochecknoglobals // a constant
var longAgo = time.Unix(1, 0)

// Through returns a connection that leads over a new link and then over nc, which it takes over: the caller reads,
// writes and closes what is returned. A cut does Reset on nc too. Two goroutines carry the
// bytes; they end when the caller has closed its end and all that it wrote has gone out, or nc's peer has closed. Of a
// link that was made half open they end when that peer gives nc up: nothing tells it before.
func Through(nc net.Conn, o Options) *Conn {
	client, inner := Pipe(o)
	client.local, client.remote = nc.LocalAddr(), nc.RemoteAddr()
	client.link.severed = func() { _ = nc.SetDeadline(longAgo) } // both goroutines may wait in it
	go inner.carryUp(nc)
	go inner.carryDown(nc)
	return client
}

// carryUp takes what the client sends to nc, and closes nc in the end.
func (c *Conn) carryUp(nc net.Conn) {
	if carry(nc, c) != nil {
		c.link.Cut()
	} else if half, ok := nc.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		c.await(func() bool { return c.out.left || c.out.ended })
	}
	if c.link.isCut() {
		Reset(nc)
	}
	_ = nc.Close() // all is said
}

// Reset ends a connection so that its peer sees a connection reset, if it is one of TCP or of this package. Of others the
// peer sees the end.
func Reset(nc net.Conn) {
	switch c := nc.(type) {
	case *Conn:
		c.link.Cut()
	case *net.TCPConn:
		_ = c.SetLinger(0) // if it fails the peer sees an end, and that is one too
	}
	_ = nc.Close() // as above
}

// carryDown takes what nc's peer sends to the client.
func (c *Conn) carryDown(nc net.Conn) {
	switch err := carry(c, nc); {
	case err == nil:
		_ = c.CloseWrite() // cannot fail
		c.await(func() bool { return c.out.left })
		c.link.finish()
	case errors.Is(err, io.ErrClosedPipe): // the client has closed, and carryUp ends it
	default:
		c.link.Cut()
	}
}

// carry copies until the end of from. The types are hidden, or io.Copy would take a greater buffer of its own.
func carry(to io.Writer, from io.Reader) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, pumpBuffer))
	return err
}

// await waits for something about what goes out of c, or a cut.
func (c *Conn) await(is func() bool) {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	for !is() && !c.link.cut {
		c.out.changed.Wait()
	}
}

func (l *Link) isCut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut
}

// finish lets out what is still on its way, now that both ends have closed: nobody is left who could.
func (l *Link) finish() {
	l.Release(Both)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.half {
		l.sever()
	}
}

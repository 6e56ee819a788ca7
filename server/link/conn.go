package link

import (
	"net"
	"time"
)

// Conn is one end of a link. All methods may be called by any goroutine.
type Conn struct {
	link    *Link
	in, out *lane
	local   net.Addr
	remote  net.Addr
}

var _ net.Conn = (*Conn)(nil)

// Link is what lies between this end and the other.
func (c *Conn) Link() *Link { return c.link }

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) { return c.in.read(p) }

// Write implements net.Conn: it waits until the link has taken all of p.
func (c *Conn) Write(p []byte) (int, error) { return c.out.write(p, true) }

// TryWrite writes what the link takes at once, which may be nothing.
func (c *Conn) TryWrite(p []byte) (int, error) { return c.out.write(p, false) }

// CloseWrite ends this end's bytes: the peer reads what is on its way, then io.EOF.
func (c *Conn) CloseWrite() error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	c.out.end()
	return nil
}

// Close implements net.Conn. The peer can still read what is on its way, but its writes fail once it could see that.
func (c *Conn) Close() error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	c.out.end()
	c.in.abandon()
	return nil
}

// LocalAddr implements net.Conn.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	c.in.reading.set(t)
	c.out.writing.set(t)
	return nil
}

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.in.reading.set(t)
	return nil
}

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.out.writing.set(t)
	return nil
}

// deadline ends waiting calls on a lane. Its link's mutex guards it.
type deadline struct {
	lane  *lane
	at    time.Time
	timer *time.Timer
}

func (d *deadline) set(t time.Time) {
	d.lane.link.mu.Lock()
	defer d.lane.link.mu.Unlock()
	d.stop()
	d.at = t
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		d.timer = time.AfterFunc(wait, d.lane.wake)
	}
	d.lane.changed.Broadcast()
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

func (d *deadline) over() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

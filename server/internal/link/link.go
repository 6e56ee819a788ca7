// Package link is an in-memory network connection with the properties of a real one that matter to a server: finite
// buffers, half close, deadlines, delay. It keeps time with package time, so inside a testing/synctest bubble its
// delays cost nothing and its readers wait in a way that lets the bubble's clock go on.
package link

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Options say what a link is like. The zero value is a fast one with buffers of 64 KiB. Both directions are alike.
type Options struct {
	// Buffer is how many bytes may be on their way in each direction, the peer's unread ones included. Default 64 KiB.
	Buffer int
	// Latency is the time from a write to when its bytes can be read. Default none.
	Latency time.Duration
	// Bandwidth is how many bytes a second pass. Default no limit.
	Bandwidth int
}

// Conn is one end of a link. All methods may be called by any goroutine.
type Conn struct {
	in, out *lane
	local   net.Addr
	remote  net.Addr
}

var _ net.Conn = (*Conn)(nil)

// Pipe returns the two ends of a new link.
func Pipe(o Options) (client, server *Conn) {
	if o.Buffer <= 0 {
		o.Buffer = 64 << 10
	}
	up, down := newLane(o), newLane(o)
	c, s := addr("client"), addr("server")
	return &Conn{in: down, out: up, local: c, remote: s}, &Conn{in: up, out: down, local: s, remote: c}
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) { return c.in.read(p) }

// Write implements net.Conn: it waits until the link has taken all of p.
func (c *Conn) Write(p []byte) (int, error) { return c.out.write(p, true) }

// TryWrite writes what the link takes at once, which may be nothing.
func (c *Conn) TryWrite(p []byte) (int, error) { return c.out.write(p, false) }

// CloseWrite ends this end's bytes: the peer reads what is on its way, then io.EOF.
func (c *Conn) CloseWrite() error {
	c.out.end()
	return nil
}

// Close implements net.Conn. The peer can still read what is on its way, but its writes fail.
func (c *Conn) Close() error {
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

// lane is one direction of a link.
type lane struct {
	buffer    int
	latency   time.Duration
	bandwidth int

	mu       sync.Mutex
	changed  *sync.Cond
	queue    []packet
	held     int       // bytes in queue
	free     time.Time // when the last byte will have passed the bandwidth limit
	ended    bool      // no more bytes will come
	left     bool      // the reader has closed
	reading  deadline
	writing  deadline
	awaiting *time.Timer // wakes readers when the first packet is due
}

// packet is the bytes of one write.
type packet struct {
	bytes []byte
	due   time.Time
}

func newLane(o Options) *lane {
	l := &lane{buffer: o.Buffer, latency: o.Latency, bandwidth: o.Bandwidth}
	l.changed = sync.NewCond(&l.mu)
	l.reading.lane, l.writing.lane = l, l
	return l
}

func (l *lane) read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		switch {
		case l.left:
			return 0, net.ErrClosed
		case l.reading.over():
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case l.due():
			return l.take(p), nil
		case l.ended && len(l.queue) == 0:
			return 0, io.EOF
		}
		l.changed.Wait()
	}
}

// due says whether there are bytes to read, and sees to it that readers wake when there will be.
func (l *lane) due() bool {
	if len(l.queue) == 0 {
		return false
	}
	wait := time.Until(l.queue[0].due)
	if wait > 0 && l.awaiting == nil {
		l.awaiting = time.AfterFunc(wait, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.awaiting = nil
			l.changed.Broadcast()
		})
	}
	return wait <= 0
}

// take hands out the bytes that are due.
func (l *lane) take(p []byte) int {
	n := 0
	for n < len(p) && l.due() {
		first := &l.queue[0]
		took := copy(p[n:], first.bytes)
		n += took
		if first.bytes = first.bytes[took:]; len(first.bytes) == 0 {
			l.queue = l.queue[1:]
		}
	}
	l.held -= n
	l.changed.Broadcast()
	return n
}

func (l *lane) write(p []byte, wait bool) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for {
		switch {
		case l.ended || l.left:
			return n, io.ErrClosedPipe
		case wait && l.writing.over():
			return n, os.ErrDeadlineExceeded
		}
		if room := min(l.buffer-l.held, len(p)-n); room > 0 {
			l.put(p[n : n+room])
			n += room
		}
		if n == len(p) || !wait {
			return n, nil
		}
		l.changed.Wait()
	}
}

// put sends bytes on their way.
func (l *lane) put(p []byte) {
	now := time.Now()
	if l.free.Before(now) {
		l.free = now
	}
	if l.bandwidth > 0 {
		l.free = l.free.Add(time.Duration(len(p)) * time.Second / time.Duration(l.bandwidth))
	}
	l.queue = append(l.queue, packet{bytes: append([]byte(nil), p...), due: l.free.Add(l.latency)})
	l.held += len(p)
	l.changed.Broadcast()
}

func (l *lane) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.writing.stop()
	l.changed.Broadcast()
}

func (l *lane) abandon() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left, l.queue, l.held = true, nil, 0
	l.reading.stop()
	if l.awaiting != nil {
		l.awaiting.Stop()
		l.awaiting = nil
	}
	l.changed.Broadcast()
}

// deadline ends waiting calls. Its lane's mutex guards it.
type deadline struct {
	lane  *lane
	at    time.Time
	timer *time.Timer
}

func (d *deadline) set(t time.Time) {
	d.lane.mu.Lock()
	defer d.lane.mu.Unlock()
	d.stop()
	d.at = t
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		d.timer = time.AfterFunc(wait, func() {
			d.lane.mu.Lock()
			defer d.lane.mu.Unlock()
			d.lane.changed.Broadcast()
		})
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

// addr names an end.
type addr string

// Network implements net.Addr.
func (addr) Network() string { return "mem" }

// String implements net.Addr.
func (a addr) String() string { return string(a) }

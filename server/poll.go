package server

import (
	"sync"
	"sync/atomic"
	"time"
)

// minPollRate is the least rate of ticks at which a room reads its own sockets. What a client sends waits there until the
// next tick, a ping and the wish to end too.
const minPollRate = 10

// sockets are the conns that a room reads itself, from the handshake until nothing more comes. Any goroutine may add one;
// all else belongs to the room's goroutine, which lets its crew read some.
type sockets struct {
	mu     sync.Mutex
	coming []*conn // not taken in yet
	closed bool

	all     []*conn
	mixed   bool         // some of what is read has waited for so long that the system has acknowledged it, and some not
	scratch [][]byte     // of each core: what is read from one socket in one tick; memory kept
	looked  time.Time    // when they were read last
	at, now time.Time    // of this look
	bytes   atomic.Int64 // that came in it
}

// add gives the room a conn that has its descriptor and was started. False: the room has ended.
func (s *sockets) add(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.coming = append(s.coming, c)
	}
	return !s.closed
}

// take takes in the conns that were added and returns all.
func (s *sockets) take() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, s.coming...)
	clear(s.coming)
	s.coming = s.coming[:0]
	return s.all
}

// close returns what there is; nothing can be added any more.
func (s *sockets) close() []*conn {
	all := s.take()
	s.mu.Lock()
	defer s.mu.Unlock()
	all = append(all, s.coming...)
	s.coming, s.all, s.closed = nil, nil, true
	return all
}

// look begins a look at a time. When what is read in it has come nobody knows, but it was since the last look: in the middle
// between the two, for all that is counted in time.
func (s *sockets) look(now time.Time, interval time.Duration) {
	passed := min(interval, now.Sub(s.looked))
	s.looked, s.now, s.at = now, now, now.Add(-passed/2)
	s.bytes.Store(0)
}

// work implements task: it reads some of the sockets.
func (s *sockets) work(worker, from, to int) {
	bytes := 0
	for _, c := range s.all[from:to] {
		if s.mixed {
			c.wire.fd.answer()
		}
		bytes += c.poll(s.scratch[worker], s.at, s.now)
	}
	s.bytes.Add(int64(bytes))
}

// poll reads each of the room's own sockets once, so that what has come is in the inbox before it is taken. Reading is
// bounded: who sends more is slowed down by TCP, and costs the others nothing.
func (r *room) poll(now time.Time) {
	s := &r.sockets
	size := len(s.take())
	s.look(now, r.clock.interval())
	if size == 0 {
		return
	}
	s.mixed = mixes(r.clock.interval(), r.cost)
	cores := r.crew.cores(size)
	for len(s.scratch) < cores {
		s.scratch = append(s.scratch, make([]byte, pollSize(&r.limits, r.def.Rate)))
	}
	r.crew.run(s, size, cores)
	r.server.metrics.bytesIn.Add(float64(s.bytes.Load()))
	s.let(&r.server.farewells)
}

// ackDelay is after what time Linux acknowledges what nobody has read.
const ackDelay = 40 * time.Millisecond

// mixes reports whether inputs that answer frames wait for the next tick for more than ackDelay and for less, as the frames
// leave over a tick's whole cost. Where all wait for more or all for less, the system has learnt what to do by itself.
func mixes(interval, cost time.Duration) bool { return interval > ackDelay && interval-cost < ackDelay }

// pollSize is how much is read from a socket in one tick: as much as a client may send, and not so little that it shows.
func pollSize(l *Limits, rate int) int {
	const least = 8 << 10
	return max(least, 2*l.BytesPerSecond/rate)
}

// let lets those go that have ended.
func (s *sockets) let(leaving *farewells) {
	n := 0
	for _, c := range s.all {
		if c.spent {
			leaving.say(c)
		} else {
			s.all[n] = c
			n++
		}
	}
	clear(s.all[n:])
	s.all = s.all[:n]
}

// poll reads once from the conn's own socket and feeds what came, as of a time. It returns how many bytes were fed; spent
// says whether the conn has ended. One goroutine at a time may poll a conn.
func (c *conn) poll(scratch []byte, at, now time.Time) (bytes int) {
	if c.spent = !c.look(scratch, at); !c.spent && c.busy() {
		c.flush(now)
	}
	return c.count()
}

// look is poll without what has to be written. False: there is nothing more to feed.
func (c *conn) look(scratch []byte, at time.Time) bool {
	if !c.begun && !c.begin(scratch, at) || c.wire.closing.Load() {
		return false
	}
	room := scratch
	if c.wire.seal != nil {
		room = scratch[:len(scratch)/2] // the other half is for what TLS makes of it
	}
	n, err := c.wire.fd.read(room)
	return err == nil && (n == 0 || c.digest(scratch, n, at))
}

// digest feeds the first bytes of scratch, which were read.
func (c *conn) digest(scratch []byte, bytes int, at time.Time) bool {
	if c.wire.seal == nil {
		return c.feed(scratch[:bytes], at)
	}
	return c.wire.seal.open(scratch[:bytes], scratch[len(scratch)/2:], func(p []byte) bool { return c.feed(p, at) })
}

// begin feeds what came together with the handshake. TLS may hold more of it.
func (c *conn) begin(scratch []byte, at time.Time) bool {
	c.begun = true
	early := c.early
	c.early = nil
	return c.feed(early, at) && (c.wire.seal == nil || c.digest(scratch, 0, at))
}

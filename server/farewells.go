package server

import (
	"sync"
	"time"
)

// farewells end the sockets of conns that rooms have read. No room waits for that: whoever has gone from a room, or from one
// that has ended, is seen off by one goroutine for all of them, which is there only while somebody is leaving.
type farewells struct {
	mu      sync.Mutex
	coming  []*departure
	running bool
}

// farewellPeriod is how often those who leave are looked after.
const farewellPeriod = 10 * time.Millisecond

// say ends a conn after its last feed, without waiting. The caller is the last to have fed it, and lets go of it.
func (f *farewells) say(c *conn) {
	c.conclude()
	d := &departure{conn: c}
	now := time.Now()
	if d.begin(now.Add(c.limits.Linger)); d.step(now, nil) {
		c.over()
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.coming = append(f.coming, d)
	if !f.running {
		f.running = true
		go f.run()
	}
}

// run is the goroutine.
func (f *farewells) run() {
	pace := time.NewTicker(farewellPeriod)
	defer pace.Stop()
	var leaving []*departure
	scratch := make([]byte, 4<<10)
	for {
		f.mu.Lock()
		leaving = append(leaving, f.coming...)
		clear(f.coming)
		f.coming = f.coming[:0]
		f.running = len(leaving) > 0
		f.mu.Unlock()
		if len(leaving) == 0 {
			return
		}
		now, n := time.Now(), 0
		for _, d := range leaving {
			if d.step(now, scratch) {
				d.conn.over()
			} else {
				leaving[n] = d
				n++
			}
		}
		clear(leaving[n:])
		leaving = leaving[:n]
		<-pace.C
	}
}

// departure is one socket on its way out: what waits is written, the writing half is closed, and what still comes is thrown
// away until the peer has closed too, all within a time.
type departure struct {
	conn    *conn
	limit   time.Time
	polite  bool // the peer is told
	rest    []byte
	halved  bool
	drained int
}

// begin takes the wire from all others.
func (d *departure) begin(limit time.Time) {
	w := &d.conn.wire
	w.mu.Lock()
	defer w.mu.Unlock()
	d.limit, d.polite, d.rest = limit, w.state == wireClosing, w.rest
	w.rest = nil
	w.enter(wireDead)
}

// step goes on without waiting. True: the socket is closed.
func (d *departure) step(now time.Time, scratch []byte) bool {
	if d.polite && now.Before(d.limit) && d.tell(now) && (!d.halved || d.drain(scratch)) {
		return false
	}
	w := &d.conn.wire
	if w.seal != nil {
		_ = w.seal.Close()
	}
	w.fd.close()
	return true
}

// tell writes what waits, and then closes the writing half. False: nobody listens.
func (d *departure) tell(now time.Time) bool {
	w := &d.conn.wire
	if d.halved {
		return true
	}
	if len(d.rest) > 0 {
		n, err := w.out.TryWrite(d.rest)
		if d.rest = d.rest[n:]; err != nil {
			return false
		}
	}
	if len(d.rest) > 0 {
		return true
	}
	if w.seal != nil {
		switch said, err := w.seal.goodbye(now); {
		case err != nil:
			return false
		case !said:
			return true
		}
	}
	d.halved = true
	return w.fd.shut() == nil
}

// drain throws away what has come. False: no more will, or too much has.
func (d *departure) drain(scratch []byte) bool {
	if len(scratch) == 0 {
		return true // whoever is in a hurry leaves it to the next step
	}
	for d.drained < maxDrain {
		n, err := d.conn.wire.fd.read(scratch)
		if d.drained += n; err != nil {
			return false
		}
		if n == 0 {
			return true
		}
	}
	return false
}

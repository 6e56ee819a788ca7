package link

import (
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"time"
)

// segment is how many bytes are delayed and lost together, as much as TCP sends at once over Ethernet.
const segment = 1460

// lane is one direction of a link. The link's mutex guards it.
type lane struct {
	link *Link
	back *lane // the other direction
	opts Options
	rng  *rand.Rand

	changed *sync.Cond
	queue   []packet
	size    int       // bytes in queue
	free    time.Time // when the last byte will have passed the bandwidth limit
	last    time.Time // when the newest packet is due: no other comes before it
	ended   bool      // the writer has closed: the queue's last packet says so
	left    bool      // the reader has closed
	held    bool      // nothing arrives
	until   time.Time // nothing arrives before

	delivered int64
	limit     int64 // the link is cut at so many bytes; below 0: it is not
	hiccups   int
	reading   deadline
	writing   deadline
	awaiting  *time.Timer // wakes readers when the first packet is due
}

// packet is a segment, or the end of all.
type packet struct {
	bytes []byte
	due   time.Time
	end   bool
}

func newLane(l *Link, o Options, source rand.Source) *lane {
	a := &lane{link: l, opts: o, limit: -1}
	if o.Jitter > 0 || o.Hiccup > 0 {
		a.rng = rand.New(source) //nolint:gosec // delays are no secret
	}
	a.changed = sync.NewCond(&l.mu)
	a.reading.lane, a.writing.lane = a, a
	return a
}

func (a *lane) read(p []byte) (int, error) {
	a.link.mu.Lock()
	defer a.link.mu.Unlock()
	for {
		switch {
		case a.left:
			return 0, net.ErrClosed
		case a.link.cut:
			return 0, errReset
		case a.reading.over():
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case !a.ready(time.Now()):
			a.await()
			a.changed.Wait()
		case a.queue[0].end:
			return 0, io.EOF
		default:
			return a.take(p), nil
		}
	}
}

// ready says whether the first packet has arrived.
func (a *lane) ready(now time.Time) bool {
	return len(a.queue) > 0 && !a.held && !now.Before(a.until) && !now.Before(a.queue[0].due)
}

// await sees to it that readers wake when the first packet arrives. What changes that wakes them too.
func (a *lane) await() {
	if len(a.queue) == 0 || a.held {
		return
	}
	due := a.queue[0].due
	if due.Before(a.until) {
		due = a.until
	}
	if wait := time.Until(due); a.awaiting == nil {
		a.awaiting = time.AfterFunc(wait, a.wake)
	} else {
		a.awaiting.Reset(wait)
	}
}

// wake lets everybody look again.
func (a *lane) wake() {
	a.link.mu.Lock()
	defer a.link.mu.Unlock()
	a.changed.Broadcast()
}

// take hands out the bytes that have arrived.
func (a *lane) take(p []byte) int {
	if a.limit >= 0 {
		p = p[:min(int64(len(p)), a.limit-a.delivered)]
	}
	n, now := 0, time.Now()
	for n < len(p) && a.ready(now) && !a.queue[0].end {
		first := &a.queue[0]
		took := copy(p[n:], first.bytes)
		n += took
		if first.bytes = first.bytes[took:]; len(first.bytes) == 0 {
			a.queue = a.queue[1:]
		}
	}
	a.size -= n
	a.delivered += int64(n)
	a.changed.Broadcast()
	if a.full() {
		a.link.sever()
	}
	return n
}

// full says whether as much was delivered as may be.
func (a *lane) full() bool { return a.limit >= 0 && a.delivered >= a.limit }

func (a *lane) write(p []byte, wait bool) (int, error) {
	a.link.mu.Lock()
	defer a.link.mu.Unlock()
	n := 0
	for {
		switch {
		case a.ended:
			return n, io.ErrClosedPipe
		case a.link.cut:
			return n, errReset
		case a.link.half:
			return len(p), nil
		case a.left && a.back.over():
			return n, io.ErrClosedPipe
		case wait && a.writing.over():
			return n, os.ErrDeadlineExceeded
		case a.left: // the writer cannot know yet
			return len(p), nil
		}
		if room := min(a.opts.Buffer-a.size, len(p)-n); room > 0 {
			a.put(p[n : n+room])
			n += room
		}
		if n == len(p) || !wait {
			return n, nil
		}
		a.changed.Wait()
	}
}

// over says whether the news has arrived that no more will come.
func (a *lane) over() bool {
	now := time.Now()
	return a.ended && !a.held && !now.Before(a.until) && !now.Before(a.last)
}

// put sends bytes on their way.
func (a *lane) put(p []byte) {
	if now := time.Now(); a.free.Before(now) {
		a.free = now
	}
	own := append([]byte(nil), p...)
	a.size += len(own)
	for len(own) > 0 {
		n := min(len(own), segment)
		if a.opts.Bandwidth > 0 {
			a.free = a.free.Add(time.Duration(n) * time.Second / time.Duration(a.opts.Bandwidth))
		}
		a.queue = append(a.queue, packet{bytes: own[:n], due: a.arrival(a.free.Add(a.delay()))})
		own = own[n:]
	}
	a.changed.Broadcast()
}

// delay is the time that the next segment takes.
func (a *lane) delay() time.Duration {
	d := a.opts.Latency
	if a.opts.Jitter > 0 {
		d += time.Duration(a.rng.Int64N(int64(a.opts.Jitter) + 1))
	}
	if a.opts.Hiccup > 0 && a.rng.Float64() < a.opts.Hiccup {
		a.hiccups++
		d += a.opts.HiccupTime
	}
	return d
}

// arrival keeps the order.
func (a *lane) arrival(due time.Time) time.Time {
	if due.Before(a.last) {
		due = a.last
	}
	a.last = due
	return due
}

// end is the last that the writer sends.
func (a *lane) end() {
	if a.ended {
		return
	}
	a.ended = true
	a.writing.stop()
	if now := time.Now(); a.free.Before(now) {
		a.free = now
	}
	if !a.link.cut && !a.link.half {
		a.queue = append(a.queue, packet{end: true, due: a.arrival(a.free.Add(a.opts.Latency))})
	}
	a.changed.Broadcast()
}

// abandon says that the reader has closed.
func (a *lane) abandon() {
	a.left = true
	a.reading.stop()
	a.drop()
}

// drop loses what is on its way.
func (a *lane) drop() {
	a.queue, a.size = nil, 0
	if a.awaiting != nil {
		a.awaiting.Stop()
		a.awaiting = nil
	}
	a.changed.Broadcast()
}

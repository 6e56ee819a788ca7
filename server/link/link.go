// Package link is a network connection with the properties of a real one that matter to a server: finite buffers, half
// close, deadlines, delay, and the faults that happen on the way. It keeps time with package time, so inside a
// testing/synctest bubble its delays cost nothing and its readers wait in a way that lets the bubble's clock go on.
//
// Pipe makes both ends in memory; Through puts the same behaviour on a real socket. Faults are caused through the Link
// that Conn.Link returns.
package link

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"time"
)

// Options say what a link is like. The zero value is a fast one with buffers of 64 KiB. Both directions are alike, but
// for what begins with Up.
type Options struct {
	// Buffer is how many bytes may be on their way in each direction, the peer's unread ones included. Default 64 KiB.
	Buffer int
	// Latency is the time from a write to when its bytes can be read. Default none.
	Latency time.Duration
	// Jitter is how much later than that a segment may come, evenly spread. The order of bytes is kept, as TCP keeps it, so
	// a late segment makes those behind it late too. Default none.
	Jitter time.Duration
	// Hiccup is how probable it is that a segment is lost once and sent again, 0 to 1. Nothing is missing afterwards, but it
	// and all behind it wait for HiccupTime longer. Default never.
	Hiccup float64
	// HiccupTime is how long a segment that was lost takes to be noticed and sent again. Default two latencies and 40 ms:
	// a round trip and the time until the next frame of 30 a second.
	HiccupTime time.Duration
	// Bandwidth is how many bytes a second pass. Default no limit.
	Bandwidth int
	// UpBandwidth is Bandwidth for what the client sends. Default Bandwidth.
	UpBandwidth int
	// Seed chooses the delays. Links with the same one, on which the same is written at the same times, deliver the same at
	// the same times. The directions do not depend on each other.
	Seed uint64
}

// defaults fills in what is not set.
func (o Options) defaults() Options {
	if o.Buffer <= 0 {
		o.Buffer = 64 << 10
	}
	if o.HiccupTime <= 0 {
		o.HiccupTime = 2*o.Latency + 40*time.Millisecond
	}
	if o.UpBandwidth <= 0 {
		o.UpBandwidth = o.Bandwidth
	}
	return o
}

// Direction is one direction of a link, or both.
type Direction uint8

const (
	// Up is from the client to the server.
	Up Direction = 1 << iota
	// Down is from the server to the client.
	Down
	// Both is Up and Down.
	Both = Up | Down
)

// errReset is what both ends of a link get that was cut. It is a connection reset, as errors.Is finds.
var errReset = fmt.Errorf("the link was cut: %w", syscall.ECONNRESET)

// Link is what lies between two ends, and the handle by which a test makes it fail. All methods may be called by any
// goroutine, one of the ends' users in the middle of its work included: a test that cuts in the callback of a frame cuts
// at that tick.
type Link struct {
	mu       sync.Mutex // guards all of it, its lanes included; held for microseconds
	up, down *lane
	cut      bool
	half     bool
	severed  func() // called once by a cut, with the lock held
}

// Pipe returns the two ends of a new link.
func Pipe(o Options) (client, server *Conn) {
	o = o.defaults()
	l := &Link{}
	l.down = newLane(l, o, rand.NewPCG(o.Seed, uint64(Down)))
	o.Bandwidth = o.UpBandwidth
	l.up = newLane(l, o, rand.NewPCG(o.Seed, uint64(Up)))
	l.up.back, l.down.back = l.down, l.up
	c, s := addr("client"), addr("server")
	return &Conn{link: l, in: l.down, out: l.up, local: c, remote: s},
		&Conn{link: l, in: l.up, out: l.down, local: s, remote: c}
}

// Hold lets nothing arrive any more, the end of the bytes included, until Release. What is written meanwhile fills the
// buffer, and then writers wait.
func (l *Link) Hold(d Direction) {
	l.each(d, func(a *lane) { a.held = true })
}

// Release ends Hold and Stall: all that is due arrives at once.
func (l *Link) Release(d Direction) {
	l.each(d, func(a *lane) { a.held, a.until = false, time.Time{} })
}

// Stall is Hold for a time.
func (l *Link) Stall(d Direction, t time.Duration) {
	until := time.Now().Add(t)
	l.each(d, func(a *lane) { a.until = until })
}

// Cut ends the link. What is on its way is lost, and both ends see a connection reset at once. A second Cut does nothing.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sever()
}

// CutAfter cuts the link when n more bytes have been read in a direction. With Both each direction is counted by itself.
func (l *Link) CutAfter(d Direction, n int64) {
	l.each(d, func(a *lane) { a.limit = a.delivered + max(n, 0) })
}

// Half makes the link half open, for good: each end goes on as if the other were there, but all that is and was written is
// swallowed, closing included. So it is for a server when a phone leaves the network. Only Cut has an effect afterwards.
func (l *Link) Half() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.half = true
	l.up.drop()
	l.down.drop()
}

// Delivered is how many bytes have been read in a direction.
func (l *Link) Delivered(d Direction) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := int64(0)
	for _, a := range l.lanes(d) {
		n += a.delivered
	}
	return n
}

// Hiccups is how many segments were lost once in a direction.
func (l *Link) Hiccups(d Direction) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, a := range l.lanes(d) {
		n += a.hiccups
	}
	return n
}

// each changes the lanes of a direction and lets everybody look again.
func (l *Link) each(d Direction, change func(*lane)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.lanes(d) {
		change(a)
		a.changed.Broadcast()
	}
	if l.up.full() || l.down.full() {
		l.sever()
	}
}

func (l *Link) lanes(d Direction) []*lane {
	switch d {
	case Up:
		return []*lane{l.up}
	case Down:
		return []*lane{l.down}
	default:
		return []*lane{l.up, l.down}
	}
}

// sever is Cut with the lock held.
func (l *Link) sever() {
	if l.cut {
		return
	}
	l.cut = true
	l.up.drop()
	l.down.drop()
	if l.severed != nil {
		l.severed()
	}
}

// addr names an end.
type addr string

// Network implements net.Addr.
func (addr) Network() string { return "mem" }

// String implements net.Addr.
func (a addr) String() string { return string(a) }

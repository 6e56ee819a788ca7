package client

import (
	"math"
	"net"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
)

// The wait before a try is below a bound that doubles, is never more than 15 s, and at least 1 s when the server has too
// much to do.
func TestBackoff(t *testing.T) {
	for _, c := range []struct {
		why   string
		tries int
		code  Code
		least time.Duration
		most  time.Duration
	}{
		{"the first", 0, CodeLost, 0, 500 * time.Millisecond},
		{"the third", 2, CodeSilent, 0, 2 * time.Second},
		{"the fifth", 4, CodeLost, 0, 8 * time.Second},
		{"the sixth", 5, CodeLost, 0, 15 * time.Second},
		{"one of many", math.MaxInt - 2, CodeLost, 0, 15 * time.Second},
		{"too many frames", 0, CodeTooMany, time.Second, 1500 * time.Millisecond},
		{"a busy server", 2, CodeBusy, time.Second, 3 * time.Second},
		{"a server that is busy for long", 9, CodeBusy, time.Second, 15 * time.Second},
	} {
		low, high := time.Hour, time.Duration(0)
		for range 2000 {
			b := backoff{c.tries}
			wait := b.next(c.code)
			low, high = min(low, wait), max(high, wait)
		}
		span := c.most - c.least
		if low < c.least || high > c.most || low > c.least+span/10 || high < c.most-span/10 {
			t.Errorf("%s: %v to %v, want %v to %v", c.why, low, high, c.least, c.most)
		}
	}
}

// The answer to a frame, with an input and all that is kept of it, takes no memory.
func TestReplyTakesNoMemory(t *testing.T) {
	r := newRoom(&Client{}, nil, &JoinOptions{})
	r.rate, r.stride, r.frame.Tick = 30, 1, 100
	r.inputs = newPacker("input", &game.Message{Fields: []game.Field{{Name: "a", Kind: game.FieldInt, Max: 9}}})
	l := newLine(r, nil)
	l.writing = true // nobody is there to read
	r.line, r.up = l, true
	r.input.put([]int64{5}, nil)
	now := time.Now()
	answer := func() {
		r.frame.Tick++
		r.acked, now = r.frame.Tick, now.Add(time.Second/30)
		r.reply(l, now)
		l.queue = unsent{l.queue.bytes[:0], l.queue.parts[:0]}
	}
	for range 2 * ringInputs {
		answer()
	}
	if n := testing.AllocsPerRun(1000, answer); n > 0 {
		t.Errorf("%v allocations for a reply", n)
	}
}

// dead is a conn that can only be closed.
type dead struct {
	net.Conn

	closed bool
}

func (d *dead) Close() error {
	d.closed = true
	return nil
}

// A line whose server takes nothing keeps so much and no more.
func TestUnsentIsBounded(t *testing.T) {
	conn := &dead{}
	l := newLine(nil, conn)
	l.writing = true
	b := make([]byte, 1000)
	for range 400 {
		l.put(2, b)
	}
	if !conn.closed || len(l.queue.bytes) > maxUnsent || len(l.queue.bytes) < maxUnsent-1000 {
		t.Errorf("closed: %v, %d bytes wait", conn.closed, len(l.queue.bytes))
	}
}

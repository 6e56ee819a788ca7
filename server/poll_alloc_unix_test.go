//go:build unix && !race

// The race detector makes pools forget, so what is counted here is counted without it.

package server

import (
	"testing"
	"time"
)

// A look at a socket, with an input or without, and the question when that came leave no garbage.
func TestLooksDoNotAllocate(t *testing.T) {
	l := testLimits()
	l.FramesPerSecond, l.BytesPerSecond = 1e9, 1<<40
	p := pollOver(t, l)
	p.h = nil
	p.handler = quiet{}
	input := steering(t)
	p.send(hello(t), input)
	p.until("they have come", func() bool { return p.heardAt.Load() != 0 })
	now := time.Now()
	if n := testing.AllocsPerRun(200, func() {
		if _, err := p.client.Write(input); err != nil {
			t.Error(err)
		}
		p.poll(p.scratch, now, now)
		p.cameAt()
		p.poll(p.scratch, now, now)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if p.next != nil {
		t.Error("whole messages need no coroutine")
	}
	_ = p.client.Close()
	p.until("the conn ends", func() bool { return p.spent })
	p.leaving.say(p.conn)
	<-p.over
}

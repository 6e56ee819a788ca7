package client

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
)

func TestUnit(t *testing.T) {
	pos := unit{scale: 32, jump: 10}
	angle := unit{scale: 1, wrap: 256, mask: 255}
	for _, c := range []struct {
		why     string
		u       unit
		a, b    int32
		part    float64
		strides uint32
		want    int32
	}{
		{"half way, finer than a cell", pos, 1, 2, 0.5, 1, 48},
		{"the beginning", pos, 1, 2, 0, 1, 32},
		{"beyond the newest", pos, 1, 2, 1.5, 1, 80},
		{"a jump is not shown before it is over", pos, 0, 11, 0.9, 1, 0},
		{"after a jump nothing goes on", pos, 0, 11, 1.5, 1, 352},
		{"a step of two strides may be twice as long", pos, 0, 20, 0.5, 2, 320},
		{"an angle goes the short way over 0", angle, 250, 10, 0.5, 1, 2},
		{"and back", angle, 10, 250, 0.5, 1, 2},
		{"beyond an angle", angle, 250, 2, 2, 1, 10},
		{"a quarter on", angle, 0, 64, 0.25, 1, 16},
	} {
		if got := c.u.between(c.a, c.b, c.part, c.strides); got != c.want {
			t.Errorf("%s: %d, want %d", c.why, got, c.want)
		}
	}
}

// On a line with jitter the next state is nearly always there when it is needed, and the delay is no longer than that
// takes.
func TestDelay(t *testing.T) {
	const rate, ticks = 30, 900
	for _, c := range []struct {
		why          string
		jitter, late time.Duration // late: of every 50th frame
		least, most  time.Duration
	}{
		{"an even line", 0, 0, 66 * time.Millisecond, 68 * time.Millisecond},
		{"a little jitter", 10 * time.Millisecond, 0, 66 * time.Millisecond, 68 * time.Millisecond},
		{"lost packets", 5 * time.Millisecond, 105 * time.Millisecond, 130 * time.Millisecond, 145 * time.Millisecond},
	} {
		rng := rand.New(rand.NewPCG(1, 2))
		start := time.Now()
		l := newTimeline(rate, start)
		s := &game.Schema{}
		if err := s.Prepare(); err != nil {
			t.Fatal(err)
		}
		replica, err := game.NewReplica(s)
		if err != nil {
			t.Fatal(err)
		}
		starved, last := 0, time.Time{}
		for tick := uint32(1); tick <= ticks; tick++ {
			at := start.Add(time.Second + time.Duration(tick)*l.step)
			if c.jitter > 0 {
				at = at.Add(time.Duration(rng.Int64N(int64(c.jitter))))
			}
			if tick%50 == 0 {
				at = at.Add(c.late)
			}
			if at.Before(last) {
				at = last // a stream keeps its order
			}
			last = at
			if tick > 300 && l.display(at) > float64(tick-1) { // just before the frame comes
				starved++
			}
			l.add(replica, tick, 1, at)
		}
		if l.delay < c.least || l.delay > c.most {
			t.Errorf("%s: delay %v, want %v to %v", c.why, l.delay, c.least, c.most)
		}
		if starved > (ticks-300)/50 {
			t.Errorf("%s: the next state was missing %d times", c.why, starved)
		}
	}
}

// After a break in the frames nothing moves across it, and the first frame sets the clock, wherever that was before.
func TestBreakSnaps(t *testing.T) {
	const rate = 30
	s := &game.Schema{}
	if err := s.Prepare(); err != nil {
		t.Fatal(err)
	}
	replica, err := game.NewReplica(s)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	l := newTimeline(rate, start)
	at := func(tick uint32, late time.Duration) time.Time {
		return start.Add(time.Duration(tick)*l.step + late)
	}
	for tick := uint32(1); tick <= 100; tick++ {
		l.add(replica, tick, 1, at(tick, 100*time.Millisecond))
	}
	l.restart()
	if _, to, _ := l.between(l.display(at(200, 0))); to != nil {
		t.Error("a state from before the break is shown")
	}
	const slower = 400 * time.Millisecond // the new way is that much longer, which is less than a jump of the clock
	l.add(replica, 300, 1, at(300, slower))
	if from, to, _ := l.between(l.display(at(300, slower))); from.tick != 300 || to.tick != 300 {
		t.Errorf("shown from %d to %d", from.tick, to.tick)
	}
	if got, want := l.display(at(300, slower)), 300-2.0; got < want-0.1 || got > want+0.1 {
		t.Errorf("the clock shows tick %.2f, want %.2f", got, want)
	}
}

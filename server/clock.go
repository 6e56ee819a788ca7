package server

import "time"

// maxCatchUp is how many ticks a room that fell behind runs back to back. Beyond it the room runs in slow motion, which
// players survive, rather than chasing time it does not have.
const maxCatchUp = 3

// clock says how many ticks are due. It is arithmetic on one start: it holds no timer and reads no time, so it does
// not drift and is tested with made-up times. It belongs to the room's goroutine.
type clock struct {
	start time.Time // when tick 0 was due; shifted by slips
	rate  int64     // ticks a second
	done  int64     // ticks handed out
	slips uint64    // ticks of time given up
}

// newClock returns a clock whose first tick is due one interval after start.
func newClock(start time.Time, rate int) *clock {
	return &clock{start: start, rate: int64(rate)}
}

// at is when a tick is due. Whole nanoseconds from one start: tick n is never off by more than one of them.
func (c *clock) at(tick int64) time.Time {
	whole, part := tick/c.rate, tick%c.rate
	return c.start.Add(time.Duration(whole)*time.Second + time.Duration(part)*time.Second/time.Duration(c.rate))
}

// next is when the next tick is due.
func (c *clock) next() time.Time { return c.at(c.done + 1) }

// interval is the time from one tick to the next.
func (c *clock) interval() time.Duration { return time.Second / time.Duration(c.rate) }

// due returns how many ticks to run now, and counts them as run. When more than maxCatchUp are due, the schedule is
// shifted so that one is: tick numbers stay dense, the time is lost.
func (c *clock) due(now time.Time) int {
	n := 0
	for !now.Before(c.at(c.done + int64(n) + 1)) {
		n++
		if n > maxCatchUp {
			return c.slip(now)
		}
	}
	c.done += int64(n)
	return n
}

// slip gives up the time that passed but for one tick, which is due exactly now or less than an interval ago.
func (c *clock) slip(now time.Time) int {
	behind := now.Sub(c.next())
	lost := int64(behind / c.interval())
	c.start = c.start.Add(c.at(c.done + lost).Sub(c.at(c.done)))
	c.slips += uint64(lost) //nolint:gosec // never negative: now is past the next tick
	c.done++
	return 1
}

package server

import (
	"time"

	"github.com/tickwire/tickwire/game"
)

// The bounds of what may be on its way to one client.
const (
	minWindow = 2
	maxWindow = 16
	maxTier   = 2 // a quarter of the frames
	// rttWhile is the time over which the least round trip counts: long enough that a queue of our own making has been
	// empty once in it.
	rttWhile = 10 * time.Second
	// rttGuess is the round trip of a client that has acknowledged nothing yet: one that is further away is not slowed down
	// for being new.
	rttGuess = 250 * time.Millisecond
	// queueTime is by how much slower than the fastest a frame may be that is not held up by others.
	queueTime = 100 * time.Millisecond
	// steadyTime is how long nothing must be skipped before a client gets more frames again.
	steadyTime = 2 * time.Second
	// skipsToSlow is how many frames in a row are skipped before a client gets fewer.
	skipsToSlow = 3
)

// flow says when a client may be sent a frame. A frame that may not be sent is never made: what changed meanwhile comes
// with the next one. It judges by what the client says it has applied, for the buffers on the way hide seconds. It
// belongs to the room's goroutine, and begins anew with each socket but for its flight.
type flow struct {
	flight flight
	rtt    low           // of frames, until they were applied, in nanoseconds
	queue  time.Duration // by how much the newest one was slower than the fastest
	last   uint32        // tick of the newest frame; 0: none yet
	pace   uint32        // ticks between two frames that the client asks for
	tier   uint          // it gets one frame in 1<<tier
	skips  int           // in a row
	steady time.Time     // since when nothing was skipped at this tier
	moved  time.Time     // when the client last acknowledged a frame, or began to owe that
}

// restart begins anew for a client that says which tick it holds, and returns what that is.
func (f *flow) restart(tick uint32) *game.Baseline {
	*f = flow{flight: f.flight}
	return f.flight.land(tick)
}

// turn reports whether the client gets a frame of this tick if it can take one. One that missed its turn and has then
// acknowledged all does not wait for the next.
func (f *flow) turn(tick, stride uint32) bool {
	switch {
	case f.last == 0:
		return true
	case tick-f.last < f.pace:
		return false
	case f.steady.IsZero() && len(f.flight.frames) == 0:
		return true
	default:
		return tick/stride-f.last/stride >= 1<<f.tier
	}
}

// open reports whether the client can take one more frame, at a time between two frames of interval: it has so many on
// its way as fill a round trip without a queue, and the oldest is not overdue.
func (f *flow) open(now time.Time, interval time.Duration) bool {
	n := len(f.flight.frames)
	return n == 0 || n < f.window(now, interval) && now.Sub(f.flight.frames[0].at) < f.patience(now, interval)
}

// window is how many frames may be on their way: few when they have begun to queue.
func (f *flow) window(now time.Time, interval time.Duration) int {
	if f.queue > max(queueTime, interval*3/2) {
		return minWindow
	}
	interval <<= f.tier
	trip := f.trip(now) + interval*3/2
	return max(minWindow, min(maxWindow, int((trip+interval-1)/interval)+1))
}

// patience is how long a frame may be on its way before another is sent after it.
func (f *flow) patience(now time.Time, interval time.Duration) time.Duration {
	return f.trip(now) + max(2*queueTime, interval*3/2)
}

// trip is the round trip without a queue.
func (f *flow) trip(now time.Time) time.Duration {
	if !f.rtt.ever {
		return rttGuess
	}
	return time.Duration(f.rtt.least(now, rttWhile))
}

// skip notes that the client could not take a frame that it should have got.
func (f *flow) skip() {
	f.steady = time.Time{}
	if f.skips++; f.skips >= skipsToSlow && f.tier < maxTier {
		f.tier++
		f.skips = 0
	}
}

// sent notes a frame that was sent.
func (f *flow) sent(tick uint32, bytes int, now time.Time, after *game.Baseline) {
	if len(f.flight.frames) == 0 {
		f.moved = now
	}
	f.flight.add(tick, bytes, now, after)
	f.last, f.skips = tick, 0
	switch {
	case f.steady.IsZero():
		f.steady = now
	case f.tier > 0 && now.Sub(f.steady) >= steadyTime:
		f.tier--
		f.steady = now
	}
}

// ack notes which tick the client has applied.
func (f *flow) ack(tick uint32, now time.Time) {
	before := len(f.flight.frames)
	at, exact := f.flight.ack(tick)
	if len(f.flight.frames) < before {
		f.moved = now
	}
	if exact {
		f.rtt.add(now, int64(now.Sub(at)), rttWhile)
		f.queue = now.Sub(at) - f.trip(now)
	}
}

// owes is how long the client has acknowledged nothing of what it should.
func (f *flow) owes(now time.Time) time.Duration {
	if len(f.flight.frames) == 0 {
		return 0
	}
	return now.Sub(f.moved)
}

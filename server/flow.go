package server

import (
	"time"

	"github.com/tickwire/tickwire/game"
)

// The bounds of what may be on its way to one client.
const (
	minWindow = 2
	maxWindow = 32
	maxTier   = 2 // a quarter of the frames
	// rttWhile is the time over which the least round trip counts: long enough that a queue of our own making has been
	// empty once in it.
	rttWhile = 10 * time.Second
	// rttGuess is the round trip of a client that has acknowledged nothing yet: one that is further away is not slowed down
	// for being new.
	rttGuess = 250 * time.Millisecond
	// queueTime is for how long frames may stand in a queue, and queueWhile how long it must be so.
	queueTime  = 100 * time.Millisecond
	queueWhile = 500 * time.Millisecond
	// smallFlight is so little that it makes no queue worth speaking of on any link: 10 KB/s carry it in 200 ms.
	smallFlight = 2000
	// overdueTime is by how much a frame may be later than it should.
	overdueTime = 200 * time.Millisecond
	// steadyTime is how long nothing must be skipped before a client gets more frames again.
	steadyTime = 2 * time.Second
	// skipsToSlow is how many frames in a row are skipped before a client gets fewer, if a round trip has passed too: what one
	// lost segment holds up comes all at once then.
	skipsToSlow = 3
)

// flow says when a client may be sent a frame. A frame that may not be sent is never made: what changed meanwhile comes
// with the next one. It judges by what the client says it has applied, for the buffers on the way hide seconds. It
// belongs to the room's goroutine, and begins anew with each socket but for its flight.
type flow struct {
	flight flight
	rtt    low           // of frames, until they were applied, in nanoseconds
	recent low           // the same of late
	newest time.Duration // round trip
	mean   time.Duration // of them
	swing  time.Duration // by how much they differ from that
	last   uint32        // tick of the newest frame; 0: none yet
	anew   bool          // the client asks for a whole state, and waits for nothing else
	pace   uint32        // ticks between two frames that the client asks for
	tier   uint          // it gets one frame in 1<<tier
	skips  int           // in a row
	closed time.Time     // when the first of them was
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
	case f.last == 0, f.anew:
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
	if n == 0 || f.anew {
		return true
	}
	overdue := f.trip(now) + f.slack() + max(overdueTime, interval*3/2)
	return n < f.window(now, interval) && now.Sub(f.flight.frames[0].at) < overdue
}

// window is how many frames may be on their way: few when they stand in a queue.
func (f *flow) window(now time.Time, interval time.Duration) int {
	if f.queues(now, interval) {
		return minWindow
	}
	interval <<= f.tier
	fill := f.trip(now) + f.slack() + interval*3/2
	return max(minWindow, min(maxWindow, int((fill+interval-1)/interval)+1))
}

// queues reports whether frames stand behind others on their way. Where bytes enough are on it to make a queue, the
// newest round trip tells; else the fastest of late, after the idea of CoDel (RFC 8289), for jitter and loss slow down
// single ones.
func (f *flow) queues(now time.Time, interval time.Duration) bool {
	trip := f.newest
	if !f.heavy() && f.recent.ever {
		trip = time.Duration(f.recent.least(now, queueWhile))
	}
	return trip-f.trip(now) > f.slack()+max(queueTime, interval*3/2)
}

// slack is what is allowed for round trips that differ, unless it would make a queue.
func (f *flow) slack() time.Duration {
	if f.heavy() {
		return 0
	}
	return 2 * f.swing
}

// heavy reports whether bytes enough are on their way to make a queue.
func (f *flow) heavy() bool { return f.flight.bytes >= smallFlight }

// trip is the round trip without a queue.
func (f *flow) trip(now time.Time) time.Duration {
	if !f.rtt.ever {
		return rttGuess
	}
	return time.Duration(f.rtt.least(now, rttWhile))
}

// measure takes in a round trip. Mean and swing move as those of TCP do (RFC 6298).
func (f *flow) measure(trip time.Duration, now time.Time) {
	if !f.rtt.ever {
		f.mean = trip
	}
	f.rtt.add(now, int64(trip), rttWhile)
	f.recent.add(now, int64(trip), queueWhile)
	f.newest = trip
	f.swing += ((trip - f.mean).Abs() - f.swing) / 4
	f.mean += (trip - f.mean) / 8
}

// skip notes that the client could not take a frame that it should have got. When that lasts, it gets fewer.
func (f *flow) skip(now time.Time) {
	f.steady = time.Time{}
	if f.skips == 0 {
		f.closed = now
	}
	f.skips++
	if f.skips >= skipsToSlow && now.Sub(f.closed) >= f.trip(now) && f.tier < maxTier {
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
	f.last, f.skips, f.anew = tick, 0, false
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
		f.measure(now.Sub(at), now)
	}
}

// owes is how long the client has acknowledged nothing of what it should.
func (f *flow) owes(now time.Time) time.Duration {
	if len(f.flight.frames) == 0 {
		return 0
	}
	return now.Sub(f.moved)
}

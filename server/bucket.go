package server

import "time"

// meter is a token bucket in one word: the time at which it will be full again. The zero value is full.
type meter struct{ full time.Duration }

// take takes tokens that need price to grow again, out of a bucket that needs burst to fill. False: too few are left.
func (m *meter) take(now, price, burst time.Duration) bool {
	full := max(m.full, now) + price
	if full-now > burst {
		return false
	}
	m.full = full
	return true
}

// bucket is a token bucket for one token at a time: so many at once, and each grows again in so long. A new one is full;
// the zero value lets everything through. It belongs to one goroutine.
type bucket struct {
	every, burst time.Duration // until one has grown again, until all have
	full         time.Time     // when all are there again
}

// newBucket returns a bucket of so many tokens a second, and so many at once.
func newBucket(perSecond, atOnce int) bucket {
	every := time.Second / time.Duration(perSecond)
	return bucket{every: every, burst: every * time.Duration(atOnce)}
}

// allow takes a token. False: none is left.
func (b *bucket) allow(now time.Time) bool {
	full := now
	if b.full.After(now) {
		full = b.full
	}
	if full = full.Add(b.every); full.Sub(now) > b.burst {
		return false
	}
	b.full = full
	return true
}

// commandBucket is what a player may send of commands.
func (l Limits) commandBucket() bucket {
	return newBucket(l.CommandsPerSecond, 2*l.CommandsPerSecond)
}

// A player sends one input for each tick. One who sends more has the newest of them used; one who goes on like that for
// some seconds is cut.
const (
	inputExcess  = 3 // times the rate of ticks
	inputSeconds = 5
)

// inputBucket is what a player may send of new inputs to a game of so many ticks a second.
func inputBucket(rate int) bucket {
	return newBucket(inputExcess*rate, inputExcess*inputSeconds*rate)
}

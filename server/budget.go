package server

import "time"

// pictureFrames is how many frames as great as Limits.FrameBurst a client gets at once when it comes, for its first
// picture of the world.
const pictureFrames = 4

// budget is how many bytes of frames one client may be sent: a token bucket. A frame may be greater than what is left, for
// some of what is in it cannot wait; the next ones wait for it then. It belongs to whoever has its session in hand.
type budget struct {
	left float64   // bytes; less than 0: a debt
	at   time.Time // when it was filled
}

// newBudget is what a client begins with that gets so many frames at once.
func newBudget(l *Limits, frames int, now time.Time) budget {
	return budget{left: float64(frames) * float64(l.FrameBurst), at: now}
}

// fill adds what has grown again. What a client began with may be more than ever grows again.
func (b *budget) fill(l *Limits, now time.Time) {
	if most := float64(l.FrameBurst); b.left < most {
		b.left = min(most, b.left+now.Sub(b.at).Seconds()*float64(l.FrameBytesPerSecond))
	}
	b.at = now
}

// open reports whether there is something left for a frame.
func (b *budget) open() bool { return b.left >= 1 }

// most is how many bytes a frame may have, but for what cannot wait.
func (b *budget) most(l *Limits) int { return int(min(b.left, float64(l.FrameBurst))) }

// charge takes a frame's bytes. A debt is never greater than a frame or what may be sent at once, so that a burst of events
// does not hold up the state for long.
func (b *budget) charge(l *Limits, bytes int) {
	b.left = max(b.left-float64(bytes), -float64(max(bytes, l.FrameBurst)))
}

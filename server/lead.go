package server

import "time"

// leadWindow is the time over which the least lead of a player's inputs is reported.
const leadWindow = time.Second

// lead follows how early a player's inputs arrive, in eighths of a tick, so that its client can run neither late nor
// further ahead than it must. It keeps the least of this half window and of the one before.
type lead struct {
	turned          time.Time // when this half window began
	current, before int32
	fresh, ever     bool // an input came in this half window; ever
}

// add takes the lead of one input.
func (l *lead) add(now time.Time, eighths int32) {
	l.turn(now)
	if l.fresh {
		eighths = min(eighths, l.current)
	}
	l.current, l.fresh = eighths, true
	if !l.ever {
		l.before, l.ever = eighths, true
	}
}

// least is the least lead of late; 0 if there was no input yet.
func (l *lead) least(now time.Time) int32 {
	l.turn(now)
	if l.fresh {
		return min(l.current, l.before)
	}
	return l.before
}

// turn begins a new half window when this one is over.
func (l *lead) turn(now time.Time) {
	if now.Sub(l.turned) < leadWindow/2 {
		return
	}
	l.turned = now
	if l.fresh {
		l.before, l.fresh = l.current, false
	}
}

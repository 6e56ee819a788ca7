package server

import "time"

// low follows the least of some values over a while: of the half that is running and of the one before. Its owner always
// names the same while.
type low struct {
	turned          time.Time // when this half began
	current, before int64
	fresh, ever     bool // a value came in this half; ever
}

// add takes one value.
func (l *low) add(now time.Time, v int64, while time.Duration) {
	l.turn(now, while)
	if l.fresh {
		v = min(v, l.current)
	}
	l.current, l.fresh = v, true
	if !l.ever {
		l.before, l.ever = v, true
	}
}

// least is the least value of late; 0 if there was none yet.
func (l *low) least(now time.Time, while time.Duration) int64 {
	l.turn(now, while)
	if l.fresh {
		return min(l.current, l.before)
	}
	return l.before
}

// turn begins a new half when this one is over.
func (l *low) turn(now time.Time, while time.Duration) {
	if now.Sub(l.turned) < while/2 {
		return
	}
	l.turned = now
	if l.fresh {
		l.before, l.fresh = l.current, false
	}
}

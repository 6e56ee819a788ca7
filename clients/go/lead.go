package client

// lead is how many ticks ahead of the newest state inputs are meant for. The server reports how early they arrive, in
// eighths of a tick, as the minimum of the last second; the lead follows so that it stays between one and two ticks:
// less and a late packet misses its tick, more and the player waits for nothing.
type lead struct {
	ticks uint32
	// calm counts ticks since the last change: a report tells of the last second, so the effect of a change is known
	// only after one.
	calm uint32
	high uint32 // ticks since the slack was last in range
}

const (
	minLead, maxLead, firstLead = 1, 30, 3
	leastSlack, mostSlack       = 8, 18 // eighths; one tick, and two and a margin against swinging
	maxStep                     = 8
)

// adapt takes the slack of a frame that came passed ticks after the one before.
func (l *lead) adapt(slack int32, passed, rate uint32) {
	if l.ticks == 0 {
		l.ticks = firstLead
	}
	l.calm += passed
	if slack <= mostSlack {
		l.high = 0
	} else {
		l.high += passed
	}
	if l.calm < rate+l.ticks {
		return
	}
	switch {
	case slack < leastSlack:
		step := uint32(min((leastSlack-slack+7)/8, maxStep))
		l.set(l.ticks + step)
	case l.high >= 2*rate:
		l.set(l.ticks - 1)
	}
}

func (l *lead) set(ticks uint32) {
	l.ticks = min(max(ticks, minLead), maxLead)
	l.calm, l.high = 0, 0
}

// restart begins a new connection: its way is likely as long as the one before, but what was reported lately tells of the
// break.
func (l *lead) restart() { l.calm, l.high = 0, 0 }

// now returns the lead in force.
func (l *lead) now() uint32 {
	if l.ticks == 0 {
		return firstLead
	}
	return l.ticks
}

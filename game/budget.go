package game

import "slices"

// budget is what a Sight remembers of a client that cannot be shown all at once.
type budget struct {
	// waits are the rows that wait to enter because they are near, by table and ID; those of table i end at waitEnds[i].
	waits    []wait
	waitEnds []int
	cost     int // bytes of the frame when it was measured last

	level  int // how much is squeezed, 0 to mostSqueezed
	limits limits
	strain int // how often in a row what is shown did not fit, or, below 0, did with some to spare
	rest   int // frames until that is judged again
	sum    int // bytes of what was shown in the last frames before that
}

// wait is a row that waits. Its priority is the sum of its gains since it is named.
type wait struct {
	id       ID
	priority float32
}

// limits are the gains below which a row that is near is told of in every second frame, in every fourth, and not at all:
// for rows of which more is told now, and for those of which it is not. They are apart so that rows do not flap.
type limits [3][2]uint32

// The pace of squeezing.
const (
	// paceFrames is after how many frames it is judged whether what is shown fits, by the last cycleFrames of them: so many
	// that frames of all kinds are among them that slow classes make.
	paceFrames, cycleFrames = 20, 1 << slowest
	// strains is how often in a row it must not fit, or fit with a quarter to spare, until rows are squeezed or eased.
	strains = 2
	// Each level squeezes one more part of the rows that are near to the second frame; levelsApart levels later that part
	// goes to the fourth, and so many later it is not shown.
	squeezeParts, levelsApart = 16, 4
	mostSqueezed              = squeezeParts + 2*levelsApart
)

// reset forgets all but memory.
func (u *budget) reset() { *u = budget{waits: u.waits[:0], waitEnds: u.waitEnds[:0]} }

// waiting are the rows of table i that wait.
func (u *budget) waiting(i int) []wait {
	if i >= len(u.waitEnds) {
		return nil
	}
	from := 0
	if i > 0 {
		from = u.waitEnds[i-1]
	}
	return u.waits[from:u.waitEnds[i]]
}

// squeezed is the class of a row that is near under a squeeze, and whether it is shown.
func (u *budget) squeezed(had uint8, gain uint32, class uint8) (uint8, bool) {
	before := had / hadClass
	switch {
	case gain < u.limits[2][bit(had == 0)]:
		return 0, false
	case gain < u.limits[1][bit(before >= 2)]:
		return 2, true
	case gain < u.limits[0][bit(before >= 1)]:
		return max(class, 1), true
	default:
		return class, true
	}
}

// pace counts a frame in which there may be too much.
func (u *budget) pace() {
	if u.rest == 0 {
		u.rest = paceFrames
	}
	u.rest--
}

// due reports whether this frame is one of those by which it is judged what fits.
func (u *budget) due() bool { return u.rest < cycleFrames }

// feel takes in what is shown in a frame that is due for that, and judges at the end of a cycle. gains are those of all
// rows that are near, in any order.
func (u *budget) feel(cost, room int, gains []uint32) {
	u.sum += cost
	if u.rest > 0 {
		return
	}
	cost = u.sum / cycleFrames
	u.sum = 0
	switch {
	case cost > room:
		u.strain = max(u.strain, 0) + 1
	case cost <= room-room/4:
		u.strain = min(u.strain, 0) - 1
	default:
		u.strain = 0
	}
	switch {
	case u.strain >= strains:
		u.level = min(u.level+1+min(2*(cost-room)/max(room, 1), levelsApart), mostSqueezed)
	case u.strain <= -strains && cost <= room/2:
		u.level = max(u.level-2, 0)
	case u.strain <= -strains:
		u.level = max(u.level-1, 0)
	}
	if u.level > 0 {
		u.limits = limitsOf(u.level, gains)
	}
}

// limitsOf are the limits of a level. It sorts the gains.
func limitsOf(level int, gains []uint32) (l limits) {
	slices.Sort(gains)
	n := len(gains)
	at := func(rank int) uint32 {
		if rank >= n {
			return own
		}
		return gains[rank]
	}
	for i := range l {
		if parts := min(level-i*levelsApart, squeezeParts); parts > 0 {
			rank := (n*parts + squeezeParts - 1) / squeezeParts
			l[i] = [2]uint32{at(rank), at(rank + max(n/(2*squeezeParts), 1))}
		}
	}
	return l
}

package game

// slowest is the slowest class of rows. A row of class c is told every stride << c ticks, in the frames that are due for
// its class. In between it goes on with the velocity that it had.
const slowest = 2

// Moves is the bit of ServerFrame.base which says that rows change their class in the frame. The other bits are the base.
const Moves = 64

// section is how one frame tells of the rows of one class: not at all, or against the state of the last frame that was due
// for the class.
type section struct {
	due  bool
	mode mode
	m    int32 // strides since then, but for chain
}

// sectionOf is how a frame tells of a class from 1 on, for both ends derive it. last and old are the tick and the stride of
// the frame before, told is the tick of the last frame that was due for the class. Frames are due at the multiples of
// stride << class; one that skips them is due itself, and so is one that changes the stride.
func sectionOf(class uint8, tick, stride, last, old, told uint32) section {
	n, age := uint64(stride)<<class, uint64(tick-told)
	switch {
	case old == stride && uint64(tick)/n == uint64(last)/n:
		return section{}
	case old == stride && age == n:
		return section{due: true, mode: slow, m: 1 << class}
	default:
		return section{due: true, mode: ring, m: strides(tick, told, stride)}
	}
}

// strides is how many strides a frame is beyond the last one that was due for a class.
func strides(tick, told, stride uint32) int32 { return int32((tick - told) / stride) }

// shift moves a row on by so many strides, or back.
func (l *layout) shift(cells, vels []int32, n int32) {
	for i := range l.movers {
		cells[l.movers[i].cell] += vels[i] * n
	}
}

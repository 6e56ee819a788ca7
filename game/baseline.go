package game

// Baseline is what one client holds after the last frame made for it. The zero value holds nothing. It is advanced by
// Encoder.Frame and Encoder.Plain, and belongs to the goroutine of the Encoder.
type Baseline struct {
	tick, stride uint32
	maxID        ID // the highest ID told since the last whole frame
	// all is set if the client holds every row of its tick, and none of a slower class. Else rows are the numbers of those
	// it holds, in the snapshot of its tick; those of table i end at ends[i].
	all  bool
	rows []int32
	ends []int
	// classes are the classes of rows, in their order; empty if all are of class 0. slow[c-1] is set if some are of class c.
	classes []uint8
	slow    [slowest]bool
	// told[c-1] is the tick of the last frame that was due for class c: rows of the class are held as of then. It is kept
	// while there are any.
	told [slowest]uint32
}

// Reset forgets what the client holds, so that its next frame is whole.
func (b *Baseline) Reset() {
	*b = Baseline{rows: b.rows[:0], ends: b.ends[:0], classes: b.classes[:0]}
}

// Same reports whether two clients hold the same rows of the same tick, all that there were, so that a frame for the one
// is a frame for the other. It may report false though they do.
func (b *Baseline) Same(o *Baseline) bool {
	if b.tick == 0 || o.tick == 0 {
		return b.tick == o.tick
	}
	return b.all && o.all && b.tick == o.tick && b.stride == o.stride
}

// Tick is the tick that the client holds; 0 if it holds nothing.
func (b *Baseline) Tick() uint32 { return b.tick }

// Visible is the rows that one client may see: for each table their numbers in the newest snapshot, ascending. A nil
// *Visible is all rows.
type Visible struct {
	tables [][]int32
	// rates are the wished classes of these rows, in their order: 0 is told in each frame, 1 in every second, 2 in every
	// fourth. What is missing is 0. A row changes its class in the next frame that is due for both classes.
	rates [][]uint8
}

// The values of ServerFrame.base that are not a number of ticks.
const (
	baseChain = 0
	baseWhole = 1
)

// maxReach is the most ticks back that a frame may look: further the ring may not hold what the client's velocities
// came from.
const maxReach = HistoryTicks - 1

// pick decides what the next frame for b is made against: nil for nothing, which makes a whole frame. base is its number
// on the wire.
func (e *Encoder) pick(b *Baseline, stride uint32) (base uint32, s *share) {
	if b.tick == 0 || b.tick >= e.now.Tick || !e.reaches(b.tick, b.stride) {
		return baseWhole, nil
	}
	for c, some := range b.slow {
		if some && !e.reaches(b.told[c], b.stride) {
			return baseWhole, nil
		}
	}
	age, held := e.now.Tick-b.tick, e.history.At(b.tick)
	if age == stride && b.stride == stride {
		return baseChain, e.shareFor(chain, held, b.stride, stride)
	}
	return age + 1, e.shareFor(ring, held, b.stride, stride)
}

// reaches reports whether the ring still holds what clients hold of a tick, with velocities of a stride.
func (e *Encoder) reaches(tick, stride uint32) bool {
	return uint64(e.now.Tick-tick)+uint64(stride) <= maxReach && e.history.At(tick) != nil &&
		(stride >= tick || e.history.At(tick-stride) != nil)
}

// held is the rows of table i that b's client holds, where all are the table's rows at b's tick.
func (e *Encoder) held(b *Baseline, i int, all *rows) []int32 {
	if b.all {
		return e.upTo(len(all.ids))
	}
	return b.rows[b.begin(i):b.ends[i]]
}

// begin is where the rows of table i begin.
func (b *Baseline) begin(i int) int {
	if i == 0 {
		return 0
	}
	return b.ends[i-1]
}

// heldClasses are the classes of the rows of table i that b's client holds; empty if none is slow.
func (b *Baseline) heldClasses(i int) []uint8 {
	if len(b.classes) == 0 {
		return nil
	}
	return b.classes[b.begin(i):b.ends[i]]
}

// seen is the rows of table i that a client may see now.
func (e *Encoder) seen(vis *Visible, i int) []int32 {
	switch {
	case vis == nil:
		return e.upTo(len(e.now.tables[i].ids))
	case i < len(vis.tables):
		return vis.tables[i]
	default:
		return nil
	}
}

// wishes are the classes that the rows of seen should have; those that are missing 0.
func (vis *Visible) wishes(i int) []uint8 {
	if vis == nil || i >= len(vis.rates) {
		return nil
	}
	return vis.rates[i]
}

// upTo is the numbers 0 … n-1.
func (e *Encoder) upTo(n int) []int32 {
	for len(e.numbers) < n {
		e.numbers = append(e.numbers, int32(len(e.numbers)))
	}
	return e.numbers[:n]
}

// advance makes b what its client holds after a frame.
func (e *Encoder) advance(b *Baseline, stride uint32, vis *Visible, maxID ID) {
	b.tick, b.stride, b.maxID = e.now.Tick, stride, maxID
	b.classes, b.slow = b.classes[:0], [slowest]bool{}
	if len(e.tiers.classes) > 0 {
		e.keepClasses(b)
	}
	b.all = vis == nil && len(b.classes) == 0
	b.rows, b.ends = b.rows[:0], b.ends[:0]
	if b.all {
		return
	}
	for i := range e.schema.Tables {
		b.rows = append(b.rows, e.seen(vis, i)...)
		b.ends = append(b.ends, len(b.rows))
	}
}

// Copy makes b what o is, in memory of its own.
func (b *Baseline) Copy(o *Baseline) {
	c := *o
	c.rows, c.ends, c.classes = b.rows[:0], b.ends[:0], b.classes[:0]
	c.rows = append(c.rows, o.rows...)
	c.ends = append(c.ends, o.ends...)
	c.classes = append(c.classes, o.classes...)
	*b = c
}

package game

import "math/bits"

// grid finds the rows of a table near a point. It is a uniform grid whose cells are laid over a square of buckets again and
// again, so that it holds rows at any coordinates in memory that depends on their number only: what is many squares away
// stands in the same bucket, and is told apart by its distance. Rows of neighbouring cells lie one behind the other.
//
// The side of a cell is the power of two that is a half to a quarter of the Leave radii asked for of late, in the middle
// of their magnitudes: then a search looks at about twice the area that it wants, in six runs.
//
// It belongs to one Encoder and is made from the newest snapshot's cells when a search first needs it, unless the table is
// small, is still as it was when the grid was made, or is searched so seldom that it is faster to look at all rows.
type grid struct {
	axes [2]axis
	made uint32 // the tick whose rows it holds; 0: none
	// uses is the number of searches since the table was another, and often says that they were many the last time; since is
	// the tick of the first.
	uses  int
	often bool
	since uint32
	side  uint8 // the sides of a cell are 1 << side units
	wide  uint8 // the buckets are 1 << wide by 1 << high
	high  uint8
	// starts are the places in spots where the buckets begin, and the end.
	starts []int32
	spots  []spot
	bucket []uint32 // of each row, while the grid is made
	// asked is the number of radii asked for since the grid was made, and sizes the sum of their lengths in bits.
	asked, sizes int
}

// axis is where a coordinate is found in a row. Coordinates are kept as cells, and those of 32 bits without sign with their
// highest bit turned, so that all order as numbers with a sign.
type axis struct {
	cell int
	flip int32
	drop uint8
	wide bool // without sign, of 32 bits
}

// spot is a row and its place, in cells.
type spot struct{ x, y, row int32 }

// What decides when a grid is made, as BenchmarkSearch measures it.
const (
	// scanRows is the size of a table below which looking at all rows is faster than a search in a grid that exists.
	scanRows = 96
	// gridUses is how many searches of all rows cost as much as making the grid.
	gridUses = 3
)

// setup finds the axes of a table, which are its first two pos columns.
func (g *grid) setup(t *TableSchema) {
	n := 0
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Kind != Pos || n == len(g.axes) {
			continue
		}
		a := axis{cell: t.cellOf[i], drop: c.Drop, wide: c.Unsigned && c.Bits == 32}
		if a.wide {
			a.flip = -1 << 31
		}
		g.axes[n] = a
		n++
	}
}

// at is a coordinate in units as a search compares it.
func (a *axis) at(v int32) int64 {
	if a.wide {
		return int64(uint32(v)) - 1<<31<<a.drop
	}
	return int64(v)
}

// ready reports whether a search as far as far should use the grid, and makes it if it must. changed is the last tick in
// which the table changed, and now that of its rows.
func (g *grid) ready(t *rows, width int, far int64, changed, now uint32) bool {
	n := len(t.ids)
	if n < scanRows {
		return false
	}
	if g.since < changed || g.since > now {
		g.since, g.often, g.uses = now, g.uses > gridUses, 0
	}
	g.uses++
	g.asked++
	g.sizes += bits.Len64(uint64(far))
	if g.asked == maxAsked {
		g.asked, g.sizes = g.asked/2, g.sizes/2
	}
	if g.made >= g.since && g.made <= now {
		if side := g.sideFor(); g.asked < n/4 || side < g.side+2 && g.side < side+2 {
			return true
		}
	} else if !g.often && g.uses <= gridUses {
		return false
	}
	g.make(t, width)
	g.made = now
	return true
}

// maxAsked is after how many searches older radii begin to count less.
const maxAsked = 1 << 12

// sideFor is the side that is right for what was asked.
func (g *grid) sideFor() uint8 {
	side := max(g.sizes/max(g.asked, 1)-2, int(max(g.axes[0].drop, g.axes[1].drop)))
	return uint8(min(side, 31))
}

// make fills the grid: it counts the rows of each bucket, and then puts them where their bucket begins.
func (g *grid) make(t *rows, width int) {
	n := len(t.ids)
	size := uint8(bits.Len(uint(n - 1)))
	g.side, g.wide, g.high = g.sideFor(), (size+1)/2, size/2
	g.asked, g.sizes = 0, 0
	g.starts = sized(g.starts, 1<<size+2)
	clear(g.starts)
	if cap(g.spots) < n {
		g.spots, g.bucket = make([]spot, n, n+n/2), make([]uint32, n, n+n/2)
	}
	g.spots, g.bucket = g.spots[:n], g.bucket[:n]
	counts := g.starts[2:] // of the bucket two before, so that the sums end up one place behind where they are moved to
	x, y := g.axes[0], g.axes[1]
	kx, ky := g.side-x.drop, g.side-y.drop
	maskX, maskY := uint32(1)<<g.wide-1, uint32(1)<<g.high-1
	at := 0
	for r := range g.bucket {
		cx, cy := (t.cells[at+x.cell]^x.flip)>>kx, (t.cells[at+y.cell]^y.flip)>>ky
		b := uint32(cy)&maskY<<g.wide | uint32(cx)&maskX
		g.bucket[r] = b
		counts[b]++
		at += width
	}
	sum := int32(0)
	for i, c := range counts {
		sum += c
		counts[i] = sum
	}
	next := g.starts[1:]
	at = 0
	for r, b := range g.bucket {
		i := next[b]
		next[b]++
		g.spots[i] = spot{t.cells[at+x.cell] ^ x.flip, t.cells[at+y.cell] ^ y.flip, int32(r)}
		at += width
	}
}

// block is the buckets that a search looks at: whole rows of them, from column left on.
type block struct{ top, rows, left, columns uint32 }

// around is the buckets that hold all that is at most so far from a point.
func (g *grid) around(x, y, far int64) block {
	left, columns := stretch(x, far, g.side, g.axes[0].drop, g.wide)
	top, rows := stretch(y, far, g.side, g.axes[1].drop, g.high)
	return block{top: top, rows: rows, left: left, columns: columns}
}

// stretch is the first bucket and the number of buckets of one axis, of 1 << wide.
func stretch(at, far int64, side, drop, wide uint8) (first, n uint32) {
	lo, hi := int64(-1<<31)<<drop, int64(1<<31-1)<<drop
	from, to := max(at-far, lo)>>side, min(at+far, hi)>>side
	switch all := int64(1) << wide; {
	case to < from:
		return 0, 0
	case to-from >= all:
		return 0, uint32(all)
	default:
		return uint32(from & (all - 1)), uint32(to - from + 1)
	}
}

// run is the spots of the i-th row of a block; those in the buckets beyond the last column, which follow at the first, are
// the second part.
func (g *grid) run(b block, i uint32) (one, two []spot) {
	row := (b.top + i) & (1<<g.high - 1) << g.wide
	all := uint32(1) << g.wide
	end := b.left + b.columns
	if end <= all {
		return g.spots[g.starts[row+b.left]:g.starts[row+end]], nil
	}
	return g.spots[g.starts[row+b.left]:g.starts[row+all]], g.spots[g.starts[row]:g.starts[row+end-all]]
}

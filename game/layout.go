package game

import "math/bits"

// layout is what the codec needs to know of a table, derived from its columns.
type layout struct {
	width  int // cells in a row
	blobs  int // strings and bytes in a row
	vels   int // pos columns in a row
	cellOf []int
	groups []group
	// rank maps a mask of changed groups to its code, unmask back. nil if there are more than 8 groups: masks are then
	// sent as they are.
	rank, unmask []uint8
}

// group is a run of columns that share one bit in a mask: adjacent pos columns, or any other single column.
type group struct{ from, to int } // columns [from, to)

// MaxColumns is the greatest number of columns of a table.
const MaxColumns = 31

// maxRanked is the greatest number of groups for which masks have ranks.
const maxRanked = 8

// derive fills the layout from Columns and Order. It must be called once, before the schema is used.
func (t *TableSchema) derive() {
	l := layout{}
	for i, c := range t.Columns {
		l.cellOf = append(l.cellOf, l.width)
		switch c.Kind {
		case Wide:
			l.width += 2
		case String, Bytes:
			l.blobs++
		case Pos:
			l.width++
			l.vels++
		default:
			l.width++
		}
		if n := len(l.groups); c.Kind == Pos && n > 0 && l.groups[n-1].to == i && t.Columns[i-1].Kind == Pos {
			l.groups[n-1].to++
			continue
		}
		l.groups = append(l.groups, group{from: i, to: i + 1})
	}
	if len(l.groups) <= maxRanked {
		l.rank, l.unmask = ranks(len(l.groups), t.Order)
	}
	t.layout = l
}

// ranks numbers all masks of n groups: those of order first, then the others ascending.
func ranks(n int, order []uint32) (rank, unmask []uint8) {
	size := 1 << n
	rank, unmask = make([]uint8, size), make([]uint8, 0, size)
	seen := make([]bool, size)
	add := func(mask uint32) {
		if int(mask) >= size || seen[mask] {
			return
		}
		seen[mask] = true
		rank[mask] = uint8(len(unmask))      //nolint:gosec // fewer than 256 masks
		unmask = append(unmask, uint8(mask)) //nolint:gosec // fewer than 256 masks
	}
	for _, mask := range order {
		add(mask)
	}
	for mask := range size {
		add(uint32(mask)) //nolint:gosec // fewer than 256 masks
	}
	return rank, unmask
}

// width is the number of bits that hold 0 … n-1.
func width(n int) int {
	if n <= 1 {
		return 0
	}
	return bits.Len(uint(n - 1))
}

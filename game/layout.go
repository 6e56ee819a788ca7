package game

import "math/bits"

// MaxColumns is the greatest number of columns of a table.
const MaxColumns = 31

// maxRanked is the greatest number of groups for which masks have ranks.
const maxRanked = 8

// layout is what the codec needs to know of a table, derived from its columns by Schema.Prepare.
type layout struct {
	ready  bool
	width  int   // cells in a row
	blobs  int   // strings and bytes in a row
	vels   int   // pos columns in a row
	cellOf []int // the first cell of each column
	groups int
	// parts are the cells and texts of a row, in column order.
	parts []part
	// movers are the pos parts.
	movers []part
	// columns are the parts of each column: parts[from:to].
	columns []span
	// unmask maps the code of a mask of changed groups back to it, and codes a mask to the bits of its code. Both are
	// nil if there are more than 8 groups: masks are then sent as they are.
	unmask []uint8
	codes  []code
}

// span is a half-open range.
type span struct{ from, to int }

// code is up to 64 bits, lowest first.
type code struct {
	bits uint64
	n    uint
}

// part is one cell, or one text, of a row.
type part struct {
	kind  Kind
	group uint32 // its group's bit in a mask: adjacent pos columns share one, any other column has its own
	cell  int    // where its cell is; for a text, where it is among the texts
	vel   int    // where its velocity is, for a Pos
	k, ke uint
	jump  int32  // the greatest step that is no jump; 0: none is
	shift uint   // 32 - bits for an Angle, else 0
	less  uint32 // 1 if a change is sent as its number less one, for it is never 0
}

// derive fills the layout from Columns and Order.
func (t *TableSchema) derive() {
	l := layout{ready: true}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Kind != Pos || i == 0 || t.Columns[i-1].Kind != Pos {
			l.groups++
		}
		p := part{
			kind: c.Kind, group: 1 << (l.groups - 1), cell: l.width,
			k: uint(c.K), ke: uint(c.KE), jump: c.Jump, less: 1,
		}
		l.cellOf = append(l.cellOf, l.width)
		from := len(l.parts)
		switch c.Kind {
		case String, Bytes:
			p.cell = l.blobs
			l.blobs++
		case Wide:
			p.less = 0
			l.parts = append(l.parts, p)
			p.cell++
			l.width += 2
		case Pos:
			p.less, p.vel = 0, l.vels
			l.vels++
			l.width++
			l.movers = append(l.movers, p)
		case Angle:
			p.shift = 32 - uint(c.Bits)
			l.width++
		default:
			l.width++
		}
		l.parts = append(l.parts, p)
		l.columns = append(l.columns, span{from, len(l.parts)})
	}
	if l.groups <= maxRanked {
		l.rankMasks(t.Order)
	}
	t.layout = l
}

// rankMasks numbers all masks: those of order first, then the others ascending.
func (l *layout) rankMasks(order []uint32) {
	size := 1 << l.groups
	l.codes, l.unmask = make([]code, size), make([]uint8, 0, size)
	add := func(mask uint32) {
		if int(mask) >= size || l.codes[mask].n > 0 {
			return
		}
		v, n := golomb(0, uint32(len(l.unmask)))
		l.codes[mask] = code{v, n}
		l.unmask = append(l.unmask, uint8(mask))
	}
	for _, mask := range order {
		add(mask)
	}
	for mask := range size {
		add(uint32(mask))
	}
}

// speed is the velocity after a step: the step itself, or 0 if it was a jump.
func speed(step, jump int32) int32 {
	if jump > 0 && (step > jump || step < -jump) {
		return 0
	}
	return step
}

// velocities appends the velocity of each pos column of a row that was at before, nil if it did not exist.
func (l *layout) velocities(dst, now, before []int32) []int32 {
	for i := range l.movers {
		p := &l.movers[i]
		v := int32(0)
		if before != nil {
			v = speed(now[p.cell]-before[p.cell], p.jump)
		}
		dst = append(dst, v)
	}
	return dst
}

// row is the cells of row r.
func (t *rows) row(l *layout, r int) []int32 {
	return t.cells[r*l.width : (r+1)*l.width : (r+1)*l.width]
}

// rowTexts is the strings and bytes of row r.
func (t *rows) rowTexts(l *layout, r int) []string {
	if l.blobs == 0 {
		return nil
	}
	return t.texts[r*l.blobs : (r+1)*l.blobs]
}

// find is the row with an ID, or -1. The row is looked for at hint first, for rows seldom move.
func (t *rows) find(id ID, hint int) int {
	if hint < len(t.ids) && t.ids[hint] == id {
		return hint
	}
	lo, hi := 0, len(t.ids)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); t.ids[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(t.ids) && t.ids[lo] == id {
		return lo
	}
	return -1
}

// width is the number of bits that hold 0 … n-1.
func width(n int) int {
	if n <= 1 {
		return 0
	}
	return bits.Len(uint(n - 1))
}

// sized returns a slice of n cells, in the same memory if it is enough. What it is for lives long, so it
// takes little more.
func sized(b []int32, n int) []int32 {
	if cap(b) < n {
		return make([]int32, n, n+n/8)
	}
	return b[:n]
}

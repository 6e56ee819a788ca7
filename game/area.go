package game

import (
	"math"
	"math/bits"
)

// circle is an area as it is compared with, its lengths squared.
type circle struct {
	x, y, far     int64 // in units as axes compare them
	leave         int64
	enter         uint64
	half, quarter [2]uint64 // for a row that is of a faster class, and for one that is not
	dropX, dropY  uint8
	weight        uint32
	fine          uint8 // squares of distances are shifted by this for 16 bits
}

// begin takes over an area.
func (q *circle) begin(a *Area, axes *[2]axis) {
	square := func(n int32) uint64 { return uint64(n) * uint64(n) }
	edge := func(n int32) [2]uint64 {
		if n == 0 {
			return [2]uint64{math.MaxUint64, math.MaxUint64}
		}
		return [2]uint64{square(n), square(n - n/8)}
	}
	*q = circle{
		x: axes[0].at(a.X), y: axes[1].at(a.Y), far: int64(a.Leave), dropX: axes[0].drop, dropY: axes[1].drop,
		enter: square(a.Enter), leave: int64(square(a.Leave)), half: edge(a.Half), quarter: edge(a.Quarter),
		weight: uint32(a.Importance),
	}
	q.fine = uint8(max(bits.Len64(uint64(q.leave)), nearBits) - nearBits)
}

// nearBits is how finely nearness is told.
const nearBits = 16

// class is the class of a row at a squared distance, that was of a class before.
func (q *circle) class(d uint64, before uint8) uint8 {
	return max(bit(d > q.half[min(before, 1)]), 2*bit(d > q.quarter[before>>1&1]))
}

// bit is 1 if yes, without a branch.
func bit(yes bool) uint8 {
	if yes {
		return 1
	}
	return 0
}

// gain is the weight of a row at a squared distance, which is at most leave: more the nearer it is, and never 0.
func (q *circle) gain(d uint64) uint32 {
	return q.weight * max(1<<nearBits-1-uint32(d>>q.fine), 1)
}

// near names the rows that an area has.
func (e *Encoder) near(l *look) {
	x := &e.sights
	t, now := &x.tables[l.table], &e.now.tables[l.table]
	width := e.schema.Tables[l.table].width
	g := &t.grid
	var q circle
	q.begin(&l.area, &g.axes)
	if g.ready(now, width, q.far, e.changed[l.table], e.now.Tick) {
		block := g.around(q.x, q.y, q.far)
		for i := range block.rows {
			one, two := g.run(block, i)
			x.meet(t, &q, one)
			x.meet(t, &q, two)
		}
		return
	}
	var some [meetRows]spot
	h, v, n, row := g.axes[0], g.axes[1], 0, int32(0)
	for at := 0; at < len(now.cells); at += width {
		p := spot{now.cells[at+h.cell] ^ h.flip, now.cells[at+v.cell] ^ v.flip, row}
		row++
		if dx := int64(p.x)<<(q.dropX&31) - q.x; dx > q.far || dx < -q.far {
			continue
		}
		some[n] = p
		if n++; n == len(some) {
			x.meet(t, &q, some[:])
			n = 0
		}
	}
	x.meet(t, &q, some[:n])
}

// met is a row that is near, and its squared distance.
type met struct {
	row int32
	d   uint64
}

// meet names those of some rows that are near enough. About half of them are, so it sorts them out without a branch, which
// could not be foreseen.
func (x *sights) meet(t *sightTable, q *circle, spots []spot) {
	some := &x.some
	for len(spots) > 0 {
		now := spots[:min(len(spots), meetRows)]
		spots = spots[len(now):]
		n := 0
		for i := range now {
			p := &now[i]
			dx, dy := int64(p.x)<<(q.dropX&31)-q.x, int64(p.y)<<(q.dropY&31)-q.y
			d := dx*dx + dy*dy
			some[n&(meetRows-1)] = met{p.row, uint64(d)}
			// What is out of the square shows by a sign, so it does not matter that its squares may overflow.
			out := (q.leave - d) | (q.far + dx) | (q.far - dx) | (q.far + dy) | (q.far - dy)
			n += int(uint64(^out) >> 63)
		}
		for _, p := range some[:n] {
			if had := t.had[p.row]; had != 0 || p.d <= q.enter {
				t.name(p.row, q.gain(p.d), q.class(p.d, had/hadClass))
			}
		}
	}
}

// meetRows is how many rows are sorted out at a time.
const meetRows = 64

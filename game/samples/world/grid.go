package world

import "github.com/tickwire/tickwire/game"

// index finds what is near a place. It is no state: it is made of the tables, and made again when it is not of the tick
// before, as after a restore.
type index struct {
	next               uint32 // the tick in which rocks and food are right
	rocks, food, crowd grid
	foodMoved          bool // there is food that is not in it
}

// refresh brings the index of rocks and food up to date.
func (g *World) refresh(t *game.Tick) {
	if g.index.next != t.Number() {
		g.fillRocks()
		g.index.next, g.index.foodMoved = t.Number(), true
	}
	if g.index.foodMoved {
		g.fillFood()
		g.index.foodMoved = false
	}
}

func (g *World) fillRocks() {
	fill(&g.index.rocks, g.half, g.rocks, func(r *Rock) spot { return spot{x: r.X, y: r.Y, extra: int32(r.Radius)} })
}

func (g *World) fillFood() {
	fill(&g.index.food, g.half, g.food, func(f *Food) spot { return spot{x: f.X, y: f.Y, extra: int32(f.Kind)} })
}

// fillCrowd is called in every tick, as everybody moves.
func (g *World) fillCrowd() {
	fill(&g.index.crowd, g.half, g.walkers, func(w *Walker) spot { return spot{x: w.X, y: w.Y, extra: int32(w.Size)} })
}

// fill makes a grid of a table.
func fill[T any](g *grid, half int32, t *game.Table[T], at func(*T) spot) {
	g.begin(half)
	for id, row := range t.All() {
		s := at(row)
		s.id = id
		g.add(s)
	}
	g.end()
}

// fieldBits: a grid's fields are squares of 16 units.
const fieldBits = 14

// spot is something in a grid; extra is what its table says of it.
type spot struct {
	x, y, extra int32
	id          game.ID
}

// touches says whether a spot is no farther from a point than that.
func (s *spot) touches(x, y, reach int32) bool {
	dx, dy := int64(s.x-x), int64(s.y-y)
	return dx*dx+dy*dy <= int64(reach)*int64(reach)
}

// grid holds spots by the field that they are in: fields from left to right, then down, and within a field in the order
// in which the spots were added. So the fields between two of a row are one slice.
type grid struct {
	half, side int32    // of the world; fields in a row
	starts     []uint32 // of each field, and the end
	spots      []spot
	added      []spot
}

// begin empties a grid.
func (g *grid) begin(half int32) {
	g.half, g.side = half, (2*half)>>fieldBits+1
	if n := int(g.side*g.side) + 1; len(g.starts) != n {
		g.starts = make([]uint32, n)
	}
	clear(g.starts)
	g.added = g.added[:0]
}

// add puts a spot in.
func (g *grid) add(s spot) {
	g.starts[g.field(s.y)*g.side+g.field(s.x)]++
	g.added = append(g.added, s)
}

// end sorts what was added.
func (g *grid) end() {
	sum := uint32(0)
	for i, n := range g.starts {
		sum += n
		g.starts[i] = sum
	}
	if cap(g.spots) < len(g.added) {
		g.spots = make([]spot, len(g.added), cap(g.added))
	}
	g.spots = g.spots[:len(g.added)]
	for i := len(g.added) - 1; i >= 0; i-- {
		s := &g.added[i]
		at := &g.starts[g.field(s.y)*g.side+g.field(s.x)]
		*at--
		g.spots[*at] = *s
	}
}

// field is the column or row of a coordinate.
func (g *grid) field(v int32) int32 {
	return min(max(v+g.half, 0)>>fieldBits, g.side-1)
}

// box is a part of a grid.
type box struct{ left, right, top, bottom int32 }

// around is the part that holds all that is within reach of a point.
func (g *grid) around(x, y, reach int32) box {
	return box{g.field(x - reach), g.field(x + reach), g.field(y - reach), g.field(y + reach)}
}

// row is what lies in a row of a box.
func (g *grid) row(row int32, b *box) []spot {
	return g.spots[g.starts[row*g.side+b.left]:g.starts[row*g.side+b.right+1]]
}

package world

import "github.com/tickwire/tickwire/game"

// The sizes that walkers can have.
const (
	MinSize = 5
	MaxSize = 50
)

// The cell is how finely clients see a walker: the low bits of X and Y are not sent. Walkers move by whole cells, so
// clients see exactly where they are, and guess right where they will be for as long as they walk straight on.
const (
	dropBits = 5
	cell     = 1 << dropBits
)

// How walkers walk, in 1/1024 of a unit a tick, before it is rounded to whole cells: 6 and 10 units a second.
const (
	walking = 6 * unit / rate
	running = 10 * unit / rate
)

// Times in ticks.
const (
	shrinkTicks = 2 * rate // of running, until a walker is smaller by one
	welcome     = 5 * rate // in which nobody takes anything from who is new
)

// Walker is a row of the table "walkers", under the player's ID.
type Walker struct {
	// X and Y are the middle of the walker.
	X, Y int32 `sync:"pos,unit=1024,drop=5,ke=10,lerp"`
	// Angle is where it looks: one of eight directions.
	Angle uint8 `sync:"angle,drop=2,k=4"`
	// Size is MinSize to MaxSize. It makes a walker wide, slow, and strong.
	Size uint8 `sync:"k=0,ke=4"`
	// Run is set while it runs.
	Run bool

	away        bool
	worn        uint8 // ticks that it has run since it was last made smaller by that
	swift, hard uint8 // ticks until what it has eaten wears off
	safe        uint8 // ticks until something can be taken from it
}

// walkerOrder lists the sets of columns that are told together most often: none, X and Y with Angle, X and Y, those with
// Run. Bit 0 is X and Y, which are told only when they are not where the walker's speed takes it; 1 is Angle, 2 Size, 3 Run.
var walkerOrder = []uint32{0, 3, 1, 11, 9} //nolint:gochecknoglobals // a table of constants

// down is the angle of who looks at the player.
const down = 64

// angles are the directions of a Walk, by DY+1 and DX+1. Who stands looks where it looked.
var angles = [3][3]uint8{{160, 192, 224}, {128, 0, 0}, {96, down, 32}} //nolint:gochecknoglobals // a table of constants

// radius is how wide a walker of a size is: 0.5 to 2.3 units. At MaxSize it still gets between any two rocks.
func radius(size uint8) int32 { return 320 + 40*int32(size) }

// step moves a walker by one tick, up to the world's edges, and round the rocks in its way.
func (w *Walker) step(in Walk, g *World) {
	w.Run = in.Run && (in.DX != 0 || in.DY != 0)
	if in.DX == 0 && in.DY == 0 {
		return
	}
	w.Angle = angles[in.DY+1][in.DX+1]
	v := w.pace(in.DX != 0 && in.DY != 0)
	w.X += v * int32(in.DX)
	w.Y += v * int32(in.DY)
	g.settle(w)
}

// pace is how far a walker gets in a tick, along each of the axes that it moves along. The biggest are a third slower than
// the smallest.
func (w *Walker) pace(aslant bool) int32 {
	v := int32(walking)
	if w.Run {
		v = running
	}
	if w.swift > 0 {
		v += v / 2
	}
	v = v * (3*MaxSize - MinSize - int32(w.Size)) / (3*MaxSize - 2*MinSize)
	if aslant {
		v = v * 181 >> 8 // by the root of two
	}
	return toCell(v)
}

// toCell is the nearest whole cell.
func toCell(v int32) int32 { return (v + cell/2) &^ (cell - 1) }

// tire makes who runs smaller, and ends the time in which nothing can be taken.
func (w *Walker) tire() {
	if w.safe > 0 {
		w.safe--
	}
	if !w.Run {
		return
	}
	if w.worn++; w.worn >= shrinkTicks {
		w.worn = 0
		w.Size = max(w.Size-1, MinSize)
	}
}

// settle puts a walker where it can be: out of the rock that it is in, if any, and inside the world.
func (g *World) settle(w *Walker) {
	r := radius(w.Size)
	x, y := g.clear(w.X, w.Y, r)
	limit := (g.half - r) &^ (cell - 1)
	w.X, w.Y = within(toCell(x), limit), within(toCell(y), limit)
}

// within bounds a coordinate on both sides of 0.
func within(v, limit int32) int32 { return min(max(v, -limit), limit) }

// anywhere is a place in the world drawn by lot, in whole cells.
func (g *World) anywhere(r *game.Rand) (x, y int32) {
	most := int(g.half/cell) - 1
	return int32(r.Range(-most, most)) * cell, int32(r.Range(-most, most)) * cell
}

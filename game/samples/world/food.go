package world

import "github.com/tickwire/tickwire/game"

// The kinds of food. A bag has a number of each.
const (
	Berry uint8 = iota // makes who eats it bigger by one
	Shell              // makes fast, for swiftTicks
	Stone              // nobody can take anything from who has eaten it, for hardTicks
	kinds
)

// How food lies.
const (
	foodRadius = 3 * eighth
	// spare is how many pieces there may be beyond those that the world has of itself: dropped ones.
	spare = 1000
)

// Food is a row of the table "food": a piece that lies there until somebody touches it. It never changes.
type Food struct {
	// X and Y are where it lies.
	X, Y int32 `sync:"pos,unit=1024,drop=7,ke=9"`
	// Kind is Berry, Shell or Stone.
	Kind uint8 `sync:"ke=1"`
}

// Picked tells a player what it has picked up, and where.
type Picked struct {
	Kind uint8
	X, Y int32
}

// scatter puts a new piece somewhere.
func (g *World) scatter(r *game.Rand) {
	x, y := g.anywhere(r)
	kind := Berry
	switch n := r.Intn(20); {
	case n >= 17:
		kind = Stone
	case n >= 12:
		kind = Shell
	}
	g.lay(x, y, kind)
}

// lay puts a piece where no rock is.
func (g *World) lay(x, y int32, kind uint8) {
	x, y = g.clear(x, y, foodRadius)
	limit := g.half - foodRadius
	g.food.Add(Food{X: toEighth(within(x, limit)), Y: toEighth(within(y, limit)), Kind: kind})
	g.index.foodMoved = true
}

// toEighth is the nearest whole eighth of a unit.
func toEighth(v int32) int32 { return (v + eighth/2) &^ (eighth - 1) }

// pick puts a piece that the walker touches into its bag, if there is room for it. Of several it takes the oldest, and
// the others in the next ticks. It comes back elsewhere, unless there is enough.
func (g *World) pick(t *game.Tick, p game.Player, w *Walker) {
	food := &g.index.food
	reach := radius(w.Size) + foodRadius
	var best *spot
	var bag *Bag
	box := food.around(w.X, w.Y, reach)
	for row := box.top; row <= box.bottom; row++ {
		spots := food.row(row, &box)
		for i := range spots {
			s := &spots[i]
			if s.id == 0 || best != nil && s.id > best.id || !s.touches(w.X, w.Y, reach) {
				continue
			}
			if bag == nil {
				bag = g.bags.Get(p)
			}
			if *bag.of(uint8(s.extra)) < bagRoom {
				best = s
			}
		}
	}
	if best == nil {
		return
	}
	*bag.of(uint8(best.extra))++
	g.picked.Send(t, p, Picked{Kind: uint8(best.extra), X: best.x, Y: best.y})
	g.food.Delete(best.id)
	best.id = 0
	g.index.foodMoved = true
	if g.food.Len() < g.plenty {
		g.scatter(t.Rand())
	}
}

package world

import "github.com/tickwire/tickwire/game"

// How far walkers see, in units.
const (
	// Sight is from where something is seen.
	Sight = 32
	// farSight is until where it stays in sight: a little farther, so that nothing at the edge comes and goes all the time.
	farSight = 36
	// From half on, a walker is told in every second frame, and from quarter on in every fourth. Clients draw it as smoothly.
	half, quarter = 16, 24
)

// What matters when there is not room for all: what stops a walker, then who can be met, then what can be picked.
const (
	rocksMatter   = 8
	walkersMatter = 4
	foodMatters   = 1
)

// View shows a player its own walker with all it has, where its band is, the map of the crowds, and what is near: walkers
// with their names, food and rocks.
func (g *World) View(p game.Player, v *game.View) {
	v.Table(g.rules)
	v.Table(g.density)
	w := g.walkers.Get(p)
	if w == nil {
		return
	}
	v.Row(g.walkers, p)
	v.Row(g.bags, p)
	for _, member := range g.bands.Get(game.ID(g.names.Get(p).Band)).members {
		if member != 0 {
			v.Row(g.mates, member)
			v.Row(g.names, member)
		}
	}
	near := game.Area{X: w.X, Y: w.Y, Enter: Sight * unit, Leave: farSight * unit}
	near.Importance = rocksMatter
	v.Near(g.rocks, near)
	near.Importance = foodMatters
	v.Near(g.food, near)
	near.Importance, near.Half, near.Quarter = walkersMatter, half*unit, quarter*unit
	v.Near(g.walkers, near)
	v.With(g.names, g.walkers) // which have no place of their own
}

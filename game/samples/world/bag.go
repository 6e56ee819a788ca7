package world

import "github.com/tickwire/tickwire/game"

// What bags hold, and what their contents do. Times in ticks.
const (
	bagRoom    = 99 // of each kind
	swiftTicks = 4 * rate
	hardTicks  = 6 * rate
	robTicks   = 3 * rate // in which nothing more is taken from who has lost something
	muchBigger = 2        // times: so much bigger is who can take
	robPart    = 4        // one in so many pieces is taken
)

// Why commands are refused.
const (
	// NoneLeft: there is none of this kind in the bag.
	NoneLeft uint32 = iota + 1
	// TooMuch: the walker cannot grow any more, or the ground is full.
	TooMuch
)

// Bag is a row of the table "bags", under the player's ID: what nobody but the player sees.
type Bag struct {
	// Berries, Shells and Stones are how many it has.
	Berries, Shells, Stones uint8
	// Swift and Hard are for how many seconds more, begun ones included, what was eaten makes fast, and safe.
	Swift, Hard uint8
}

// Eat is the command "eat": to eat a piece from the bag.
type Eat struct {
	Kind uint8 `sync:"max=2"`
}

// Drop is the command "drop": to lay a piece from the bag on the ground, behind oneself.
type Drop struct {
	Kind uint8 `sync:"max=2"`
}

// Bump tells the two players concerned that the bigger has taken something from the smaller.
type Bump struct {
	By, Target              game.Player
	Berries, Shells, Stones uint8
}

// of is the number of a kind.
func (b *Bag) of(kind uint8) *uint8 {
	switch kind {
	case Berry:
		return &b.Berries
	case Shell:
		return &b.Shells
	default:
		return &b.Stones
	}
}

// eats does a command.
func (g *World) eats(c game.Command[Eat]) {
	w, b := g.walkers.Get(c.Player), g.bags.Get(c.Player)
	if w == nil {
		return // left, or is not let in
	}
	switch count := b.of(c.Value.Kind); {
	case *count == 0:
		c.Refuse(NoneLeft, "there is none in your bag")
		return
	case c.Value.Kind == Berry && w.Size == MaxSize:
		c.Refuse(TooMuch, "you cannot get any bigger")
		return
	default:
		*count--
	}
	switch c.Value.Kind {
	case Berry:
		w.Size++
	case Shell:
		w.swift, b.Swift = swiftTicks, swiftTicks/rate
	default:
		w.hard, b.Hard = hardTicks, hardTicks/rate
	}
}

// wearOff counts down what a walker has eaten.
func (g *World) wearOff(p game.Player, w *Walker) {
	if w.swift == 0 && w.hard == 0 {
		return
	}
	w.swift, w.hard = max(w.swift, 1)-1, max(w.hard, 1)-1
	if w.swift%rate == 0 || w.hard%rate == 0 {
		b := g.bags.Get(p)
		b.Swift, b.Hard = (w.swift+rate-1)/rate, (w.hard+rate-1)/rate
	}
}

// drops does a command.
func (g *World) drops(c game.Command[Drop]) {
	w, b := g.walkers.Get(c.Player), g.bags.Get(c.Player)
	if w == nil {
		return // left, or is not let in
	}
	switch count := b.of(c.Value.Kind); {
	case *count == 0:
		c.Refuse(NoneLeft, "there is none in your bag")
	case g.food.Len() >= g.plenty+spare:
		c.Refuse(TooMuch, "there is too much on the ground already")
	default:
		*count--
		x, y := g.behind(w)
		g.lay(x, y, c.Value.Kind)
	}
}

// behind is a place behind a walker, or beside it if its back is at the edge, where it does not touch what
// lies there.
func (g *World) behind(w *Walker) (x, y int32) {
	away := radius(w.Size) + foodRadius + unit/2
	for _, turn := range [...]uint8{128, 96, 160, 64, 192} {
		dx, dy := direction(w.Angle + turn)
		x, y = w.X+dx*away, w.Y+dy*away
		if limit := g.half - foodRadius; within(x, limit) == x && within(y, limit) == y {
			break
		}
	}
	return x, y
}

// direction is one of the eight directions, from its angle. Aslant is farther than straight.
func direction(angle uint8) (dx, dy int32) {
	for i := range angles {
		for j := range angles[i] {
			if angles[i][j] == angle && (i != 1 || j != 1) {
				return int32(j) - 1, int32(i) - 1
			}
		}
	}
	return 0, 1
}

// rob lets those who touch somebody much smaller take a part of each kind, rounded up, as far as there is room for it.
func (g *World) rob(t *game.Tick) {
	crowd := &g.index.crowd
	for i := range crowd.spots {
		by := &crowd.spots[i]
		size := uint8(by.extra)
		if size < muchBigger*MinSize {
			continue
		}
		reach := radius(size) + radius(size/muchBigger)
		box := crowd.around(by.x, by.y, reach)
		for row := box.top; row <= box.bottom; row++ {
			for _, it := range crowd.row(row, &box) {
				small := uint8(it.extra)
				if small <= size/muchBigger && it.touches(by.x, by.y, radius(size)+radius(small)) {
					g.take(t, by.id, it.id)
				}
			}
		}
	}
}

// take moves a part of a bag into another.
func (g *World) take(t *game.Tick, by, target game.Player) {
	it, who := g.walkers.Get(target), g.walkers.Get(by)
	if it.safe > 0 || it.hard > 0 || it.away || who.away {
		return
	}
	from, to := g.bags.Get(target), g.bags.Get(by)
	var taken [kinds]uint8
	for kind := range kinds {
		have, room := from.of(kind), to.of(kind)
		n := min((*have+robPart-1)/robPart, bagRoom-*room)
		*have, *room, taken[kind] = *have-n, *room+n, n
	}
	if taken == [kinds]uint8{} {
		return
	}
	it.safe = robTicks
	bump := Bump{By: by, Target: target, Berries: taken[Berry], Shells: taken[Shell], Stones: taken[Stone]}
	g.bump.Send(t, by, bump)
	g.bump.Send(t, target, bump)
}

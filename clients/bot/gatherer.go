package main

import (
	"math"
	"math/rand/v2"
	"strconv"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// gatherer plays the world: it wanders, some in the crowds and some alone, takes the food it passes, eats, and now and
// then drops a piece. What it does depends on its seed and on what it is told, in what frames that comes included.
type gatherer struct {
	bot      *bot
	me       game.ID
	rng      *rand.Rand
	walkers  places
	food     places
	size     int // cell of a walker
	kind     int // cell of a piece of food
	bags     int // table
	counts   [pieces]int
	density  int // table
	crowd    [mapSide]int
	eat      int // commands
	drop     int
	dx, dy   int // input values
	run      int
	half     int64 // of the world's side
	social   bool  // it likes crowds
	frames   int
	values   [3]int64
	sent     [3]int64
	goal     point
	until    int   // frame in which it wants to be elsewhere
	last     point // where it was when it thought last
	sidestep int   // for so many thoughts it walks round something
}

// point is a place in 1/1024 of a unit.
type point struct{ x, y int64 }

// places is a table whose rows are somewhere.
type places struct {
	table, x, y int
	dropX       uint8 // the low bits that are not sent, the same for y
}

// What the world's rules say.
const (
	pieces    = 3 // kinds of food: berries, shells and stones
	bagRoom   = 99
	mapSide   = 16
	worldUnit = 1024
	biggest   = 50
)

// How a gatherer behaves.
const (
	gatherEvery = 4  // frames between two thoughts
	shortTrip   = 60 // frames, at least, until it wants to be elsewhere
	longTrip    = 300
	tempting    = 10 * worldUnit // nearer food is worth a detour
	arrived     = 2 * worldUnit
)

// newGatherer returns nil if the game is not the world that it knows.
func newGatherer(b *bot, r *client.Room, rng *rand.Rand) *gatherer {
	s := r.Schema()
	g := &gatherer{
		bot: b, me: r.Player(), rng: rng, social: rng.IntN(5) < 2,
		walkers: placesOf(s, "walkers"), food: placesOf(s, "food"),
		bags: tableAt(s, "bags"), density: tableAt(s, "map"), eat: commandAt(s, "eat"), drop: commandAt(s, "drop"),
	}
	least := min(g.walkers.x, g.food.x, g.bags, g.density, g.eat, g.drop)
	if least < 0 || s.Input == nil || len(s.Input.Fields) != len(g.values) {
		return nil
	}
	g.size, g.kind = cellAt(s.Tables[g.walkers.table], "size"), cellAt(s.Tables[g.food.table], "kind")
	g.dx, g.dy, g.run = fieldAt(s.Input, "dx"), fieldAt(s.Input, "dy"), fieldAt(s.Input, "run")
	least = min(g.size, g.kind, g.dx, g.dy, g.run)
	for kind, name := range [pieces]string{"berries", "shells", "stones"} {
		g.counts[kind] = cellAt(s.Tables[g.bags], name)
		least = min(least, g.counts[kind])
	}
	for i := range g.crowd {
		g.crowd[i] = cellAt(s.Tables[g.density], "crowd."+strconv.Itoa(i))
		least = min(least, g.crowd[i])
	}
	rules := tableAt(s, "rules")
	if least < 0 || rules < 0 || r.Replica().Len(rules) == 0 {
		return nil
	}
	side := cellAt(s.Tables[rules], "size")
	if side < 0 {
		return nil
	}
	g.half = int64(r.Replica().Cells(rules, 0)[side]) * worldUnit / 2
	return g
}

// placesOf finds a table and where its rows are; a negative x if there is none such.
func placesOf(s *game.Schema, name string) places {
	p := places{table: tableAt(s, name), x: -1}
	if p.table < 0 {
		return p
	}
	t := s.Tables[p.table]
	p.x, p.y = cellAt(t, "x"), cellAt(t, "y")
	if p.y < 0 {
		p.x = -1
	}
	for _, c := range t.Columns {
		if c.Name == "x" {
			p.dropX = c.Drop
		}
	}
	return p
}

// at is where a row is.
func (p places) at(cells []int32) point {
	return point{int64(cells[p.x]) << p.dropX, int64(cells[p.y]) << p.dropX}
}

func (g *gatherer) frame(r *client.Room, _ *client.Frame) {
	replica := r.Replica()
	row, ok := replica.Find(g.walkers.table, g.me)
	if !ok {
		return
	}
	if g.frames++; (g.frames+int(g.me))%gatherEvery == 0 {
		g.think(r, replica, replica.Cells(g.walkers.table, row))
	}
	if g.values != g.sent || g.frames == 1 {
		g.sent = g.values
		_ = r.SendValues(g.values[:], nil) // within the ranges
	}
}

// think chooses where to go, and what to eat.
func (g *gatherer) think(r *client.Room, replica *game.Replica, own []int32) {
	here := g.walkers.at(own)
	if g.frames >= g.until || near(here, g.goal, arrived) {
		g.travel(replica)
	}
	var bag [pieces]int32
	if row, ok := replica.Find(g.bags, g.me); ok {
		cells := replica.Cells(g.bags, row)
		for kind, at := range g.counts {
			bag[kind] = cells[at]
		}
	}
	goal := g.goal
	if food, ok := g.tempted(replica, here, bag); ok {
		goal = food
	}
	g.head(here, goal)
	g.use(r, bag, own[g.size])
	g.last = here
}

// travel chooses another place to go to: who likes crowds goes to the densest part of the map, the others anywhere.
func (g *gatherer) travel(replica *game.Replica) {
	g.until = g.frames + shortTrip + g.rng.IntN(longTrip-shortTrip)
	g.values[g.run] = int64(g.rng.IntN(4) / 3) // one trip in four
	g.goal = point{g.rng.Int64N(2*g.half) - g.half, g.rng.Int64N(2*g.half) - g.half}
	if !g.social || replica.Len(g.density) != mapSide {
		return
	}
	most, cell := int32(0), 2*g.half/mapSide
	for y := range mapSide {
		for x, at := range g.crowd {
			if n := replica.Cells(g.density, y)[at]; n > most || n == most && n > 0 && g.rng.IntN(4) == 0 {
				most = n
				g.goal = point{
					int64(x)*cell - g.half + g.rng.Int64N(cell), int64(y)*cell - g.half + g.rng.Int64N(cell),
				}
			}
		}
	}
}

// tempted finds the nearest food that there is room for, if it is near enough.
func (g *gatherer) tempted(replica *game.Replica, here point, bag [pieces]int32) (best point, ok bool) {
	least := int64(math.MaxInt64)
	for row := range replica.Len(g.food.table) {
		cells := replica.Cells(g.food.table, row)
		at := g.food.at(cells)
		x, y := at.x-here.x, at.y-here.y
		if d := x*x + y*y; d < least && d < tempting*tempting && bag[min(max(cells[g.kind], 0), pieces-1)] < bagRoom {
			best, least, ok = at, d, true
		}
	}
	return best, ok
}

// head walks towards a place, in one of eight directions. Who has not got anywhere since the last thought, although it
// walked, stands before a rock, and walks aside for a moment.
func (g *gatherer) head(here, goal point) {
	walked := g.values[g.dx] != 0 || g.values[g.dy] != 0
	if walked && g.sidestep == 0 && near(here, g.last, worldUnit/4) {
		g.sidestep = 2 + g.rng.IntN(3)
		g.values[g.dx], g.values[g.dy] = g.rng.Int64N(3)-1, g.rng.Int64N(3)-1
	}
	if g.sidestep > 0 {
		g.sidestep--
		return
	}
	g.values[g.dx], g.values[g.dy] = heading(goal.x-here.x, goal.y-here.y)
}

// heading is the one of eight directions that is nearest to a way, or none if that is short.
func heading(x, y int64) (dx, dy int64) {
	const short = worldUnit / 4
	wide, high := max(x, -x), max(y, -y)
	if wide > short && 5*wide > 2*high { // two fifths: the tangent of half an eighth of a turn
		dx = x / wide
	}
	if high > short && 5*high > 2*wide {
		dy = y / high
	}
	return dx, dy
}

// use eats or drops a piece of what is in the bag, now and then.
func (g *gatherer) use(r *client.Room, bag [pieces]int32, size int32) {
	kind := g.rng.IntN(pieces)
	if bag[kind] == 0 {
		return
	}
	command := g.eat
	switch n := g.rng.IntN(100); {
	case n < 2:
		command = g.drop
	case n >= 12, kind == 0 && size >= biggest:
		return
	}
	g.bot.post(r, command, []int64{int64(kind)}, nil)
}

// near says whether two places are no farther apart than that.
func near(a, b point, reach int64) bool {
	x, y := a.x-b.x, a.y-b.y
	return x*x+y*y <= reach*reach
}

// commandAt finds a command; -1 if the game has none of that name.
func commandAt(s *game.Schema, name string) int {
	for i, c := range s.Commands {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// Package world is the large sample: a meadow with rocks, seen from above, for up to 2,000 walkers in one room. They
// gather food, grow by it, and take it from those who are much smaller. Nobody sees it all: a walker is shown what is
// near it, its own bag, where its band is, and a map of the crowds.
//
// It counts in integers only, so every machine plays it alike: lengths in 1/1024 of a unit, angles in 1/256 of a turn
// (0 is to the right, 64 is down), times in ticks of 1/20 s. One player has rows in several tables under its ID, so that
// the View can show each of them to others: the walker and its name to those near it, the bag to nobody else, and where
// it is, roughly, to its band.
//
// A room can be made with options: "size" is the length of the square's side in units, 64 to 2048; "food" and "rocks"
// are how many there are on 1,000 square units, such as 10 and 1.5.
package world

import "github.com/tickwire/tickwire/game"

// unit is the length 1.0.
const unit = 1024

// rate is in ticks a second.
const rate = 20

// Definition is the game as a server runs it.
func Definition() game.Definition {
	return game.Definition{Name: "world", New: New, Rate: rate, MaxPlayers: 2000}
}

// Walk is what a player does in one tick.
type Walk struct {
	// DX is 1 to the right, -1 to the left; DY is 1 down, -1 up. Aslant is as fast as straight.
	DX, DY int8 `sync:"min=-1,max=1"`
	// Run is to be faster, and to become smaller by it, slowly.
	Run bool
}

// Rules is the Var "rules": what a client has to know to draw the world.
type Rules struct {
	// Size is the length of the world's side in units; 0, 0 is its middle.
	Size uint16
	// MinSize and MaxSize bound the size of a walker.
	MinSize, MaxSize uint8
	// Sight is how far walkers see, in units.
	Sight uint8
}

// World is the game.
type World struct {
	walkers *game.Table[Walker]
	names   *game.Table[Name]
	food    *game.Table[Food]
	rocks   *game.Table[Rock]
	bags    *game.Table[Bag]
	mates   *game.Table[Mate]
	density *game.Table[Strip]
	bands   *game.Table[band]
	rules   *game.Var[Rules]
	walk    *game.Inputs[Walk]
	eat     *game.Commands[Eat]
	drop    *game.Commands[Drop]
	picked  *game.Events[Picked]
	bump    *game.Events[Bump]

	half   int32 // of the side
	plenty int   // how many pieces of food there are at least
	index  index
}

// New registers what the game consists of, and lays out rocks and food. The masks in walkerOrder are those told most
// often in play, counted over crowded worlds: they get the shortest codes.
func New(w *game.World) game.Game {
	o := readOptions(w.Option)
	g := &World{
		walkers: game.NewTable[Walker](w, "walkers", game.Order(walkerOrder...)),
		names:   game.NewTable[Name](w, "names"),
		food:    game.NewTable[Food](w, "food"),
		rocks:   game.NewTable[Rock](w, "rocks"),
		bags:    game.NewTable[Bag](w, "bags"),
		mates:   game.NewTable[Mate](w, "mates"),
		density: game.NewTable[Strip](w, "map"),
		bands:   game.NewTable[band](w, "bands"),
		rules:   game.NewVar(w, "rules", Rules{Size: uint16(o.size), MinSize: MinSize, MaxSize: MaxSize, Sight: Sight}),
		walk:    game.NewInputs[Walk](w),
		eat:     game.NewCommands[Eat](w, "eat"),
		drop:    game.NewCommands[Drop](w, "drop"),
		picked:  game.NewEvents[Picked](w, "picked"),
		bump:    game.NewEvents[Bump](w, "bump"),
		half:    o.size * unit / 2, plenty: o.food,
	}
	for range mapCells {
		g.density.Add(Strip{})
	}
	g.layRocks(w.Rand(), o.rocks)
	g.fillRocks()
	for range o.food {
		g.scatter(w.Rand())
	}
	return g
}

// Join puts a walker somewhere, near its band if that goes by a name.
func (g *World) Join(t *game.Tick, p game.Player) error {
	g.refresh(t)
	name := t.Name(p)
	tag := tagOf(name)
	id, friend := g.enlist(p, tag)
	g.names.Put(p, Name{Name: name, Band: id})
	g.bags.Put(p, Bag{})
	w := g.walkers.Put(p, Walker{Size: MinSize, Angle: down, safe: welcome})
	if tag == "" || friend == nil {
		w.X, w.Y = g.anywhere(t.Rand())
	} else {
		w.X = friend.X + int32(t.Rand().Range(-nearby, nearby))*cell
		w.Y = friend.Y + int32(t.Rand().Range(-nearby, nearby))*cell
	}
	g.settle(w)
	g.mates.Put(p, w.roughly())
	return nil
}

// Leave takes the walker away, and with it all that is in its bag.
func (g *World) Leave(_ *game.Tick, p game.Player, _ game.Reason) {
	g.discharge(p, g.names.Get(p).Band)
	g.walkers.Delete(p)
	g.names.Delete(p)
	g.bags.Delete(p)
	g.mates.Delete(p)
}

// Drop lets the walker stand still. Nobody takes anything from it meanwhile.
func (g *World) Drop(_ *game.Tick, p game.Player) { g.away(p, true) }

// Resume gives it back.
func (g *World) Resume(_ *game.Tick, p game.Player) { g.away(p, false) }

func (g *World) away(p game.Player, away bool) {
	g.names.Get(p).Away = away
	w := g.walkers.Get(p)
	w.away, w.Run = away, false
}

// Tick does the commands, moves the walkers and lets them pick what they touch; then the big ones take from the small.
func (g *World) Tick(t *game.Tick) error {
	g.refresh(t)
	for c := range g.eat.All(t) {
		g.eats(c)
	}
	for c := range g.drop.All(t) {
		g.drops(c)
	}
	for p, w := range g.walkers.All() {
		if !w.away {
			w.step(g.walk.Of(t, p), g)
		}
		w.tire()
		g.wearOff(p, w)
		g.pick(t, p, w)
	}
	g.fillCrowd()
	g.rob(t)
	if t.Number()%mateTicks == 0 {
		g.tellMates()
	}
	if t.Number()%mapTicks == 0 {
		g.tellMap()
	}
	g.index.next = t.Number() + 1
	return nil
}

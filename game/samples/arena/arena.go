// Package arena is the showpiece: a shooter in space, seen from above, for up to 64 players in one room.
//
// It counts in integers only, so every machine plays it alike: lengths in 1/1024 of a unit, angles in 1/256 of a turn
// (0 is to the right, 64 is down), times in ticks of 1/30 s. A ship and its pilot are two rows under the player's own
// ID: the ship changes every tick, the pilot only with the score.
package arena

import "github.com/tickwire/tickwire/game"

// unit is the length 1.0.
const unit = 1024

// The size of the arena, in units. Its middle is 0, 0.
const (
	Width  = 96
	Height = 60
)

// MaxHP is what a ship starts with: so many hits are enough.
const MaxHP = 5

// Definition is the game as a server runs it.
func Definition() game.Definition {
	return game.Definition{Name: "arena", New: New, Rate: 30, MaxPlayers: 64}
}

// Steer is what a player does in one tick.
type Steer struct {
	// Thrust is 1 ahead, -1 back.
	Thrust int8 `sync:"min=-1,max=1"`
	// Turn is 1 clockwise, -1 counter-clockwise.
	Turn int8 `sync:"min=-1,max=1"`
	// Fire is held for as long as the player wants to shoot; the gun has its own pace.
	Fire bool
}

// Pilot is a row of the table "pilots": who flies the ship under the same ID.
type Pilot struct {
	Name   string
	Score  uint16
	Deaths uint16
	// Away is set while the player has lost its connection. The ship then flies itself.
	Away bool
}

// pilotOrder: mostly nothing, a Score, Deaths.
var pilotOrder = []uint32{0, 2, 4} //nolint:gochecknoglobals // a table of constants

// Rules is the Var "rules": what a client has to know to draw the arena.
type Rules struct {
	// Width and Height are the size of the arena in units; 0, 0 is its middle.
	Width, Height uint16
	// MaxHP is what a ship starts with.
	MaxHP uint8
}

// Hit tells the two players concerned that a shot has hit.
type Hit struct {
	Target, By game.Player
	// X and Y are where, in 1/1024 of a unit.
	X, Y int32
}

// Kill tells everybody that a ship was destroyed.
type Kill struct {
	Killer, Victim game.Player
}

// Arena is the game.
type Arena struct {
	ships  *game.Table[Ship]
	shots  *game.Table[Shot]
	pilots *game.Table[Pilot]
	steer  *game.Inputs[Steer]
	hits   *game.Events[Hit]
	kills  *game.Events[Kill]

	targets []target // filled anew every tick
}

// New registers what the game consists of. The masks in Order are those told most often in play, counted over long
// matches: they get the shortest codes.
func New(w *game.World) game.Game {
	game.NewVar(w, "rules", Rules{Width: Width, Height: Height, MaxHP: MaxHP})
	return &Arena{
		ships:  game.NewTable[Ship](w, "ships", game.Order(shipOrder...)),
		shots:  game.NewTable[Shot](w, "shots"),
		pilots: game.NewTable[Pilot](w, "pilots", game.Order(pilotOrder...)),
		steer:  game.NewInputs[Steer](w),
		hits:   game.NewEvents[Hit](w, "hit"),
		kills:  game.NewEvents[Kill](w, "kill"),
	}
}

// Join puts a new ship somewhere.
func (a *Arena) Join(t *game.Tick, p game.Player) error {
	a.pilots.Put(p, Pilot{Name: t.Name(p)})
	a.ships.Put(p, Ship{}).spawn(t.Rand())
	return nil
}

// Leave takes the ship away. Its shots fly on.
func (a *Arena) Leave(_ *game.Tick, p game.Player, _ game.Reason) {
	a.pilots.Delete(p)
	a.ships.Delete(p)
}

// Drop leaves the ship to its autopilot.
func (a *Arena) Drop(_ *game.Tick, p game.Player) { a.pilots.Get(p).Away = true }

// Resume gives it back.
func (a *Arena) Resume(_ *game.Tick, p game.Player) { a.pilots.Get(p).Away = false }

// Tick moves the ships, then the shots: a shot hits where a ship is now.
func (a *Arena) Tick(t *game.Tick) error {
	for id, s := range a.ships.All() {
		switch {
		case s.HP > 0:
			a.play(t, id, s)
		case s.wait > 0:
			s.wait--
		default:
			s.spawn(t.Rand())
		}
	}
	a.aim()
	for id, s := range a.shots.All() {
		if !a.fly(t, s) {
			a.shots.Delete(id)
		}
	}
	return nil
}

// play gives a ship its player's input, or its autopilot's.
func (a *Arena) play(t *game.Tick, p game.Player, s *Ship) {
	in := a.steer.Of(t, p)
	if t.Away(p) {
		in = a.dodge(p, s)
	}
	s.steer(in)
	s.move()
	s.tire()
	if in.Fire && s.cooldown == 0 {
		s.cooldown = cooldown
		s.Shield = false // no shooting from behind it
		a.shots.Add(s.shot(p))
	}
}

package world

import "github.com/tickwire/tickwire/game"

// How bands are made.
const (
	bandSize  = 8
	mateTicks = rate / 2 // between two times that a band is told where its members are
	nearby    = 8 * unit / cell
	tagBytes  = 16
)

// Name is a row of the table "names", under the player's ID. It changes only with Away.
type Name struct {
	Name string
	// Band is the same for all members of a band.
	Band uint32
	// Away is set while the player has lost its connection. The walker then stands still.
	Away bool
}

// Mate is a row of the table "mates", under the player's ID: where it is, in whole units, told twice a second and to its
// band only, which sees it however far away it is.
type Mate struct {
	X, Y int16 `sync:"k=1,ke=8"`
}

// band is a row of a table that no client sees, under an ID of its own: who is in a band, and by which name they found
// each other. Players are put together by the beginning of their names: those called "[owls] Ada" and "[owls] Bob" are
// in the band "owls". All others are put together as they join. A band that is full is followed by another of its name.
type band struct {
	tag     string
	members [bandSize]game.Player // 0: free
}

// tagOf is the name of the band that a player wants to be in; "" for any.
func tagOf(name string) string {
	if name == "" || name[0] != '[' {
		return ""
	}
	for i := 1; i < len(name) && i <= tagBytes+1; i++ {
		if name[i] == ']' {
			return name[1:i]
		}
	}
	return ""
}

// enlist puts a player into the oldest band of a name that has room, or into a new one. The friend is the walker of one
// who is there; nil if there is none.
func (g *World) enlist(p game.Player, tag string) (id uint32, friend *Walker) {
	for id, b := range g.bands.All() {
		if b.tag != tag {
			continue
		}
		for i, member := range b.members {
			if member == 0 {
				b.members[i] = p
				return uint32(id), friend
			}
			friend = g.walkers.Get(member)
		}
		friend = nil
	}
	return uint32(g.bands.Add(band{tag: tag, members: [bandSize]game.Player{p}})), nil
}

// discharge takes a player out of a band, which ends when nobody is in it.
func (g *World) discharge(p game.Player, id uint32) {
	b := g.bands.Get(game.ID(id))
	for i, member := range b.members {
		if member == p {
			b.members[i] = 0
		}
	}
	if b.members == [bandSize]game.Player{} {
		g.bands.Delete(game.ID(id))
	}
}

// tellMates notes where everybody is.
func (g *World) tellMates() {
	for p, m := range g.mates.All() {
		*m = g.walkers.Get(p).roughly()
	}
}

// roughly is where a walker is, in whole units.
func (w *Walker) roughly() Mate {
	return Mate{X: int16((w.X + unit/2) >> 10), Y: int16((w.Y + unit/2) >> 10)}
}

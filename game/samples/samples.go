// Package samples lists the games that come with Tickwire. Each is a package of its own and uses nothing but what any
// other game can use: read tictactoe to learn, arena to see how fast it goes, world to see how large.
package samples

import (
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/game/samples/tictactoe"
	"github.com/tickwire/tickwire/game/samples/world"
)

// All returns the samples in the order in which a lobby should show them.
func All() []game.Definition {
	return []game.Definition{arena.Definition(), world.Definition(), tictactoe.Definition()}
}

// ByName returns the sample of a name, and whether there is one.
func ByName(name string) (game.Definition, bool) {
	for _, def := range All() {
		if def.Name == name {
			return def, true
		}
	}
	return game.Definition{}, false
}

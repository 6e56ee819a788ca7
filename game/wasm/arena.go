//go:build js && arena

package main

import (
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
)

// byName finds a game, of which there is one.
func byName(name string) (game.Definition, bool) {
	def := arena.Definition()
	return def, def.Name == name
}

// frames come from the server.
type frames struct{}

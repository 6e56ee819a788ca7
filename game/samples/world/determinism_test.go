package world_test

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
	"github.com/tickwire/tickwire/game/samples/world"
)

// TestDeterminism plays 2,500 ticks of a small, crowded world, in which players come and go, some for a while only, and
// eat and drop what they find, in every way in which a room may be played: again, restored in the middle, and on
// WebAssembly.
func TestDeterminism(t *testing.T) {
	walking := map[game.Player]world.Walk{}
	names := []string{"walker", "[owls] Ada", "[owls] Bob", "[foxes] Cyd"}
	options := map[string]string{"size": "64", "food": "40", "rocks": "3"}
	rec, _ := gametest.Play(t, world.Definition(), gametest.Script{
		Seed: 3, Options: options, Ticks: 2500, Tick: func(s *gametest.Stage) {
			if players := s.Players(); len(players) == 40 && s.Rand().Chance(1, 200) {
				s.Leave(players[s.Rand().Intn(len(players))], game.ReasonLost)
			}
			for len(s.Players()) < 40 {
				s.Join(names[s.Rand().Intn(len(names))])
			}
			for _, p := range s.Players() {
				switch {
				case s.Away(p) && s.Rand().Chance(1, 200):
					s.Resume(p)
				case s.Rand().Chance(1, 2000):
					s.Drop(p)
				case s.Rand().Chance(1, 50):
					gametest.Command(s, p, "eat", world.Eat{Kind: uint8(s.Rand().Intn(3))})
				case s.Rand().Chance(1, 100):
					gametest.Command(s, p, "drop", world.Drop{Kind: uint8(s.Rand().Intn(3))})
				}
				if s.Rand().Chance(1, 20) {
					walking[p] = world.Walk{
						DX: int8(s.Rand().Range(-1, 1)), DY: int8(s.Rand().Range(-1, 1)), Run: s.Rand().Bool(),
					}
				}
				if !s.Away(p) && s.Rand().Chance(9, 10) { // the rest is repeated
					gametest.Input(s, p, walking[p])
				}
			}
		},
	})
	gametest.Determinism(t, world.Definition(), rec)
}

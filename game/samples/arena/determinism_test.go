package arena_test

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
	"github.com/tickwire/tickwire/game/samples/arena"
)

// TestDeterminism plays 10,000 ticks of a full room, in which players come and go, some for a while only, in every way in
// which a room may be played: again, restored in the middle, and on WebAssembly.
func TestDeterminism(t *testing.T) {
	steering := map[game.Player]arena.Steer{}
	rec, _ := gametest.Play(t, arena.Definition(), gametest.Script{Seed: 3, Ticks: 10_000, Tick: func(s *gametest.Stage) {
		if players := s.Players(); len(players) == 64 && s.Rand().Chance(1, 300) {
			s.Leave(players[s.Rand().Intn(len(players))], game.ReasonLost)
		}
		for len(s.Players()) < 64 {
			s.Join("pilot")
		}
		for _, p := range s.Players() {
			switch {
			case s.Away(p) && s.Rand().Chance(1, 200):
				s.Resume(p)
			case s.Rand().Chance(1, 2000):
				s.Drop(p)
			}
			if s.Rand().Chance(1, 20) {
				steering[p] = arena.Steer{
					Thrust: int8(s.Rand().Range(-1, 1)), Turn: int8(s.Rand().Range(-1, 1)), Fire: s.Rand().Bool(),
				}
			}
			if !s.Away(p) && s.Rand().Chance(9, 10) { // the rest is repeated
				gametest.Input(s, p, steering[p])
			}
		}
	}})
	gametest.Determinism(t, arena.Definition(), rec)
}

package tictactoe_test

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
	"github.com/tickwire/tickwire/game/samples/tictactoe"
)

// TestDeterminism plays many games between players who try any cell, ask for rematches, lose their connection and
// sometimes leave.
func TestDeterminism(t *testing.T) {
	games := 0
	rec, _ := gametest.Play(t, tictactoe.Definition(), gametest.Script{Seed: 5, Ticks: 5000, Tick: func(s *gametest.Stage) {
		if out := s.Output(); out != nil {
			for _, a := range out.Answers {
				if a.Refusal == tictactoe.RefusedNotPlaying {
					games++
				}
			}
		}
		for len(s.Players()) < 2 {
			s.Join("player")
		}
		p := s.Players()[s.Rand().Intn(2)]
		switch {
		case s.Rand().Chance(1, 200):
			s.Leave(p, game.ReasonLeft)
		case s.Away(p):
			if s.Rand().Chance(1, 8) {
				s.Resume(p)
			}
		case s.Rand().Chance(1, 100):
			s.Drop(p)
		case s.Rand().Chance(1, 5):
			gametest.Command(s, p, "rematch", tictactoe.Rematch{})
		default:
			gametest.Command(s, p, "place", tictactoe.Place{Cell: uint8(s.Rand().Intn(9))})
		}
	}})
	if games < 100 {
		t.Errorf("only %d times was a game over: this plays hardly anything", games)
	}
	gametest.Determinism(t, tictactoe.Definition(), rec)
}

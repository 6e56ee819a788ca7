package gametest_test

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
)

// looking is walking with a View that does what a case wants.
type looking struct {
	*walking

	rand *game.Rand
	view func(g *looking)
}

func (g *looking) View(p game.Player, v *game.View) {
	v.Row(g.walkers, p)
	v.Table(g.sum)
	if g.view != nil {
		g.view(g)
	}
}

func lookingDefinition(view func(g *looking)) game.Definition {
	return game.Definition{Name: "walking", New: func(w *game.World) game.Game {
		return &looking{definition(nil).New(w).(*walking), w.Rand(), view}
	}}
}

// A View that does more than read is found, and told from a game that is not deterministic.
func TestDeterminismOfViews(t *testing.T) {
	for _, tc := range []struct {
		why  string
		view func(g *looking)
		want string // part of the complaint; "" if there is to be none
	}{
		{"a View that reads passes", nil, ""},
		{
			"it changes a Var", func(g *looking) { g.sum.V.N++ },
			"with View called for every player after every tick, the game differs: tick 1 is the first with other state; " +
				"View must only read",
		},
		{"it changes a row", func(g *looking) {
			for _, w := range g.walkers.All() {
				w.steps++
			}
		}, "View must only read"},
		{"it deletes", func(g *looking) { g.walkers.Delete(2) }, "View must only read"},
		{"it draws chance", func(g *looking) { g.rand.Bool() }, "View must only read: it changes state, or draws from Rand"},
		{
			"it fails", func(*looking) { panic("blind") },
			"with View called for every player after every tick, the game fails: after tick 1, for player 1: " +
				"game: View of tick 1: blind",
		},
	} {
		t.Run(tc.why, func(t *testing.T) {
			rec, _ := gametest.Play(t, lookingDefinition(nil), script(200))
			f := &fake{TB: t}
			f.run(func() { gametest.Determinism(f, lookingDefinition(tc.view), rec, gametest.WithoutWasm()) })
			f.expect(t, tc.want)
		})
	}
}

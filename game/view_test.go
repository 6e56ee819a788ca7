package game_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// watching is a game of which a test decides what is seen.
type watching struct {
	tick func(t *game.Tick) error
	view func(p game.Player, v *game.View)
}

func (g *watching) Tick(t *game.Tick) error {
	if g.tick == nil {
		return nil
	}
	return g.tick(t)
}

func (g *watching) View(p game.Player, v *game.View) { g.view(p, v) }

// Its tables.
type (
	placed struct {
		X, Y int32 `sync:"pos,drop=2"`
		Kind uint8
	}
	flat struct {
		X int32 `sync:"pos"`
	}
	secret struct{ n int }
	score  struct{ N int32 }
)

// sights is all that a Viewer can name, and what it must not.
type sights struct {
	placed *game.Table[placed]
	flat   *game.Table[flat]
	secret *game.Table[secret]
	score  *game.Var[score]
	none   *game.Var[secret]
	twin   *game.Table[score]
}

func watch(tb testing.TB, view func(s *sights, p game.Player, v *game.View)) *game.Sim {
	tb.Helper()
	return start(tb, game.Definition{Name: "watch", New: func(w *game.World) game.Game {
		s := &sights{
			game.NewTable[placed](w, "placed"), game.NewTable[flat](w, "flat"), game.NewTable[secret](w, "secret"),
			game.NewVar(w, "score", score{7}), game.NewVar(w, "none", secret{}),
			game.NewTable[score](w, "twin"),
		}
		for i := range int32(10) {
			s.twin.Put(s.placed.Add(placed{X: 100 * i, Kind: uint8(i)}), score{i})
			s.flat.Add(flat{X: i})
			s.secret.Add(secret{int(i)})
		}
		return &watching{view: func(p game.Player, v *game.View) { view(s, p, v) }}
	}})
}

// shown is a player's copy after its first frame.
func shown(tb testing.TB, s *game.Sim, p game.Player, v *game.View) *game.Replica {
	tb.Helper()
	if err := s.View(p, v); err != nil {
		tb.Fatal(err)
	}
	e := game.NewEncoder(s.Schema(), s.History())
	e.Begin()
	var b game.Baseline
	var sight game.Sight
	base, body := e.Frame(nil, &b, 1, e.See(&sight, v, &b, 0))
	r, err := game.NewReplica(s.Schema())
	if err != nil {
		tb.Fatal(err)
	}
	if err := r.Apply(s.Now(), base, body); err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestViewer(t *testing.T) {
	for _, tc := range []struct {
		why   string
		view  func(s *sights, v *game.View)
		shows [3]int // rows of placed, flat and score
	}{
		{"nothing is named", func(*sights, *game.View) {}, [3]int{}},
		{"a table", func(s *sights, v *game.View) { v.Table(s.placed) }, [3]int{10, 0, 0}},
		{"a Var", func(s *sights, v *game.View) { v.Table(s.score) }, [3]int{0, 0, 1}},
		{"the row of a Var", func(s *sights, v *game.View) { v.Row(s.score, 1) }, [3]int{0, 0, 1}},
		{"a row", func(s *sights, v *game.View) { v.Row(s.placed, 1) }, [3]int{1, 0, 0}},
		{"rows that are not there", func(s *sights, v *game.View) {
			v.Row(s.placed, 99)
			v.Row(s.score, 2)
			v.Row(s.flat, 0)
		}, [3]int{}},
		{"a row twice", func(s *sights, v *game.View) { v.Row(s.flat, 2); v.Row(s.flat, 2) }, [3]int{0, 1, 0}},
		{"what is near, the edge included", func(s *sights, v *game.View) {
			v.Near(s.placed, game.Area{X: 300, Enter: 200})
		}, [3]int{5, 0, 0}},
		{"a little less", func(s *sights, v *game.View) { v.Near(s.placed, game.Area{X: 300, Enter: 199}) }, [3]int{3, 0, 0}},
		{"a point", func(s *sights, v *game.View) { v.Near(s.placed, game.Area{X: 300}) }, [3]int{1, 0, 0}},
		{"negative lengths are 0", func(s *sights, v *game.View) {
			v.Near(s.placed, game.Area{X: 300, Enter: -5, Leave: -7, Half: -1, Quarter: -1, Importance: -1})
		}, [3]int{1, 0, 0}},
		{"the greatest lengths there are", func(s *sights, v *game.View) {
			v.Near(s.placed, game.Area{X: 5, Enter: math.MaxInt32, Leave: math.MaxInt32, Importance: math.MaxInt32})
		}, [3]int{10, 0, 0}},
		{"from the end of the world they do not wrap", func(s *sights, v *game.View) {
			v.Near(s.placed, game.Area{X: math.MinInt32, Y: math.MinInt32, Enter: math.MaxInt32})
			v.Near(s.placed, game.Area{X: math.MaxInt32, Y: math.MaxInt32, Enter: math.MaxInt32 / 2})
		}, [3]int{}},
		{"what stands with rows that are named", func(s *sights, v *game.View) {
			v.Near(s.placed, game.Area{X: 200, Enter: 200})
			v.With(s.twin, s.placed)
			v.With(s.score, s.twin)
		}, [3]int{5, 0, 1}},
		{"two areas and more", func(s *sights, v *game.View) {
			v.Near(s.placed, game.Area{X: 0, Enter: 100})
			v.Near(s.placed, game.Area{X: 100, Enter: 100})
			v.Row(s.placed, 28)
			v.Table(s.flat)
		}, [3]int{4, 10, 0}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s := watch(t, func(s *sights, _ game.Player, v *game.View) { tc.view(s, v) })
			tick(t, s)
			r := shown(t, s, 1, &game.View{})
			if got := [3]int{r.Len(0), r.Len(1), r.Len(2)}; got != tc.shows {
				t.Errorf("rows %v, want %v", got, tc.shows)
			}
		})
	}
}

// What nobody can see, and what has no place, is the game's mistake, with the table's name.
func TestViewMistakes(t *testing.T) {
	var foreign *sights
	other := watch(t, func(s *sights, _ game.Player, _ *game.View) { foreign = s })
	if err := other.View(1, &game.View{}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		why  string
		view func(s *sights, v *game.View)
		want string
	}{
		{"no exported fields", func(s *sights, v *game.View) { v.Table(s.secret) }, "table secret: it has no exported fields"},
		{"a row of such", func(s *sights, v *game.View) { v.Row(s.secret, 1) }, "table secret: it has no exported fields"},
		{"near in it", func(s *sights, v *game.View) { v.Near(s.secret, game.Area{}) }, "table secret: it has no exported"},
		{"with it", func(s *sights, v *game.View) { v.With(s.flat, s.secret) }, "table secret: it has no exported fields"},
		{"a Var of such", func(s *sights, v *game.View) { v.Table(s.none) }, "table none: it has no exported fields"},
		{"near, with one pos", func(s *sights, v *game.View) { v.Near(s.flat, game.Area{}) }, "table flat: Near needs two pos"},
		{"near, without", func(s *sights, v *game.View) { v.Near(s.score, game.Area{}) }, "table score: Near needs two pos"},
		{"a table of another room", func(_ *sights, v *game.View) { v.Table(foreign.placed) }, "not of its room"},
		{"no table", func(_ *sights, v *game.View) { v.Table((*game.Table[placed])(nil)) }, "nil pointer"},
		{"any panic", func(*sights, *game.View) { panic("oh") }, "oh"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s := watch(t, func(s *sights, _ game.Player, v *game.View) { tc.view(s, v) })
			tick(t, s)
			err := s.View(1, &game.View{})
			failed, ok := errors.AsType[*game.GameError](err)
			if !ok || failed.Hook != "View" || failed.Tick != 1 || failed.Stack == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("the error is %v", err)
			}
			if _, dead := s.Step(nil); !errors.Is(dead, err) {
				t.Errorf("Step goes on: %v", dead)
			}
			if again := s.View(1, &game.View{}); !errors.Is(again, err) {
				t.Errorf("View goes on: %v", again)
			}
		})
	}
}

// A game that is no Viewer shows all, one that is over is still viewed, and a restored one shows the same.
func TestViewerOf(t *testing.T) {
	plain := start(t, lab(func(w *game.World, h *hooks) {
		table := game.NewTable[placed](w, "placed")
		h.tick = func(t *game.Tick) error {
			table.Add(placed{})
			if t.Number() == 3 {
				return game.ErrOver
			}
			return nil
		}
	}))
	for range 3 {
		tick(t, plain)
	}
	if plain.Views() {
		t.Error("a game without View is a Viewer")
	}
	if r := shown(t, plain, 1, &game.View{}); r.Len(0) != 3 {
		t.Errorf("%d rows of 3 are shown", r.Len(0))
	}
	view := func(s *sights, p game.Player, v *game.View) { v.Row(s.placed, p) }
	s, restored := watch(t, view), watch(t, view)
	if !s.Views() {
		t.Error("a game with View is no Viewer")
	}
	tick(t, s)
	if err := restored.Restore(s.Checkpoint(nil)); err != nil {
		t.Fatal(err)
	}
	if r := shown(t, restored, 4, &game.View{}); r.Len(0) != 1 || r.IDs(0)[0] != 4 {
		t.Errorf("a restored game shows %v", r.IDs(0))
	}
}

// A View is emptied by each call and keeps its memory.
func TestViewIsKept(t *testing.T) {
	s := watch(t, func(s *sights, p game.Player, v *game.View) {
		if p == 1 {
			v.Table(s.flat)
			v.Near(s.placed, game.Area{Enter: 500})
			v.Row(s.score, 1)
		}
	})
	tick(t, s)
	var v game.View
	if r := shown(t, s, 1, &v); r.Len(0) != 6 || r.Len(1) != 10 {
		t.Errorf("%d and %d rows are shown", r.Len(0), r.Len(1))
	}
	if r := shown(t, s, 2, &v); r.Len(0) != 0 || r.Len(1) != 0 {
		t.Error("what one player sees is shown to the next")
	}
	if n := testing.AllocsPerRun(100, func() { _ = s.View(1, &v) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

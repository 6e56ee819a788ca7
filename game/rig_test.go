package game_test

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

// hooks is a game made of functions; nil ones do nothing.
type hooks struct {
	tick  func(t *game.Tick) error
	join  func(t *game.Tick, p game.Player) error
	leave func(t *game.Tick, p game.Player, why game.Reason)

	drop, resume func(t *game.Tick, p game.Player)
	closing      func(t *game.Tick, ticks int)
}

func (h *hooks) Tick(t *game.Tick) error {
	if h.tick == nil {
		return nil
	}
	return h.tick(t)
}

func (h *hooks) Join(t *game.Tick, p game.Player) error {
	if h.join == nil {
		return nil
	}
	return h.join(t, p)
}

func (h *hooks) Leave(t *game.Tick, p game.Player, why game.Reason) {
	if h.leave != nil {
		h.leave(t, p, why)
	}
}

func (h *hooks) Drop(t *game.Tick, p game.Player) {
	if h.drop != nil {
		h.drop(t, p)
	}
}

func (h *hooks) Resume(t *game.Tick, p game.Player) {
	if h.resume != nil {
		h.resume(t, p)
	}
}

func (h *hooks) Close(t *game.Tick, ticks int) {
	if h.closing != nil {
		h.closing(t, ticks)
	}
}

// tickOnly is a game without the optional hooks.
type tickOnly func(t *game.Tick) error

func (f tickOnly) Tick(t *game.Tick) error { return f(t) }

// lab is a game under test: register is its New.
func lab(register func(w *game.World, h *hooks)) game.Definition {
	return game.Definition{Name: "lab", New: func(w *game.World) game.Game {
		h := &hooks{}
		register(w, h)
		return h
	}}
}

// start makes a sim of a definition.
func start(tb testing.TB, def game.Definition) *game.Sim {
	tb.Helper()
	s, err := game.NewSim(def, 1, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// tick runs a tick that must not fail.
func tick(tb testing.TB, s *game.Sim, inbox ...game.Entry) *game.Output {
	tb.Helper()
	out, err := s.Step(inbox)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// join lets a player in, in a tick of its own.
func join(tb testing.TB, s *game.Sim, name string) game.Player {
	tb.Helper()
	p := s.NextID()
	tick(tb, s, game.Entry{Kind: game.EntryJoin, Player: p, Name: name})
	return p
}

// once makes a game that runs a body in its first tick, with a table.
func once[T any](tb testing.TB, body func(t *game.Tick, table *game.Table[T])) (*game.Sim, error) {
	tb.Helper()
	s := start(tb, lab(func(w *game.World, h *hooks) {
		table := game.NewTable[T](w, "rows")
		h.tick = func(t *game.Tick) error {
			if t.Number() == 1 {
				body(t, table)
			}
			return nil
		}
	}))
	_, err := s.Step(nil)
	return s, err
}

// view is what a client sees of a table after the newest tick.
func view(tb testing.TB, s *game.Sim, table string) (*game.Replica, int) {
	tb.Helper()
	e := game.NewEncoder(s.Schema(), s.History())
	e.Begin()
	r, err := game.NewReplica(s.Schema())
	if err != nil {
		tb.Fatal(err)
	}
	var b game.Baseline
	base, body := e.Frame(nil, &b, 1, nil)
	if err := r.Apply(s.Now(), base, body); err != nil {
		tb.Fatal(err)
	}
	for i, t := range s.Schema().Tables {
		if t.Name == table {
			return r, i
		}
	}
	tb.Fatalf("there is no table %s", table)
	return nil, 0
}

package gametest_test

import (
	"slices"
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
)

// The game of these tests counts for how long players are away. Its fault is where it remembers who is.
type counter struct {
	rows  *game.Table[walker]
	mine  map[game.Player]bool
	fault bool
}

func counting(fault bool) game.Definition {
	return game.Definition{Name: "counting", New: func(w *game.World) game.Game {
		return &counter{game.NewTable[walker](w, "rows"), map[game.Player]bool{}, fault}
	}}
}

func (c *counter) Join(_ *game.Tick, p game.Player) error {
	c.rows.Put(p, walker{})
	return nil
}

func (c *counter) Leave(_ *game.Tick, p game.Player, _ game.Reason) { c.rows.Delete(p) }
func (c *counter) Resume(_ *game.Tick, p game.Player)               { delete(c.mine, p) }

func (c *counter) Drop(t *game.Tick, p game.Player) {
	t.SetGrace(p, 60)
	c.mine[p] = true
}

func (c *counter) Tick(t *game.Tick) error {
	for p, row := range c.rows.All() {
		if c.fault && c.mine[p] || !c.fault && t.Away(p) {
			row.steps++
		}
	}
	return nil
}

// blink is a script in which a player is away for some ticks, once.
func blink(from, to uint32) gametest.Script {
	return gametest.Script{Ticks: 200, Tick: func(s *gametest.Stage) {
		switch s.Tick() {
		case 1:
			s.Join("Ada")
		case from:
			s.Drop(s.Players()[0])
		case to:
			s.Resume(s.Players()[0])
		}
	}}
}

// The restored run is restored while somebody is away, however short that is.
func TestDeterminismWhileAway(t *testing.T) {
	for _, tc := range []struct {
		why      string
		fault    bool
		from, to uint32
		want     string
	}{
		{"the sim remembers who is away", false, 30, 32, ""},
		{"the game does so itself", true, 30, 32, "restored from a checkpoint, the game differs: tick 31 "},
		{"and is caught at the ordinary restores too", true, 20, 40, "restored from a checkpoint, the game differs: tick 21 "},
	} {
		t.Run(tc.why, func(t *testing.T) {
			rec, _ := gametest.Play(t, counting(false), blink(tc.from, tc.to))
			f := &fake{TB: t}
			f.run(func() { gametest.Determinism(f, counting(tc.fault), rec, gametest.WithoutWasm()) })
			f.expect(t, tc.want)
		})
	}
}

func TestStageAway(t *testing.T) {
	gametest.Play(t, counting(false), gametest.Script{Ticks: 4, Tick: func(s *gametest.Stage) {
		var p game.Player
		for _, p = range s.Players() {
			break
		}
		want := [][]bool{{}, {false, true, true}, {true, false, true}, {true, false, false}, {false, true, true}}[s.Tick()]
		var got []bool
		note := func() { got = append(got, s.Away(p)) }
		switch s.Tick() {
		case 1:
			p = s.Join("Ada")
			note()
			s.Drop(p)
			note()
			s.Drop(p)
		case 2:
			note()
			s.Resume(p)
			note()
			s.Drop(p)
		case 3:
			note()
			s.Leave(p, game.ReasonLost)
			note()
			s.Drop(p) // who is not there
		case 4:
			note()
			p = s.Join("Bob")
			s.Drop(p)
			note()
		}
		note()
		if !slices.Equal(got, want) {
			t.Errorf("tick %d: away is %v, want %v", s.Tick(), got, want)
		}
	}})
}

// A recording that begins with a checkpoint is as good as any other, on WebAssembly too, and its ticks have their own
// numbers.
func TestDeterminismOfATail(t *testing.T) {
	def := counting(false)
	whole, _ := gametest.Play(t, def, blink(30, 170))
	rec := *whole
	if err := whole.Replay(def, func(s *game.Sim, _ *game.Output) error {
		if s.Now() == 100 {
			rec.After, rec.Checkpoint, rec.Ticks = 100, s.Checkpoint(nil), whole.Ticks[100:]
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	gametest.Determinism(t, def, &rec)
	late := rec
	late.Ticks = slices.Clone(rec.Ticks)
	late.Ticks[20] = []game.Entry{{Kind: 99}}
	f := &fake{TB: t}
	f.run(func() { gametest.Determinism(f, def, &late, gametest.WithoutWasm()) })
	f.expect(t, "tick 121")
}

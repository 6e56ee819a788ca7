package gametest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
)

// The game of these tests: players walk and now and then get a point. Its fault is what a case wants it to be.
type walker struct {
	X     int32 `sync:"pos"`
	Score uint16
	steps uint32
}

type walk struct {
	DX  int8 `sync:"min=-1,max=1"`
	Hop bool `sync:"edge"`
}

type say struct{ Text string }

type sum struct{ N uint32 }

type walking struct {
	walkers *game.Table[walker]
	walk    *game.Inputs[walk]
	say     *game.Commands[say]
	said    *game.Events[say]
	sum     *game.Var[sum]
	hidden  uint32
	fault   func(*walking, *game.Tick)
}

func definition(fault func(*walking, *game.Tick)) game.Definition {
	return game.Definition{Name: "walking", New: func(w *game.World) game.Game {
		return &walking{
			walkers: game.NewTable[walker](w, "walkers"), walk: game.NewInputs[walk](w),
			say: game.NewCommands[say](w, "say"), said: game.NewEvents[say](w, "said"),
			sum: game.NewVar(w, "sum", sum{}), fault: fault,
		}
	}}
}

func (g *walking) Join(_ *game.Tick, p game.Player) error {
	g.walkers.Put(p, walker{})
	return nil
}

func (g *walking) Leave(_ *game.Tick, p game.Player, _ game.Reason) { g.walkers.Delete(p) }

func (g *walking) Tick(t *game.Tick) error {
	for p, w := range g.walkers.All() {
		in := g.walk.Of(t, p)
		w.X += int32(in.DX)
		if in.Hop {
			w.steps++
		}
		if t.Rand().Chance(1, 8) {
			w.Score++
		}
	}
	for c := range g.say.All(t) {
		if c.Value.Text == "" {
			c.Refuse(1, "say something")
			continue
		}
		g.said.Broadcast(t, c.Value)
	}
	if g.fault != nil {
		g.fault(g, t)
	}
	if t.Number() == 300 {
		return game.ErrOver
	}
	return nil
}

// script has joins, leaves, inputs early and late, and commands.
func script(ticks int) gametest.Script {
	return gametest.Script{Seed: 5, Options: map[string]string{"map": "small"}, Ticks: ticks, Tick: func(s *gametest.Stage) {
		if s.Tick()%16 == 1 && len(s.Players()) < 6 {
			s.Join(fmt.Sprintf("player %d", s.Tick()))
		}
		for _, p := range s.Players() {
			switch {
			case s.Rand().Chance(1, 40):
				s.Leave(p, game.ReasonLost)
			case s.Rand().Chance(1, 10):
				gametest.Command(s, p, "say", say{strings.Repeat("x", s.Rand().Intn(3))})
			case s.Rand().Chance(3, 4):
				gametest.Input(s, p, walk{DX: int8(s.Rand().Range(-1, 1)), Hop: s.Rand().Bool()})
			}
		}
	}}
}

var ticksEver uint32 // what no game may have

// Every fault must be found, and by the run that is there for it.
func TestDeterminismFinds(t *testing.T) {
	for _, tc := range []struct {
		why   string
		fault func(*walking, *game.Tick)
		want  string // part of the complaint; "" if there is to be none
	}{
		{"a game without fault passes", nil, ""},
		{"a package variable has another value in the second run", func(g *walking, _ *game.Tick) {
			ticksEver++
			g.sum.V.N = ticksEver
		}, "played again, the game differs: tick 1 "},
		{"a map has another order each time", func(g *walking, _ *game.Tick) {
			all := map[int]uint32{}
			for i := range 64 {
				all[i] = uint32(i)
			}
			for _, n := range all {
				g.sum.V.N = g.sum.V.N*31 + n
			}
		}, "played again, the game differs: tick 1 "},
		{"a map's order may show only in what is sent", func(g *walking, t *game.Tick) {
			all := map[string]bool{}
			for i := range 64 {
				all[fmt.Sprint(i)] = true
			}
			for text := range all {
				g.said.Broadcast(t, say{text})
			}
		}, "first with other events, answers, kicks and graces"},
		{"a field of the game is gone after a restore", func(g *walking, _ *game.Tick) {
			g.hidden++
			g.sum.V.N += g.hidden
		}, "restored from a checkpoint, the game differs: tick 26 "},
		{"a pointer kept over ticks is none to the restored row", func() func(*walking, *game.Tick) {
			rows := map[*walking]*walker{}
			return func(g *walking, t *game.Tick) {
				for _, w := range g.walkers.All() {
					if t.Number() == 1 {
						rows[g] = w
					}
				}
				if w := rows[g]; w != nil {
					w.steps++
				}
			}
		}(), "restored from a checkpoint, the game differs"},
		{"a game may fail only when it is restored", func(g *walking, t *game.Tick) {
			if g.hidden++; g.hidden != t.Number() {
				panic("lost count")
			}
		}, "lost count"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			rec, _ := gametest.Play(t, definition(nil), script(200))
			f := &fake{TB: t}
			f.run(func() { gametest.Determinism(f, definition(tc.fault), rec, gametest.WithoutWasm()) })
			f.expect(t, tc.want)
		})
	}
}

func TestDeterminismOnWasm(t *testing.T) {
	rec, _ := gametest.Play(t, definition(nil), script(200))
	t.Run("same", func(t *testing.T) { gametest.Determinism(t, definition(nil), rec) })
	t.Run("machine/1", func(t *testing.T) {
		f := &fake{TB: t}
		f.run(func() {
			gametest.Determinism(f, definition(func(g *walking, t *game.Tick) {
				if t.Number() > 40 {
					g.sum.V.N = uint32(len(runtime.GOARCH))*7 + uint32(runtime.GOARCH[0])
				}
			}), rec)
		})
		if runtime.GOOS != "js" {
			f.expect(t, "played on WebAssembly, the game differs: tick 41 is the first with other state")
		}
	})
}

func TestDeterminismWithoutNode(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("it is running already")
	}
	rec, _ := gametest.Play(t, definition(nil), script(20))
	t.Setenv("PATH", "")
	f := &fake{TB: t}
	f.run(func() { gametest.Determinism(f, definition(nil), rec) })
	f.expect(t, "there is no program called node")
	f = &fake{TB: t}
	f.run(func() { gametest.Determinism(f, definition(nil), rec, gametest.WithoutWasm()) })
	f.expect(t, "")
}

func TestDeterminismUnreached(t *testing.T) {
	if runtime.GOOS == "js" {
		return // so that the run there gets to no Determinism
	}
	rec, _ := gametest.Play(t, definition(nil), script(20))
	f := &fake{TB: t}
	f.run(func() { gametest.Determinism(f, definition(nil), rec) })
	f.expect(t, "did not get to this call")
}

func TestDeterminismRefuses(t *testing.T) {
	rec, _ := gametest.Play(t, definition(nil), script(20))
	for _, tc := range []struct {
		why    string
		change func(*game.Recording)
		want   string
	}{
		{"one tick cannot be restored in the middle", func(r *game.Recording) { r.Ticks = r.Ticks[:1] }, "proves nothing"},
		{"it is a recording of something else", func(r *game.Recording) { r.Game = "other" }, "other"},
		{"the game has changed", func(r *game.Recording) { r.StateHash++ }, "changed"},
		{"an entry is none that the game takes", func(r *game.Recording) {
			r.Ticks = [][]game.Entry{{}, {{Kind: 99}}}
		}, "entry 0"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			changed := *rec
			tc.change(&changed)
			f := &fake{TB: t}
			f.run(func() { gametest.Determinism(f, definition(nil), &changed, gametest.WithoutWasm()) })
			f.expect(t, tc.want)
		})
	}
}

func TestPlay(t *testing.T) {
	rec, hashes := gametest.Play(t, definition(nil), script(1000))
	if len(rec.Ticks) != 300 || len(hashes) != 300 {
		t.Errorf("the game ends itself at tick 300; there are %d inboxes and %d hashes", len(rec.Ticks), len(hashes))
	}
	again, same := gametest.Play(t, definition(nil), script(1000))
	for i := range hashes {
		if hashes[i] != same[i] || len(rec.Ticks[i]) != len(again.Ticks[i]) {
			t.Fatalf("the same script gives something else at tick %d", i+1)
		}
	}
	for _, tc := range []struct {
		why    string
		def    game.Definition
		script gametest.Script
		want   string
	}{
		{"no ticks", definition(nil), gametest.Script{}, "at least 1 tick"},
		{"the game cannot be made", game.Definition{Name: "none"}, gametest.Script{Ticks: 1}, "New is missing"},
		{"the game fails", definition(func(*walking, *game.Tick) { panic("boom") }), gametest.Script{Ticks: 1}, "boom"},
		{"there is no such command", definition(nil), gametest.Script{Ticks: 1, Tick: func(s *gametest.Stage) {
			gametest.Command(s, s.Join("a"), "sing", say{})
		}}, `no command "sing"`},
	} {
		f := &fake{TB: t}
		f.run(func() { gametest.Play(f, tc.def, tc.script) })
		f.expect(t, tc.want)
	}
}

// fake is a test whose failures are the expected thing.
type fake struct {
	testing.TB

	lines []string
}

type stop struct{}

func (f *fake) Helper() {}

func (f *fake) Errorf(format string, args ...any) {
	f.lines = append(f.lines, fmt.Sprintf(format, args...))
}

func (f *fake) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	panic(stop{})
}

func (f *fake) Fatal(args ...any) {
	f.Errorf("%s", fmt.Sprint(args...))
	panic(stop{})
}

// run calls what may end the fake test.
func (f *fake) run(body func()) {
	defer func() {
		if p := recover(); p != nil && p != (stop{}) {
			panic(p)
		}
	}()
	body()
}

// expect wants one complaint that contains want, or none.
func (f *fake) expect(t *testing.T, want string) {
	t.Helper()
	switch {
	case want == "" && len(f.lines) > 0:
		t.Errorf("it complains: %q", f.lines)
	case want != "" && (len(f.lines) == 0 || !strings.Contains(strings.Join(f.lines, "\n"), want)):
		t.Errorf("it should complain of %q, but says %q", want, f.lines)
	}
}

// The kit says what is wrong with a script, and where a game panicked.
func TestPlayComplains(t *testing.T) {
	type steer struct{ DX int8 }
	type other struct{ X int8 }
	def := func(tick func()) game.Definition {
		return game.Definition{Name: "lab", New: func(w *game.World) game.Game {
			game.NewInputs[steer](w)
			game.NewCommands[steer](w, "go")
			return ticking(tick)
		}}
	}
	idle := func() {}
	tests := []struct {
		why    string
		tick   func()
		script func(s *gametest.Stage)
		want   string
	}{
		{"all is well", idle, func(s *gametest.Stage) { gametest.Input(s, s.Join("Ada"), steer{1}) }, ""},
		{
			"another struct than the input's", idle,
			func(s *gametest.Stage) { gametest.Input(s, s.Join("Ada"), other{1}) }, "it has the fields [x], the game's [dx]",
		},
		{
			"another struct than the command's", idle,
			func(s *gametest.Stage) { gametest.Command(s, s.Join("Ada"), "go", other{1}) }, "not the game's command go",
		},
		{
			"a player who is not there", idle,
			func(s *gametest.Stage) { gametest.Input(s, 5, steer{1}) }, "player 5 is not there in tick 1",
		},
		{"a panic, with its place", func() { panic("as asked") }, nil, "gametest_test.go:"},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			f := &fake{TB: t}
			f.run(func() { gametest.Play(f, def(tc.tick), gametest.Script{Ticks: 1, Tick: tc.script}) })
			f.expect(t, tc.want)
		})
	}
}

// ticking is a game that does one thing.
type ticking func()

func (g ticking) Tick(*game.Tick) error {
	g()
	return nil
}

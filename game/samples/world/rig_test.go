package world

import (
	"strconv"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// meadow plays the game as a server would: all that goes in is entries.
type meadow struct {
	tb      testing.TB
	game    *World
	sim     *game.Sim
	players []game.Player
	minds   []mind
	entries []game.Entry
	values  []int64
}

// newMeadow makes a world with so many players in it.
func newMeadow(tb testing.TB, players int, options map[string]string) *meadow {
	tb.Helper()
	m := &meadow{tb: tb}
	def := Definition()
	def.New = func(w *game.World) game.Game {
		g := New(w)
		m.game, _ = g.(*World)
		return g
	}
	sim, err := game.NewSim(def, 7, options)
	if err != nil {
		tb.Fatal(err)
	}
	m.sim = sim
	var joins []game.Entry
	for i := range players {
		p := sim.NextID() + game.ID(i)
		joins = append(joins, game.Entry{Kind: game.EntryJoin, Player: p, Name: "walker " + strconv.Itoa(i)})
		m.players = append(m.players, p)
		m.minds = append(m.minds, mind{seed: uint32(i)*2654435761 + 1})
	}
	m.step(joins...)
	m.values = make([]int64, 3*players)
	return m
}

// crowded makes a world as dense as one of 1,500 players at the default size.
func crowded(tb testing.TB, players int) *meadow {
	tb.Helper()
	size := root(512 * 512 * int64(players) / 1500)
	return newMeadow(tb, players, map[string]string{"size": strconv.FormatInt(size, 10)})
}

// bare makes a world without rocks and food, with its players in the middle, unprotected.
func bare(tb testing.TB, players int) *meadow {
	tb.Helper()
	m := newMeadow(tb, players, map[string]string{"food": "0", "rocks": "0"})
	for _, w := range m.game.walkers.All() {
		w.X, w.Y, w.safe = 0, 0, 0
	}
	return m
}

func (m *meadow) step(entries ...game.Entry) *game.Output {
	m.tb.Helper()
	out, err := m.sim.Step(entries)
	if err != nil {
		m.tb.Fatal(err)
	}
	return out
}

// walk runs a tick in which one player does something.
func (m *meadow) walk(p game.Player, in Walk) *game.Output {
	m.tb.Helper()
	run := int64(0)
	if in.Run {
		run = 1
	}
	return m.step(game.Entry{
		Kind: game.EntryInput, Player: p, Tick: m.sim.Now() + 1, Values: []int64{int64(in.DX), int64(in.DY), run},
	})
}

// command runs a tick with one command, and returns the answer's reason.
func (m *meadow) command(p game.Player, name string, kind uint8) uint32 {
	m.tb.Helper()
	for i, c := range m.sim.Schema().Commands {
		if c.Name == name {
			out := m.step(game.Entry{
				Kind: game.EntryCommand, Player: p, Type: i, Seq: m.sim.Now() + 1, Values: []int64{int64(kind)},
			})
			return out.Answers[0].Refusal
		}
	}
	m.tb.Fatalf("there is no command %s", name)
	return 0
}

// count is how many events of a name were sent to a player.
func (m *meadow) count(out *game.Output, name string, to game.Player) (n int) {
	for _, e := range out.Events {
		if m.sim.Schema().Events[e.Type].Name == name && e.To == to {
			n++
		}
	}
	return n
}

// inbox is one tick of all minds. It is valid until the next one.
func (m *meadow) inbox() []game.Entry {
	m.entries = m.entries[:0]
	for i, p := range m.players {
		in := m.minds[i].think()
		v := m.values[3*i : 3*i+3]
		v[0], v[1], v[2] = int64(in.DX), int64(in.DY), 0
		if in.Run {
			v[2] = 1
		}
		m.entries = append(m.entries, game.Entry{Kind: game.EntryInput, Player: p, Tick: m.sim.Now() + 1, Values: v})
	}
	return m.entries
}

// mind walks in one direction for a second or two, then in another.
type mind struct {
	seed uint32
	left int
	in   Walk
}

func (m *mind) random(n uint32) int {
	m.seed = m.seed*1664525 + 1013904223
	return int((m.seed >> 8) % n)
}

func (m *mind) think() Walk {
	if m.left--; m.left <= 0 {
		m.left = 15 + m.random(30)
		m.in = Walk{DX: int8(m.random(3) - 1), DY: int8(m.random(3) - 1), Run: m.random(4) == 0}
	}
	return m.in
}

package arena

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

// match plays the game as a server would: all that goes in is entries.
type match struct {
	tb      testing.TB
	game    *Arena
	sim     *game.Sim
	players []game.Player
	brains  []brain
	entries []game.Entry
	values  []int64
}

func newMatch(tb testing.TB, players int) *match {
	tb.Helper()
	m := &match{tb: tb}
	def := Definition()
	def.New = func(w *game.World) game.Game {
		g := New(w)
		m.game, _ = g.(*Arena)
		return g
	}
	sim, err := game.NewSim(def, 7, nil)
	if err != nil {
		tb.Fatal(err)
	}
	m.sim = sim
	for i := range players {
		p := sim.NextID()
		m.step(game.Entry{Kind: game.EntryJoin, Player: p, Name: "pilot"})
		m.players = append(m.players, p)
		m.brains = append(m.brains, brain{seed: uint32(i)*2654435761 + 1})
	}
	m.values = make([]int64, 3*players)
	return m
}

func (m *match) step(entries ...game.Entry) *game.Output {
	m.tb.Helper()
	out, err := m.sim.Step(entries)
	if err != nil {
		m.tb.Fatal(err)
	}
	return out
}

// steer runs a tick in which one player does something.
func (m *match) steer(p game.Player, in Steer) *game.Output {
	m.tb.Helper()
	fire := int64(0)
	if in.Fire {
		fire = 1
	}
	return m.step(game.Entry{
		Kind: game.EntryInput, Player: p, Tick: m.sim.Now() + 1,
		Values: []int64{int64(in.Thrust), int64(in.Turn), fire},
	})
}

// inbox is one tick of all brains. It is valid until the next one.
func (m *match) inbox() []game.Entry {
	m.entries = m.entries[:0]
	for i, p := range m.players {
		in := m.brains[i].think(m.game, p)
		v := m.values[3*i : 3*i+3]
		v[0], v[1], v[2] = int64(in.Thrust), int64(in.Turn), 0
		if in.Fire {
			v[2] = 1
		}
		m.entries = append(m.entries, game.Entry{Kind: game.EntryInput, Player: p, Tick: m.sim.Now() + 1, Values: v})
	}
	return m.entries
}

// brain is a simple pilot. It always fires; it flies to somewhere, turning towards it, and picks another place when it
// is near or has tried for long.
type brain struct {
	seed uint32
	x, y int32
	left int
}

func (b *brain) random(n uint32) int32 {
	b.seed = b.seed*1664525 + 1013904223
	return int32((b.seed >> 8) % n)
}

func (b *brain) think(a *Arena, p game.Player) Steer {
	s := a.ships.Get(p)
	dx, dy := b.x-s.X, b.y-s.Y
	if b.left--; b.left <= 0 || abs(dx)+abs(dy) < 4*unit {
		b.x = (b.random(Width-8) - Width/2 + 4) * unit
		b.y = (b.random(Height-8) - Height/2 + 4) * unit
		b.left = 60 + int(b.random(90))
	}
	// Which side of the nose is the place on, and is it ahead? In units, so that the products fit.
	ahead := (dx>>6)*cos(s.Angle)>>oneBits + (dy>>6)*sin(s.Angle)>>oneBits
	aside := (dy>>6)*cos(s.Angle)>>oneBits - (dx>>6)*sin(s.Angle)>>oneBits
	in := Steer{Fire: true}
	switch {
	case aside*8 > abs(ahead):
		in.Turn = 1
	case aside*8 < -abs(ahead):
		in.Turn = -1
	}
	if ahead > 0 {
		in.Thrust = 1
	}
	return in
}

func abs(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}

package world

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

func TestTag(t *testing.T) {
	for _, tc := range []struct{ why, name, want string }{
		{"a band and a name", "[owls] Ada", "owls"},
		{"without a space", "[owls]Ada", "owls"},
		{"nothing else", "[owls]", "owls"},
		{"letters of any kind", "[совы] Ада", "совы"},
		{"no name", "", ""},
		{"a name", "Ada", ""},
		{"brackets elsewhere", "Ada [owls]", ""},
		{"empty brackets", "[] Ada", ""},
		{"never closed", "[owls Ada", ""},
		{"as long as can be", "[0123456789abcdef] A", "0123456789abcdef"},
		{"too long", "[0123456789abcdefg] A", ""},
		{"only a bracket", "[", ""},
	} {
		if got := tagOf(tc.name); got != tc.want {
			t.Errorf("%s: the band of %q is %q, want %q", tc.why, tc.name, got, tc.want)
		}
	}
}

// enter lets a player join and returns it.
func (m *meadow) enter(name string) game.Player {
	m.tb.Helper()
	p := m.sim.NextID()
	m.step(game.Entry{Kind: game.EntryJoin, Player: p, Name: name})
	return p
}

func (m *meadow) leave(p game.Player) {
	m.tb.Helper()
	m.step(game.Entry{Kind: game.EntryLeave, Player: p})
}

func TestBands(t *testing.T) {
	m := newMeadow(t, 0, nil)
	band := func(p game.Player) uint32 { return m.game.names.Get(p).Band }
	var all []game.Player
	for range bandSize + 1 {
		all = append(all, m.enter("walker"))
	}
	if first := band(all[0]); band(all[bandSize-1]) != first || band(all[bandSize]) == first {
		t.Error("the first eight are not a band of their own")
	}
	owl, fox := m.enter("[owls] Ada"), m.enter("[foxes] Bob")
	if second := m.enter("[owls] Cyd"); band(second) != band(owl) || band(owl) == band(fox) || band(owl) == band(all[0]) ||
		band(owl) == band(all[bandSize]) {
		t.Error("those of one name are not together, or not among themselves")
	}
	m.leave(all[3])
	if p := m.enter("walker"); band(p) != band(all[0]) {
		t.Error("a free place in the oldest band is not taken")
	}
	bands := m.game.bands.Len()
	m.leave(fox)
	if m.game.bands.Len() != bands-1 {
		t.Error("a band without members is kept")
	}
	for range bandSize - 2 {
		m.enter("[owls] more")
	}
	if p := m.enter("[owls] too many"); band(p) == band(owl) || m.game.bands.Get(game.ID(band(p))).tag != "owls" {
		t.Error("a band has more than eight members, or the ninth is in none of its name")
	}
}

// Who comes to a band of its own choice finds it near.
func TestFriendsMeet(t *testing.T) {
	m := newMeadow(t, 0, nil)
	friend := m.game.walkers.Get(m.enter("[owls] Ada"))
	for range bandSize - 1 {
		w := m.game.walkers.Get(m.enter("[owls] Bob"))
		if distance(w.X, friend.X) > 12*unit || distance(w.Y, friend.Y) > 12*unit {
			t.Errorf("it is at %d, %d, its friend at %d, %d", w.X, w.Y, friend.X, friend.Y)
		}
		friend = w
	}
}

func TestMates(t *testing.T) {
	m := bare(t, 1)
	w, mate := m.game.walkers.Get(m.players[0]), m.game.mates.Get(m.players[0])
	for m.sim.Now() < mateTicks-1 {
		m.step()
	}
	w.X, w.Y = 100*unit+unit/2, -100*unit-unit/2-cell
	before := *mate
	m.game.mates.Get(m.players[0])
	if m.step(); *mate == before || *mate != (Mate{X: 101, Y: -101}) {
		t.Errorf("half a second has passed: %+v, before %+v", *mate, before)
	}
	w.X = 0
	if m.step(); *mate != (Mate{X: 101, Y: -101}) {
		t.Errorf("it is told sooner: %+v", *mate)
	}
}

package world

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

func TestPick(t *testing.T) {
	reach := radius(MinSize) + foodRadius
	for _, tc := range []struct {
		why   string
		food  []Food
		bag   Bag
		want  Bag
		picks int
	}{
		{"it is touched", []Food{{X: reach, Kind: Shell}}, Bag{}, Bag{Shells: 1}, 1},
		{"it is just not touched", []Food{{X: reach + 1}}, Bag{}, Bag{}, 0},
		{"nor is it aslant", []Food{{X: reach, Y: reach}}, Bag{}, Bag{}, 0},
		{"one in a tick, the oldest", []Food{{Kind: Stone}, {Kind: Berry}}, Bag{}, Bag{Stones: 1}, 1},
		{"the bag is full", []Food{{Kind: Berry}}, Bag{Berries: bagRoom}, Bag{Berries: bagRoom}, 0},
		{"full of other things", []Food{{Kind: Berry}, {Kind: Stone}}, Bag{Berries: bagRoom}, Bag{Berries: bagRoom, Stones: 1}, 1},
	} {
		m := bare(t, 2)
		p := m.players[0]
		m.game.walkers.Get(m.players[1]).X = 100 * unit
		*m.game.bags.Get(p) = tc.bag
		for _, f := range tc.food {
			m.game.food.Add(f)
		}
		m.game.index.foodMoved = true
		out := m.step()
		if got := *m.game.bags.Get(p); got != tc.want {
			t.Errorf("%s: the bag is %+v, want %+v", tc.why, got, tc.want)
		}
		if n := m.count(out, "picked", p); n != tc.picks || len(out.Events) != n {
			t.Errorf("%s: %d events, of them %d as they should be", tc.why, len(out.Events), n)
		}
		if n := m.game.food.Len(); n != len(tc.food)-tc.picks {
			t.Errorf("%s: %d pieces are left", tc.why, n)
		}
	}
}

// What two touch in the same tick only one of them gets.
func TestPickOnce(t *testing.T) {
	m := bare(t, 2)
	m.game.food.Add(Food{})
	m.game.index.foodMoved = true
	m.step()
	if a, b := m.game.bags.Get(m.players[0]), m.game.bags.Get(m.players[1]); a.Berries+b.Berries != 1 {
		t.Errorf("the bags are %+v and %+v", *a, *b)
	}
}

// However much is picked, dropped and eaten, there is always as much food as at the beginning, or a little more.
func TestFoodComesBack(t *testing.T) {
	m := newMeadow(t, 40, map[string]string{"size": "64", "food": "30"})
	plenty := m.game.food.Len()
	picked, kind := 0, [kinds]int{}
	for range 1000 {
		out := m.step(m.inbox()...)
		for _, p := range m.players {
			picked += m.count(out, "picked", p)
		}
		if n := m.game.food.Len(); n != plenty {
			t.Fatalf("tick %d: %d pieces, want %d", m.sim.Now(), n, plenty)
		}
	}
	for _, f := range m.game.food.All() {
		kind[f.Kind]++
	}
	if picked < 200 || kind[Berry] <= kind[Shell] || kind[Shell] <= kind[Stone] || kind[Stone] == 0 {
		t.Errorf("%d were picked; there are %v of the kinds", picked, kind)
	}
}

func TestEat(t *testing.T) {
	for _, tc := range []struct {
		why     string
		kind    uint8
		bag     Bag
		size    uint8
		refusal uint32
		want    Bag
		bigger  uint8
	}{
		{"a berry makes bigger", Berry, Bag{Berries: 2}, MinSize, 0, Bag{Berries: 1}, 1},
		{"but not beyond the biggest", Berry, Bag{Berries: 2}, MaxSize, TooMuch, Bag{Berries: 2}, 0},
		{"a shell makes fast", Shell, Bag{Shells: 1}, MinSize, 0, Bag{Swift: 4}, 0},
		{"a stone makes hard", Stone, Bag{Stones: 9}, MinSize, 0, Bag{Stones: 8, Hard: 6}, 0},
		{"there are no berries", Berry, Bag{Shells: 1, Stones: 1}, MinSize, NoneLeft, Bag{Shells: 1, Stones: 1}, 0},
		{"there are no shells", Shell, Bag{Berries: 1}, MinSize, NoneLeft, Bag{Berries: 1}, 0},
		{"there are no stones", Stone, Bag{Berries: 1}, MinSize, NoneLeft, Bag{Berries: 1}, 0},
		{"the biggest may eat other things", Shell, Bag{Shells: 1}, MaxSize, 0, Bag{Swift: 4}, 0},
	} {
		m := bare(t, 1)
		p := m.players[0]
		*m.game.bags.Get(p) = tc.bag
		m.game.walkers.Get(p).Size = tc.size
		if got := m.command(p, "eat", tc.kind); got != tc.refusal {
			t.Errorf("%s: refused with %d, want %d", tc.why, got, tc.refusal)
		}
		if got := *m.game.bags.Get(p); got != tc.want {
			t.Errorf("%s: the bag is %+v, want %+v", tc.why, got, tc.want)
		}
		if got := m.game.walkers.Get(p).Size; got != tc.size+tc.bigger {
			t.Errorf("%s: it has size %d", tc.why, got)
		}
	}
}

// What was eaten wears off, each in its own time; the bag counts the seconds, begun ones included.
func TestWearOff(t *testing.T) {
	m := bare(t, 1)
	p := m.players[0]
	bag, w := m.game.bags.Get(p), m.game.walkers.Get(p)
	*bag = Bag{Shells: 2, Stones: 1}
	m.command(p, "eat", Stone)
	for range rate/2 - 1 {
		m.step()
	}
	m.command(p, "eat", Shell)
	for tick := 1; tick <= hardTicks; tick++ {
		swift, hard := max(0, swiftTicks-tick), max(0, hardTicks-rate/2-tick)
		if bag.Swift != uint8((swift+rate-1)/rate) || bag.Hard != uint8((hard+rate-1)/rate) {
			t.Fatalf("%d ticks after the shell: %+v, want %d and %d ticks more", tick, *bag, swift, hard)
		}
		if int(w.swift) != swift || int(w.hard) != hard {
			t.Fatalf("%d ticks after the shell: %+v, want %d and %d ticks more", tick, *w, swift, hard)
		}
		m.step()
	}
}

// Whatever a walker drops lies in the world, in no rock, and is not picked up again by standing there.
func TestDrop(t *testing.T) {
	for _, at := range []struct{ x, y int32 }{
		{0, 0}, {-1000, 0}, {1000, 0}, {0, -1000}, {1000, 1000}, {-1000, -1000}, {1000, -1000},
	} {
		for angle := 0; angle < 256; angle += 32 {
			for _, size := range []uint8{MinSize, MaxSize} {
				m := bare(t, 1)
				p := m.players[0]
				w := m.game.walkers.Get(p)
				w.X, w.Y, w.Size, w.Angle = at.x*unit, at.y*unit, size, uint8(angle)
				m.game.settle(w)
				*m.game.bags.Get(p) = Bag{Stones: 1}
				if refusal := m.command(p, "drop", Stone); refusal != 0 {
					t.Fatalf("refused with %d", refusal)
				}
				for range 5 {
					m.step()
				}
				if bag := *m.game.bags.Get(p); bag != (Bag{}) || m.game.food.Len() != 1 {
					t.Errorf("%v, angle %d, size %d: the bag is %+v, %d pieces lie there", at, angle, size, bag, m.game.food.Len())
				}
				for _, f := range m.game.food.All() {
					if f.Kind != Stone || distance(f.X, w.X) > 4*unit || distance(f.Y, w.Y) > 4*unit ||
						within(f.X, m.game.half) != f.X || within(f.Y, m.game.half) != f.Y {
						t.Errorf("%v, angle %d, size %d: %+v, the walker is %+v", at, angle, size, *f, *w)
					}
				}
			}
		}
	}
}

func TestDropRefused(t *testing.T) {
	m := bare(t, 1)
	p := m.players[0]
	if refusal := m.command(p, "drop", Berry); refusal != NoneLeft {
		t.Errorf("with an empty bag: %d", refusal)
	}
	m.game.bags.Get(p).Berries = 2
	for range spare - 1 {
		m.game.food.Add(Food{X: 100 * unit})
	}
	if refusal := m.command(p, "drop", Berry); refusal != 0 {
		t.Errorf("with room for one: %d", refusal)
	}
	if refusal := m.command(p, "drop", Berry); refusal != TooMuch || m.game.bags.Get(p).Berries != 1 {
		t.Errorf("with the ground full: %d", refusal)
	}
}

// Commands of who leaves in the same tick do nothing.
func TestCommandsOfWhoLeft(t *testing.T) {
	m := bare(t, 1)
	p := m.players[0]
	m.game.bags.Get(p).Berries = 2
	var entries []game.Entry
	for kind := range 2 {
		entries = append(entries, game.Entry{
			Kind: game.EntryCommand, Player: p, Type: kind, Seq: uint32(kind) + 1, Values: []int64{0},
		})
	}
	m.step(append(entries, game.Entry{Kind: game.EntryLeave, Player: p})...)
	if m.game.food.Len() != 0 || m.game.bags.Len() != 0 {
		t.Error("something of it is left")
	}
}

func TestRob(t *testing.T) {
	full, less := Bag{Berries: 9, Shells: 4, Stones: 1}, Bag{Berries: 6, Shells: 3}
	touch := radius(20) + radius(10)
	big, small := Walker{Size: 20}, Walker{Size: 10}
	for _, tc := range []struct {
		why       string
		by, it    Walker
		has, from Bag // what they have
		want      Bag // what the small one has left
	}{
		{"a quarter of each, rounded up", big, Walker{Size: 10, X: touch}, Bag{}, full, less},
		{"not if it does not touch", big, Walker{Size: 10, X: touch + 1}, Bag{}, full, full},
		{"not if it is not half as big", big, Walker{Size: 11}, Bag{}, full, full},
		{"not by the smallest", Walker{Size: 9}, Walker{Size: MinSize}, Bag{}, full, full},
		{"not if there is nothing", big, small, Bag{}, Bag{Swift: 3}, Bag{Swift: 3}},
		{"only what there is room for", big, small, Bag{Berries: 98, Shells: 99}, full, Bag{Berries: 8, Shells: 4}},
		{"not if there is no room", big, small, Bag{99, 99, 99, 0, 0}, full, full},
		{"not from who has just lost something", big, Walker{Size: 10, safe: 2}, Bag{}, full, full},
		{"but soon again", big, Walker{Size: 10, safe: 1}, Bag{}, full, less},
		{"not from who has eaten a stone", big, Walker{Size: 10, hard: 2}, Bag{}, full, full},
		{"not from who is away", big, Walker{Size: 10, away: true}, Bag{}, full, full},
		{"not by who is away", Walker{Size: 20, away: true}, small, Bag{}, full, full},
	} {
		m := bare(t, 2)
		by, it := m.players[0], m.players[1]
		*m.game.walkers.Get(by), *m.game.walkers.Get(it) = tc.by, tc.it
		*m.game.bags.Get(by), *m.game.bags.Get(it) = tc.has, tc.from
		out := m.step()
		left, loot := *m.game.bags.Get(it), *m.game.bags.Get(by)
		if left.Hard = tc.want.Hard; left != tc.want {
			t.Errorf("%s: it has %+v left, want %+v", tc.why, left, tc.want)
		}
		for kind := range kinds {
			if *loot.of(kind)+*left.of(kind) != *tc.has.of(kind)+*tc.from.of(kind) {
				t.Errorf("%s: the other has %+v; something is lost or made", tc.why, loot)
			}
		}
		bumps, safe := 0, max(tc.it.safe, 1)-1
		if tc.want.Berries < tc.from.Berries {
			bumps, safe = 1, robTicks
		}
		if m.count(out, "bump", by) != bumps || m.count(out, "bump", it) != bumps || len(out.Events) != 2*bumps {
			t.Errorf("%s: events %+v", tc.why, out.Events)
		}
		if got := m.game.walkers.Get(it).safe; got != safe {
			t.Errorf("%s: safe for %d ticks, want %d", tc.why, got, safe)
		}
	}
}

// Who has just joined is left alone for a while.
func TestWelcome(t *testing.T) {
	m := bare(t, 1)
	m.game.walkers.Get(m.players[0]).Size = MaxSize
	p := m.sim.NextID()
	m.step(game.Entry{Kind: game.EntryJoin, Player: p, Name: "new"})
	w := m.game.walkers.Get(p)
	m.game.bags.Get(p).Berries = 1
	for ticks := 2; m.game.bags.Get(p).Berries > 0; ticks++ {
		w.X, w.Y = 0, 0
		m.step()
		if gone := m.game.bags.Get(p).Berries == 0; gone != (ticks >= welcome) {
			t.Fatalf("after %d ticks: lost is %v", ticks, gone)
		}
	}
}

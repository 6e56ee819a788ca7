package world

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

func TestPace(t *testing.T) {
	for _, tc := range []struct {
		why    string
		w      Walker
		aslant bool
		want   int32 // cells
	}{
		{"a small one: 6.25 units a second", Walker{Size: MinSize}, false, 10},
		{"running: 10 units a second", Walker{Size: MinSize, Run: true}, false, 16},
		{"aslant: as fast, to the nearest cell", Walker{Size: MinSize}, true, 7},
		{"running aslant", Walker{Size: MinSize, Run: true}, true, 11},
		{"the biggest is a third slower", Walker{Size: MaxSize}, false, 7},
		{"so it is when running", Walker{Size: MaxSize, Run: true}, false, 11},
		{"a shell makes half as fast again", Walker{Size: MinSize, swift: 1}, false, 14},
		{"a shell, running", Walker{Size: MinSize, Run: true, swift: 1}, false, 24},
	} {
		if got := tc.w.pace(tc.aslant); got != tc.want*cell {
			t.Errorf("%s: %d a tick, want %d cells", tc.why, got, tc.want)
		}
	}
}

func TestWalk(t *testing.T) {
	const v, s, edge = 10 * cell, 7 * cell, 255*unit + 15*cell
	for _, tc := range []struct {
		why  string
		in   Walk
		x, y int32
		want Walker
	}{
		{"to the right", Walk{DX: 1}, 0, 0, Walker{X: v, Angle: 0}},
		{"down", Walk{DY: 1}, 0, 0, Walker{Y: v, Angle: 64}},
		{"to the left", Walk{DX: -1}, 0, 0, Walker{X: -v, Angle: 128}},
		{"up", Walk{DY: -1}, 0, 0, Walker{Y: -v, Angle: 192}},
		{"up and left", Walk{DX: -1, DY: -1}, 0, 0, Walker{X: -s, Y: -s, Angle: 160}},
		{"down and right", Walk{DX: 1, DY: 1}, 0, 0, Walker{X: s, Y: s, Angle: 32}},
		{"who stands looks where it looked", Walk{}, 0, 0, Walker{Angle: 17}},
		{"and does not run", Walk{Run: true}, 0, 0, Walker{Angle: 17}},
		{"who runs is seen running", Walk{DX: 1, Run: true}, 0, 0, Walker{X: 16 * cell, Run: true}},
		{"the edge stops", Walk{DX: 1}, 255*unit + 10*cell, 0, Walker{X: edge}},
		{"and lets walk along it", Walk{DX: -1, DY: -1}, 0, -edge, Walker{X: -s, Y: -edge, Angle: 160}},
	} {
		m := bare(t, 1)
		w := m.game.walkers.Get(m.players[0])
		w.X, w.Y, w.Angle = tc.x, tc.y, 17
		m.walk(m.players[0], tc.in)
		if w.X != tc.want.X || w.Y != tc.want.Y || w.Angle != tc.want.Angle || w.Run != tc.want.Run {
			t.Errorf("%s: %+v, want %+v", tc.why, *w, tc.want)
		}
	}
}

// rocky makes a world with one rock in its middle, of radius 2, and one player.
func rocky(t *testing.T) (*meadow, *Walker) {
	t.Helper()
	m := bare(t, 1)
	m.game.rocks.Add(Rock{Radius: 2 * unit})
	m.game.fillRocks()
	return m, m.game.walkers.Get(m.players[0])
}

func TestRocksStop(t *testing.T) {
	m, w := rocky(t)
	w.X = -10 * unit
	for range 100 {
		m.walk(m.players[0], Walk{DX: 1})
	}
	if want := toCell(-2*unit - radius(MinSize)); w.X != want || w.Y != 0 {
		t.Errorf("head on it comes to %d, %d, want %d, 0", w.X, w.Y, want)
	}
	w.X, w.Y = -10*unit, unit
	for range 100 {
		m.walk(m.players[0], Walk{DX: 1})
		if x, y := m.game.clear(w.X, w.Y, radius(w.Size)-cell); x != w.X || y != w.Y {
			t.Fatalf("it is in the rock, at %d, %d", w.X, w.Y)
		}
	}
	if w.X < 4*unit {
		t.Errorf("it does not get round the rock: it is at %d, %d", w.X, w.Y)
	}
	w.X, w.Y = 0, 0
	m.walk(m.players[0], Walk{DX: -1})
	if x, y := m.game.clear(w.X, w.Y, radius(w.Size)-cell); x != w.X || y != w.Y {
		t.Errorf("from the middle of a rock it does not come out: %d, %d", w.X, w.Y)
	}
}

// Whatever they do, walkers of all sizes are in the world and not in a rock.
func TestEverybodyStaysWhereTheyCanBe(t *testing.T) {
	m := newMeadow(t, 60, map[string]string{"size": "64", "rocks": "4", "food": "50"})
	for range 1500 {
		m.step(m.inbox()...)
		for i, p := range m.players {
			w := m.game.walkers.Get(p)
			r := radius(w.Size)
			limit := m.game.half - r
			x, y := m.game.clear(w.X, w.Y, r-cell)
			if x != w.X || y != w.Y || within(w.X, limit) != w.X || within(w.Y, limit) != w.Y {
				t.Fatalf("tick %d: %+v is in a rock or outside", m.sim.Now(), *w)
			}
			if w.X%cell != 0 || w.Y%cell != 0 {
				t.Fatalf("tick %d: %+v is not at a whole cell", m.sim.Now(), *w)
			}
			if w.Size < MaxSize && (int(m.sim.Now())+i)%40 == 0 {
				w.Size++
				m.game.settle(w)
			}
		}
	}
}

func TestRunningShrinks(t *testing.T) {
	m := bare(t, 1)
	w := m.game.walkers.Get(m.players[0])
	for _, tc := range []struct {
		why   string
		size  uint8
		in    Walk
		ticks int
		want  uint8
	}{
		{"by one in two seconds", 20, Walk{DX: 1, Run: true}, shrinkTicks, 19},
		{"not sooner", 20, Walk{DX: -1, Run: true}, shrinkTicks - 1, 20},
		{"what was run before counts", 20, Walk{DX: 1, Run: true}, 1, 19},
		{"walking does not", 20, Walk{DX: -1}, 2 * shrinkTicks, 20},
		{"the smallest runs for nothing", MinSize, Walk{DX: 1, Run: true}, 3 * shrinkTicks, MinSize},
	} {
		w.Size = tc.size
		for range tc.ticks {
			m.walk(m.players[0], tc.in)
		}
		if w.Size != tc.want {
			t.Errorf("%s: %d, want %d", tc.why, w.Size, tc.want)
		}
	}
}

func TestWhoIsAwayStandsStill(t *testing.T) {
	m := bare(t, 1)
	p := m.players[0]
	w := m.game.walkers.Get(p)
	run := Walk{DX: 1, Run: true}
	m.walk(p, run)
	m.step(game.Entry{Kind: game.EntryDrop, Player: p})
	at := w.X
	m.walk(p, run)
	if w.X != at || w.Run || !m.game.names.Get(p).Away {
		t.Errorf("while its player is away, the walker is %+v, the name %+v", *w, *m.game.names.Get(p))
	}
	m.step(game.Entry{Kind: game.EntryResume, Player: p})
	m.walk(p, run)
	if w.X == at || !w.Run || m.game.names.Get(p).Away {
		t.Errorf("after its player is back, the walker is %+v, the name %+v", *w, *m.game.names.Get(p))
	}
	m.step(game.Entry{Kind: game.EntryDrop, Player: p}, game.Entry{Kind: game.EntryLeave, Player: p})
	if g := m.game; g.walkers.Len()+g.names.Len()+g.bags.Len()+g.mates.Len()+g.bands.Len() != 0 {
		t.Error("who left while away has left rows behind")
	}
}

// The map has a hint of everybody, in the cell where it is, and changes once a second.
func TestMap(t *testing.T) {
	m := bare(t, 5)
	for i, w := range []struct{ x, y int32 }{{-255, -255}, {255, -255}, {-255, 255}, {255, 255}, {255, 255}} {
		it := m.game.walkers.Get(m.players[i])
		it.X, it.Y = w.x*unit, w.y*unit
	}
	for m.sim.Now() < mapTicks-1 {
		m.step()
	}
	cells := func() (all [mapCells][mapCells]uint8) {
		row := 0
		for _, strip := range m.game.density.All() {
			all[row] = strip.Crowd
			row++
		}
		return all
	}
	if cells() != [mapCells][mapCells]uint8{} {
		t.Error("the map is made before a second is over")
	}
	m.step()
	want := [mapCells][mapCells]uint8{0: {0: 2, 15: 2}, 15: {0: 2, 15: 2}}
	if want[15][15] = 2; cells() != want { // twice the root of two is two
		t.Errorf("the map is %v", cells())
	}
}

package game

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGrid compares searches in grids with looking at all rows, wherever the rows are.
func TestGrid(t *testing.T) {
	any32 := func(r *rand.Rand) int32 { return int32(r.Uint32()) }
	for _, tc := range []struct {
		why   string
		place func(r *rand.Rand, i int) (x, y int32)
		far   func(r *rand.Rand) int32
		drop  uint8
		wide  bool
	}{
		{
			"spread evenly", func(r *rand.Rand, _ int) (int32, int32) { return r.Int32N(2000) - 1000, r.Int32N(2000) - 1000 },
			func(r *rand.Rand) int32 { return r.Int32N(300) }, 0, false,
		},
		{
			"all in one cell", func(r *rand.Rand, _ int) (int32, int32) { return -1 - r.Int32N(2), 5 },
			func(r *rand.Rand) int32 { return r.Int32N(4) }, 0, false,
		},
		{
			"anywhere there are numbers", func(r *rand.Rand, _ int) (int32, int32) { return any32(r), any32(r) },
			func(r *rand.Rand) int32 { return any32(r) & math.MaxInt32 }, 0, false,
		},
		{
			"at the ends of numbers", func(r *rand.Rand, _ int) (int32, int32) { return extreme(r), extreme(r) },
			func(r *rand.Rand) int32 { return []int32{0, 1, 70000, math.MaxInt32}[r.IntN(4)] }, 0, false,
		},
		{"squares that share their buckets", func(r *rand.Rand, i int) (int32, int32) {
			return int32(i%8)<<20 + r.Int32N(500), -int32(i%4)<<21 + r.Int32N(500)
		}, func(r *rand.Rand) int32 { return r.Int32N(200) }, 0, false},
		{"one far away from all", func(r *rand.Rand, i int) (int32, int32) {
			if i == 0 {
				return math.MinInt32, math.MaxInt32
			}
			return r.Int32N(500), r.Int32N(500)
		}, func(r *rand.Rand) int32 { return r.Int32N(100) }, 0, false},
		{
			"without their low bits", func(r *rand.Rand, _ int) (int32, int32) { return r.Int32N(500), -r.Int32N(500) },
			func(r *rand.Rand) int32 { return r.Int32N(3000) }, 6, false,
		},
		{"numbers without sign", func(r *rand.Rand, _ int) (int32, int32) {
			return math.MaxInt32 + r.Int32N(300) - 150, any32(r) % 300
		}, func(r *rand.Rand) int32 { return r.Int32N(300) }, 0, true},
	} {
		t.Run(tc.why, func(t *testing.T) {
			for seed := range uint64(20) {
				r := rand.New(rand.NewPCG(seed, 5))
				x, y := colPos("x"), colPos("y")
				x.Drop, x.Unsigned, y.Drop = tc.drop, tc.wide, tc.drop/2
				s := prepared(&TableSchema{Name: "rows", Columns: []Column{colInt("kind"), x, y}})
				var state rigState = [][]rigRow{nil}
				for i := range scanRows + r.IntN(300) {
					px, py := tc.place(r, i)
					state[0] = append(state[0], at(ID(i+1), 0, px, py))
				}
				h := NewHistory(s)
				capture(s, h, 1, state)
				e := NewEncoder(s, h)
				e.Begin()
				v := &View{world: &World{schema: s}}
				for range 60 {
					c := state[0][r.IntN(len(state[0]))].cells
					a := Area{X: c[1]<<tc.drop + r.Int32N(9) - 4, Y: c[2]<<(tc.drop/2) + r.Int32N(9) - 4, Enter: tc.far(r)}
					checkGrid(t, seed, e, v, a)
				}
				if e.sights.tables[0].grid.made != 1 {
					t.Fatalf("seed %d: there was no grid", seed)
				}
			}
		})
	}
}

// checkGrid makes one search.
func checkGrid(t *testing.T, seed uint64, e *Encoder, v *View, a Area) {
	t.Helper()
	v.begin(v.world)
	v.Near(&viewable{store{world: v.world, schema: e.schema.Tables[0]}}, a)
	vis := e.See(&Sight{}, v, &Baseline{}, 0)
	var want []int32
	for r := range e.now.tables[0].ids {
		if _, ok := oracleNear(e.schema.Tables[0], e.now.tables[0].row(&e.schema.Tables[0].layout, r), a, 0, false); ok {
			want = append(want, int32(r))
		}
	}
	if !slices.Equal(vis.tables[0], want) {
		t.Fatalf("seed %d: %+v: rows %v, want %v (grid %d)", seed, a, vis.tables[0], want, e.sights.tables[0].grid.made)
	}
}

// A grid is made when it pays, kept while its table does not change, and made anew when other radii are asked for.
func TestGridIsKept(t *testing.T) {
	w := newCrowdWorld(300, 700, 40)
	const walkers, food = 0, 1
	look := func() {
		for i := range w.views {
			w.encoder.See(&w.sights[i], &w.views[i], &w.bases[i], 0)
		}
	}
	look()
	grids := w.encoder.sights.tables
	made, side := grids[food].grid.made, grids[food].grid.side
	for range 5 {
		w.step()
		look()
	}
	if grids[walkers].grid.made != w.tick || grids[food].grid.made != made {
		t.Errorf("at tick %d the grids are of ticks %d and %d", w.tick, grids[walkers].grid.made, grids[food].grid.made)
	}
	for range 30 {
		w.step()
		for i := range w.views {
			for n := range w.views[i].looks {
				w.views[i].looks[n].area.Leave *= 8
			}
		}
		look()
	}
	if got := grids[food].grid.side; got < side+2 || got > side+3 {
		t.Errorf("after searches 8 times as far a cell has %d bits, %d before", got, side)
	}
	w.views = w.views[:1]
	for range 8 {
		w.step()
		look()
	}
	if got := grids[walkers].grid.made; got+7 > w.tick {
		t.Errorf("for one search a tick a grid was made at tick %d of %d", got, w.tick)
	}
}

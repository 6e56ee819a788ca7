package game

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// crowdWorld is players who walk in a square among food that stands, as dense for any number of players, and a view for
// each: the player's own walker, and what is near.
type crowdWorld struct {
	r       *rand.Rand
	schema  *Schema
	history *History
	encoder *Encoder
	state   rigState
	side    int32
	tick    uint32
	views   []View
	sights  []Sight
	bases   []Baseline
}

const crowdRadius = 1 << 10 // in cells

func newCrowdWorld(players, food, near int) *crowdWorld {
	w := &crowdWorld{r: rand.New(rand.NewPCG(3, 9))}
	w.schema = prepared(
		&TableSchema{Name: "walkers", Columns: []Column{
			colPos("x"), colPos("y"), colAngle("angle", 8), colInt("size"), colBool("run"),
		}},
		&TableSchema{Name: "food", Columns: []Column{colPos("x"), colPos("y"), colInt("kind")}},
		&TableSchema{Name: "bags", Columns: []Column{colInt("berries"), colInt("shells")}},
		&TableSchema{Name: "phase", Columns: []Column{colInt("n")}, Single: true},
	)
	area := math.Pi * crowdRadius * crowdRadius
	w.side = int32(math.Sqrt(float64(players+food) / float64(near) * area))
	w.history = NewHistory(w.schema)
	w.encoder = NewEncoder(w.schema, w.history)
	w.state = make(rigState, 4)
	at := func() int32 { return w.r.Int32N(w.side) - w.side/2 }
	for i := range players {
		w.state[0] = append(w.state[0], rigRow{id: ID(i + 1), cells: []int32{at(), at(), w.r.Int32N(256), 10, 0}})
		w.state[2] = append(w.state[2], rigRow{id: ID(i + 1), cells: []int32{3, 4}})
	}
	for i := range food {
		w.state[1] = append(w.state[1], rigRow{id: ID(players + i + 1), cells: []int32{at(), at(), 1}})
	}
	w.state[3] = []rigRow{{id: 1, cells: []int32{1}}}
	w.views, w.sights, w.bases = make([]View, players), make([]Sight, players), make([]Baseline, players)
	w.step()
	return w
}

// step lets everybody walk, and names what everybody sees.
func (w *crowdWorld) step() {
	w.tick++
	for i := range w.state[0] {
		c := w.state[0][i].cells
		c[0] += w.r.Int32N(31) - 15
		c[1] += w.r.Int32N(31) - 15
	}
	capture(w.schema, w.history, w.tick, w.state)
	w.encoder.Begin()
	world := &World{schema: w.schema}
	for i := range w.views {
		v, c := &w.views[i], w.state[0][i].cells
		v.begin(world)
		place := func(t int) Viewable { return &viewable{store{world: world, schema: w.schema.Tables[t], shown: t}} }
		v.Table(place(3))
		v.Row(place(0), ID(i+1))
		v.Row(place(2), ID(i+1))
		a := Area{X: c[0], Y: c[1], Enter: crowdRadius, Half: crowdRadius / 2, Quarter: crowdRadius / 4 * 3}
		v.Near(place(0), a)
		v.Near(place(1), a)
	}
}

// frames makes a frame for every player and returns the number of rows shown and of bytes.
func (w *crowdWorld) frames(body []byte, room int) (rows, bytes int, out []byte) {
	for i := range w.views {
		vis := w.encoder.See(&w.sights[i], &w.views[i], &w.bases[i], room)
		for _, t := range vis.tables {
			rows += len(t)
		}
		_, body = w.encoder.Frame(body[:0], &w.bases[i], 1, vis)
		bytes += len(body)
	}
	return rows, bytes, body
}

// BenchmarkSee is what each client costs that sees some 40 rows of a room, grids included: the search, and the frame too.
func BenchmarkSee(b *testing.B) {
	for _, c := range []struct{ players, food int }{{200, 467}, {1500, 3500}} {
		for _, what := range []string{"see", "frame", "budget"} {
			b.Run(fmt.Sprint(what, "/", c.players), func(b *testing.B) {
				w := newCrowdWorld(c.players, c.food, 40)
				body := make([]byte, 0, 1<<16)
				rows := 0
				for range 4 {
					w.step()
					rows, _, body = w.frames(body, 0)
				}
				b.ReportAllocs()
				b.ResetTimer()
				for b.Loop() {
					b.StopTimer()
					w.step()
					b.StartTimer()
					switch what {
					case "see":
						for i := range w.views {
							w.encoder.See(&w.sights[i], &w.views[i], &w.bases[i], 0)
						}
						b.StopTimer()
						rows, _, body = w.frames(body, 0)
						b.StartTimer()
					case "frame":
						rows, _, body = w.frames(body, 0)
					case "budget":
						rows, _, body = w.frames(body, 1<<14)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.players), "ns/client")
				b.ReportMetric(float64(rows)/float64(c.players), "rows")
			})
		}
	}
}

// BenchmarkSearch is one search in a table, by looking at all rows and in a grid, and making the grid, in ns for each row.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{32, 64, 96, 128, 256, 1000, 5000} {
		w := newCrowdWorld(n, 0, min(n/2, 40))
		e := w.encoder
		e.beginSights(&w.bases[0])
		t, now := &e.sights.tables[0], &e.now.tables[0]
		look := w.views[n/2].looks[3]
		clean := func() {
			t.named, t.wishes = t.named[:0], t.wishes[:0]
			e.sights.gather(t, &budget{})
			wipe(t.wish, t.named)
		}
		b.Run(fmt.Sprint("scan/", n), func(b *testing.B) {
			for b.Loop() {
				t.grid.often, t.grid.made, t.grid.uses = false, 0, 0
				e.near(&look)
				clean()
			}
		})
		b.Run(fmt.Sprint("grid/", n), func(b *testing.B) {
			if n < scanRows {
				b.Skip("small tables have no grid")
			}
			t.grid.uses = gridUses
			for b.Loop() {
				e.near(&look)
				clean()
			}
		})
		b.Run(fmt.Sprint("make/", n), func(b *testing.B) {
			t.grid.asked, t.grid.sizes = 1, 10
			for b.Loop() {
				t.grid.make(now, e.schema.Tables[0].width)
			}
			perRow(b, n)
		})
	}
}

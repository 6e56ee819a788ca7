package game

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
)

// benchShips is a history of ships that fly about, as many as rows, or rest.
func benchShips(rows int, moving bool) (*Schema, *History, *Encoder) {
	s := prepared(shipsTable())
	h := NewHistory(s)
	r := rand.New(rand.NewPCG(7, 7))
	state := make([]rigRow, rows)
	vels := make([][2]int32, rows)
	for i := range state {
		state[i] = at(ID(i+1), r.Int32N(1<<14), r.Int32N(1<<14), r.Int32N(256), 100, 0)
		vels[i] = [2]int32{r.Int32N(40) - 20, r.Int32N(40) - 20}
	}
	for tick := uint32(1); tick <= HistoryTicks; tick++ {
		capture(s, h, tick, rigState{state})
		for i := range state {
			if !moving {
				continue
			}
			c, v := state[i].cells, &vels[i]
			c[0] += v[0] + r.Int32N(2)
			c[1] += v[1]
			if r.IntN(2) == 0 { // thrust
				v[0] += r.Int32N(3) - 1
				v[1] += r.Int32N(3) - 1
			}
			if r.IntN(3) == 0 {
				c[2] = (c[2] + r.Int32N(15) - 7) & 255
			}
			if r.IntN(40) == 0 {
				c[3] -= r.Int32N(20)
			}
			if r.IntN(30) == 0 {
				c[4] ^= 1
			}
		}
	}
	e := NewEncoder(s, h)
	e.Begin()
	return s, h, e
}

// perRow reports the time for one of n rows.
func perRow(b *testing.B, n int) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
}

func benchSizes(b *testing.B, f func(b *testing.B, rows int)) {
	b.Helper()
	for _, rows := range []int{64, 1000, 5000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			b.ReportAllocs()
			f(b, rows)
			perRow(b, rows)
		})
	}
}

// held is a baseline that holds a tick.
func held(tick uint32, all bool, rows int) Baseline {
	b := Baseline{tick: tick, stride: 1, maxID: ID(rows), all: all}
	if !all {
		for i := range rows {
			b.rows = append(b.rows, int32(i))
		}
		b.ends = []int{rows}
	}
	return b
}

func BenchmarkFragment(b *testing.B) {
	for _, c := range []struct {
		name         string
		moving, slow bool
		base         uint32
	}{
		{"chain", true, false, 63}, {"rest", false, false, 63}, {"plain", true, true, 63}, {"ring8", true, true, 56},
	} {
		b.Run(c.name, func(b *testing.B) {
			benchSizes(b, func(b *testing.B, rows int) {
				b.Helper()
				_, _, e := benchShips(rows, c.moving)
				e.slow = c.slow
				client := held(c.base, true, rows)
				e.changed[0] = e.now.Tick // never quiet
				for b.Loop() {
					e.used = 0
					_, s := e.pick(&client, 1)
					t := e.table(s, 0)
					if s.mode == ring {
						for r := range rows {
							e.makeOne(s, t, &e.schema.Tables[0].layout, r, r)
						}
					}
				}
			})
		})
	}
}

// BenchmarkQuiet is a chain frame of a table in which nothing changes.
func BenchmarkQuiet(b *testing.B) {
	for _, all := range []bool{true, false} {
		b.Run(fmt.Sprintf("all=%v", all), func(b *testing.B) {
			benchSizes(b, func(b *testing.B, rows int) {
				b.Helper()
				_, _, e := benchShips(rows, false)
				var vis *Visible
				if !all {
					vis = &Visible{tables: [][]int32{held(63, false, rows).rows}}
				}
				clients := []Baseline{held(63, all, rows), held(63, all, rows)}
				var dst []byte
				for i := 0; b.Loop(); i++ {
					e.used, e.frames = 0, 0
					c := &clients[0]
					c.tick = 63
					_, dst = e.Frame(dst[:0], c, 1, vis)
				}
			})
		})
	}
}

// BenchmarkCopy is what each client costs that sees some rows, once the fragments are made: the same rows as before, or
// without every hundredth of them.
func BenchmarkCopy(b *testing.B) {
	for _, name := range []string{"same", "leave"} {
		b.Run(name, func(b *testing.B) {
			benchSizes(b, func(b *testing.B, rows int) {
				b.Helper()
				_, _, e := benchShips(rows, true)
				client := held(63, false, rows)
				vis := &Visible{tables: [][]int32{{}}}
				for r := range rows {
					if name == "same" || r%100 != 50 {
						vis.tables[0] = append(vis.tables[0], int32(r))
					}
				}
				all := held(63, false, rows)
				var dst []byte
				for b.Loop() {
					client.tick = 63
					client.rows, client.ends = append(client.rows[:0], all.rows...), append(client.ends[:0], rows)
					_, dst = e.Frame(dst[:0], &client, 1, vis)
				}
			})
		})
	}
}

// BenchmarkSame is what each client costs that sees all rows, once one of them has its frame.
func BenchmarkSame(b *testing.B) {
	benchSizes(b, func(b *testing.B, rows int) {
		b.Helper()
		_, _, e := benchShips(rows, true)
		client := held(63, true, rows)
		var dst []byte
		for b.Loop() {
			client.tick, client.all = 63, true
			_, dst = e.Frame(dst[:0], &client, 1, nil)
		}
	})
}

func BenchmarkWhole(b *testing.B) {
	benchSizes(b, func(b *testing.B, rows int) {
		b.Helper()
		_, _, e := benchShips(rows, true)
		var dst []byte
		for b.Loop() {
			e.frames = 0
			client := Baseline{}
			_, dst = e.Frame(dst[:0], &client, 1, nil)
		}
	})
}

func BenchmarkPlain(b *testing.B) {
	benchSizes(b, func(b *testing.B, rows int) {
		b.Helper()
		_, _, e := benchShips(rows, true)
		client := held(63, true, rows)
		for b.Loop() {
			client.tick = 63
			e.Plain(nothing{}, &client, 1, nil)
		}
	})
}

// nothing is a DeltaSink.
type nothing struct{}

func (nothing) Table(int)                                  {}
func (nothing) Gone(ID)                                    {}
func (nothing) Row(ID, uint32, []int32, []string, []int32) {}

func BenchmarkApply(b *testing.B) {
	benchSizes(b, func(b *testing.B, rows int) {
		b.Helper()
		s, _, e := benchShips(rows, true)
		client := held(63, true, rows)
		_, body := e.Frame(nil, &client, 1, nil)
		r, err := NewReplica(s)
		if err != nil {
			b.Fatal(err)
		}
		var whole Baseline
		base, first := e.Frame(nil, &whole, 1, nil)
		if err := r.Apply(1, base, first); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			r.tick = 1
			if err := r.Apply(2, 0, body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkHash(b *testing.B) {
	benchSizes(b, func(b *testing.B, rows int) {
		b.Helper()
		_, _, e := benchShips(rows, true)
		client := held(64, false, rows)
		sum := uint32(0)
		for b.Loop() {
			sum += e.Hash(&client)
		}
	})
}

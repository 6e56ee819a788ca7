package game

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// rated is rows 0 … n-1 of a table, all of them wished to be of a class.
func rated(e *Encoder, n int, class uint8) *Visible {
	rates := make([]uint8, n)
	for i := range rates {
		rates[i] = class
	}
	return &Visible{tables: [][]int32{e.upTo(n)}, rates: [][]uint8{rates}}
}

// TestTiersAllocate shows that rows of slower classes allocate nothing once memory has grown, whether a frame is due for
// them or not, and whether they change their class.
func TestTiersAllocate(t *testing.T) {
	const rows, newest = 300, 64
	s, h, e := benchShips(rows, true)
	r, err := NewReplica(s)
	if err != nil {
		t.Fatal(err)
	}
	type frame struct {
		base uint32
		body []byte
	}
	var held []Baseline
	var frames []frame
	vis := rated(e, rows, 1)
	for n := range rows / 2 {
		vis.rates[0][2*n] = 2
	}
	var client Baseline
	for tick := uint32(newest - 4); tick < newest; tick++ {
		past := NewEncoder(s, upTo(h, tick))
		past.Begin()
		base, body := past.Frame(nil, &client, 1, vis)
		frames = append(frames, frame{base, body})
		held = append(held, Baseline{})
		held[len(held)-1].Copy(&client)
	}
	if base := frames[0].base; base != baseWhole|Moves || client.slow != [slowest]bool{true, true} {
		t.Fatalf("base %d, slow %v", base, client.slow)
	}
	var b Baseline
	buf := make([]byte, 0, 1<<16)
	some := &Visible{tables: [][]int32{e.upTo(rows)[7:]}, rates: [][]uint8{vis.rates[0][:rows-7]}}
	round := func() {
		for i := range held {
			tick := newest - 4 + uint32(i)
			err = errors.Join(err, r.Apply(tick, frames[i].base, frames[i].body))
			for _, v := range []*Visible{vis, some, nil} {
				b.Copy(&held[i])
				_, buf = e.Frame(buf[:0], &b, 1, v)
				e.Hash(&b)
				b.Copy(&held[i])
				e.Plain(nothing{}, &b, 1, v)
			}
		}
		b.Copy(&held[3])
		var base uint32
		base, buf = e.Frame(buf[:0], &b, 1, some)
		err = errors.Join(err, r.Apply(newest, base, buf))
		e.Begin()
	}
	if n := testing.AllocsPerRun(10, round); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
	if err != nil || r.slow != rows-7 {
		t.Errorf("%d slow rows: %v", r.slow, err)
	}
}

// TestTiersCost bounds what rows of slower classes cost beside those of class 0. They save bytes where velocities change
// in most ticks, for what came and went between two frames is not told. Where rows go straight on and turn now and then
// class 0 is nearly free as well: each turn must be told in any class.
func TestTiersCost(t *testing.T) {
	const rows, ticks = 24, 400
	for _, c := range []struct {
		why  string
		turn int // ticks between two changes of velocity
		most [slowest]float64
	}{
		{"walkers", 30, [slowest]float64{1.1, 1.1}},
		{"ships under thrust", 2, [slowest]float64{1.05, 0.9}},
	} {
		s := prepared(table("walkers", colPos("x"), colPos("y")))
		h := NewHistory(s)
		e := NewEncoder(s, h)
		r := rand.New(rand.NewPCG(3, 5))
		state, vels := make([]rigRow, rows), make([][2]int32, rows)
		for i := range state {
			state[i] = at(ID(i+1), r.Int32N(4000), r.Int32N(4000))
		}
		var clients [slowest + 1]Baseline
		var bytes [slowest + 1]int
		for tick := uint32(1); tick <= ticks; tick++ {
			for i := range state {
				if r.IntN(c.turn) == 0 {
					vels[i] = [2]int32{r.Int32N(21) - 10, r.Int32N(21) - 10}
				}
				state[i] = at(state[i].id, state[i].cells[0]+vels[i][0], state[i].cells[1]+vels[i][1])
			}
			capture(s, h, tick, one(state...))
			e.Begin()
			for class := range clients {
				_, body := e.Frame(nil, &clients[class], 1, rated(e, rows, uint8(class)))
				bytes[class] += len(body)
			}
		}
		for i, most := range c.most {
			if share := float64(bytes[i+1]) / float64(bytes[0]); share > most {
				t.Errorf("%s of class %d take %.2f of the bytes of class 0, want %.2f", c.why, i+1, share, most)
			} else {
				t.Logf("%s of class %d: %.2f of %.1f bytes a frame", c.why, i+1, share, float64(bytes[0])/ticks)
			}
		}
	}
}

// BenchmarkTiers is what a frame costs for each row that a client sees, once the fragments are made: in which nobody is
// told of, in which some are, and in which all are.
func BenchmarkTiers(b *testing.B) {
	const rows = 1000
	_, h, e := benchShips(rows, true)
	vis := rated(e, rows, 2)
	for i := range rows {
		vis.rates[0][i] = uint8(i % 3)
	}
	for _, c := range []struct {
		name string
		held uint32
		rows *Visible
	}{{"due", 63, vis}, {"not due", 62, vis}, {"without", 63, &Visible{tables: vis.tables}}} {
		b.Run(c.name, func(b *testing.B) {
			past := NewEncoder(e.schema, upTo(h, 60))
			var held, client Baseline
			for tick := uint32(60); tick <= c.held; tick++ {
				past.history = upTo(h, tick)
				past.Begin()
				past.Frame(nil, &held, 1, c.rows)
			}
			next := NewEncoder(e.schema, upTo(h, c.held+1))
			next.Begin()
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				client.Copy(&held)
				_, dst = next.Frame(dst[:0], &client, 1, c.rows)
			}
			perRow(b, rows)
		})
	}
}

package game

import "testing"

// The laggards: so many clients whose windows open in the same tick, after they were skipped for 2 to 21 ticks.
const (
	laggards     = 200
	laggardBases = 20
	laggardRows  = 5000
)

// crowd is what laggards hold, and what each of them may see now; seen is how many rows that is, or 0 for all.
type crowd struct {
	held []Baseline
	now  []Baseline
	vis  []*Visible
}

func newCrowd(tick uint32, seen int) *crowd {
	c := &crowd{now: make([]Baseline, laggards)}
	for i := range laggards {
		b := held(tick-2-uint32(i%laggardBases), seen == 0, laggardRows)
		var vis *Visible
		if seen > 0 {
			from := i * (laggardRows - seen) / laggards
			vis = &Visible{tables: [][]int32{b.rows[from : from+seen : from+seen]}}
			b.rows, b.ends = vis.tables[0], []int{seen}
		}
		c.held, c.vis = append(c.held, b), append(c.vis, vis)
	}
	return c
}

// frames makes the frames of one tick for all laggards and gives each to see.
func (c *crowd) frames(e *Encoder, body []byte, see func(client int, base uint32, body []byte)) []byte {
	e.Begin()
	for i := range c.held {
		c.now[i].Copy(&c.held[i])
		var base uint32
		base, body = e.Frame(body[:0], &c.now[i], 1, c.vis[i])
		see(i, base, body)
	}
	return body
}

// Every laggard gets one merged delta from what it holds, and then holds what it should.
func TestLaggards(t *testing.T) {
	s, h, e := benchShips(laggardRows, true)
	newest := h.Newest()
	for _, seen := range []int{0, 500} {
		c := newCrowd(newest, seen)
		c.frames(e, nil, func(i int, base uint32, body []byte) {
			b := &c.held[i]
			if want := newest - b.tick + 1; base != want {
				t.Fatalf("client %d, who holds tick %d, gets base %d, not %d", i, b.tick, base, want)
			}
			if i%40 != 0 {
				return
			}
			r, err := NewReplica(s)
			if err != nil {
				t.Fatal(err)
			}
			past := NewEncoder(s, upTo(h, b.tick))
			past.Begin()
			var first Baseline
			whole, state := past.Frame(nil, &first, 1, c.vis[i])
			if err := r.Apply(b.tick, whole, state); err != nil {
				t.Fatal(err)
			}
			if err := r.Apply(newest, base, body); err != nil {
				t.Fatalf("client %d: %v", i, err)
			}
			if err := holds(r, view(s, h, newest, 1, c.vis[i])); err != nil {
				t.Fatalf("client %d: %v", i, err)
			}
		})
	}
}

// upTo is a history as it was in an earlier tick.
func upTo(h *History, tick uint32) *History {
	past := *h
	past.newest = tick
	return &past
}

// BenchmarkLaggards is the frames of one tick for all laggards. It must leave room in a tick of 33 ms.
func BenchmarkLaggards(b *testing.B) {
	for _, c := range []struct {
		name string
		seen int
	}{{"all", 0}, {"near", 500}, {"most", 4900}} {
		b.Run(c.name, func(b *testing.B) {
			_, h, e := benchShips(laggardRows, true)
			crowd := newCrowd(h.Newest(), c.seen)
			bytes := 0
			body := crowd.frames(e, nil, func(_ int, _ uint32, body []byte) { bytes += len(body) })
			b.ReportAllocs()
			for b.Loop() {
				body = crowd.frames(e, body, func(int, uint32, []byte) {})
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/tick")
			b.ReportMetric(float64(bytes)/laggards, "B/frame")
		})
	}
}

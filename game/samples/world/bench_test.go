package world

import (
	"strconv"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// settling is how many ticks it takes until all memory has grown to what it needs.
const settling = 400

// TestNoAllocations shows that a crowded world makes no garbage: neither the game, nor the sim around it.
func TestNoAllocations(t *testing.T) {
	m := crowded(t, 300)
	for range settling {
		m.step(m.inbox()...)
	}
	if n := testing.AllocsPerRun(300, func() { m.step(m.inbox()...) }); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

// BenchmarkTick is one tick of worlds that are equally dense, in which everybody walks: the game alone, and with the sim
// around it, which takes the inputs and captures the state.
func BenchmarkTick(b *testing.B) {
	for _, players := range []int{200, 1500} {
		b.Run(strconv.Itoa(players), func(b *testing.B) {
			m := crowded(b, players)
			for range settling {
				m.step(m.inbox()...)
			}
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				entries := m.inbox()
				b.StartTimer()
				m.step(entries...)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*players), "ns/player")
			b.ReportMetric(float64(m.game.food.Len()), "food")
		})
	}
}

// BenchmarkView is what one player of such worlds may see, as the game names it.
func BenchmarkView(b *testing.B) {
	for _, players := range []int{200, 1500} {
		b.Run(strconv.Itoa(players), func(b *testing.B) {
			m := crowded(b, players)
			for range settling {
				m.step(m.inbox()...)
			}
			var v game.View
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if err := m.sim.View(m.players[i%players], &v); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

// BenchmarkTickAndFrames is a tick of such worlds with a frame for each player, on one core.
func BenchmarkTickAndFrames(b *testing.B) {
	for _, players := range []int{200, 1500} {
		b.Run(strconv.Itoa(players), func(b *testing.B) {
			m := crowded(b, players)
			encoder := game.NewEncoder(m.sim.Schema(), m.sim.History())
			clients := make([]*client, players)
			for i, p := range m.players {
				clients[i] = m.client(p)
			}
			var body []byte
			bytes := 0
			tick := func(entries []game.Entry) {
				m.step(entries...)
				encoder.Begin()
				for _, c := range clients {
					if err := m.sim.View(c.player, &c.view); err != nil {
						b.Fatal(err)
					}
					_, body = encoder.Frame(body[:0], &c.held, 1, encoder.See(&c.sight, &c.view, &c.held, allowance))
					bytes += len(body)
				}
			}
			for range settling / 4 {
				tick(m.inbox())
			}
			bytes = 0
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				entries := m.inbox()
				b.StartTimer()
				tick(entries)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*players), "ns/player")
			b.ReportMetric(float64(bytes)/float64(b.N*players), "B/frame")
		})
	}
}

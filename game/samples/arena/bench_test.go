package arena

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

// TestNoAllocations shows that a room in full swing makes no garbage: neither the game, nor the sim around it.
func TestNoAllocations(t *testing.T) {
	m := newMatch(t, 64)
	for range 400 { // until all memory has grown to what it needs
		m.step(m.inbox()...)
	}
	if n := testing.AllocsPerRun(300, func() { m.step(m.inbox()...) }); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

// BenchmarkTick is one tick of a room with 64 players who all fly and shoot, without frames.
func BenchmarkTick(b *testing.B) {
	m := newMatch(b, 64)
	for range 400 {
		m.step(m.inbox()...)
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		entries := m.inbox()
		b.StartTimer()
		m.step(entries...)
	}
}

// BenchmarkTickAndFrames is the same with a frame for each of the 64 players.
func BenchmarkTickAndFrames(b *testing.B) {
	m := newMatch(b, 64)
	encoder := game.NewEncoder(m.sim.Schema(), m.sim.History())
	held := make([]game.Baseline, 64)
	var body []byte
	bytes := 0
	tick := func(entries []game.Entry) {
		m.step(entries...)
		encoder.Begin()
		for i := range held {
			_, body = encoder.Frame(body[:0], &held[i], 1, nil)
			bytes += len(body)
		}
	}
	for range 400 {
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
	b.ReportMetric(float64(bytes)/float64(b.N)/float64(len(held)), "B/frame")
}

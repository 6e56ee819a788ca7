package arena

import (
	"bytes"
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

// BenchmarkTail is what it costs to keep the last five seconds of such a room for a dump, a tick, checkpoints included.
func BenchmarkTail(b *testing.B) {
	m := newMatch(b, 64)
	tail := game.NewTail(m.sim, 150)
	for range 400 {
		entries := m.inbox()
		tail.Add(m.sim, entries)
		m.step(entries...)
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		entries := m.inbox()
		b.StartTimer()
		tail.Add(m.sim, entries)
		b.StopTimer()
		m.step(entries...)
		b.StartTimer()
	}
	var dump bytes.Buffer
	if err := tail.Write(&dump); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(dump.Len()), "B/dump")
}

// BenchmarkCheckpoint is one checkpoint of such a room.
func BenchmarkCheckpoint(b *testing.B) {
	m := newMatch(b, 64)
	for range 400 {
		m.step(m.inbox()...)
	}
	saved := m.sim.Checkpoint(nil)
	b.ReportAllocs()
	for b.Loop() {
		saved = m.sim.Checkpoint(saved[:0])
	}
	b.ReportMetric(float64(len(saved)), "B/checkpoint")
}

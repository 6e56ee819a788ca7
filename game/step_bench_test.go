package game_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// vessel is a row of ordinary size.
type vessel struct {
	X, Y  int32 `sync:"pos,unit=1024,drop=5,jump=160,lerp"`
	Angle uint8 `sync:"angle"`
	HP    uint8
	Armed bool

	vx, vy   int32 //nolint:unused // rows have unexported fields too
	cooldown uint8 //nolint:unused // the same
}

// fleet is a game of n vessels that stand or move, and as many players if they steer.
func fleet(tb testing.TB, n int, moving, steered bool) (*game.Sim, []game.Entry) {
	tb.Helper()
	s := start(tb, lab(func(w *game.World, h *hooks) {
		vessels := game.NewTable[vessel](w, "vessels")
		names := game.NewTable[struct{ Name string }](w, "names")
		in := game.NewInputs[stick](w)
		hits := game.NewEvents[order](w, "hit")
		h.join = func(_ *game.Tick, p game.Player) error {
			vessels.Put(p, vessel{HP: 100})
			names.Put(p, struct{ Name string }{"vessel " + strconv.Itoa(int(p))})
			return nil
		}
		h.tick = func(t *game.Tick) error {
			if t.Number() == 1 && !steered {
				for range n {
					vessels.Add(vessel{})
				}
			}
			if !moving {
				return nil
			}
			for p, v := range vessels.All() {
				stick := in.Of(t, p)
				v.vx += int32(stick.DX)*14 + 1
				v.X += v.vx
				v.Angle += stick.Slot
				if stick.Hop && names.Get(p) != nil {
					hits.Broadcast(t, order{What: 1, Text: names.Get(p).Name})
				}
			}
			return nil
		}
	}))
	var inbox []game.Entry
	if steered {
		for i := range n {
			inbox = append(inbox, game.Entry{Kind: game.EntryJoin, Player: s.NextID() + game.ID(i), Name: "p"})
		}
		tick(tb, s, inbox...)
		inbox = inbox[:0]
		for _, p := range s.Players() {
			inbox = append(inbox, put(p, 1, stick{DX: 1, Hop: p%8 == 0, Slot: 2}))
		}
	}
	for range game.HistoryTicks + 2 { // until the ring has its memory
		if err := advance(s, inbox); err != nil {
			tb.Fatal(err)
		}
	}
	return s, inbox
}

// advance runs a tick in which everybody steers.
func advance(s *game.Sim, inbox []game.Entry) error {
	for i := range inbox {
		inbox[i].Tick = s.Now() + 1
	}
	_, err := s.Step(inbox)
	return err
}

// In steady state a tick allocates nothing: with 64 players, their inputs, events and texts.
func TestStepAllocatesNothing(t *testing.T) {
	s, inbox := fleet(t, 64, true, true)
	var err error
	if n := testing.AllocsPerRun(200, func() { err = errors.Join(err, advance(s, inbox)) }); n > 0 || err != nil {
		t.Errorf("%v allocations a tick, %v", n, err)
	}
	b := s.Checkpoint(nil)
	if n := testing.AllocsPerRun(50, func() { b = s.Checkpoint(b[:0]) }); n > 1 {
		t.Errorf("%v allocations a checkpoint", n)
	}
	if n := testing.AllocsPerRun(50, func() { s.Hash() }); n > 1 {
		t.Errorf("%v allocations a hash", n)
	}
}

// Looking at the past costs no memory, but for bytes.
func TestPastAllocatesNothing(t *testing.T) {
	var sum int32
	s := start(t, lab(func(w *game.World, h *hooks) {
		vessels := game.NewTable[vessel](w, "vessels")
		h.tick = func(t *game.Tick) error {
			if t.Number() == 1 {
				vessels.Add(vessel{X: 1024})
			}
			if past, ok := vessels.At(t.Number() - 1); ok {
				for id, was := range past.All() {
					one, _ := past.Get(id)
					sum += was.X - one.X
				}
			}
			return nil
		}
	}))
	for range game.HistoryTicks + 2 {
		tick(t, s)
	}
	if n := testing.AllocsPerRun(100, func() { tick(t, s) }); n > 0 || sum != 0 {
		t.Errorf("%v allocations a tick, sum %d", n, sum)
	}
}

// BenchmarkCapture is a tick of a game that does nothing but to be captured.
func BenchmarkCapture(b *testing.B) {
	for _, n := range []int{64, 1000, 5000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s, _ := fleet(b, n, false, false)
			b.ReportAllocs()
			for b.Loop() {
				if err := advance(s, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/row")
		})
	}
}

// BenchmarkStep is a tick with 64 players who all steer, and 64 vessels that all move.
func BenchmarkStep(b *testing.B) {
	s, inbox := fleet(b, 64, true, true)
	b.ReportAllocs()
	for b.Loop() {
		if err := advance(s, inbox); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckpoint and its fellows say what it costs to save a room of 64 and to bring it back.
func BenchmarkCheckpoint(b *testing.B) {
	s, _ := fleet(b, 64, true, true)
	saved := s.Checkpoint(nil)
	b.ReportAllocs()
	for b.Loop() {
		saved = s.Checkpoint(saved[:0])
	}
	b.ReportMetric(float64(len(saved)), "bytes")
}

func BenchmarkStateHash(b *testing.B) {
	s, _ := fleet(b, 64, true, true)
	b.ReportAllocs()
	for b.Loop() {
		s.Hash()
	}
}

func BenchmarkRestore(b *testing.B) {
	s, _ := fleet(b, 64, true, true)
	saved, def := s.Checkpoint(nil), s.Definition()
	b.ReportAllocs()
	for b.Loop() {
		fresh, err := game.NewSim(def, 1, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := fresh.Restore(saved); err != nil {
			b.Fatal(err)
		}
	}
}

package server

import (
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
)

// script drives a flow at 30 frames a second: each step is one due frame.
type script struct {
	flow flow
	now  time.Time
	tick uint32
	acks []ackDue
}

// ackDue is an acknowledgement that is on its way.
type ackDue struct {
	at   time.Time
	tick uint32
}

const frameTime = time.Second / 30

// step lets one due frame pass and reports whether it was sent.
func (s *script) step() bool {
	s.now = s.now.Add(frameTime)
	s.tick++
	if !s.flow.turn(s.tick, 1) {
		return false
	}
	if !s.flow.open(s.now, frameTime) {
		s.flow.skip(s.now)
		return false
	}
	s.flow.sent(s.tick, 100, s.now, &game.Baseline{})
	return true
}

// run lets so many frames pass, each of which is acknowledged after trip; it returns how many were sent.
func (s *script) run(frames int, trip time.Duration) (sent int) {
	for range frames {
		next := s.now.Add(frameTime)
		for len(s.acks) > 0 && !s.acks[0].at.After(next) {
			s.flow.ack(s.acks[0].tick, s.acks[0].at)
			s.acks = s.acks[1:]
		}
		if s.step() {
			sent++
			s.acks = append(s.acks, ackDue{s.now.Add(trip), s.tick})
		}
	}
	return sent
}

func TestFlowSendsAllToWhoKeepsUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why   string
		trip  time.Duration
		least int // of 300
	}{
		{"on the same machine", 0, 300},
		{"in the same town", 20 * time.Millisecond, 300},
		{"across a continent", 120 * time.Millisecond, 296},
		{"across the world", 300 * time.Millisecond, 280},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			s := script{now: time.Unix(1e9, 0)}
			s.run(100, tc.trip) // the round trip must be known first
			if sent := s.run(300, tc.trip); sent < tc.least {
				t.Errorf("%d frames were sent, want at least %d", sent, tc.least)
			}
		})
	}
}

// Nothing is sent to a client that acknowledges nothing but what fills a round trip, and its rate falls by two tiers.
func TestFlowStopsWithoutAcks(t *testing.T) {
	t.Parallel()
	s := script{now: time.Unix(1e9, 0)}
	s.run(90, 30*time.Millisecond)
	held := len(s.flow.flight.frames)
	sent := 0
	for range 150 { // 5 s
		if s.step() {
			sent++
		}
	}
	if sent+held > 5 {
		t.Errorf("%d frames were sent without an acknowledgement", sent+held)
	}
	if s.flow.tier != maxTier {
		t.Errorf("tier %d after 5 s, want %d", s.flow.tier, maxTier)
	}
	if owes := s.flow.owes(s.now); owes < 4*time.Second || owes > 5100*time.Millisecond {
		t.Errorf("it owes for %v", owes)
	}
	// It wakes: all at once, then a quarter, a half and all of the frames.
	s.flow.ack(s.tick, s.now)
	if owes := s.flow.owes(s.now); owes != 0 {
		t.Errorf("it owes for %v after it acknowledged all", owes)
	}
	for _, want := range []int{15, 30, 60} {
		if sent := s.run(60, 30*time.Millisecond); sent < want-5 || sent > want+2 {
			t.Errorf("%d frames in 2 s, want about %d", sent, want)
		}
	}
}

func TestFlowPace(t *testing.T) {
	t.Parallel()
	s := script{now: time.Unix(1e9, 0)}
	s.run(30, 0)
	s.flow.pace = 30
	if sent := s.run(300, 0); sent != 10 {
		t.Errorf("%d frames in 10 s at one a second", sent)
	}
	s.flow.pace = 0
	if sent := s.run(300, 0); sent != 300 {
		t.Errorf("%d of 300 frames after the page is seen again", sent)
	}
}

// A frame that was sent late does not make the next one wait beyond its turn.
func TestFlowTurnsKeepToTheRoom(t *testing.T) {
	t.Parallel()
	var f flow
	f.sent(9, 1, time.Unix(1e9, 0), &game.Baseline{}) // after catching up, with a stride of 4
	if f.turn(11, 4) || !f.turn(12, 4) {
		t.Error("after a frame of tick 9, the next is due at 12")
	}
}

func TestFlight(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	for _, tc := range []struct {
		why   string
		acks  []uint32
		left  int
		bytes int
		land  uint32
		held  bool // what it lands on is known
	}{
		{"nothing acknowledged, nothing kept", nil, 4, 100, 0, false},
		{"it holds a frame that it has not acknowledged", nil, 4, 100, 3, true},
		{"it acknowledged one and holds that", []uint32{2}, 2, 70, 2, true},
		{"it holds a newer one", []uint32{2}, 2, 70, 4, true},
		{"it says it holds an older one than it acknowledged", []uint32{3}, 1, 40, 1, false},
		{"it holds a tick that was never sent", nil, 4, 100, 9, false},
		{"an acknowledgement between two frames counts for the older", []uint32{2, 2, 1}, 2, 70, 2, true},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			var f flight
			for n := 1; n <= 4; n++ {
				f.add(uint32(n), 10*n, at(n), holding(t, uint32(n)))
			}
			for _, tick := range tc.acks {
				f.ack(tick)
			}
			if len(f.frames) != tc.left || f.bytes != tc.bytes {
				t.Errorf("%d frames with %d bytes on their way, want %d with %d", len(f.frames), f.bytes, tc.left, tc.bytes)
			}
			held := f.land(tc.land)
			if known := held.Tick() != 0; known != tc.held || known && held.Tick() != tc.land {
				t.Errorf("it lands on tick %d", held.Tick())
			}
			if len(f.frames) != 0 || f.bytes != 0 {
				t.Errorf("%d frames are on their way after landing", len(f.frames))
			}
		})
	}
}

// holding is the baseline of a client that has applied the frame of a tick.
func holding(t *testing.T, tick uint32) *game.Baseline {
	t.Helper()
	sim, err := game.NewSim(game.Definition{Name: "still", New: func(w *game.World) game.Game {
		game.NewVar(w, "x", struct{ A uint8 }{})
		return still{}
	}}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, b := game.NewEncoder(sim.Schema(), sim.History()), &game.Baseline{}
	for range tick {
		if _, err := sim.Step(nil); err != nil {
			t.Fatal(err)
		}
		e.Begin()
	}
	e.Frame(nil, b, 1, nil)
	return b
}

package arena

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

// TestBodyOfAFullRoom holds the arena to its budget: what a client gets a tick while 64 ships fly and shoot, all of them
// seen, is at most 100 bytes of state. Nobody is let die, for wrecks cost nothing.
func TestBodyOfAFullRoom(t *testing.T) {
	const ticks, budget = 3000, 100
	m := newMatch(t, 64)
	for range 90 { // until all have left their shields and come to speed
		m.step(m.inbox()...)
	}
	encoder := game.NewEncoder(m.sim.Schema(), m.sim.History())
	replica, err := game.NewReplica(m.sim.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var held game.Baseline
	var body []byte
	frame := func() int {
		encoder.Begin()
		var base uint32
		base, body = encoder.Frame(body[:0], &held, 1, nil)
		if err := replica.Apply(m.sim.Now(), base, body); err != nil {
			t.Fatal(err)
		}
		return len(body)
	}
	whole := frame()

	bytes, most, shots, fired, flying := 0, 0, 0, 0, 0
	for range ticks {
		for _, s := range m.game.ships.All() {
			if s.HP <= 1 {
				s.HP = MaxHP
			}
		}
		next := m.sim.NextID()
		m.step(m.inbox()...)
		n := frame()
		bytes, most = bytes+n, max(most, n)
		fired += int(m.sim.NextID() - next)
		shots += m.game.shots.Len()
		for _, s := range m.game.ships.All() {
			if s.vx != 0 || s.vy != 0 {
				flying++
			}
		}
	}
	if replica.Hash() != encoder.Hash(&held) {
		t.Error("the replica differs")
	}
	mean := float64(bytes) / ticks
	t.Logf("a frame: mean %.1f B, greatest %d B, whole %d B; %.1f ships fly, %.1f shots, %.2f fired a tick",
		mean, most, whole, float64(flying)/ticks, float64(shots)/ticks, float64(fired)/ticks)
	if mean > budget {
		t.Errorf("the mean frame has %.1f B of state, the budget is %d B", mean, budget)
	}
	if flying < 63*ticks || fired < 3*ticks {
		t.Error("not everybody flies and shoots: this is not what the budget is for")
	}
}

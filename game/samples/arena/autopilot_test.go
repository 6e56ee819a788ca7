package arena

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

// volley fires at a ship for ten seconds from 20 units away, and says what is left of it.
func volley(t *testing.T, angle uint8, away bool) (hp uint8, ship *Ship) {
	t.Helper()
	m, a, b := duel(t)
	m.game.ships.Get(a).X = -20 * unit
	ship = m.game.ships.Get(b)
	ship.X, ship.Angle = 0, angle
	if away {
		m.step(game.Entry{Kind: game.EntryDrop, Player: b})
	}
	for range 300 {
		m.step(
			game.Entry{Kind: game.EntryInput, Player: a, Tick: m.sim.Now() + 1, Values: []int64{0, 0, 1}},
			game.Entry{Kind: game.EntryInput, Player: b, Tick: m.sim.Now() + 1, Values: []int64{0, 0, 1}})
		for _, s := range m.game.shots.All() {
			if away && s.owner == b {
				t.Fatal("it shoots while its player is away")
			}
		}
		if ship.HP == 0 {
			return 0, ship
		}
	}
	return ship.HP, ship
}

// Whoever is away is no easy prey: wherever the nose points, the ship gets out of the line of fire.
func TestAutopilotDodges(t *testing.T) {
	for angle := 0; angle < 256; angle += 4 {
		if hp, _ := volley(t, uint8(angle), false); hp > 0 {
			t.Fatalf("angle %d: a ship that stands still lives on with %d", angle, hp)
		}
		hp, ship := volley(t, uint8(angle), true)
		if hp < MaxHP-2 {
			t.Errorf("angle %d: only %d is left of it", angle, hp)
		}
		if ship.vx != 0 || ship.vy != 0 {
			t.Errorf("angle %d: out of danger it flies on at %d, %d", angle, ship.vx, ship.vy)
		}
	}
}

func TestPilotShowsWhoIsAway(t *testing.T) {
	m, a, b := duel(t)
	drop, resume := game.Entry{Kind: game.EntryDrop, Player: b}, game.Entry{Kind: game.EntryResume, Player: b}
	for _, tc := range []struct {
		why   string
		entry game.Entry
		away  bool
	}{
		{"the connection is lost", drop, true},
		{"nothing new", game.Entry{Kind: game.EntryDrop, Player: b}, true},
		{"it is back", resume, false},
		{"it is lost again", drop, true},
	} {
		m.step(tc.entry)
		if m.game.pilots.Get(a).Away || m.game.pilots.Get(b).Away != tc.away {
			t.Errorf("%s: %+v, %+v", tc.why, *m.game.pilots.Get(a), *m.game.pilots.Get(b))
		}
	}
	m.step(resume)
	m.steer(b, Steer{Fire: true})
	if m.game.shots.Len() != 1 {
		t.Error("whoever is back cannot shoot")
	}
	m.step(drop, game.Entry{Kind: game.EntryLeave, Player: b})
	if m.game.pilots.Get(b) != nil || m.game.ships.Get(b) != nil {
		t.Error("who left while away has left rows behind")
	}
}

// In the tumult of a full room, ships without a player live longer than the rest.
func TestAutopilotLives(t *testing.T) {
	m := newMatch(t, 64)
	for i, p := range m.players {
		if i%2 == 0 {
			m.step(game.Entry{Kind: game.EntryDrop, Player: p})
		}
	}
	for range 3000 {
		m.step(m.inbox()...)
	}
	var deaths [2]int
	for i, p := range m.players {
		deaths[i%2] += int(m.game.pilots.Get(p).Deaths)
	}
	t.Logf("deaths of those who are away: %d, of the others: %d", deaths[0], deaths[1])
	if deaths[0] >= deaths[1]*3/4 {
		t.Errorf("those who are away died %d times, the others %d times", deaths[0], deaths[1])
	}
}

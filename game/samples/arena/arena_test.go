package arena

import (
	"math"
	"testing"

	"github.com/tickwire/tickwire/game"
)

func TestSine(t *testing.T) {
	for a := range 256 {
		want := math.Sin(float64(a) / 256 * 2 * math.Pi)
		if got := float64(sin(uint8(a))) / (1 << oneBits); math.Abs(got-want) > 1e-4 {
			t.Errorf("sin(%d) = %f, want %f", a, got, want)
		}
		want = math.Cos(float64(a) / 256 * 2 * math.Pi)
		if got := float64(cos(uint8(a))) / (1 << oneBits); math.Abs(got-want) > 1e-4 {
			t.Errorf("cos(%d) = %f, want %f", a, got, want)
		}
	}
}

func TestShipComesToTopSpeedAndToRest(t *testing.T) {
	s := Ship{HP: MaxHP}
	top := int32(0)
	for range 300 {
		s.steer(Steer{Thrust: 1})
		if s.vx < top {
			t.Fatalf("it slowed down from %d to %d under thrust", top, s.vx)
		}
		top = s.vx
	}
	if top < 11*unit/30 || top > 13*unit/30 || s.vy != 0 {
		t.Errorf("top speed is %d, %d a tick, want about 12 units a second", top, s.vy)
	}
	for range 300 {
		s.steer(Steer{})
	}
	if s.vx != 0 {
		t.Errorf("it drifts on at %d for ever", s.vx)
	}
}

func TestShipGoesAllWaysAlike(t *testing.T) {
	var least, most float64 = 1e9, 0
	for a := range 256 {
		s := Ship{Angle: uint8(a)}
		for range 300 {
			s.steer(Steer{Thrust: 1})
		}
		v := math.Hypot(float64(s.vx), float64(s.vy))
		least, most = min(least, v), max(most, v)
	}
	if most > 1.1*least {
		t.Errorf("top speed is %.0f one way and %.0f another", least, most)
	}
}

func TestWallsBounce(t *testing.T) {
	const limit = 100 * cell
	for _, tc := range []struct {
		why                string
		p, v, wantP, wantV int32
	}{
		{"up to the wall nothing happens", 97 * cell, 3 * cell, limit, 3 * cell},
		{"it moves by whole cells, to the nearest", 0, 3*cell + cell/2, 4 * cell, 3*cell + cell/2},
		{"the nearest is the same to the left", 0, -3*cell - cell/2 + 1, -3 * cell, -3*cell - cell/2 + 1},
		{"past the right wall it turns round at half the speed", 98 * cell, 3 * cell, limit, -3 * cell / 2},
		{"past the left wall too", -98 * cell, -3 * cell, -limit, 3 * cell / 2},
		{"from the wall it gets away", limit, -cell, 99 * cell, -cell},
	} {
		if p, v := advance(tc.p, tc.v, limit); p != tc.wantP || v != tc.wantV {
			t.Errorf("%s: got %d, %d, want %d, %d", tc.why, p, v, tc.wantP, tc.wantV)
		}
	}
}

func TestShotCrosses(t *testing.T) {
	right := Shot{vx: 22 * shotCell}
	for _, tc := range []struct {
		why  string
		shot Shot
		x, y int32
		want bool
	}{
		{"a ship in the middle of the way", right, 700, 0, true},
		{"a ship whose edge is on the way", right, 700, radius, true},
		{"a ship beside the way", right, 700, radius + 1, false},
		{"a ship at the end of the way", right, 1408 + radius, 0, true},
		{"a ship beyond the end", right, 1408 + radius + 1, 0, false},
		{"a ship behind", right, -radius - 1, 0, false},
		{"a shot that begins inside", right, -radius + 1, 0, true},
		{"far away", right, 30000, 30000, false},
		{"a slanting way", Shot{vx: 16 * shotCell, vy: 15 * shotCell}, 512, 480, true},
		{"a shot that does not move", Shot{}, radius, 0, true},
	} {
		if _, got := tc.shot.crosses(&Ship{X: tc.x, Y: tc.y}); got != tc.want {
			t.Errorf("%s: %v", tc.why, got)
		}
	}
}

func TestShotFliesByWholeCells(t *testing.T) {
	for a := range 256 {
		s := Ship{Angle: uint8(a)}
		shot := s.shot(1)
		if shot.vx%shotCell != 0 || shot.vy%shotCell != 0 {
			t.Errorf("angle %d: speed %d, %d", a, shot.vx, shot.vy)
		}
		v := math.Hypot(float64(shot.vx), float64(shot.vy))
		if v < 0.95*shotSpeed || v > 1.05*shotSpeed {
			t.Errorf("angle %d: speed %.0f", a, v)
		}
	}
}

// duel puts two ships in front of each other, without shields.
func duel(t *testing.T) (m *match, a, b game.Player) {
	t.Helper()
	m = newMatch(t, 2)
	a, b = m.players[0], m.players[1]
	*m.game.ships.Get(a) = Ship{X: -5 * unit, HP: MaxHP}
	*m.game.ships.Get(b) = Ship{X: 5 * unit, HP: MaxHP}
	return m, a, b
}

func TestFiveHitsKillAndTheVictimComesBack(t *testing.T) {
	m, a, b := duel(t)
	hits, kills, ticks := 0, 0, 0
	for ; kills == 0; ticks++ {
		if ticks > 300 {
			t.Fatal("nobody dies")
		}
		for _, e := range m.steer(a, Steer{Fire: true}).Events {
			switch name := m.sim.Schema().Events[e.Type].Name; {
			case name == "kill" && e.To == 0:
				kills++
			case name == "hit" && e.To == b:
				hits++
			}
		}
	}
	if hits != 5 {
		t.Errorf("%d hits to kill, want 5", hits)
	}
	if ticks < 4*cooldown {
		t.Errorf("five shots in %d ticks: the gun does not cool", ticks)
	}
	if pa, pb := m.game.pilots.Get(a), m.game.pilots.Get(b); pa.Score != 1 || pb.Deaths != 1 || pb.Score+pa.Deaths != 0 {
		t.Errorf("scores: %+v, %+v", *pa, *pb)
	}
	for n := range respawnTime + 1 {
		s := m.game.ships.Get(b)
		if s.HP > 0 {
			t.Fatalf("back after %d ticks, want %d", n, respawnTime)
		}
		m.steer(b, Steer{Thrust: 1, Turn: 1, Fire: true}) // a wreck does nothing
		if n < respawnTime && (s.X != 5*unit || s.Y != 0 || s.Angle != 0) {
			t.Fatal("a wreck moves")
		}
	}
	if s := m.game.ships.Get(b); s.HP != MaxHP || !s.Shield {
		t.Errorf("after %d ticks: %+v", respawnTime+1, *s)
	}
}

func TestShieldProtectsUntilTheFirstShot(t *testing.T) {
	m, a, b := duel(t)
	s := m.game.ships.Get(b)
	s.Shield, s.wait = true, shieldTime
	for range shieldTime {
		m.steer(a, Steer{Fire: true})
	}
	if s.HP != MaxHP {
		t.Errorf("HP %d behind a shield", s.HP)
	}
	if s.Shield {
		t.Error("the shield lasts for ever")
	}
	s.Shield, s.wait = true, shieldTime
	m.steer(b, Steer{Fire: true})
	if s.Shield {
		t.Error("it shoots from behind its shield")
	}
}

func TestShotsOfOneWhoLeftStillHit(t *testing.T) {
	m, a, b := duel(t)
	m.game.ships.Get(b).HP = 1
	m.steer(a, Steer{Fire: true})
	m.step(game.Entry{Kind: game.EntryLeave, Player: a})
	for range shotLife {
		m.step()
	}
	if hp := m.game.ships.Get(b).HP; hp != 0 {
		t.Errorf("HP %d, want the shot to have hit", hp)
	}
	if n := m.game.shots.Len(); n != 0 {
		t.Errorf("%d shots fly for ever", n)
	}
	if m.game.pilots.Len() != 1 || m.game.ships.Len() != 1 {
		t.Error("who left has left rows behind")
	}
}

func TestEverythingStaysInside(t *testing.T) {
	m := newMatch(t, 16)
	for range 600 {
		m.step(m.inbox()...)
		for _, s := range m.game.ships.All() {
			if abs(s.X) > Width*unit/2 || abs(s.Y) > Height*unit/2 {
				t.Fatalf("tick %d: a ship is at %d, %d", m.sim.Now(), s.X, s.Y)
			}
		}
	}
}

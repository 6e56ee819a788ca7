package arena

import "github.com/tickwire/tickwire/game"

// How ships fly.
const (
	radius   = 26 * cell // 0.8 units
	turn     = 4         // a full turn takes 64 ticks
	thrust   = 14        // with drag, the top speed is 416 a tick: 12 units a second, reached in about two seconds
	reverse  = 7
	dragBits = 5 // 1/32 of the speed is lost every tick
)

// The cell is how finely clients see a ship: the low bits of X and Y are not sent. Ships move by whole cells, so clients
// see exactly where they are, and guess right where they will be for as long as the speed is the same to a cell.
const (
	dropBits = 5
	cell     = 1 << dropBits
)

// Times in ticks.
const (
	cooldown    = 20
	respawnTime = 60
	shieldTime  = 45
)

// Ship is a row of the table "ships", under the player's ID.
type Ship struct {
	// X and Y are the middle of the ship. A jump is more than 5 units, twelve ticks at top speed.
	X, Y int32 `sync:"pos,unit=1024,drop=5,jump=5120,ke=10,lerp"`
	// Angle is where the nose points. Ships turn by steps of four, so the two low bits say nothing.
	Angle uint8 `sync:"angle,drop=2,k=0,lerp"`
	// HP is how many hits the ship can still take. At 0 it is a wreck, until it comes back somewhere else.
	HP uint8 `sync:"k=0,ke=2"`
	// Shield is on for a short time after that: shots do no harm.
	Shield bool

	vx, vy   int32 // speed per tick
	cooldown uint8 // until the gun is ready
	wait     uint8 // until a wreck comes back, or until the shield is gone
}

// shipOrder lists the sets of columns that are told together most often: none, Angle, X and Y, all three. Bit 0 is X and
// Y, which are told only when they are not where the ship's speed takes it; 1 is Angle, 2 HP, 3 Shield.
var shipOrder = []uint32{0, 2, 1, 3} //nolint:gochecknoglobals // a table of constants

// spawn puts the ship in a place drawn by lot, whole and shielded.
func (s *Ship) spawn(r *game.Rand) {
	*s = Ship{
		X:     int32(r.Range(-Width/2+1, Width/2-1)) * unit,
		Y:     int32(r.Range(-Height/2+1, Height/2-1)) * unit,
		Angle: uint8(r.Intn(256/turn) * turn), HP: MaxHP, Shield: true, wait: shieldTime,
	}
}

// steer turns and accelerates.
func (s *Ship) steer(in Steer) {
	s.Angle += uint8(turn * in.Turn) // wraps
	power := int32(0)
	switch in.Thrust {
	case 1:
		power = thrust
	case -1:
		power = -reverse
	}
	s.vx = drag(s.vx + along(power, cos(s.Angle)))
	s.vy = drag(s.vy + along(power, sin(s.Angle)))
}

// drag takes a part of a speed, and always a little, so that everything comes to rest.
func drag(v int32) int32 {
	switch {
	case v > 0:
		return v - v>>dragBits - 1
	case v < 0:
		return v + -v>>dragBits + 1
	}
	return 0
}

// move goes on by one tick.
func (s *Ship) move() {
	s.X, s.vx = advance(s.X, s.vx, Width*unit/2-radius)
	s.Y, s.vy = advance(s.Y, s.vy, Height*unit/2-radius)
}

// advance moves one coordinate by the speed to the nearest cell, and bounces off the walls at ±limit at half of it.
func advance(p, v, limit int32) (int32, int32) {
	p += (v + cell/2) &^ (cell - 1)
	switch {
	case p > limit:
		return limit, -v / 2
	case p < -limit:
		return -limit, -v / 2
	}
	return p, v
}

// tire lets the gun cool and the shield fade.
func (s *Ship) tire() {
	if s.cooldown > 0 {
		s.cooldown--
	}
	if s.wait > 0 {
		s.wait--
	}
	s.Shield = s.Shield && s.wait > 0
}

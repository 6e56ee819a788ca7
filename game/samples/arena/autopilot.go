package arena

import "github.com/tickwire/tickwire/game"

// dodge flies the ship of a player who is away, without shooting: it drifts to a stop, and slips sideways out of the way
// of the nearest shot that comes at it.
func (a *Arena) dodge(p game.Player, s *Ship) (in Steer) {
	nearest := int64(1 << 62)
	for _, shot := range a.shots.All() {
		x, y := int64(s.X-shot.X), int64(s.Y-shot.Y)
		vx, vy := int64(shot.vx), int64(shot.vy)
		ahead, aside := x*vx+y*vy, x*vy-y*vx // of the shot, times its speed
		if shot.owner == p || ahead < 0 || ahead >= nearest || aside > 2*radius*shotSpeed || aside < -2*radius*shotSpeed {
			continue
		}
		nearest = ahead
		if aside < 0 {
			vx, vy = -vx, -vy
		}
		in = s.towards(vy, -vx) // farther to the side on which it is
	}
	return in
}

// towards flies in a direction, ahead or back, whichever is nearer, and turns to it.
func (s *Ship) towards(x, y int64) (in Steer) {
	dx, dy := int64(cos(s.Angle)), int64(sin(s.Angle))
	in.Thrust, in.Turn = 1, 1
	if x*dx+y*dy < 0 {
		in.Thrust, x, y = -1, -x, -y
	}
	if dx*y-dy*x < 0 {
		in.Turn = -1
	}
	return in
}

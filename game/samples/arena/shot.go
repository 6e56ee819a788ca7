package arena

import "github.com/tickwire/tickwire/game"

// How shots fly.
const (
	shotSpeed = 1408 // 41 units a second: over three times a ship's top speed
	shotLife  = 24   // ticks: a range of 33 units
	shotCell  = 64   // as Shot's drop
)

// Shot is a row of the table "shots". A shot flies straight and by whole cells, so clients are told where it begins and
// where it was one tick later, and work out the rest.
type Shot struct {
	X, Y int32 `sync:"pos,unit=1024,drop=6,k=4,ke=9,lerp"`

	vx, vy int32
	owner  game.Player
	life   uint8
}

// shot is what comes out of the ship's nose.
func (s *Ship) shot(owner game.Player) Shot {
	dx, dy := cos(s.Angle), sin(s.Angle)
	return Shot{
		X: s.X + along(radius, dx), Y: s.Y + along(radius, dy),
		vx: along(shotSpeed/shotCell, dx) * shotCell, vy: along(shotSpeed/shotCell, dy) * shotCell,
		owner: owner, life: shotLife,
	}
}

// target is a ship that can be hit.
type target struct {
	id   game.Player
	ship *Ship
}

// aim lists the ships that can be hit in this tick.
func (a *Arena) aim() {
	a.targets = a.targets[:0]
	for id, s := range a.ships.All() {
		if s.HP > 0 {
			a.targets = append(a.targets, target{id, s})
		}
	}
}

// fly moves a shot on by a tick, and says whether it is still there after it.
func (a *Arena) fly(t *game.Tick, s *Shot) bool {
	if hit, ok := a.first(s); ok {
		a.strike(t, s, hit)
		return false
	}
	s.X, s.Y, s.life = s.X+s.vx, s.Y+s.vy, s.life-1
	inside := s.X >= -Width*unit/2 && s.X <= Width*unit/2 && s.Y >= -Height*unit/2 && s.Y <= Height*unit/2
	return inside && s.life > 0
}

// first is the nearest ship on the shot's way in this tick.
func (a *Arena) first(s *Shot) (best target, found bool) {
	nearest := int64(0)
	for _, it := range a.targets {
		if it.id == s.owner || it.ship.HP == 0 {
			continue
		}
		if along, ok := s.crosses(it.ship); ok && (!found || along < nearest) {
			best, nearest, found = it, along, true
		}
	}
	return best, found
}

// crosses says whether the way from the shot's place to its next one touches a ship, and how far along that is. It looks
// at the whole way, as a shot goes farther in a tick than a ship is wide.
func (s *Shot) crosses(ship *Ship) (along int64, hit bool) {
	const reach = shotSpeed + shotCell + radius
	dx, dy := ship.X-s.X, ship.Y-s.Y
	if dx > reach || dx < -reach || dy > reach || dy < -reach {
		return 0, false
	}
	x, y, vx, vy := int64(dx), int64(dy), int64(s.vx), int64(s.vy)
	along = x*vx + y*vy
	switch length := vx*vx + vy*vy; {
	case along <= 0: // the way begins nearest to it
		return along, x*x+y*y <= radius*radius
	case along >= length: // the way ends nearest to it
		return along, (x-vx)*(x-vx)+(y-vy)*(y-vy) <= radius*radius
	default:
		across := x*vy - y*vx
		return along, across*across <= radius*radius*length
	}
}

// strike does the harm of a hit.
func (a *Arena) strike(t *game.Tick, s *Shot, it target) {
	if it.ship.Shield {
		return
	}
	hit := Hit{Target: it.id, By: s.owner, X: it.ship.X, Y: it.ship.Y}
	a.hits.Send(t, it.id, hit)
	if shooter := a.pilots.Get(s.owner); shooter != nil { // who has left hears nothing
		a.hits.Send(t, s.owner, hit)
	}
	if it.ship.HP > 1 {
		it.ship.HP--
		return
	}
	a.destroy(t, s.owner, it)
}

// destroy makes a wreck of a ship.
func (a *Arena) destroy(t *game.Tick, killer game.Player, it target) {
	it.ship.HP, it.ship.wait = 0, respawnTime
	it.ship.vx, it.ship.vy = 0, 0
	a.pilots.Get(it.id).Deaths++
	if p := a.pilots.Get(killer); p != nil {
		p.Score++
	}
	a.kills.Broadcast(t, Kill{Killer: killer, Victim: it.id})
}

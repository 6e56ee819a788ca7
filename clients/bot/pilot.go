package main

import (
	"math"
	"math/rand/v2"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// pilot plays the arena: it flies at the nearest enemy, aims at where that will be, and shoots. It reads cells, as a
// fleet of hundreds has to share a machine with the server.
type pilot struct {
	me                       game.ID
	rng                      *rand.Rand
	ships                    int // table
	x, y, angle, hp, shield  int // cells
	thrust, turn, fire       int // input values
	values                   [3]int64
	sent                     [3]int64
	turns                    [64]int8 // given by tick, as far as they were sent
	frames                   int
	goal                     uint8 // angle to turn to
	near, armed              bool
	reach                    int // half the angle that the target fills
	wanderThrust, wanderTurn int64
}

// What the arena's rules say, in cells and ticks.
const (
	shotCells  = 44   // a shot's way per tick
	rangeCells = 1000 // where shots end
	bodyCells  = 25   // a ship's radius
	closeCells = 250  // nearer than this is near enough
	turnStep   = 4    // of 256, per tick
	thinkEvery = 3    // frames
)

// newPilot returns nil if the game is not the arena that it knows.
func newPilot(r *client.Room, rng *rand.Rand) *pilot {
	s := r.Schema()
	p := &pilot{me: r.Player(), rng: rng, ships: tableAt(s, "ships")}
	if p.ships < 0 || s.Input == nil || len(s.Input.Fields) != len(p.values) {
		return nil
	}
	t := s.Tables[p.ships]
	p.x, p.y, p.angle, p.hp = cellAt(t, "x"), cellAt(t, "y"), cellAt(t, "angle"), cellAt(t, "hp")
	p.shield = cellAt(t, "shield")
	p.thrust, p.turn, p.fire = fieldAt(s.Input, "thrust"), fieldAt(s.Input, "turn"), fieldAt(s.Input, "fire")
	if min(p.x, p.y, p.angle, p.hp, p.shield, p.thrust, p.turn, p.fire) < 0 {
		return nil
	}
	return p
}

func (p *pilot) frame(r *client.Room, f *client.Frame) {
	replica := r.Replica()
	row, ok := replica.Find(p.ships, p.me)
	if !ok {
		return
	}
	own := replica.Cells(p.ships, row)
	if p.frames++; (p.frames+int(p.me))%thinkEvery == 0 {
		p.think(replica, row, own)
	}
	p.values = [3]int64{}
	if own[p.hp] > 0 {
		p.act(r, f, uint8(own[p.angle])) //nolint:gosec // an angle of eight bits
	}
	p.turns[(r.InputTick()+1)%64] = int8(p.values[p.turn]) //nolint:gosec // -1 to 1
	if p.values != p.sent || p.frames == 1 {
		p.sent = p.values
		_ = r.SendValues(p.values[:], nil) // within the ranges
	}
}

// think looks for a target.
func (p *pilot) think(replica *game.Replica, row int, own []int32) {
	best, bestRow := int64(math.MaxInt64), -1
	for other := range replica.Len(p.ships) {
		cells := replica.Cells(p.ships, other)
		if other == row || cells[p.hp] == 0 {
			continue
		}
		dx, dy := int64(cells[p.x]-own[p.x]), int64(cells[p.y]-own[p.y])
		if d := dx*dx + dy*dy; d < best {
			best, bestRow = d, other
		}
	}
	if p.near = bestRow >= 0; !p.near {
		p.wanderThrust, p.wanderTurn = 1, p.rng.Int64N(3)-1
		return
	}
	cells, v := replica.Cells(p.ships, bestRow), replica.Velocities(p.ships, bestRow)
	distance := math.Sqrt(float64(best))
	flight := distance / shotCells
	dx := float64(cells[p.x]-own[p.x]) + float64(v[0])*flight
	dy := float64(cells[p.y]-own[p.y]) + float64(v[1])*flight
	turns := math.Atan2(dy, dx) / (2 * math.Pi)
	p.goal = uint8(int(math.Round(turns*256)) & 0xff)
	p.armed = distance < rangeCells && cells[p.shield] == 0
	p.reach = max(turnStep/2, int(bodyCells/max(distance, 1)*256/(2*math.Pi)))
	p.wanderThrust = 1
	if distance < closeCells {
		p.wanderThrust = int64(p.rng.IntN(2)) - 1 // keep off
	}
}

// act turns to the goal. The angle seen is some ticks old, so the turns given since are added.
func (p *pilot) act(r *client.Room, f *client.Frame, angle uint8) {
	p.values[p.thrust] = p.wanderThrust
	if !p.near {
		p.values[p.turn] = p.wanderTurn
		return
	}
	newest := r.InputTick()
	for tick := max(f.Applied, newest-min(newest, 32)); tick < newest; tick++ {
		angle += uint8(turnStep * p.turns[(tick+1)%64]) //nolint:gosec // wraps
	}
	off := int(int8(p.goal - angle)) //nolint:gosec // the short way round
	switch {
	case off > turnStep/2:
		p.values[p.turn] = 1
	case off < -turnStep/2:
		p.values[p.turn] = -1
	}
	if p.armed && off >= -p.reach && off <= p.reach {
		p.values[p.fire] = 1
	}
}

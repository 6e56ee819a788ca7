package world

import "github.com/tickwire/tickwire/game"

// How rocks lie. Between two of them, and between one and the edge, the biggest walker gets through: so nobody ever
// touches two at once.
const (
	leastRock = 1 * unit // radius
	mostRock  = 4 * unit
	gap       = 5 * unit // and a quarter less, as they lie at whole eighths
)

// Rock is a row of the table "rocks": a circle that nobody can walk into. Rocks never change.
type Rock struct {
	// X and Y are its middle.
	X, Y int32 `sync:"pos,unit=1024,drop=7,ke=9"`
	// Radius is 1 to 4 units.
	Radius uint16 `sync:"unit=1024,drop=7,ke=4"`
}

// layRocks lays out so many rocks: at most one in each field of a board, somewhere in it, so that all of them are apart.
func (g *World) layRocks(r *game.Rand, count int) {
	fields := int32(1)
	for int(fields*fields)*4 < count*5 { // one in five stays free
		fields++
	}
	side := (2*g.half - gap) / fields
	most := min(mostRock, (side-gap)/2)
	if most < leastRock {
		return
	}
	left := int(fields * fields)
	for i := range fields * fields {
		if r.Chance(count, left) {
			count--
			radius := eighths(r, leastRock, most)
			room := (side-gap)/2 - radius
			middle := side/2 + gap/2 - g.half // of the first field
			g.rocks.Add(Rock{
				X:      toEighth(middle+side*(i%fields)) + eighths(r, -room, room),
				Y:      toEighth(middle+side*(i/fields)) + eighths(r, -room, room),
				Radius: uint16(radius),
			})
		}
		left--
	}
}

// eighths draws a length between two by lot.
func eighths(r *game.Rand, lo, hi int32) int32 {
	return int32(r.Range(int(lo)/eighth, int(hi)/eighth)) * eighth
}

// eighth of a unit is how finely clients see what does not move.
const eighth = unit / 8

// clear is the place nearest to a circle's middle where the circle touches no rock.
func (g *World) clear(x, y, r int32) (int32, int32) {
	box := g.index.rocks.around(x, y, r+mostRock)
	for row := box.top; row <= box.bottom; row++ {
		for _, rock := range g.index.rocks.row(row, &box) {
			dx, dy := int64(x-rock.x), int64(y-rock.y)
			apart := int64(r) + int64(rock.extra)
			square := dx*dx + dy*dy
			if square >= apart*apart {
				continue
			}
			distance := root(square)
			if distance == 0 {
				return x + int32(apart), y
			}
			return rock.x + int32(dx*apart/distance), rock.y + int32(dy*apart/distance)
		}
	}
	return x, y
}

// root is the square root of a number, rounded down.
func root(n int64) (r int64) {
	for bit := int64(1) << 31; bit > 0; bit >>= 1 {
		if next := r + bit; next*next <= n {
			r = next
		}
	}
	return r
}

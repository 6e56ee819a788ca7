package world

// How the map of the crowds is made.
const (
	mapCells = 16 // in a row, and rows
	mapTicks = rate
	mostHint = 15
)

// Strip is a row of the table "map": a strip of the world from left to right, the first one at the top. It is made anew
// once a second.
type Strip struct {
	// Crowd says of each cell how many walkers are in it: twice the root of their number, rounded down, at most 15. So
	// few can be told from none, and a crowd's coming and going does not change it all the time.
	Crowd [mapCells]uint8 `sync:"k=0,ke=1"`
}

// tellMap counts who is where.
func (g *World) tellMap() {
	var count [mapCells][mapCells]int64
	for i := range g.index.crowd.spots {
		s := &g.index.crowd.spots[i]
		count[g.strip(s.y)][g.strip(s.x)]++
	}
	row := 0
	for _, strip := range g.density.All() {
		for i, n := range count[row] {
			strip.Crowd[i] = uint8(min(root(4*n), mostHint))
		}
		row++
	}
}

// strip is which of the map's cells a coordinate is in.
func (g *World) strip(v int32) int64 {
	return int64(v+g.half) * mapCells / (2 * int64(g.half))
}

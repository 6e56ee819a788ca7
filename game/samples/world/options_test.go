package world

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

func TestOptions(t *testing.T) {
	for _, tc := range []struct {
		why               string
		size, food, rocks string
		want              options
	}{
		{"nothing is chosen", "", "", "", options{512, 2621, 393}},
		{"whole numbers", "100", "20", "2", options{100, 200, 20}},
		{"parts of one", "100", "0.5", "1.25", options{100, 5, 12}},
		{"a size is whole", "100.9", "1", "1", options{100, 10, 10}},
		{"none at all", "64", "0", "0", options{64, 0, 0}},
		{"too little", "1", "0", "0", options{64, 0, 0}},
		{"too much", "100000", "9999", "9999", options{2048, allFood, allRocks}},
		{"too dense", "100", "51", "5", options{100, 500, 40}},
		{"more digits than a number has", "99999999999999999999", "", "", options{512, 2621, 393}},
		{"more digits than matter", "100", "1.23456789", "1.0000000000000000000000001", options{100, 12, 10}},
		{"not numbers", "big", "-1", "1e9", options{512, 2621, 393}},
		{"almost numbers", "100", "1.", ".5", options{100, 10, 15}},
		{"two points", "100", "1.2.3", "١", options{100, 100, 15}},
	} {
		chosen := map[string]string{"size": tc.size, "food": tc.food, "rocks": tc.rocks}
		if got := readOptions(func(name string) string { return chosen[name] }); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.why, got, tc.want)
		}
	}
}

// Worlds of all kinds can be made, with as many rocks and pieces of food as were chosen, all of them where they may be.
func TestWorldsAreLaidOut(t *testing.T) {
	for _, options := range []map[string]string{
		nil,
		{"size": "64"},
		{"size": "64", "rocks": "4", "food": "50"},
		{"size": "65", "rocks": "4", "food": "50"},
		{"size": "300", "rocks": "4"},
		{"size": "2048"},
		{"size": "100", "rocks": "0", "food": "0"},
	} {
		m := newMeadow(t, 1, options)
		want := readOptions(func(name string) string { return options[name] })
		if g := m.game; g.rocks.Len() != want.rocks || g.food.Len() != want.food || int32(g.rules.V.Size) != want.size {
			t.Errorf("%v: %d rocks, %d pieces of food, %+v, want %+v", options, g.rocks.Len(), g.food.Len(), g.rules.V, want)
		}
		checkRocks(t, m.game)
		for _, f := range m.game.food.All() {
			if x, y := m.game.clear(f.X, f.Y, foodRadius/2); x != f.X || y != f.Y {
				t.Errorf("%v: food at %d, %d is in a rock", options, f.X, f.Y)
			}
			if f.X%eighth != 0 || f.Y%eighth != 0 || within(f.X, m.game.half) != f.X || within(f.Y, m.game.half) != f.Y {
				t.Errorf("%v: food at %d, %d", options, f.X, f.Y)
			}
		}
	}
}

// checkRocks looks whether the biggest walker gets between any two rocks, and between rocks and edges.
func checkRocks(t *testing.T, g *World) {
	t.Helper()
	wide := int64(2 * radius(MaxSize))
	for id, a := range g.rocks.All() {
		if a.Radius < leastRock || a.Radius > mostRock || a.X%eighth != 0 || a.Y%eighth != 0 || a.Radius%eighth != 0 {
			t.Errorf("rock %+v", *a)
		}
		room := int64(g.half) - max(distance(a.X, 0), distance(a.Y, 0)) - int64(a.Radius)
		if room < wide {
			t.Errorf("rock %+v leaves %d beside the edge", *a, room)
		}
		box := g.index.rocks.around(a.X, a.Y, 2*mostRock+int32(wide))
		for row := box.top; row <= box.bottom; row++ {
			for _, b := range g.index.rocks.row(row, &box) {
				apart := int64(a.Radius) + int64(b.extra) + wide
				dx, dy := distance(a.X, b.x), distance(a.Y, b.y)
				if b.id != id && dx*dx+dy*dy < apart*apart {
					t.Errorf("rocks %+v and %+v are too near", *a, b)
				}
			}
		}
	}
}

func distance(a, b int32) int64 { return max(int64(a)-int64(b), int64(b)-int64(a)) }

// Whoever made the room, however often: the same options and the same seed make the same world.
func TestLayoutIsOfTheSeed(t *testing.T) {
	hash := func(seed uint64) uint64 {
		sim, err := game.NewSim(Definition(), seed, nil)
		if err != nil {
			t.Fatal(err)
		}
		return sim.Hash()
	}
	one, again, other := hash(1), hash(1), hash(2)
	if one != again || one == other {
		t.Errorf("a world is not what its seed makes it: %x, %x, and with another seed %x", one, again, other)
	}
}

package main

import "testing"

func TestHeading(t *testing.T) {
	for _, c := range []struct {
		why    string
		x, y   int64
		dx, dy int64
	}{
		{"right", 9000, 0, 1, 0},
		{"almost right", 9000, -3000, 1, 0},
		{"aslant", 9000, -4000, 1, -1},
		{"almost down", 3000, 9000, 0, 1},
		{"up and left", -5000, -5000, -1, -1},
		{"there already", 200, -200, 0, 0},
		{"there on one axis", 300, 200, 1, 0},
	} {
		if dx, dy := heading(c.x, c.y); dx != c.dx || dy != c.dy {
			t.Errorf("%s: %d, %d, want %d, %d", c.why, dx, dy, c.dx, c.dy)
		}
	}
}

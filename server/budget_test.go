package server

import (
	"testing"
	"time"
)

func TestBudget(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	l := &Limits{FrameBytesPerSecond: 1000, FrameBurst: 500}
	type step struct {
		at    time.Duration
		bytes int // of a frame that is sent
	}
	for _, tc := range []struct {
		why   string
		first int // frames at once that it begins with
		steps []step
		at    time.Duration
		left  float64
		open  bool
		most  int
	}{
		{"one that comes gets several frames, none greater than a burst", 4, nil, 0, 2000, true, 500},
		{"what it began with does not grow", 4, nil, time.Minute, 2000, true, 500},
		{"after its picture it has a burst", 4, []step{{0, 500}, {10 * ms, 500}, {20 * ms, 500}}, 20 * ms, 500, true, 500},
		{"all is spent", 1, []step{{0, 500}}, 0, 0, false, 0},
		{"one byte is something", 1, []step{{0, 500}}, ms, 1, true, 1},
		{"just less than one is nothing", 1, []step{{0, 500}}, ms - 1, 0.999999, false, 0},
		{"it grows with time", 1, []step{{0, 500}}, 100 * ms, 100, true, 100},
		{"and no further than a burst", 1, []step{{0, 500}}, time.Hour, 500, true, 500},
		{"a frame that is too great is a debt", 1, []step{{0, 900}}, 0, -400, false, -400},
		{"which is paid first", 1, []step{{0, 900}}, 400 * ms, 0, false, 0},
		{"then frames come again", 1, []step{{0, 900}}, 401 * ms, 1, true, 1},
		{"many frames that cannot wait are a debt of a burst", 1, []step{{0, 500}, {0, 300}, {0, 300}}, 0, -500, false, -500},
		{"one great frame is a debt of itself", 1, []step{{0, 500}, {0, 5000}}, 0, -5000, false, -5000},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			start := time.Unix(1e9, 0)
			b := newBudget(l, tc.first, start)
			for _, s := range tc.steps {
				b.fill(l, start.Add(s.at))
				b.charge(l, s.bytes)
			}
			b.fill(l, start.Add(tc.at))
			if diff := b.left - tc.left; diff > 1e-6 || diff < -1e-6 || b.open() != tc.open || b.most(l) != tc.most {
				t.Errorf("left %v, want %v; open %v; most %d, want %d", b.left, tc.left, b.open(), b.most(l), tc.most)
			}
		})
	}
}

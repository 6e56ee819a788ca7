package server

import (
	"testing"
	"time"
)

func TestLow(t *testing.T) {
	t.Parallel()
	type add struct {
		at    time.Duration
		value int64
	}
	const ms = time.Millisecond
	tests := []struct {
		why  string
		adds []add
		at   time.Duration
		want int64
	}{
		{"without values there is no least", nil, time.Second, 0},
		{"the first value is the least", []add{{0, 9}}, 0, 9},
		{"the least of several counts", []add{{0, 9}, {10 * ms, -3}, {20 * ms, 12}}, 20 * ms, -3},
		{"a small value is remembered for half a window", []add{{0, -8}, {600 * ms, 5}}, 600 * ms, -8},
		{"and forgotten after a whole one", []add{{0, -8}, {600 * ms, 5}, {1200 * ms, 6}}, 1200 * ms, 5},
		{"silence keeps the last figure", []add{{0, 4}}, time.Minute, 4},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			start := time.Unix(1_700_000_000, 0)
			var l low
			for _, a := range tc.adds {
				l.add(start.Add(a.at), a.value, time.Second)
			}
			if got := l.least(start.Add(tc.at), time.Second); got != tc.want {
				t.Errorf("least: got %d, want %d", got, tc.want)
			}
		})
	}
}

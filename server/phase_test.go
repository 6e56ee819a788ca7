package server

import (
	"slices"
	"testing"
	"time"
)

// Rooms that are made at any time tick at moments that are about evenly apart.
func TestPhases(t *testing.T) {
	t.Parallel()
	const interval = 50 * time.Millisecond
	for _, rooms := range []int{2, 10, 200} {
		var p phases
		var at []time.Duration
		age := 3 * time.Second
		for n := range rooms {
			age += time.Duration(n) * 1234567
			wait := p.next(interval, age)
			if wait < 0 || wait >= interval {
				t.Fatalf("the first tick is due in %v", wait)
			}
			at = append(at, (age+wait)%interval)
		}
		slices.Sort(at)
		for i := range at {
			gap := (at[(i+1)%rooms] - at[i] + interval) % interval
			if even := interval / time.Duration(rooms); gap < even*3/8 || gap > even*7/4 {
				t.Errorf("%d rooms: two tick %v apart, where %v would be even", rooms, gap, even)
			}
		}
	}
}

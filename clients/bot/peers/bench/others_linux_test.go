package main

import (
	"testing"
	"time"
)

func TestBusy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, stat string
		want      time.Duration
	}{
		{"all but idle and disk, of all cores", "cpu  100 200 300 9999 9999 10 20 70 50 50\ncpu0 1 1 1\n", 7 * time.Second},
		{"an old kernel", "cpu 100 200 300 9999\n", 6 * time.Second},
		{"nothing", "", 0},
	} {
		if got := busy(c.stat); got != c.want {
			t.Errorf("%s: %v, want %v", c.why, got, c.want)
		}
	}
}

package server

import (
	"testing"
	"testing/quick"
	"time"
)

func TestClockDue(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_700_000_000, 0)
	const tick = 100 * time.Millisecond // at 10 Hz
	tests := []struct {
		why   string
		at    []time.Duration
		want  []int
		slips uint64
	}{
		{"nothing is due before the first interval is over", []time.Duration{0, tick - 1}, []int{0, 0}, 0},
		{"a tick is due exactly on time", []time.Duration{tick, 2 * tick}, []int{1, 1}, 0},
		{"a late tick does not delay the next", []time.Duration{tick + tick/2, 2 * tick}, []int{1, 1}, 0},
		{"three missed ticks are caught up", []time.Duration{3 * tick}, []int{3}, 0},
		{"four missed ticks are one tick and three slips", []time.Duration{4 * tick, 5 * tick, 6 * tick}, []int{1, 1, 1}, 3},
		{"a minute of sleep is one tick", []time.Duration{time.Minute, time.Minute + tick}, []int{1, 1}, 599},
		{"time going backwards is no tick", []time.Duration{tick, 0, 2 * tick}, []int{1, 0, 1}, 0},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			c := newClock(start, 10)
			for i, at := range tc.at {
				if got := c.due(start.Add(at)); got != tc.want[i] {
					t.Errorf("due at %v: got %d, want %d", at, got, tc.want[i])
				}
			}
			if c.slips != tc.slips {
				t.Errorf("slips: got %d, want %d", c.slips, tc.slips)
			}
		})
	}
}

// After a day of ticks at a rate that does not divide a second, the schedule is off by less than a nanosecond a tick.
func TestClockDoesNotDrift(t *testing.T) {
	t.Parallel()
	start := time.Unix(0, 0)
	for _, rate := range []int{1, 7, 30, 60, 128} {
		c := newClock(start, rate)
		if got, want := c.at(int64(rate)*86_400), start.Add(24*time.Hour); !got.Equal(want) {
			t.Errorf("rate %d: a day of ticks ends at %v, want %v", rate, got, want)
		}
	}
}

// Whatever the wake-ups, ticks handed out plus slips equal the time that passed.
func TestClockAccountsForAllTime(t *testing.T) {
	t.Parallel()
	start := time.Unix(0, 0)
	property := func(steps []uint16) bool {
		c, now, ran := newClock(start, 30), start, 0
		for _, ms := range steps {
			now = now.Add(time.Duration(ms%700) * time.Millisecond)
			ran += c.due(now)
		}
		if int64(ran) != c.done {
			return false
		}
		passed := now.Sub(start) / (time.Second / 30)
		counted := time.Duration(c.done) + time.Duration(c.slips)
		return now.Before(c.next()) && counted >= passed-1 && counted <= passed+1
	}
	if err := quick.Check(property, nil); err != nil {
		t.Error(err)
	}
}

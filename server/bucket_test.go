package server

import (
	"testing"
	"time"
)

// A bucket lets through what it holds, not one more, and gets each token back at its time, not before.
func TestBucket(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	limits := testLimits()
	for _, c := range []struct {
		why    string
		bucket bucket
		atOnce int
		every  time.Duration
	}{
		{"commands: 10 a second, 20 at once", limits.commandBucket(), 20, 100 * time.Millisecond},
		{"inputs at 30 Hz: 90 a second for 5 s", inputBucket(30), 450, time.Second / 90},
		{"inputs at 1 Hz", inputBucket(1), 15, time.Second / 3},
		{"inputs at 128 Hz", inputBucket(128), 1920, time.Second / 384},
		{"the zero value lets all through", bucket{}, 10_000, 0},
	} {
		b := c.bucket
		for n := range c.atOnce {
			if !b.allow(start) {
				t.Fatalf("%s: number %d was refused", c.why, n+1)
			}
		}
		if c.every == 0 {
			continue
		}
		if b.allow(start) || b.allow(start.Add(c.every-time.Nanosecond)) {
			t.Errorf("%s: one too many was let through", c.why)
		}
		if !b.allow(start.Add(c.every)) || b.allow(start.Add(c.every)) {
			t.Errorf("%s: after %v one token is back, not none and not two", c.why, c.every)
		}
		n := 0
		for b.allow(start.Add(time.Hour)) {
			n++
		}
		if n != c.atOnce {
			t.Errorf("%s: %d at once after an hour, want %d", c.why, n, c.atOnce)
		}
	}
}

// A player who sends inputs at a multiple of the rate of ticks for a minute: up to three times is let through.
func TestInputBucket(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	for _, c := range []struct {
		why      string
		times    float64
		from, to time.Duration // when the first one is refused; 0: never
	}{
		{"as it should be", 1, 0, 0},
		{"three times", 2.99, 0, 0},
		{"four times: the excess of 5 s is used up after 15", 4, 14 * time.Second, 16 * time.Second},
		{"six times", 6, 4 * time.Second, 6 * time.Second},
		{"thirty times", 30, 500 * time.Millisecond, 600 * time.Millisecond},
	} {
		b, step := inputBucket(30), time.Duration(float64(time.Second)/30/c.times)
		at := time.Duration(0)
		for at < time.Minute && b.allow(start.Add(at)) {
			at += step
		}
		if refused := at < time.Minute; refused != (c.to > 0) || refused && (at < c.from || at > c.to) {
			t.Errorf("%s: refused after %v, want %v to %v", c.why, at, c.from, c.to)
		}
	}
}

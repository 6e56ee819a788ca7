package server

import (
	"testing"
	"time"
)

// What a look reads has come since the one before, which may be long ago.
func TestLooks(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	s, start := &sockets{}, time.Now()
	for _, tc := range []struct {
		why      string
		now, at  time.Duration
		interval time.Duration
	}{
		{"the first look: an interval before is as good a guess as any", 0, -25 * ms, 50 * ms},
		{"in the middle between two", 50 * ms, 25 * ms, 50 * ms},
		{"a late look", 120 * ms, 95 * ms, 50 * ms},
		{"an early one after it", 150 * ms, 135 * ms, 50 * ms},
		{"twice at the same time", 150 * ms, 150 * ms, 50 * ms},
		{"after a long sleep it came when it was noticed, or shortly before", 10 * time.Second, 10*time.Second - 25*ms, 50 * ms},
	} {
		s.look(start.Add(tc.now), tc.interval)
		if got := s.at.Sub(start); got != tc.at {
			t.Errorf("%s: %v, want %v", tc.why, got, tc.at)
		}
	}
}

// In each tick as much is read as a client may send in two, and not less than 8 KiB.
func TestPollSize(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why         string
		limit, rate int
		want        int
	}{
		{"by default", 32 << 10, 30, 8 << 10},
		{"in a slow room", 32 << 10, 10, 8 << 10},
		{"of clients that may send much", 1 << 20, 64, 32 << 10},
	} {
		if got := pollSize(&Limits{BytesPerSecond: tc.limit}, tc.rate); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.why, got, tc.want)
		}
	}
}

// A room that has ended takes no more conns, and has let go of all it had, those too that it never saw.
func TestSocketsClose(t *testing.T) {
	t.Parallel()
	s, a, b := &sockets{}, &conn{}, &conn{}
	if !s.add(a) || len(s.take()) != 1 || !s.add(b) {
		t.Error("conns are not taken")
	}
	if all := s.close(); len(all) != 2 || all[0] != a || all[1] != b {
		t.Errorf("%d are left", len(all))
	}
	if s.add(a) || len(s.take()) != 0 {
		t.Error("a conn is taken after the end")
	}
}

package server

import (
	"testing"
	"time"
)

// What is answered at once costs no segment of its own to acknowledge, however late answers were before.
func TestAnswer(t *testing.T) {
	t.Parallel()
	client, server := tcp(t)
	var d descriptor
	if !d.take(server) {
		t.Fatal("no descriptor")
	}
	defer d.close()
	segments := func() uint32 {
		info, err := socketInfo(d.fd)
		if err != 0 {
			t.Fatal(err)
		}
		return info.Segs_out
	}
	b := make([]byte, 10)
	ask := func() (more uint32) {
		before := segments()
		d.answer()
		if _, err := client.Write([]byte("input")); err != nil {
			t.Fatal(err)
		}
		for start := time.Now(); time.Since(start) < patience; {
			if n, err := d.read(b); n > 0 {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		return segments() - before
	}
	for range 20 { // a machine that stops for 40 ms between the two acknowledges by the clock
		if ask() == 0 {
			return
		}
	}
	t.Error("each read costs a segment")
}

func TestMixes(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, tc := range []struct {
		why            string
		interval, cost time.Duration
		want           bool
	}{
		{"the last frames are answered shortly before the next tick", 50 * ms, 15 * ms, true},
		{"all frames are answered long before it", 50 * ms, 5 * ms, false},
		{"no input ever waits for long", 33 * ms, 15 * ms, false},
		{"the first tick", 50 * ms, 0, false},
		{"a room that falls behind", 50 * ms, 70 * ms, true},
	} {
		if got := mixes(tc.interval, tc.cost); got != tc.want {
			t.Errorf("%s: %v", tc.why, got)
		}
	}
}

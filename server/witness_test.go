package server_test

import (
	"sync"
	"testing"
	"time"

	"github.com/tickwire/tickwire/server/servertest"
)

// witness is a fair player beside the others. It reads on a goroutine of its own, so that it is as fast as a client is.
type witness struct {
	t      *testing.T
	frames chan sighting
	tick   uint32 // of the newest that follow has seen
}

// sighting is a frame that a witness got.
type sighting struct {
	tick, base uint32
	at         time.Time
}

// watch lets a witness play until the test ends.
func watch(t *testing.T, s *servertest.Server) *witness {
	t.Helper()
	c := play(t, s)
	c.frame()
	w := &witness{t: t, frames: make(chan sighting, 1<<12), tick: c.tick}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(w.frames)
		for {
			op, payload, err := c.next()
			if err != nil {
				return
			}
			if op == opBinary {
				base := c.take(payload).GetBase()
				w.frames <- sighting{c.tick, base, time.Now()}
			}
		}
	})
	t.Cleanup(func() {
		_ = c.conn.Close()
		reading.Wait()
	})
	return w
}

// take returns the frames that came since the last call, and waits until they are n.
func (w *witness) take(n int) []sighting {
	w.t.Helper()
	var frames []sighting
	for len(frames) < n || len(w.frames) > 0 {
		f, ok := <-w.frames
		if !ok {
			w.t.Fatal("the witness was cut")
		}
		frames = append(frames, f)
	}
	return frames
}

// follow checks that a frame goes on where the one before ended, and returns how many ticks it spans.
func (w *witness) follow(f sighting) int {
	w.t.Helper()
	span := max(f.base, 2) - 1 // base n is the state n-1 ticks ago, none the frame before
	if f.base == 1 || f.tick-span != w.tick {
		w.t.Errorf("tick %d with base %d follows tick %d", f.tick, f.base, w.tick)
	}
	w.tick = f.tick
	return int(span)
}

package server

import (
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
)

// flight is what is on its way to one client: the frames that were sent and not acknowledged, oldest first. With each it
// keeps what the client holds once it has applied it, so that a client which comes back on another socket can go on from
// where it really was. It belongs to the room's goroutine.
type flight struct {
	frames []flown
	bytes  int           // of all frames
	held   game.Baseline // after the newest acknowledged frame
}

// flown is one frame.
type flown struct {
	tick  uint32
	bytes int
	at    time.Time
	after game.Baseline
}

// add notes a frame that was sent.
func (f *flight) add(tick uint32, bytes int, at time.Time, after *game.Baseline) {
	f.frames = extend(f.frames)
	last := &f.frames[len(f.frames)-1]
	last.tick, last.bytes, last.at = tick, bytes, at
	last.after.Copy(after)
	f.bytes += bytes
}

// ack notes that the client has applied the frame of a tick, and with it all before. It returns when that frame was sent;
// false: no such frame is on its way.
func (f *flight) ack(tick uint32) (at time.Time, ok bool) {
	n := 0
	for n < len(f.frames) && f.frames[n].tick <= tick {
		f.bytes -= f.frames[n].bytes
		n++
	}
	if n == 0 {
		return time.Time{}, false
	}
	newest := &f.frames[n-1]
	at, ok = newest.at, newest.tick == tick
	f.held.Copy(&newest.after)
	f.drop(n)
	return at, ok
}

// drop forgets the first n frames but keeps their memory, behind the others.
func (f *flight) drop(n int) {
	all := f.frames
	slices.Reverse(all[:n])
	slices.Reverse(all[n:])
	slices.Reverse(all)
	f.frames = all[:len(all)-n]
}

// land ends the flight: the client has applied the frame of a tick and none after it. It returns what the client holds,
// which is nothing if there was no such frame.
func (f *flight) land(tick uint32) *game.Baseline {
	f.ack(tick)
	f.drop(len(f.frames))
	f.bytes = 0
	if tick == 0 || f.held.Tick() != tick {
		f.held.Reset()
	}
	return &f.held
}

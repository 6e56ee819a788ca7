package server

import (
	"sync"
	"time"

	"github.com/tickwire/tickwire/game"
)

// flight is what is on its way to one client: the frames that were sent and not acknowledged, oldest first. With each it
// keeps what the client holds once it has applied it, so that a client which comes back on another socket can go on from
// where it really was. It belongs to whoever has its session in hand.
type flight struct {
	frames []*flown
	bytes  int    // of all frames
	held   *flown // the newest that was acknowledged; nil: none
}

// flown is one frame. What a client sees may be long to tell, so those that have landed serve other clients.
type flown struct {
	tick  uint32
	bytes int
	at    time.Time
	after game.Baseline
}

// hangar holds flown frames between two flights.
//
//nolint:gochecknoglobals // a pool serves all sessions
var hangar = sync.Pool{New: func() any { return new(flown) }}

// add notes a frame that was sent.
func (f *flight) add(tick uint32, bytes int, at time.Time, after *game.Baseline) {
	last := hangar.Get().(*flown) //nolint:forcetypeassert // the pool holds nothing else
	last.tick, last.bytes, last.at = tick, bytes, at
	last.after.Copy(after)
	f.frames = append(f.frames, last)
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
	newest := f.frames[n-1]
	land(f.held)
	f.held, f.frames[n-1] = newest, nil
	f.drop(n)
	return newest.at, newest.tick == tick
}

// drop forgets the first n frames.
func (f *flight) drop(n int) {
	for _, old := range f.frames[:n] {
		land(old)
	}
	rest := copy(f.frames, f.frames[n:])
	clear(f.frames[rest:])
	f.frames = f.frames[:rest]
}

// land gives a frame's memory to others.
func land(old *flown) {
	if old != nil {
		hangar.Put(old)
	}
}

// land ends the flight: the client has applied the frame of a tick and none after it. It returns what the client holds,
// which is nothing if there was no such frame; it is good until the next frame is acknowledged.
func (f *flight) land(tick uint32) *game.Baseline {
	f.ack(tick)
	f.drop(len(f.frames))
	f.bytes = 0
	if f.held == nil {
		f.held = hangar.Get().(*flown) //nolint:forcetypeassert // the pool holds nothing else
		f.held.after.Reset()
	}
	if held := &f.held.after; tick == 0 || held.Tick() != tick {
		held.Reset()
	}
	return &f.held.after
}

package server

import (
	"bytes"
	"runtime"
	"sync/atomic"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// maxStuck is how many rooms may hang in their games before no new ones are made: each holds a core or a goroutine that
// nothing can take back.
const maxStuck = 3

// watch follows how long a room's game takes for one tick. The room begins and ends, another goroutine looks. A room that
// is given up belongs to whoever gave it up: its own goroutine, if it ever comes back, must touch nothing any more.
type watch struct {
	since     atomic.Int64 // the server's age when the tick began; 0: the game is not running; lost: it was given up
	goroutine []byte       // "goroutine 7 " of the room; written before the first tick
	warned    int64        // the tick that was warned of; the watcher's
}

// lost marks a watch whose room was given up.
const lost = -1

// begin says that the game runs from now on.
func (w *watch) begin(age time.Duration) {
	if w.goroutine == nil {
		w.goroutine = goroutine()
	}
	w.since.Store(int64(max(1, age)))
}

// end says that the game has come back. False: too late.
func (w *watch) end() bool {
	since := w.since.Load()
	return since != lost && w.since.CompareAndSwap(since, 0)
}

// giveUp takes the room from a game that has been running since a time. False: it came back meanwhile.
func (w *watch) giveUp(since int64) bool { return w.since.CompareAndSwap(since, lost) }

// guardRooms looks after rooms whose games take too long for a tick. A goroutine cannot be stopped, so such a room is
// given up: its players are told, and the others play on.
func (s *Server) guardRooms() {
	l, now := &s.options.Limits, s.age()
	for _, r := range s.directory.all() {
		since := r.watch.since.Load()
		if since <= 0 {
			continue
		}
		switch age := now - time.Duration(since); { // warned first, so that a machine that slept gives no room up
		case age >= l.TickLost && r.watch.warned == since && r.watch.giveUp(since):
			s.metrics.reached(limitTickLost)
			s.metrics.stuck.Inc()
			s.directory.stuck.Add(1)
			r.log.Error().Dur("age", age).Bytes("stack", stackOf(r.watch.goroutine)).Msg("the game hangs; its room is given up")
			r.dump()
			r.finish(tickwirev1.Code_CODE_GAME_FAILED, "the game hangs")
			s.directory.tasks.Done()
		case age >= l.TickWarn && r.watch.warned != since:
			r.watch.warned = since
			s.metrics.reached(limitTickWarn)
			r.log.Warn().Dur("age", age).Bytes("stack", stackOf(r.watch.goroutine)).Msg("the game takes long for a tick")
		}
	}
}

// age is for how long the server has been there. No change of the clock on the wall moves it.
func (s *Server) age() time.Duration { return time.Since(s.born) }

// guardPeriod is how often rooms are looked after.
func guardPeriod(l *Limits) time.Duration {
	return max(time.Millisecond, min(time.Second, l.TickWarn/4))
}

// goroutine is how a stack trace names the goroutine that calls it.
func goroutine() []byte {
	b := make([]byte, 64)
	b = b[:runtime.Stack(b, false)]
	head, _, _ := bytes.Cut(b, []byte("["))
	return head
}

// stackOf is the stack of one goroutine, as far as it is found.
func stackOf(name []byte) []byte {
	b := make([]byte, 1<<20)
	b = b[:runtime.Stack(b, true)]
	for one := range bytes.SplitSeq(b, []byte("\n\n")) {
		if bytes.HasPrefix(one, name) {
			return one
		}
	}
	return nil
}

// all returns the rooms that are made.
func (d *directory) all() []*room {
	d.mu.Lock()
	defer d.mu.Unlock()
	rooms := make([]*room, 0, len(d.rooms))
	for _, p := range d.rooms {
		if p.room != nil {
			rooms = append(rooms, p.room)
		}
	}
	return rooms
}

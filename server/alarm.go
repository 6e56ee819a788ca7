package server

import (
	"context"
	"time"
)

// alarm wakes a room when its next tick is due, and once when it is to stop. It belongs to the room's goroutine.
type alarm struct {
	ctx   context.Context //nolint:containedctx // what ends the room is what wakes it
	timer *time.Timer
	exact *exactTimer // nil: not needed yet, or the system has none
	tried bool        // whether it has
	told  bool        // that the room is to stop
}

// newAlarm returns an alarm for a room that is to stop when ctx is done. Its owner must close it.
func newAlarm(ctx context.Context) *alarm {
	a := &alarm{ctx: ctx, timer: time.NewTimer(0)}
	<-a.timer.C
	return a
}

// close gives back what the alarm holds.
func (a *alarm) close() {
	a.timer.Stop()
	if a.exact != nil {
		a.exact.close()
	}
}

// wait returns at a time, or at once when the room is to stop, which it reports once. Go's own timers are up to a
// millisecond late; exact asks the system for better, if it has it, for a room with players on real sockets.
func (a *alarm) wait(until time.Time, exact bool) (stop bool) {
	if a.told {
		a.timer.Reset(time.Until(until))
		<-a.timer.C
		return false
	}
	if !exact || !a.exactly(until) {
		a.timer.Reset(time.Until(until))
		select {
		case <-a.ctx.Done():
		case <-a.timer.C:
		}
	}
	a.told = a.ctx.Err() != nil
	return a.told
}

// exactly waits by the timer of the system. False: it did not.
func (a *alarm) exactly(until time.Time) bool {
	if !a.tried {
		a.exact, a.tried = newExactTimer(a.ctx), true
	}
	return a.exact != nil && a.exact.wait(time.Until(until))
}

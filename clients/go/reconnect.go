package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
	busyWait    = time.Second     // what is added when the server has too much to do
	graceMargin = 5 * time.Second // the server may see the end later than we do
	steadyAfter = 3 * time.Second // a connection that held so long was a good one
)

// Reconnected says how a room came back.
type Reconnected struct {
	// LostEvents are events that the server no longer had and that will not come.
	LostEvents int
	// Whole is set if the state came whole, because the server no longer knew what this client has, or it had nothing.
	Whole bool
	// Took is the time from the loss of the connection to the first new state.
	Took time.Duration
}

// absence is a connection that is lost, from OnDrop to OnReconnect. It belongs to the room's goroutine.
type absence struct {
	on    bool
	since time.Time     // when it began
	until time.Time     // when the room gives up
	grace time.Duration // how long the server keeps the seat, by the newest welcome
	lost  int           // events
	wait  backoff
}

// backoff says how long to wait before the next try: a random time up to a bound that doubles with each, so that all
// players of a server that failed do not come back at once.
type backoff struct{ tries int }

// next is the wait after an end with this code.
func (b *backoff) next(code Code) time.Duration {
	most := longestWait
	if b.tries < 5 {
		most = min(most, firstWait<<b.tries)
	}
	b.tries++
	wait := time.Duration(rand.Int64N(int64(most) + 1)) //nolint:gosec // it is to spread players, not to be a secret
	if code == CodeTooMany || code == CodeBusy {
		b.tries++
		wait = min(busyWait+wait, longestWait)
	}
	return wait
}

// again decides what follows after a line has ended: another one, or the end of the room with r.err set.
func (r *Room) again(life context.Context, l *line, why *Error) *line {
	a := &r.away
	switch {
	case r.leaving.Load():
		return nil
	case r.opts.NoReconnect || r.token == "" || a.grace == 0, l.wrong || !resumable(why.Code):
		r.err = why
		return nil
	}
	now := time.Now()
	if !l.greeted.IsZero() { // else it was one more try that failed
		a.until = now.Add(a.grace + graceMargin)
		if now.Sub(l.greeted) >= steadyAfter {
			a.wait = backoff{}
		}
	}
	if !a.on {
		a.on, a.since = true, now
		r.mu.Lock()
		r.stats.Dropped++
		r.mu.Unlock()
		if r.opts.OnDrop != nil {
			r.call(func() { r.opts.OnDrop(r, why) })
		}
	}
	return r.comeBack(life, why)
}

// comeBack tries until there is a line, or it is of no use any more.
func (r *Room) comeBack(life context.Context, why *Error) *line {
	a := &r.away
	ctx, cancel := context.WithDeadline(life, a.until)
	defer cancel()
	for pause(ctx, min(a.wait.next(why.Code), max(2*busyWait, time.Until(a.until)/3))) { // some tries are left for the rest
		l, err, over := r.attempt(ctx)
		if err == nil {
			return l
		}
		if over {
			if !r.leaving.Load() {
				r.err = err
			}
			return nil
		}
		why = err
	}
	if !r.leaving.Load() {
		e := newError(CodeLost, "the connection was lost and could not be had back within "+
			time.Since(a.since).Round(time.Second).String()+"; the last try: "+why.words())
		e.cause = why
		r.err = e
	}
	return nil
}

// pause waits. False: ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// attempt asks for a ticket and opens a socket with it. over: there is no use in another attempt.
func (r *Room) attempt(ctx context.Context) (l *line, failed *Error, over bool) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	seat, err := r.client.resume(ctx, r.token)
	if err != nil {
		e := typed(err)
		if over = forgone(e.Code); over {
			e.Message = "the session could not be resumed: " + e.words()
		}
		return nil, e, over
	}
	if l, err = r.dial(ctx, seat); err != nil {
		e := typed(err)
		return nil, e, e.Code == codeProtocol // else the next call to resume knows better
	}
	return l, nil, false
}

// typed makes an *Error of what a call or a dial returned.
func typed(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	e := newError(CodeUnreachable, "there was no answer in time")
	e.cause = err
	return e
}

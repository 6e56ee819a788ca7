package client

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	maxPending     = 256 // commands that may wait for their answers
	maxPendingAway = 16  // while there is no connection
	commandBatch   = 16  // what the server takes at once
	commandEvery   = 100 * time.Millisecond
)

// pending are the commands that were not answered, in the order of seq. Guarded by Room.out.
type pending struct {
	seq    uint32
	asked  []*asked
	sent   int       // asked[:sent] were sent on this line, or had come on one before
	burst  int       // how many of the others may be sent at once
	again  time.Time // when one more of them may be sent
	closed error     // why there will be no more
}

// asked is a command and whom to tell.
type asked struct {
	seq    uint32
	bytes  []byte // the field of a ClientFrame
	answer func(error)
}

// add appends a command. away: there is no connection.
func (p *pending) add(typ uint32, values []int64, blobs [][]byte, answer func(error), away bool) error {
	switch {
	case p.closed != nil:
		return p.closed
	case len(p.asked) >= maxPending, away && len(p.asked) >= maxPendingAway:
		return ErrBacklog
	}
	p.seq++
	p.asked = append(p.asked, &asked{p.seq, appendCommand(nil, p.seq, typ, values, blobs), answer})
	return nil
}

// take removes a command; nil if nobody waits for it.
func (p *pending) take(seq uint32) *asked {
	at := slices.IndexFunc(p.asked, func(a *asked) bool { return a.seq == seq })
	if at < 0 {
		return nil
	}
	a := p.asked[at]
	p.asked = slices.Delete(p.asked, at, at+1)
	if at < p.sent {
		p.sent--
	}
	return a
}

// resume begins a line with a server that has all commands up to last.
func (p *pending) resume(last uint32) {
	p.seq = max(p.seq, last)
	p.sent, p.burst = 0, commandBatch
	for p.sent < len(p.asked) && p.asked[p.sent].seq <= last {
		p.sent++
	}
}

// batch is what of the unsent commands may go out now: what the server takes at once, then one after the other, as it
// counts them.
func (p *pending) batch(now time.Time) []*asked {
	if p.sent == len(p.asked) || p.burst == 0 && now.Before(p.again) {
		return nil
	}
	to := min(p.sent+max(1, p.burst), len(p.asked))
	due := p.asked[p.sent:to]
	p.sent, p.burst, p.again = to, 0, now.Add(commandEvery)
	return due
}

// close refuses all that comes and returns what waits.
func (p *pending) close(why error) []*asked {
	rest := p.asked
	p.asked, p.sent, p.closed = nil, 0, why
	return rest
}

// Command sends a reliable message and waits for the answer: nil, *Refused, or why the room ended. While the connection
// is lost it waits to be sent; what the game has got it does not get again. If ctx ends first, or the room, the command
// may still be carried out.
func (r *Room) Command(ctx context.Context, name string, v any) error {
	answer := make(chan error, 1)
	if err := r.Post(name, v, func(err error) { answer <- err }); err != nil {
		return err
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Post sends a reliable message at once, or with the next connection, and returns. answer is called exactly once, on the
// room's goroutine, with what Command would return; it may be nil. An error, such as ErrBacklog, means that nothing will
// be sent, and answer is not called.
func (r *Room) Post(name string, v any, answer func(error)) error {
	for i, p := range r.commands {
		if p.message.Name != name {
			continue
		}
		if p.message.Internal {
			return fmt.Errorf("tickwire: command %q is the server's own", name)
		}
		values, blobs, err := p.pack(v, nil, nil)
		if err != nil {
			return err
		}
		return r.post(uint32(i), values, blobs, answer)
	}
	return fmt.Errorf("tickwire: this game has no command %q", name)
}

// PostValues is Post for programs that know the schema: the index in Schema().Commands, values and blobs in its order.
func (r *Room) PostValues(command int, values []int64, blobs [][]byte, answer func(error)) error {
	if command < 0 || command >= len(r.commands) {
		return fmt.Errorf("tickwire: this game has no command %d", command)
	}
	if err := r.schema.Commands[command].Check(values, blobs); err != nil {
		return err
	}
	return r.post(uint32(command), values, blobs, answer) //nolint:gosec // an index
}

func (r *Room) post(typ uint32, values []int64, blobs [][]byte, answer func(error)) error {
	if answer == nil {
		answer = func(error) {}
	}
	if r.leaving.Load() {
		return ErrLeft
	}
	r.out.Lock()
	p := &r.pending
	err := p.add(typ, values, blobs, answer, !r.up)
	var l *line
	if err == nil && r.up && p.sent == len(p.asked)-1 { // else it waits behind others
		l = r.line
		r.put(l, p.asked[p.sent].bytes)
		p.sent++
	}
	r.out.Unlock()
	if l != nil {
		l.flush()
	}
	return err
}

// answered tells the sender of a command. The server repeats answers until it knows that they came.
func (r *Room) answered(a answerFrame) {
	r.out.Lock()
	asked := r.pending.take(a.seq)
	r.out.Unlock()
	if asked == nil {
		return
	}
	var err error
	if a.refusal != 0 {
		err = &Refused{Reason: a.refusal, Why: a.why}
	}
	r.call(func() { asked.answer(err) })
}

package client

import (
	"context"
	"fmt"
	"time"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

const pingEvery = time.Second

// Send sets what the player does from now on: a struct or a map[string]any with the input's fields. It goes out with
// the answer to each frame, for each tick; nothing is sent at once. Fields marked as edges are presses: they go out
// once, even if another Send clears them before. A value outside its range is an error and changes nothing.
func (r *Room) Send(v any) error {
	if r.inputs == nil {
		return ErrNoInput
	}
	r.out.Lock()
	defer r.out.Unlock()
	var err error
	if r.values, r.blobs, err = r.inputs.pack(v, r.values, r.blobs); err != nil {
		return err
	}
	r.input.put(r.values, r.blobs)
	return nil
}

// SendValues is Send for programs that know the schema: values and blobs in the order of Schema().Input.
func (r *Room) SendValues(values []int64, blobs [][]byte) error {
	if r.inputs == nil {
		return ErrNoInput
	}
	if err := r.schema.Input.Check(values, blobs); err != nil {
		return err
	}
	r.out.Lock()
	defer r.out.Unlock()
	r.input.put(values, blobs)
	return nil
}

// InputTick is the newest tick that an input was sent for; 0: none yet. When a Frame's Applied reaches it, that input
// is in the state.
func (r *Room) InputTick() uint32 {
	r.out.Lock()
	defer r.out.Unlock()
	return r.input.last
}

// Command sends a reliable message and waits for the answer: nil, *Refused, or why the room ended. If ctx ends first
// the command may still be carried out.
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

// Post sends a reliable message at once and returns. answer is called exactly once, on the room's goroutine, with what
// Command would return; it may be nil. An error means that nothing was sent, and answer is not called.
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
	r.out.Lock()
	defer r.out.Unlock()
	if r.pending == nil || r.leaving.Load() {
		return ErrLeft
	}
	r.seq++
	r.pending[r.seq] = answer
	r.buf = appendCommand(r.buf[:0], r.seq, typ, values, blobs)
	if err := r.write(r.buf); err != nil {
		delete(r.pending, r.seq)
		return newError(CodeLost, "the command could not be sent")
	}
	return nil
}

// answered tells the sender of a command.
func (r *Room) answered(a answerFrame) {
	r.out.Lock()
	answer := r.pending[a.seq]
	delete(r.pending, a.seq)
	r.out.Unlock()
	if answer == nil {
		return
	}
	var err error
	if a.refusal != 0 {
		err = &Refused{Reason: a.refusal, Why: a.why}
	}
	r.call(func() { answer(err) })
}

// hello opens the session.
func (r *Room) hello() error {
	codecs := []Codec{r.client.opts.Codec}
	if r.client.opts.Codec != Plain {
		codecs = append(codecs, Plain)
	}
	r.out.Lock()
	defer r.out.Unlock()
	if r.write(appendHello(nil, codecs, agent)) != nil {
		return newError(CodeLost, "the connection was lost")
	}
	return nil
}

// reply answers a frame: what was applied, the inputs of the ticks to come, a ping now and then.
func (r *Room) reply(now time.Time) {
	view := r.view()
	r.out.Lock()
	defer r.out.Unlock()
	b := appendNumber(r.buf[:0], fieldClientAck, r.acked)
	first, count := r.input.span(r.frame.Tick+r.lead.now(), r.stride)
	b = r.input.append(b, first, count)
	b = appendNumber(b, fieldClientView, view)
	if now.Sub(r.pingAt) >= pingEvery {
		r.pingID++
		r.pingAt = now
		b = appendPing(b, r.pingID)
	}
	if r.resync != tickwirev1.ResyncReason_RESYNC_REASON_UNSPECIFIED {
		b = appendResync(b, r.frame.Tick, r.resync)
		r.resync, r.behind = tickwirev1.ResyncReason_RESYNC_REASON_UNSPECIFIED, true
	}
	r.buf = b
	_ = r.write(b) // a failed write ends ReadLoop
}

// write sends one message; r.out is held.
func (r *Room) write(b []byte) error {
	err := r.conn.WriteMessage(gws.OpcodeBinary, b)
	if err != nil {
		return fmt.Errorf("tickwire: not sent: %w", err)
	}
	r.sent++
	r.bytesSent += len(b)
	return nil
}

// pong takes a round trip, without the time that the server held it back for its next frame.
func (r *Room) pong(id uint32, held time.Duration, now time.Time) {
	if id != r.pingID {
		return
	}
	r.mu.Lock()
	r.stats.RTT = max(0, now.Sub(r.pingAt)-held)
	r.mu.Unlock()
}

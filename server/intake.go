package server

import (
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// porch is the reading half of a session on a socket that has not said hello. It belongs to the goroutine that feeds the
// conn, as intake does.
type porch struct{ session *session }

// frame takes the first frame, which must say hello. An error ends the connection with its code.
func (p *porch) frame(c *conn, f *clientFrame) error {
	if !f.hasHello {
		return errorf(tickwirev1.Code_CODE_MALFORMED, "the first frame must say hello")
	}
	codec, err := chooseCodec(f.codecs)
	if err != nil {
		return err
	}
	s := p.session
	c.greet((*intake)(s))
	s.room.log.Debug().Str("session", s.id).Str("agent", f.agent).Msg("hello")
	s.room.inbox.put(entry{
		kind: entryHello, session: s, conn: c, at: c.fedAt(), typ: int32(codec), tick: f.lastTick, seq: f.lastEvent,
	})
	return nil
}

// closed tells the room that the socket is gone.
func (p *porch) closed(c *conn, code Code) { (*intake)(p.session).closed(c, code) }

// chooseCodec picks the first codec that the server knows. A client that names none reads plain.
func chooseCodec(wanted []tickwirev1.Codec) (tickwirev1.Codec, error) {
	if len(wanted) == 0 {
		return tickwirev1.Codec_CODEC_PLAIN, nil
	}
	for _, codec := range wanted {
		if codec == tickwirev1.Codec_CODEC_PLAIN || codec == tickwirev1.Codec_CODEC_PACKED {
			return codec, nil
		}
	}
	return 0, errorf(tickwirev1.Code_CODE_MALFORMED, "none of the codecs in hello is known")
}

// intake is the reading half of a session on a socket that has said hello: it checks what arrives and puts it into the
// room's inbox. It is the session itself, as a client's frames find neither in the cache, and touches nothing of it but
// what never changes.
type intake session

// frame checks one frame and passes it on. An error ends the connection with its code.
func (i *intake) frame(c *conn, f *clientFrame) error {
	if f.hasHello {
		return errorf(tickwirev1.Code_CODE_MALFORMED, "hello came twice")
	}
	now, in := c.fedAt(), i.room.inbox
	if f.ack != 0 && len(f.inputs) == 0 { // else it comes with the first of them
		in.put(entry{kind: entryAck, session: (*session)(i), conn: c, at: now, ack: f.ack})
	}
	if err := i.takeInputs(c, f, now); err != nil {
		return err
	}
	if err := i.takeCommands(c, f, now); err != nil {
		return err
	}
	if f.hasPing {
		in.put(entry{kind: entryPing, session: (*session)(i), conn: c, at: c.cameAt(), seq: f.pingID})
	}
	if f.hasPace {
		in.put(entry{kind: entryPace, session: (*session)(i), conn: c, at: now, tick: f.pace})
	}
	if f.hasResync {
		in.put(entry{kind: entryResync, session: (*session)(i), conn: c, at: now, tick: f.resyncTick, typ: int32(f.resyncReason)})
	}
	return nil
}

// takeInputs passes on the inputs of a frame; at most as many as may wait for a tick.
func (i *intake) takeInputs(c *conn, f *clientFrame, now time.Time) error {
	if len(f.inputs) == 0 {
		return nil
	}
	shape := i.room.schema.Input
	if shape == nil {
		return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "this game takes no inputs")
	}
	for n := range f.inputs {
		m := &f.inputs[n]
		if err := shape.Check(m.values, m.blobs); err != nil {
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "input: %s", err)
		}
		tick := f.first + uint32(n)
		e := entry{kind: entryInput, session: (*session)(i), conn: c, at: now, tick: tick, view: f.view}
		if n == 0 {
			e.ack = f.ack
		}
		i.room.inbox.putMessage(e, m.values, m.blobs)
	}
	return nil
}

// takeCommands passes on the commands of a frame. Their order is the room's to check: it knows the session's other sockets.
func (i *intake) takeCommands(c *conn, f *clientFrame, now time.Time) error {
	shapes := i.room.schema.Commands
	for n := range f.commands {
		m := &f.commands[n]
		switch {
		case uint64(m.typ) >= uint64(len(shapes)):
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "there is no command of type %d", m.typ)
		case shapes[m.typ].Internal:
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "the command %s is the server's own", shapes[m.typ].Name)
		}
		if err := shapes[m.typ].Check(m.values, m.blobs); err != nil {
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "command %s: %s", shapes[m.typ].Name, err)
		}
		e := entry{
			kind: entryCommand, session: (*session)(i), conn: c, at: now,
			seq: m.seq, typ: int32(m.typ), //nolint:gosec // there are not that many
		}
		if !i.room.inbox.putMessage(e, m.values, m.blobs) {
			i.room.server.metrics.reached(limitWaiting)
			return errorf(tickwirev1.Code_CODE_TOO_MANY, "more than %d commands between two ticks", maxCommandsWaiting)
		}
	}
	return nil
}

// closed tells the room that the socket is gone.
func (i *intake) closed(c *conn, code Code) {
	i.room.inbox.put(entry{kind: entryClosed, session: (*session)(i), conn: c, at: time.Now(), typ: int32(code)})
}

package server

import (
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// session is one player's seat in a room as the room knows it. It outlives its sockets. What the first block names never
// changes; all else belongs to the room's goroutine, but for what the inbox guards.
type session struct {
	id       string
	room     *room
	identity string // of whoever asked for the seat
	name     string

	waiting waiting // guarded by the room's inbox

	player game.Player      // 0 before the first Hello
	codec  tickwirev1.Codec // of the newest line
	left   uint32           // tick in which the last socket was lost
	ended  bool             // the seat is free
	line   line             // the socket

	flow      flow
	mail      mail
	budget    budget
	received  uint64        // bytes of frames
	baseline  game.Baseline // after the newest frame
	sight     game.Sight    // with it
	hashed    uint32        // tick of the last frame with a hash
	acked     uint32        // newest tick the client says it has applied
	acted     time.Time     // when the player last did something
	lastInput uint64        // fingerprint of the newest input
	newest    uint32        // tick of the newest input that came
	commanded uint32        // number of the newest command that came
	inputs    bucket
	commands  bucket
	lead      low // how early inputs arrive, in eighths of a tick
}

// line is a session's use of one socket, from its Hello on. Without conn the player is away.
type line struct {
	conn      *conn
	came      time.Time // when the socket was opened
	since     time.Time // when Hello came
	welcome   welcome
	codec     tickwirev1.Codec
	greeted   uint32 // tick of the frame with the Welcome; 0: not sent yet
	greetedAt time.Time
	used      bool // the client has applied that frame
	desynced  bool // it has said that its copy differs
	closing   bool // it must be told that the room closes
	pinged    time.Time
	aged      time.Time // when the age of its state was measured last
	pong      pong
}

// welcome is what a Welcome says besides what is the same for all.
type welcome struct {
	token         string
	resumed, kept bool   // the session was there before; the client kept its state
	lost          uint32 // events
}

// pong is the answer that a session owes to a ping, if due.
type pong struct {
	due      bool
	id, tick uint32
	at       time.Time // when the ping came
}

// connect makes a socket known to the room, opened with a ticket of a generation, and returns who reads it. The caller
// runs the conn.
func (s *session) connect(c *conn, generation uint32) handler {
	if !s.room.inbox.put(entry{kind: entryConnected, session: s, conn: c, at: time.Now(), seq: generation}) {
		c.end(tickwirev1.Code_CODE_NOT_FOUND, "the room has ended")
	}
	return &intake{session: s}
}

// hold notes what the client holds, which its next frame builds on; nil: nothing.
func (s *session) hold(held *game.Baseline) {
	if held == nil {
		s.baseline.Reset()
	} else {
		s.baseline.Copy(held)
	}
	s.sight.Reset()
}

// tell adds an event to the session's mail.
func (s *session) tell(tick uint32, event []byte) {
	s.mail.addEvent(tick, event)
	s.mail.trim(s.line.conn != nil)
}

// answer adds the answer to a command.
func (s *session) answer(a game.Answer) {
	s.mail.addAnswer(a)
	s.mail.trim(s.line.conn != nil)
}

// intake is the reading half of a session on one socket: it checks what arrives and puts it into the room's inbox. It
// belongs to the goroutine that feeds the conn.
type intake struct {
	session *session
	greeted bool
}

// frame checks one frame and passes it on. An error ends the connection with its code.
func (i *intake) frame(c *conn, f *clientFrame) error {
	now := c.fedAt()
	if !i.greeted {
		return i.greet(c, f, now)
	}
	if f.hasHello {
		return errorf(tickwirev1.Code_CODE_MALFORMED, "hello came twice")
	}
	in := i.session.room.inbox
	if f.ack != 0 && len(f.inputs) == 0 { // else it comes with the first of them
		in.put(entry{kind: entryAck, session: i.session, conn: c, at: now, ack: f.ack})
	}
	if err := i.inputs(c, f, now); err != nil {
		return err
	}
	if err := i.commands(c, f, now); err != nil {
		return err
	}
	if f.hasPing {
		in.put(entry{kind: entryPing, session: i.session, conn: c, at: c.cameAt(), seq: f.pingID})
	}
	if f.hasPace {
		in.put(entry{kind: entryPace, session: i.session, conn: c, at: now, tick: f.pace})
	}
	if f.hasResync {
		in.put(entry{kind: entryResync, session: i.session, conn: c, at: now, tick: f.resyncTick, typ: int32(f.resyncReason)})
	}
	return nil
}

// greet takes the first frame, which must say hello.
func (i *intake) greet(c *conn, f *clientFrame, now time.Time) error {
	if !f.hasHello {
		return errorf(tickwirev1.Code_CODE_MALFORMED, "the first frame must say hello")
	}
	codec, err := chooseCodec(f.codecs)
	if err != nil {
		return err
	}
	i.greeted = true
	c.greet()
	i.session.room.log.Debug().Str("session", i.session.id).Str("agent", f.agent).Msg("hello")
	i.session.room.inbox.put(entry{
		kind: entryHello, session: i.session, conn: c, at: now, typ: int32(codec), tick: f.lastTick, seq: f.lastEvent,
	})
	return nil
}

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

// inputs passes on the inputs of a frame; at most as many as may wait for a tick.
func (i *intake) inputs(c *conn, f *clientFrame, now time.Time) error {
	if len(f.inputs) == 0 {
		return nil
	}
	shape := i.session.room.schema.Input
	if shape == nil {
		return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "this game takes no inputs")
	}
	for n := range f.inputs {
		m := &f.inputs[n]
		if err := shape.Check(m.values, m.blobs); err != nil {
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "input: %s", err)
		}
		tick := f.first + uint32(n)
		e := entry{kind: entryInput, session: i.session, conn: c, at: now, tick: tick, view: f.view}
		if n == 0 {
			e.ack = f.ack
		}
		i.session.room.inbox.putMessage(e, m.values, m.blobs)
	}
	return nil
}

// commands passes on the commands of a frame. Their order is the room's to check: it knows the session's other sockets.
func (i *intake) commands(c *conn, f *clientFrame, now time.Time) error {
	shapes := i.session.room.schema.Commands
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
			kind: entryCommand, session: i.session, conn: c, at: now,
			seq: m.seq, typ: int32(m.typ), //nolint:gosec // there are not that many
		}
		if !i.session.room.inbox.putMessage(e, m.values, m.blobs) {
			i.session.room.server.metrics.reached(limitWaiting)
			return errorf(tickwirev1.Code_CODE_TOO_MANY, "more than %d commands between two ticks", maxCommandsWaiting)
		}
	}
	return nil
}

// closed tells the room that the socket is gone.
func (i *intake) closed(c *conn, code Code) {
	i.session.room.inbox.put(entry{kind: entryClosed, session: i.session, conn: c, at: time.Now(), typ: int32(code)})
}

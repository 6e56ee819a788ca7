package server

import (
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// session is one player's seat in a room as the room knows it. It outlives its sockets. What the first block names never
// changes; all else belongs to the room's goroutine, but for what the inbox guards. What every tick touches lies together,
// as the cache of a server with many players has none of it: so it does in a line, a waiting and a conn.
type session struct {
	id       string
	identity string // of whoever asked for the seat
	name     string
	room     *room

	player game.Player      // 0 before the first Hello
	codec  tickwirev1.Codec // of the newest line
	left   uint32           // tick in which the last socket was lost
	ended  bool             // the seat is free

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
	lead      low  // how early inputs arrive, in eighths of a tick
	line      line // the socket

	waiting  waiting // guarded by the room's inbox
	commands bucket
}

// line is a session's use of one socket, from its Hello on. Without conn the player is away.
type line struct {
	conn     *conn
	codec    tickwirev1.Codec
	greeted  uint32    // tick of the frame with the Welcome; 0: not sent yet
	used     bool      // the client has applied that frame
	desynced bool      // it has said that its copy differs
	closing  bool      // it must be told that the room closes
	aged     time.Time // when the age of its state was measured last
	pong     pong

	came      time.Time // when the socket was opened
	since     time.Time // when Hello came
	welcome   welcome
	greetedAt time.Time
	pinged    time.Time
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
	return &porch{session: s}
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

package server

import (
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// closed takes in that a socket has ended.
func (r *room) closed(s *session, c *conn, code Code) {
	if i := slices.IndexFunc(r.arrivals, func(a arrival) bool { return a.conn == c }); i >= 0 {
		r.arrivals = slices.Delete(r.arrivals, i, i+1)
		r.giveUp(s)
		return
	}
	if s.line.conn == c {
		r.lose(s, code)
	}
}

// giveUp frees the seat of a session that never came, when no socket of it is left.
func (r *room) giveUp(s *session) {
	if s.player == 0 && !slices.ContainsFunc(r.arrivals, func(a arrival) bool { return a.session == s }) {
		r.free(s, game.ReasonLost)
	}
}

// cut ends a session's socket with a code, and what follows from it.
func (r *room) cut(s *session, code Code, message string) {
	if c := s.line.conn; c != nil {
		c.end(code, message)
	}
	r.lose(s, code)
}

// lose takes the socket from a session. By the code with which it ended the seat is kept for a while, or free at once.
func (r *room) lose(s *session, code Code) {
	if s.ended {
		return
	}
	why, over := verdict(code)
	if over || r.sim.Grace(s.player) == 0 {
		r.free(s, why)
		return
	}
	if s.line.conn == nil {
		return
	}
	s.line = line{}
	s.left = r.sim.Now()
	r.server.metrics.away.Inc()
	r.entries = append(r.entries, game.Entry{Kind: game.EntryDrop, Player: s.player})
	r.log.Debug().Str("session", s.id).Uint32("player", uint32(s.player)).Uint32("tick", s.left).
		Str("code", codeName(code)).Msg("player dropped")
}

// free ends a session: its seat is free at once, and the game is told at the next step.
func (r *room) free(s *session, why game.Reason) {
	if s.ended {
		return
	}
	s.ended = true
	if s.player != 0 {
		if s.line.conn == nil {
			r.server.metrics.away.Dec()
		}
		r.sessions = slices.DeleteFunc(r.sessions, func(o *session) bool { return o == s })
		delete(r.players, s.player)
		r.entries = append(r.entries, game.Entry{Kind: game.EntryLeave, Player: s.player, Reason: why})
		r.server.metrics.players.Dec()
		r.log.Debug().Str("session", s.id).Uint32("player", uint32(s.player)).Uint32("tick", r.sim.Now()).Msg("player left")
	}
	s.line = line{}
	r.server.directory.left(s)
}

// verdict is why a player is out of the game whose socket ended with a code, if the code says so.
func verdict(code Code) (why game.Reason, over bool) {
	switch code {
	case codeNormal:
		return game.ReasonLeft, true
	case tickwirev1.Code_CODE_IDLE:
		return game.ReasonIdle, true
	case tickwirev1.Code_CODE_KICKED:
		return game.ReasonKicked, true
	case tickwirev1.Code_CODE_MALFORMED, tickwirev1.Code_CODE_OUT_OF_RANGE:
		return game.ReasonLost, true // it would do it again
	default:
		return game.ReasonLost, false
	}
}

// grace is for how many ticks a session's seat is kept without a socket.
func (r *room) grace(s *session) uint32 {
	return uint32(r.sim.Grace(s.player) * r.def.Rate) //nolint:gosec // at most 300 s
}

// enforce applies the time limits to every socket and every seat.
func (r *room) enforce(now time.Time) {
	for _, a := range slices.Backward(r.arrivals) {
		if x := r.unheard(&a, now); x.code != 0 {
			r.server.metrics.reached(x.limit)
			a.conn.end(x.code, x.message)
			r.closed(a.session, a.conn, x.code)
		}
	}
	for _, s := range slices.Backward(r.sessions) { // from the back: free removes
		if s.line.conn == nil {
			if r.sim.Now()-s.left >= r.grace(s) {
				r.free(s, game.ReasonLost)
			}
			continue
		}
		if x := r.overdue(s, now); x.code != 0 {
			r.server.metrics.reached(x.limit)
			r.cut(s, x.code, x.message)
		}
	}
}

// excess is a limit that was reached, and how the connection ends for it. The zero value: none was.
type excess struct {
	code    Code
	message string
	limit   limit
}

// unheard says which time limit a socket has reached that has not said hello.
func (r *room) unheard(a *arrival, now time.Time) excess {
	switch {
	case now.Sub(a.at) >= r.limits.FirstMessage:
		return excess{tickwirev1.Code_CODE_LATE, "no hello in time", limitFirstMessage}
	case a.conn.drips(now):
		return excess{tickwirev1.Code_CODE_MALFORMED, "a message did not arrive in time", limitMessage}
	}
	return excess{}
}

// overdue says which limit a connected session has reached. It asks for a sign of life when it is time.
func (r *room) overdue(s *session, now time.Time) excess {
	l, at := &r.limits, &s.line
	silent := now.Sub(at.conn.heard())
	switch { // of a client that is gone it is said that it is silent, not that it acknowledges nothing
	case silent >= l.Dead:
		return excess{tickwirev1.Code_CODE_SILENT, "nothing was heard from the client", limitDead}
	case at.conn.drips(now):
		return excess{tickwirev1.Code_CODE_MALFORMED, "a message did not arrive in time", limitMessage}
	case !at.used && at.greeted != 0 && now.Sub(at.greetedAt) >= l.Confirm && silent < l.Confirm:
		return excess{tickwirev1.Code_CODE_LATE, "no frame was acknowledged in time", limitConfirm}
	case now.Sub(at.since) >= l.Session:
		return excess{tickwirev1.Code_CODE_EXPIRED, "the connection has reached its greatest age", limitSession}
	case !r.passive && l.Idle > 0 && now.Sub(s.acted) >= l.Idle:
		return excess{tickwirev1.Code_CODE_IDLE, "the player did nothing for too long", limitIdle}
	case s.flow.owes(now) >= l.Ack && silent < l.Ack:
		return excess{tickwirev1.Code_CODE_SLOW, "frames were not acknowledged in time", limitAck}
	case s.mail.stuck() && (at.conn.busy() || !s.flow.open(now, r.interval())):
		return excess{tickwirev1.Code_CODE_SLOW, "too much waits for the client", limitMail}
	case silent >= l.Ping && now.Sub(at.pinged) >= l.Ping:
		at.pinged = now
		at.conn.ping()
	}
	return excess{}
}

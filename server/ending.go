package server

import (
	"errors"
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// finish ends what is left of a room that ticks no more.
func (r *room) finish(code Code, message string) {
	r.server.directory.ended(r) // before anybody is told, who may ask for the next game at once
	for _, s := range r.sessions {
		if s.line.conn == nil {
			r.server.metrics.away.Dec()
		} else {
			s.line.conn.end(code, message)
		}
	}
	r.server.metrics.players.Sub(float64(len(r.sessions)))
	r.inbox.close()
	for _, e := range r.inbox.take().entries {
		if e.kind == entryConnected {
			e.conn.end(code, message)
		}
	}
	for _, a := range r.arrivals {
		a.conn.end(code, message)
	}
	for _, c := range r.sockets.close() {
		r.server.farewells.say(c)
	}
}

// close tells a game that wants to know how long it has got, and its players.
func (r *room) close() {
	rest := max(0, r.limits.Drain-2*r.limits.Linger) // the players must be told, and the sockets closed
	ticks := max(1, uint32(rest/r.clock.interval())) //nolint:gosec // small
	r.closing, r.deadline = r.sim.Now()+ticks, time.Now().Add(rest)
	r.entries = append(r.entries, game.Entry{Kind: game.EntryClosing, Tick: ticks})
	for _, s := range r.sessions {
		s.line.closing = true
	}
}

// peopled reports whether anybody is here who could see the end; when the server stops, nobody comes back.
func (r *room) peopled() bool {
	return slices.ContainsFunc(r.sessions, func(s *session) bool { return s.line.conn != nil })
}

// errHangs says that the room was given up while its game ran.
var errHangs = errors.New("the game hangs")

// fail is how a room ends whose game failed.
func (r *room) fail(err error) (code Code, message string, ended bool) {
	if errors.Is(err, errHangs) {
		return tickwirev1.Code_CODE_GAME_FAILED, "the game hangs", true
	}
	r.dump()
	event := r.log.Error().Uint32("tick", r.sim.Now()).Err(err)
	if failed, ok := errors.AsType[*game.GameError](err); ok {
		event = event.Str("hook", failed.Hook).Bytes("stack", failed.Stack)
	}
	event.Msg("the game failed")
	return tickwirev1.Code_CODE_GAME_FAILED, "the game failed", true
}

// deserted reports whether nobody has been there for longer than a room is kept.
func (r *room) deserted(now time.Time) bool {
	if len(r.sessions) > 0 || len(r.arrivals) > 0 {
		r.used, r.empty = true, now
		return false
	}
	limit := r.limits.EmptyNew
	if r.used {
		limit = r.limits.Empty
	}
	return now.Sub(r.empty) >= limit
}

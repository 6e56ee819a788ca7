package server

import (
	"fmt"
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// arrive turns what came in since the last tick into the entries of the next step.
func (r *room) arrive(b *batch) {
	r.entries = append(r.entries[:0], r.late...)
	r.late = r.late[:0]
	next := r.sim.NextID()
	for i := range b.entries {
		e := &b.entries[i]
		s := e.session
		switch {
		case s == nil:
			r.message(b, e, 0)
		case e.kind == entryConnected:
			s.conn, s.opened = e.conn, e.at
			r.sessions = append(r.sessions, s)
		case s.conn != e.conn:
			// from a socket that the session no longer has
		case e.kind == entryHello:
			s.player = next
			next++
			r.join(s, e)
		case e.kind == entryClosed:
			r.remove(s, leaveReason(Code(e.typ))) //nolint:gosec // a close code
		case s.player != 0:
			r.hear(b, e)
		}
	}
}

// join lets a session into the game.
func (r *room) join(s *session, e *entry) {
	s.codec, s.acted = tickwirev1.Codec(e.typ), e.at //nolint:gosec // an enum
	r.entries = append(r.entries, game.Entry{Kind: game.EntryJoin, Player: s.player, Name: s.name})
	r.server.metrics.players.Inc()
	r.log.Debug().Str("session", s.id).Uint32("player", uint32(s.player)).Uint32("tick", r.sim.Now()).Msg("player joined")
}

// hear takes what a player in the game sent.
func (r *room) hear(b *batch, e *entry) {
	s := e.session
	switch e.kind {
	case entryAck:
		s.acked = max(s.acked, min(e.tick, r.sim.Now()))
	case entryInput:
		if e.tick > s.newest { // a repeated one says nothing of how early the player is
			s.newest = e.tick
			s.lead.add(e.at, r.leadOf(e))
		}
		if what := fingerprint(b.values[e.values.from:e.values.to], b.blobs[e.blobs.from:e.blobs.to]); what != s.lastInput {
			s.lastInput, s.acted = what, e.at
		}
		r.message(b, e, s.player)
	case entryCommand:
		r.command(b, e)
	case entryPing:
		s.pong = pong{due: true, id: e.seq, tick: r.sim.Now(), at: e.at}
	case entryResync:
		s.baseline.Reset()
		if tickwirev1.ResyncReason(e.typ) == tickwirev1.ResyncReason_RESYNC_REASON_HASH && !s.desynced { //nolint:gosec // an enum
			s.desynced = true // once: a client can say so as often as it likes
			r.server.metrics.desyncs.Inc()
			r.log.Error().Str("session", s.id).Uint32("tick", e.tick).Msg("a client's copy differs")
		}
	case entryConnected, entryHello, entryClosed:
	}
}

// command passes a player's command on: each once, in order.
func (r *room) command(b *batch, e *entry) {
	s := e.session
	switch {
	case e.seq <= s.commanded: // it came before
	case e.seq != s.commanded+1:
		r.cut(s, tickwirev1.Code_CODE_MALFORMED, fmt.Sprintf("command %d follows command %d", e.seq, s.commanded), game.ReasonLost)
	default:
		s.commanded, s.acted = e.seq, e.at
		r.message(b, e, s.player)
	}
}

// message passes an input or a command on to the game. Player 0 is the server itself.
func (r *room) message(b *batch, e *entry, from game.Player) {
	kind := game.EntryInput
	if e.kind == entryCommand {
		kind = game.EntryCommand
	}
	r.entries = append(r.entries, game.Entry{
		Kind: kind, Player: from, Tick: e.tick, View: r.shown(e), Seq: e.seq, Type: e.typ,
		Values: b.values[e.values.from:e.values.to],
		Blobs:  b.blobs[e.blobs.from:e.blobs.to],
	})
}

// shown is the tick that was on the player's screen: so many eighths of a tick behind the newest it has applied.
func (r *room) shown(e *entry) uint32 {
	if e.session == nil {
		return 0
	}
	behind := (e.view + 7) / 8
	if behind >= e.session.acked {
		return 0
	}
	return e.session.acked - behind
}

// leadOf is how much earlier than needed an input came, in eighths of a tick, bounded to ± 64 ticks.
func (r *room) leadOf(e *entry) int32 {
	const bound = 64 * 8
	early := r.clock.at(int64(e.tick)).Sub(e.at)
	eighths := early / (r.clock.interval() / 8)
	return int32(max(-bound, min(bound, eighths)))
}

// remove ends a session: its seat is free at once, and the game is told at the next step.
func (r *room) remove(s *session, why game.Reason) {
	if i := slices.Index(r.sessions, s); i >= 0 {
		r.sessions = slices.Delete(r.sessions, i, i+1)
	}
	s.conn = nil
	if s.player != 0 {
		r.late = append(r.late, game.Entry{Kind: game.EntryLeave, Player: s.player, Reason: why})
		r.server.metrics.players.Dec()
		r.log.Debug().Str("session", s.id).Uint32("player", uint32(s.player)).Uint32("tick", r.sim.Now()).Msg("player left")
	}
	r.server.directory.left(r)
}

// cut ends a session's socket with a code, and the session with it.
func (r *room) cut(s *session, code Code, message string, why game.Reason) {
	s.conn.end(code, message)
	r.remove(s, why)
}

// enforce applies the time limits to every session.
func (r *room) enforce(now time.Time) {
	l := &r.limits
	for _, s := range slices.Backward(r.sessions) { // from the back: cut removes
		heard := s.conn.heard()
		switch {
		case s.player == 0 && now.Sub(s.opened) >= l.FirstMessage:
			r.cut(s, tickwirev1.Code_CODE_LATE, "no hello in time", game.ReasonLost)
		case now.Sub(heard) >= l.Dead:
			r.cut(s, tickwirev1.Code_CODE_SILENT, "nothing was heard from the client", game.ReasonLost)
		case s.player != 0 && !r.passive && l.Idle > 0 && now.Sub(s.acted) >= l.Idle:
			r.cut(s, tickwirev1.Code_CODE_IDLE, "the player did nothing for too long", game.ReasonIdle)
		case s.mail.full() && s.conn.busy():
			r.cut(s, tickwirev1.Code_CODE_SLOW, "too much waits for the client", game.ReasonLost)
		case now.Sub(heard) >= l.Ping && now.Sub(s.pinged) >= l.Ping:
			s.pinged = now
			s.conn.ping()
		}
	}
}

// leaveReason is why a player left whose socket ended with a close code.
func leaveReason(code Code) game.Reason {
	switch code {
	case closeNormal, closeGoingAway:
		return game.ReasonLeft
	case tickwirev1.Code_CODE_IDLE:
		return game.ReasonIdle
	case tickwirev1.Code_CODE_KICKED:
		return game.ReasonKicked
	default:
		return game.ReasonLost
	}
}

// The close codes of RFC 6455 with which a client leaves by its own will.
const (
	closeNormal    Code = 1000
	closeGoingAway Code = 1001
)

// fingerprint tells one input from the next.
func fingerprint(values []int64, blobs [][]byte) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037) // FNV-1a, by words
	for _, v := range values {
		h = (h ^ uint64(v)) * prime //nolint:gosec // bits
	}
	for _, blob := range blobs {
		for _, c := range blob {
			h = (h ^ uint64(c)) * prime
		}
		h *= prime // where one ends and the next begins
	}
	return h
}

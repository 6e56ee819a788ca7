package server

import (
	"fmt"
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// arrival is a socket that has not said hello.
type arrival struct {
	session    *session
	conn       *conn
	generation uint32 // of the ticket it was opened with
	at         time.Time
}

// arrive adds what came in since the last tick to the entries of the next step.
func (r *room) arrive(b *batch) {
	r.next = r.sim.NextID()
	for i := range b.entries {
		e := &b.entries[i]
		s := e.session
		switch {
		case s == nil:
			r.message(b, e, 0)
		case e.kind == entryConnected:
			r.arrivals = append(r.arrivals, arrival{s, e.conn, e.seq, e.at})
		case e.kind == entryHello:
			r.hello(e)
		case e.kind == entryExpel:
			r.cut(s, tickwirev1.Code_CODE_KICKED, string(b.blobsOf(e)[0]))
		case e.kind == entryClosed:
			r.closed(s, e.conn, Code(e.typ))
		case s.line.conn == e.conn: // else it is from a socket that the session no longer has
			r.hear(b, e)
		}
	}
}

// hello gives a session to a socket, the newest one.
func (r *room) hello(e *entry) {
	i := slices.IndexFunc(r.arrivals, func(a arrival) bool { return a.conn == e.conn })
	if i < 0 {
		return // it ended meanwhile
	}
	s, came := e.session, r.arrivals[i]
	r.arrivals = slices.Delete(r.arrivals, i, i+1)
	if s.ended {
		e.conn.end(tickwirev1.Code_CODE_NOT_FOUND, "the session is over")
		return
	}
	if s.line.conn != nil && came.at.Before(s.line.came) { // it was held up on its way, and is of no use to anybody
		e.conn.end(tickwirev1.Code_CODE_SUPERSEDED, "a newer connection has the seat")
		return
	}
	token, ok := r.server.directory.rotate(s, came.generation, e.at)
	if !ok {
		e.conn.end(tickwirev1.Code_CODE_FORBIDDEN, "a newer token has replaced the one that was used")
		r.giveUp(s)
		return
	}
	codec := tickwirev1.Codec(e.typ)
	w := welcome{token: token, resumed: s.player != 0}
	if w.resumed {
		r.resume(s, e, codec, &w)
	} else {
		r.join(s, e)
	}
	frames := pictureFrames
	if s.baseline.Tick() != 0 {
		frames = 1 // it has a picture
	}
	s.codec, s.budget = codec, newBudget(&r.limits, frames, e.at)
	s.line = line{conn: e.conn, codec: codec, came: came.at, since: e.at, welcome: w, closing: r.closing != 0}
}

// join lets a session into the game.
func (r *room) join(s *session, e *entry) {
	s.player = r.next
	r.next++
	s.acted = e.at
	s.inputs, s.commands = inputBucket(r.def.Rate), r.limits.commandBucket()
	r.sessions = append(r.sessions, s)
	r.players[s.player] = s
	r.entries = append(r.entries, game.Entry{
		Kind: game.EntryJoin, Player: s.player, Name: s.name, Identity: s.identity,
	})
	r.server.metrics.players.Inc()
	r.log.Debug().Str("session", s.id).Uint32("player", uint32(s.player)).Uint32("tick", r.sim.Now()).Msg("player joined")
}

// resume gives a session, whose player is away or has an older socket still, to the socket of e.
func (r *room) resume(s *session, e *entry, codec tickwirev1.Codec, w *welcome) {
	if old := s.line.conn; old != nil {
		old.end(tickwirev1.Code_CODE_SUPERSEDED, "a newer connection took the seat")
	} else {
		r.server.metrics.away.Dec()
		r.entries = append(r.entries, game.Entry{Kind: game.EntryResume, Player: s.player})
	}
	held := s.flow.restart(e.tick)
	if codec != s.codec {
		held.Reset() // what a plain frame leaves is not all that a packed one builds on
	}
	s.hold(held)
	w.kept = e.tick != 0
	s.mail.ack(e.tick)
	w.lost = s.mail.restart(e.seq, w.kept)
	s.acked, s.hashed, s.lead = held.Tick(), 0, low{}
	r.log.Debug().Str("session", s.id).Uint32("player", uint32(s.player)).Uint32("tick", r.sim.Now()).
		Uint32("held", held.Tick()).Msg("player resumed")
}

// hear takes what a player in the game sent.
func (r *room) hear(b *batch, e *entry) {
	s := e.session
	if e.ack != 0 && e.ack <= s.flow.last { // none acknowledges what it was not sent
		r.acknowledge(s, e.ack, e.at)
	}
	switch e.kind {
	case entryInput:
		if e.tick > s.newest { // a repeated one says nothing of how early the player is
			if !s.inputs.allow(e.at) {
				r.exceed(s, limitInputs, "far more inputs than ticks")
				return
			}
			if e.tick > r.sim.Now()+1+game.MaxAhead {
				return // the next step would drop it
			}
			s.newest = e.tick
			s.lead.add(e.at, r.leadOf(e), leadWhile)
		}
		if what := fingerprint(b.valuesOf(e), b.blobsOf(e)); what != s.lastInput {
			s.lastInput, s.acted = what, e.at
		}
		r.message(b, e, s.player)
	case entryCommand:
		r.command(b, e)
	case entryPing:
		s.line.pong = pong{due: true, id: e.seq, tick: r.sim.Now(), at: e.at}
	case entryPace:
		s.flow.pace = min(e.tick, uint32(r.def.Rate)) //nolint:gosec // checked by New
	case entryResync:
		s.hold(nil)
		s.flow.anew = true
		hash := tickwirev1.ResyncReason(e.typ) == tickwirev1.ResyncReason_RESYNC_REASON_HASH
		if hash && !s.line.desynced {
			s.line.desynced = true // once: a client can say so as often as it likes
			r.server.metrics.desyncs.Inc()
			r.log.Error().Str("session", s.id).Uint32("tick", e.tick).Msg("a client's copy differs")
		}
	case entryAck, entryConnected, entryHello, entryClosed, entryExpel:
	}
}

// acknowledge takes in which tick a client has applied.
func (r *room) acknowledge(s *session, tick uint32, at time.Time) {
	s.acked = max(s.acked, tick)
	s.flow.ack(tick, at)
	s.mail.ack(tick)
	l := &s.line
	if at.Sub(l.aged) >= time.Second {
		l.aged = at
		r.server.metrics.stateAge.Observe(at.Sub(r.clock.at(int64(tick))).Seconds())
	}
	if !l.used && l.greeted != 0 && tick >= l.greeted {
		l.used = true
		r.server.directory.confirm(s)
	}
}

// command passes a player's command on: each once, in order.
func (r *room) command(b *batch, e *entry) {
	s := e.session
	switch {
	case e.seq <= s.commanded: // it came before
	case e.seq != s.commanded+1:
		r.cut(s, tickwirev1.Code_CODE_MALFORMED, fmt.Sprintf("command %d follows command %d", e.seq, s.commanded))
	case !s.commands.allow(e.at):
		r.exceed(s, limitCommands, "too many commands")
	default:
		s.commanded, s.acted = e.seq, e.at
		r.message(b, e, s.player)
	}
}

// exceed cuts a client that sends more than it may.
func (r *room) exceed(s *session, l limit, message string) {
	r.server.metrics.reached(l)
	r.cut(s, tickwirev1.Code_CODE_TOO_MANY, message)
}

// message passes an input or a command on to the game. Player 0 is the server itself.
func (r *room) message(b *batch, e *entry, from game.Player) {
	kind := game.EntryInput
	if e.kind == entryCommand {
		kind = game.EntryCommand
	}
	r.entries = append(r.entries, game.Entry{
		Kind: kind, Player: from, Tick: e.tick, View: shown(e), Seq: e.seq, Type: int(e.typ),
		Values: b.valuesOf(e), Blobs: b.blobsOf(e),
	})
}

// shown is the tick that was on the player's screen: so many eighths of a tick behind the newest it has applied.
func shown(e *entry) uint32 {
	if e.session == nil {
		return 0
	}
	behind := (e.view + 7) / 8
	if behind >= e.session.acked {
		return 0
	}
	return e.session.acked - behind
}

// leadWhile is the time over which the least lead of a player's inputs is reported, so that its client can run neither
// late nor further ahead than it must.
const leadWhile = time.Second

// leadOf is how much earlier than needed an input came, in eighths of a tick, bounded to ± 64 ticks.
func (r *room) leadOf(e *entry) int64 {
	const bound = 64 * 8
	early := r.clock.at(int64(e.tick)).Sub(e.at)
	eighths := early / (r.clock.interval() / 8)
	return int64(max(-bound, min(bound, eighths)))
}

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

package server

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime/debug"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// room runs one game: it gives the sim time and inputs and carries the results away. All but inbox belongs to the
// goroutine of run, which never waits for anything but the next tick; to the watcher, once that has given the room up.
type room struct {
	id  string
	def game.Definition

	server  *Server
	limits  Limits
	log     zerolog.Logger
	sim     *game.Sim
	schema  *game.Schema
	welcome []byte // the schema, encoded once
	passive bool   // clients send neither inputs nor commands, so nobody is idle

	inbox    *inbox
	clock    *clock
	slips    uint64     // already counted in the metrics
	arrivals []arrival  // sockets that have not said hello
	sessions []*session // in the game, in the order they joined; those whose player is away too
	players  map[game.Player]*session
	next     game.Player  // ID of the next player to join
	entries  []game.Entry // of the next step; memory kept
	framer   framer
	tail     *game.Tail // nil: nothing is dumped
	watch    watch
	closing  uint32    // tick at which the room ends because the server stops; 0: it does not stop
	deadline time.Time // when it ends then, should it fall behind
	empty    time.Time // since when nobody is there
	used     bool      // somebody was
}

// newRoom makes a room of a game; run starts it. The game's mistakes in registering are an error.
func newRoom(s *Server, id string, def game.Definition, options map[string]string) (*room, error) {
	def = def.WithDefaults()
	sim, err := game.NewSim(def, newSeed(), options)
	if err != nil {
		return nil, err
	}
	r := &room{
		id: id, def: def,
		server: s, limits: s.options.Limits,
		log: s.log.With().Str("room", id).Str("game", def.Name).Logger(),
		sim: sim, schema: sim.Schema(), inbox: newInbox(), players: map[game.Player]*session{},
	}
	r.framer.encoder = game.NewEncoder(r.schema, sim.History())
	r.tail = s.newTail(sim)
	r.passive = r.schema.Input == nil && !takesCommands(r.schema)
	r.welcome, err = encodeSchema(r.schema)
	return r, err
}

func takesCommands(s *game.Schema) bool {
	for _, c := range s.Commands {
		if !c.Internal {
			return true
		}
	}
	return false
}

// newSession makes a session for a seat that the lobby has taken.
func (r *room) newSession(name, identity string) *session {
	return &session{id: rand.Text(), room: r, name: name, identity: identity}
}

// expel makes a player go, as soon as the room comes to it. Any goroutine may call it.
func (r *room) expel(s *session, why string) {
	r.inbox.put(entry{kind: entryExpel, session: s, at: time.Now(), why: why})
}

// run ticks until the game is over or fails, nobody is there any more, or ctx is done. Everybody who is still there is
// then told why, and the directory forgets the room. False: the room was given up meanwhile, and is no longer the caller's.
func (r *room) run(ctx context.Context) bool {
	code, message := r.loop(ctx)
	if r.watch.since.Load() == lost {
		return false
	}
	r.log.Info().Uint32("tick", r.sim.Now()).Str("code", codeName(code)).Msg("room ended: " + message)
	r.finish(code, message)
	return true
}

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
}

// loop ticks on time and returns why the room ends.
func (r *room) loop(ctx context.Context) (code Code, message string) {
	defer func() { // our own mistake: this room ends, the others play on
		if p := recover(); p != nil {
			r.log.Error().Uint32("tick", r.sim.Now()).Any("panic", p).Bytes("stack", debug.Stack()).Msg("room failed")
			code, message = tickwirev1.Code_CODE_GAME_FAILED, "the room failed"
		}
	}()
	now := time.Now()
	r.empty = now
	r.clock = newClock(now.Add(phase(time.Second/time.Duration(r.def.Rate))), r.def.Rate)
	timer := time.NewTimer(time.Until(r.clock.next()))
	defer timer.Stop()
	stopping := ctx.Done()
	for {
		select {
		case <-stopping:
			if !r.sim.Closes() || !r.peopled() {
				return tickwirev1.Code_CODE_STOPPING, "the server is stopping"
			}
			stopping = nil
			r.close()
			continue
		case <-timer.C:
		}
		if code, message, ended := r.turn(time.Now()); ended {
			return code, message
		}
		timer.Reset(time.Until(r.clock.next()))
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

// turn runs the ticks that are due at now, then sends. It reports whether the room ends, and why.
func (r *room) turn(now time.Time) (code Code, message string, ended bool) {
	due := r.clock.next()
	before := r.sim.Now()
	for range r.clock.due(now) {
		if code, message, ended = r.step(now); ended {
			return code, message, true
		}
	}
	tick := r.sim.Now()
	if tick == before {
		return 0, "", false // the timer fired early
	}
	r.enforce(now)
	r.sendFrames(tick, tick/r.stride() != before/r.stride(), now)
	m := r.server.metrics
	m.tickLate.Observe(now.Sub(due).Seconds())
	m.tickCost.Observe(time.Since(now).Seconds())
	if r.clock.slips != r.slips {
		m.slips.Add(float64(r.clock.slips - r.slips))
		r.log.Warn().Uint32("tick", tick).Uint64("slips", r.clock.slips-r.slips).Msg("the room fell behind")
		r.slips = r.clock.slips
	}
	if r.closing != 0 && (tick >= r.closing || !now.Before(r.deadline) || !r.peopled()) {
		return tickwirev1.Code_CODE_STOPPING, "the server is stopping", true
	}
	if r.deserted(now) && r.server.directory.retire(r) {
		if r.used {
			r.server.metrics.reached(limitEmpty)
		} else {
			r.server.metrics.reached(limitEmptyNew)
		}
		return tickwirev1.Code_CODE_OVER, "nobody is there", true
	}
	return 0, "", false
}

// step takes the inbox and moves the game on by one tick.
func (r *room) step(now time.Time) (code Code, message string, ended bool) {
	r.arrive(r.inbox.take())
	if r.tail != nil {
		r.tail.Add(r.sim, r.entries)
	}
	r.watch.begin(r.server.age())
	out, err := r.sim.Step(r.entries)
	if !r.watch.end() {
		return tickwirev1.Code_CODE_GAME_FAILED, "the game hangs", true
	}
	r.entries = r.entries[:0]
	if err != nil {
		r.dump()
		event := r.log.Error().Uint32("tick", r.sim.Now()).Err(err)
		if failed, ok := errors.AsType[*game.GameError](err); ok {
			event = event.Str("hook", failed.Hook).Bytes("stack", failed.Stack)
		}
		event.Msg("the game failed")
		return tickwirev1.Code_CODE_GAME_FAILED, "the game failed", true
	}
	r.framer.encoder.Begin()
	r.deliver(out)
	for _, k := range out.Kicks {
		if s := r.players[k.Player]; s != nil {
			r.sendLast(s, now) // what the game told the player before it said so
			r.cut(s, tickwirev1.Code_CODE_KICKED, k.Why)
		}
	}
	if out.Over {
		for _, s := range r.sessions {
			r.sendLast(s, now)
		}
		return tickwirev1.Code_CODE_OVER, "the game is over", true
	}
	return 0, "", false
}

// deliver puts the events and answers of a step into the mail of those they are for.
func (r *room) deliver(out *game.Output) {
	tick := r.sim.Now()
	for i := range out.Events {
		e := &out.Events[i]
		r.framer.event = appendEvent(r.framer.event[:0], e)
		if e.To != 0 {
			if s := r.players[e.To]; s != nil {
				s.tell(tick, r.framer.event)
			}
			continue
		}
		for _, s := range r.sessions {
			s.tell(tick, r.framer.event)
		}
	}
	for _, a := range out.Answers {
		if s := r.players[a.Player]; s != nil {
			s.answer(a)
		}
	}
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

// interval is the time between two frames.
func (r *room) interval() time.Duration { return r.clock.interval() * time.Duration(r.def.Stride) }

func (r *room) stride() uint32 { return uint32(r.def.Stride) } //nolint:gosec // 1 to maxStride

package server

import (
	"context"
	"crypto/rand"
	"runtime/debug"
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
	views   bool   // the game says what each player may see
	passive bool   // clients send neither inputs nor commands, so nobody is idle

	inbox    *inbox
	sockets  sockets // those that the room reads itself
	clock    *clock
	slips    uint64        // already counted in the metrics
	cost     time.Duration // of the last turn in which the game moved on
	arrivals []arrival     // sockets that have not said hello
	sessions []*session    // in the game, in the order they joined; those whose player is away too
	players  map[game.Player]*session
	next     game.Player  // ID of the next player to join
	entries  []game.Entry // of the next step; memory kept
	framers  []*framer    // the first is the room's own, the others are those of cores that help
	crew     crew
	round    round
	profile  profile
	event    []byte     // being delivered; memory kept
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
	r.views = sim.Views()
	r.framers = []*framer{newFramer(sim)}
	if r.crew.least, r.crew.share, r.crew.most = crewLeast, crewShare, 0; s.options.cores > 0 {
		r.crew.least, r.crew.share, r.crew.most = 1, 2, s.options.cores
	}
	r.tail = s.newTail(sim)
	r.passive = r.schema.Input == nil && !takesCommands(r.schema)
	if r.profile, err = newProfile(s.metrics, &def, r.schema); err != nil {
		return nil, err
	}
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
	r.inbox.putMessage(entry{kind: entryExpel, session: s, at: time.Now()}, nil, [][]byte{[]byte(why)})
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

// loop ticks on time and returns why the room ends.
func (r *room) loop(ctx context.Context) (code Code, message string) {
	defer func() { // our own mistake: this room ends, the others play on
		if p := recover(); p != nil {
			stack := debug.Stack()
			if f, ok := p.(*failure); ok {
				p, stack = f.cause, f.stack
			}
			r.log.Error().Uint32("tick", r.sim.Now()).Any("panic", p).Bytes("stack", stack).Msg("room failed")
			code, message = tickwirev1.Code_CODE_GAME_FAILED, "the room failed"
		}
	}()
	now := time.Now()
	r.empty = now
	first := r.server.phases.next(time.Second/time.Duration(r.def.Rate), r.server.age())
	r.clock = newClock(now.Add(first), r.def.Rate)
	bell := newAlarm(ctx)
	defer bell.close()
	for {
		if bell.wait(r.clock.next(), len(r.sockets.all) > 0) {
			if !r.sim.Closes() || !r.peopled() {
				return tickwirev1.Code_CODE_STOPPING, "the server is stopping"
			}
			r.close()
			continue
		}
		if code, message, ended := r.turn(time.Now()); ended {
			return code, message
		}
	}
}

// turn runs the ticks that are due at now, then sends. It reports whether the room ends, and why.
func (r *room) turn(now time.Time) (code Code, message string, ended bool) {
	due := r.clock.next()
	before := r.sim.Now()
	ticks := r.clock.due(now)
	if ticks > 0 {
		r.poll(now)
	}
	for range ticks {
		if code, message, ended = r.step(now); ended {
			return code, message, true
		}
	}
	tick := r.sim.Now()
	if tick == before {
		return 0, "", false // the timer fired early
	}
	r.enforce(now)
	if err := r.sendFrames(tick, tick/r.stride() != before/r.stride(), now); err != nil {
		return r.fail(err)
	}
	m := r.server.metrics
	m.tickLate.Observe(now.Sub(due).Seconds())
	r.cost = time.Since(now)
	m.tickCost.Observe(r.cost.Seconds())
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
		return r.fail(errHangs)
	}
	r.entries = r.entries[:0]
	if err != nil {
		return r.fail(err)
	}
	r.framers[0].encoder.Begin()
	r.deliver(out)
	for _, k := range out.Kicks {
		if s := r.players[k.Player]; s != nil {
			if err := r.sendLast(s, now); err != nil { // what the game told the player before it said so
				return r.fail(err)
			}
			r.cut(s, tickwirev1.Code_CODE_KICKED, k.Why)
		}
	}
	if out.Over {
		for _, s := range r.sessions {
			if err := r.sendLast(s, now); err != nil {
				return r.fail(err)
			}
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
		r.event = appendEvent(r.event[:0], e)
		if e.To != 0 {
			if s := r.players[e.To]; s != nil {
				s.tell(tick, r.event)
			}
			continue
		}
		for _, s := range r.sessions {
			s.tell(tick, r.event)
		}
	}
	for _, a := range out.Answers {
		if s := r.players[a.Player]; s != nil {
			s.answer(a)
		}
	}
}

// interval is the time between two frames.
func (r *room) interval() time.Duration { return r.clock.interval() * time.Duration(r.def.Stride) }

func (r *room) stride() uint32 { return uint32(r.def.Stride) } //nolint:gosec // 1 to maxStride

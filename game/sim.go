package game

import "errors"

// Sim is a game in its world: a step function with everything that it depends on inside. It has no clock and no
// goroutine; it belongs to whoever calls it.
type Sim struct {
	def   Definition
	world *World
	game  Game
	seed  uint64
	over  bool  // the game has ended itself
	dead  error // why no Step can follow

	scratch []byte // Hash's
}

// NewSim makes a game of a definition, before its first tick. Mistakes of the definition, and of its New in
// registering, are a *DefinitionError; a panic of New for other reasons is a *GameError.
func NewSim(def Definition, seed uint64, options map[string]string) (*Sim, error) {
	def = def.WithDefaults()
	if why := def.check(); why != "" {
		return nil, &DefinitionError{Game: def.Name, Why: why}
	}
	s := &Sim{def: def, world: newWorld(seed, sortOptions(options)), seed: seed}
	s.world.tick.rate = def.Rate
	if err := s.build(); err != nil {
		return nil, err
	}
	return s, nil
}

// build calls the game's New and closes the registration.
func (s *Sim) build() (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case problem:
			err = &DefinitionError{s.def.Name, p.where, p.field, p.why}
		default:
			err = &GameError{Hook: "New", Cause: p, Stack: stack()}
		}
	}()
	w := s.world
	s.game = s.def.New(w)
	w.sealed = true
	if s.game == nil {
		return &DefinitionError{Game: s.def.Name, Why: "New returned nil"}
	}
	if err := w.schema.Prepare(); err != nil {
		return &DefinitionError{Game: s.def.Name, Why: err.Error()}
	}
	w.history = NewHistory(w.schema)
	return nil
}

// Definition is what the sim was made of, its defaults filled.
func (s *Sim) Definition() Definition { return s.def }

// StateHash is equal for two versions of a game whose saved states are made of the same fields, those that clients never
// see included, and that take the same inputs and commands: a recording of one can be played with the other.
func (s *Sim) StateHash() uint64 { return s.world.savedHash() }

// Schema describes the game. It must not be changed.
func (s *Sim) Schema() *Schema { return s.world.schema }

// History is the ring of snapshots; each Step adds one.
func (s *Sim) History() *History { return s.world.history }

// Now is the last tick that was run; 0 before the first.
func (s *Sim) Now() uint32 { return s.world.tick.number }

// NextID is the least ID that an EntryJoin of the next Step may name.
func (s *Sim) NextID() ID { return s.world.next }

// Players returns who is there, ascending.
func (s *Sim) Players() []Player {
	players := make([]Player, 0, len(s.world.tick.seats))
	for p := range s.world.tick.Players() {
		players = append(players, p)
	}
	return players
}

// Applied is the tick that the newest input which the game has been given of a player was meant for; 0 if none.
func (s *Sim) Applied(p Player) uint32 {
	if seat := s.world.tick.seat(p); seat != nil {
		return seat.applied
	}
	return 0
}

// Dropped is how many inputs of a player were dropped so far: those that came too late, too early or twice.
func (s *Sim) Dropped(p Player) uint64 {
	if seat := s.world.tick.seat(p); seat != nil {
		return seat.dropped
	}
	return 0
}

// Away says that a player has lost its connection and is not back yet, as Tick.Away does.
func (s *Sim) Away(p Player) bool { return s.world.tick.Away(p) }

// Grace is for how many seconds a player's seat is kept when its connection is lost: what the game said last with
// SetGrace, else Definition.Grace. It is never negative.
func (s *Sim) Grace(p Player) int {
	if seat := s.world.tick.seat(p); seat != nil && seat.grace > 0 {
		return int(seat.grace - 1)
	}
	return max(s.def.Grace, 0)
}

// Step runs one tick: first every join gets its ID, then the entries take effect in their order, then the game ticks
// and the new state is captured. An *EntryError changes nothing. A *GameError is the game's fault; the sim is dead
// after it and every later Step returns it again. After a Step whose output is Over, every later one returns ErrOver. The
// output is good until the next Step; in steady state a Step allocates nothing.
func (s *Sim) Step(inbox []Entry) (*Output, error) {
	if s.dead != nil {
		return nil, s.dead
	}
	if err := s.check(inbox); err != nil {
		return nil, err
	}
	t := &s.world.tick
	t.begin()
	for i := range inbox {
		if inbox[i].Kind == EntryJoin {
			s.world.next = inbox[i].Player + 1
		}
	}
	if s.dead = s.play(inbox); s.dead != nil {
		return nil, s.dead
	}
	if t.out.Over {
		s.end()
	}
	return &t.out, nil
}

// end lets no Step follow, for the game has ended itself.
func (s *Sim) end() { s.over, s.dead = true, ErrOver }

// play does the part of a step that runs the game's own code.
func (s *Sim) play(inbox []Entry) (err error) {
	w, hook := s.world, "Tick"
	t := &w.tick
	defer func() {
		if p := recover(); p != nil {
			err = &GameError{Hook: hook, Tick: t.number, Cause: p, Stack: stack()}
		}
	}()
	for i := range inbox {
		hook = s.enter(&inbox[i])
		s.take(&inbox[i])
	}
	if w.input != nil {
		for _, seat := range t.seats {
			w.input.advance(seat, t.number, t.rate)
		}
	}
	hook = "Tick"
	switch err := s.game.Tick(t); {
	case err == nil:
	case errors.Is(err, ErrOver):
		t.out.Over = true
	default:
		return &GameError{Hook: hook, Tick: t.number, Cause: err}
	}
	for _, store := range w.stores {
		store.sweep()
	}
	if problem := w.capture(t.number); problem != "" {
		return &GameError{Hook: "capture", Tick: t.number, Cause: problem}
	}
	return nil
}

// Closes reports whether the game is a Closer.
func (s *Sim) Closes() bool {
	_, ok := s.game.(Closer)
	return ok
}

// Views reports whether the game is a Viewer.
func (s *Sim) Views() bool {
	_, ok := s.game.(Viewer)
	return ok
}

// View empties v and fills it with what a player may see in the state after the last Step, for Encoder.See. Of a game that
// is no Viewer that is everything. A panic of the game is a *GameError; the sim is dead after it. A game that has ended can
// still be viewed. View belongs to the goroutine of the Sim; v then goes to whoever makes the frame.
func (s *Sim) View(p Player, v *View) (err error) {
	if s.dead != nil && !s.over {
		return s.dead
	}
	defer func() {
		if cause := recover(); cause != nil {
			err = &GameError{Hook: "View", Tick: s.world.tick.number, Cause: cause, Stack: stack()}
			s.dead, s.over = err, false
		}
	}()
	v.begin(s.world)
	if viewer, ok := s.game.(Viewer); ok {
		viewer.View(p, v)
		return nil
	}
	for i := range s.world.schema.Tables {
		v.looks = append(v.looks, look{kind: lookTable, table: uint8(i)})
	}
	return nil
}

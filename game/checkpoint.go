package game

// checkpointMagic begins every checkpoint; the last byte is the version of the format.
const checkpointMagic = "TWCP\x02"

// CheckpointError says why a checkpoint cannot be restored.
type CheckpointError struct{ Why string }

func (e *CheckpointError) Error() string { return "game: checkpoint: " + e.Why }

// Checkpoint appends all that the future of the room depends on: tables and Vars with their unexported fields, the
// Rand, IDs, players with their inputs, and the last 250 ms of snapshots, which rewinding reads. A Sim restored from it
// goes on as this one does, or is over if this one is. Like all that changes or reads state, it belongs between two Steps.
func (s *Sim) Checkpoint(b []byte) []byte {
	w := &writer{append(b, checkpointMagic...)}
	s.save(w)
	s.saveHistory(w)
	return w.b
}

// Hash is a hash of all state but the snapshots, whose own ticks' hashes covered what they show. Two sims with equal
// hashes at every tick have played the same game.
func (s *Sim) Hash() uint64 {
	w := &writer{s.scratch[:0]}
	s.save(w)
	s.scratch = w.b
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range w.b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// save writes the state without the history.
func (s *Sim) save(w *writer) {
	world := s.world
	w.text(s.def.Name)
	w.options(world.options)
	w.uint(uint64(world.tick.number))
	w.uint(uint64(world.next))
	w.fixed(world.rand.state)
	w.fixed(world.rand.inc)
	w.flag(s.over)
	w.uint(uint64(len(world.tick.seats)))
	for _, seat := range world.tick.seats {
		s.saveSeat(w, seat)
	}
	w.uint(uint64(len(world.stores)))
	for _, store := range world.stores {
		store.save(w)
	}
}

func (s *Sim) saveSeat(w *writer, seat *seat) {
	w.uint(uint64(seat.player))
	w.text(seat.name)
	w.text(seat.identity)
	w.flag(seat.away)
	w.flag(seat.refused)
	w.uint(uint64(seat.grace))
	w.uint(uint64(seat.applied))
	w.uint(uint64(seat.since))
	w.uint(uint64(seat.view))
	w.uint(seat.dropped)
	if in := s.world.input; in != nil {
		in.values, in.blobs = in.shape.pack(seat.now, in.values[:0], in.blobs[:0])
		w.values(in.values, in.blobs)
	} else {
		w.values(nil, nil)
	}
	w.uint(uint64(len(seat.waiting)))
	for i := range seat.waiting {
		one := &seat.waiting[i]
		w.uint(uint64(one.tick))
		w.uint(uint64(one.view))
		w.values(one.values, one.blobs)
	}
}

// save writes a table: its fields by name and type, so that a later version of the game can read it, then its rows.
func (s *store) save(w *writer) {
	w.text(s.schema.Name)
	w.uint(uint64(len(s.shape.saved)))
	for i := range s.shape.saved {
		w.text(s.shape.saved[i].name)
		w.text(s.shape.saved[i].typ)
	}
	w.uint(uint64(s.live))
	last := ID(0)
	for i, id := range s.ids {
		if s.rows[i] == nil {
			continue
		}
		w.uint(uint64(id - last))
		last = id
		for f := range s.shape.saved {
			s.shape.saved[f].save(w, s.rows[i])
		}
	}
}

// Restore makes a fresh Sim, one that has not stepped, go on where a checkpoint of the same game was made. Tables and
// fields are found by name and type: new ones are zero, those that are gone are skipped. The checkpoint is untrusted
// bytes; after an error the sim must not be used.
func (s *Sim) Restore(b []byte) error {
	if s.world.tick.number != 0 || s.dead != nil {
		return &CheckpointError{"only a fresh sim can be restored"}
	}
	if len(b) < len(checkpointMagic) || string(b[:len(checkpointMagic)]) != checkpointMagic {
		return &CheckpointError{"the bytes are no checkpoint of this version"}
	}
	r := &reader{b: b[len(checkpointMagic):]}
	err := s.load(r)
	if err == nil && (r.bad || len(r.b) != 0) {
		err = &CheckpointError{"the bytes are damaged"}
	}
	if err != nil {
		s.dead = err
	}
	return err
}

// load reads what save and saveHistory wrote. The game is made anew, for its New may read the options.
func (s *Sim) load(r *reader) error {
	if name := r.text(); name != s.def.Name && !r.bad {
		return &CheckpointError{"it is of the game " + name + ", not " + s.def.Name}
	}
	world := newWorld(s.seed, r.options())
	world.tick.rate = s.def.Rate
	s.world = world
	if err := s.build(); err != nil {
		return err
	}
	world.tick.number = r.uint32()
	world.next = ID(r.uint32())
	world.rand.state, world.rand.inc = r.fixed(), r.fixed()
	if r.flag() {
		s.end()
	}
	last := Player(0)
	for range r.count() {
		if last = s.loadSeat(r, last); r.bad {
			return nil
		}
	}
	for range r.count() {
		if why := s.loadTable(r); why != "" {
			return &CheckpointError{why}
		}
	}
	if r.bad {
		return nil
	}
	if why := s.loadHistory(r); why != "" {
		return &CheckpointError{why}
	}
	return nil
}

// loadSeat reads a player, who must come after the last one.
func (s *Sim) loadSeat(r *reader, last Player) Player {
	p := Player(r.uint32())
	if p <= last || p >= s.world.next {
		r.fail()
		return 0
	}
	name, identity := r.text(), r.text()
	if called(name, identity) != "" {
		r.fail()
		return 0
	}
	seat := s.world.tick.enter(p, name, identity)
	seat.away, seat.refused, seat.grace = r.flag(), r.flag(), r.uint32()
	if seat.grace > MaxGrace+1 {
		r.fail()
	}
	seat.applied, seat.since, seat.view, seat.dropped = r.uint32(), r.uint32(), r.uint32(), r.uint()
	values, blobs := r.values()
	in := s.world.input
	if in != nil && in.shape.schema.Check(values, blobs) == nil {
		in.shape.unpack(seat.now, values, blobs)
	}
	n := r.count()
	if n > maxWaiting {
		r.fail()
		return 0
	}
	tick := uint32(0)
	for range n {
		e := Entry{Tick: r.uint32(), View: r.uint32()}
		if e.Tick <= tick { // they ascend
			r.fail()
		}
		tick = e.Tick
		e.Values, e.Blobs = r.values()
		if in != nil && !r.bad && in.shape.schema.Check(e.Values, e.Blobs) == nil { // a new version may bound inputs otherwise
			var one waiting
			one.set(&e)
			seat.waiting = append(seat.waiting, one)
		}
	}
	return p
}

// maxBareRows bounds the rows of a table that was saved without fields and has some now. A row of any other table takes
// a byte of the checkpoint for each value that was saved, so the checkpoint's length bounds the memory.
const maxBareRows = 1 << 16

// loadTable reads a table. It returns what is wrong, "" if nothing is or the reader knows.
func (s *Sim) loadTable(r *reader) string {
	name := r.text()
	var into *store
	for _, store := range s.world.stores {
		if store.schema.Name == name {
			into = store
		}
	}
	var fields []loader
	values := 0
	for range r.count() {
		field, ok := into.loader(r.text(), r.text())
		if !ok {
			return "table " + name + " has a field of an unknown type"
		}
		fields = append(fields, field)
		values += field.n
	}
	if into != nil && !into.schema.Single {
		into.empty() // New may have put rows there with which a room begins
	}
	n := r.count()
	if values == 0 && n > maxBareRows && into != nil && into.shape.size > 0 {
		return "table " + name + " has too many rows that have nothing in them"
	}
	id := ID(0)
	for range n {
		delta := r.uint32()
		if delta == 0 || id+ID(delta) < id || id+ID(delta) >= s.world.next && into != nil && !into.schema.Single {
			r.fail()
			return ""
		}
		id += ID(delta)
		if why := into.loadRow(r, id, fields); why != "" || r.bad {
			return why
		}
	}
	return ""
}

// loadRow reads one row; into is nil if the table is gone.
func (s *store) loadRow(r *reader, id ID, fields []loader) string {
	var row ptr
	switch {
	case s == nil:
	case s.schema.Single && id == varID:
		row = s.rows[0]
	case s.schema.Single:
		return "the Var " + s.schema.Name + " has two rows"
	default:
		row = s.add(id)
	}
	for i := range fields {
		fields[i].load(r, row)
	}
	return ""
}

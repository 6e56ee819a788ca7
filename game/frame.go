package game

// Encoder makes the frames of all clients of one world, out of its history. It belongs to the goroutine that steps the
// world, and allocates nothing once its memory has grown to what the world needs.
type Encoder struct {
	schema  *Schema
	history *History
	now     *Snapshot // the newest
	tick    uint32    // of now, when Begin saw it

	changed []uint32 // by table: the last tick that differs from the one before
	shares  []*share // those of this tick first
	used    int
	sent    []sentFrame // the frames of this tick for clients that see all; memory of earlier ones behind
	frames  int
	hashes  []memoHash
	empty   Snapshot

	// What is needed while a frame is made.
	numbers         []int32
	gone            []int32 // places in the client's list
	tables          []merged
	velHeld, velNow []int32
	velLast         []int32
	cellsHeld       []int32
	cellsNow        []int32
	tiers           tiers
	sights          sights
	zero            row
	scratch         bitWriter
	delta           rowDelta
	slow            bool // only the plain form of fragments, for tests
}

// sentFrame is a frame that more clients may get.
type sentFrame struct {
	share  *share // nil: whole
	stride uint32
	maxID  ID   // before the frame; of no matter unless rows enter
	enters bool // rows enter
	top    ID   // the highest ID that enters
	body   []byte
}

// NewEncoder returns an encoder of a history's snapshots. The schema must be prepared.
func NewEncoder(s *Schema, h *History) *Encoder {
	e := &Encoder{
		schema: s, history: h,
		changed: make([]uint32, len(s.Tables)),
		tables:  make([]merged, len(s.Tables)),
		empty:   Snapshot{tables: make([]rows, len(s.Tables))},
	}
	e.now = &e.empty
	for _, t := range s.Tables {
		e.zero.cells = append(e.zero.cells, make([]int32, max(0, t.width-len(e.zero.cells)))...)
		e.zero.vels = append(e.zero.vels, make([]int32, max(0, t.vels-len(e.zero.vels)))...)
		e.zero.texts = append(e.zero.texts, make([]string, max(0, t.blobs-len(e.zero.texts)))...)
	}
	return e
}

// Begin takes in the newest snapshot. It must be called after each Step, before the tick's first frame.
func (e *Encoder) Begin() {
	newest := e.history.Newest()
	first := newest - min(newest, HistoryTicks) + 1
	if e.tick <= newest {
		first = max(first, e.tick+1)
	}
	for tick := first; tick <= newest; tick++ {
		s := e.history.At(tick)
		for i := range e.changed {
			if s == nil || !s.tables[i].same || e.history.At(tick-1) == nil {
				e.changed[i] = tick
			}
		}
	}
	e.now = &e.empty
	if s := e.history.At(newest); s != nil {
		e.now = s
	}
	e.tick = newest
	e.used, e.frames, e.hashes = 0, 0, e.hashes[:0]
}

// Frame appends the packed body of the next frame to a client that sends every stride ticks and may see vis, and
// advances b to it. base is what ServerFrame.base must say: the frame is a chain, ring or whole frame as b allows, and
// Moves is added if rows change their class.
func (e *Encoder) Frame(dst []byte, b *Baseline, stride uint32, vis *Visible) (base uint32, out []byte) {
	stride = max(stride, 1)
	base, s := e.pick(b, stride)
	if s == nil {
		b.maxID = 0
	}
	e.tiers.classes = e.tiers.classes[:0]
	if vis != nil || s != nil && !b.all {
		top, _, out := e.make(dst, b, s, stride, vis)
		if len(e.tiers.moves) > 0 {
			base |= Moves
		}
		e.advance(b, stride, vis, max(b.maxID, top))
		return base, out
	}
	for i := range e.sent[:e.frames] {
		f := &e.sent[i]
		if f.share == s && f.stride == stride && (f.maxID == b.maxID || !f.enters) {
			e.advance(b, stride, nil, max(b.maxID, f.top))
			return base, append(dst, f.body...)
		}
	}
	if e.frames == len(e.sent) {
		e.sent = append(e.sent, sentFrame{})
	}
	f := &e.sent[e.frames]
	e.frames++
	f.share, f.stride, f.maxID = s, stride, b.maxID
	f.top, f.enters, f.body = e.make(f.body[:0], b, s, stride, nil)
	e.advance(b, stride, nil, max(b.maxID, f.top))
	return base, append(dst, f.body...)
}

// make appends a body and returns the highest ID that enters.
func (e *Encoder) make(dst []byte, b *Baseline, s *share, stride uint32, vis *Visible) (ID, bool, []byte) {
	w := bitWriter{buf: dst}
	e.tiers.moves = e.tiers.moves[:0]
	tiered := len(b.classes) > 0 && s != nil || vis != nil && vis.rates != nil
	if tiered {
		e.planTiers(b, s == nil, stride)
	}
	if s != nil {
		e.goOn(&w, b, s, stride, vis)
	} else {
		for i := range e.tables {
			x := &e.tables[i]
			x.kept, x.changed, x.enters = 0, 0, append(x.enters[:0], e.seen(vis, i)...)
		}
	}
	top, enters := e.enter(&w, b.maxID, stride)
	if tiered {
		if e.reclass(vis); len(e.tiers.moves) > 0 {
			e.move(&w)
		}
	}
	return top, enters, w.close()
}

// goOn appends what becomes of the rows that the client holds.
func (e *Encoder) goOn(w *bitWriter, b *Baseline, s *share, stride uint32, vis *Visible) {
	var held int
	slow := len(b.classes) > 0
	if slow {
		held = e.mergeTiers(b, s, stride, vis)
	} else {
		held = e.merge(b, s, vis)
	}
	if s.mode == ring {
		w.golomb(0, uint32(s.m))
	}
	w.count(len(e.gone))
	for _, at := range e.gone {
		w.put(uint64(at), uint(width(held)))
	}
	for i := range e.tables {
		w.stay(&e.tables[i])
	}
	if slow {
		e.staySlow(w)
	}
}

// stay appends the rows of a table that the client keeps.
func (w *bitWriter) stay(x *merged) {
	if x.kept == 0 {
		return
	}
	rest := x.kept - x.changed
	switch {
	case x.changed == 0:
		w.put(0, 1)
	case 8*x.changed < rest:
		w.put(0b11, 2)
		w.golomb(runK, uint32(x.changed-1))
		run := uint32(0)
		for _, r := range x.rows {
			f := &x.table.frags[r]
			if f.at == unchanged {
				run++
				continue
			}
			w.golomb(runK, run)
			w.fragment(f, x.table.long)
			run = 0
		}
	default:
		w.put(0b01, 2)
		w.fragments(x.table.frags, x.rows, x.table.long)
	}
}

// enter appends the rows that the client did not hold, and returns the highest of their IDs.
func (e *Encoder) enter(w *bitWriter, last ID, stride uint32) (top ID, some bool) {
	count := 0
	for i := range e.tables {
		count += len(e.tables[i].enters)
	}
	w.count(count)
	if count == 0 {
		return 0, false
	}
	number := uint(width(len(e.tables)))
	for i, t := range e.schema.Tables {
		l, now, prior := &t.layout, &e.now.tables[i], e.rowsAt(e.now.Tick, stride, i)
		held := row{cells: e.zero.cells[:l.width], vels: e.zero.vels[:l.vels], texts: e.zero.texts[:l.blobs]}
		for _, r := range e.tables[i].enters {
			id := now.ids[r]
			e.velNow = e.velocitiesOf(e.velNow[:0], l, now, int(r), prior)
			is := row{cells: now.row(l, int(r)), vels: e.velNow, texts: now.rowTexts(l, int(r))}
			w.put(uint64(i), number)
			w.golomb(enterID, zig(int32(id-last-1)))
			l.fragment(w, enter, 0, held, is)
			held = is
			e.velNow, e.velLast = e.velLast, e.velNow
			last, top = id, max(top, id)
		}
	}
	return top, true
}

package game

// Sight is what one client sees, from frame to frame. The zero value is ready. It belongs to one session, is used by one
// Encoder at a time, and must be Reset whenever the client's Baseline is reset or becomes an older one.
type Sight struct {
	// wishes are the wished classes of the rows that the client was shown at a tick, in the order of its Baseline; what is
	// missing is 0.
	wishes []uint8
	tick   uint32

	budget budget
}

// Reset forgets what the client was shown.
func (s *Sight) Reset() {
	s.wishes, s.tick = s.wishes[:0], 0
	s.budget.reset()
}

// classes are the classes of the rows of table i that b's client holds: the wished ones if they are known, else what the
// rows really have.
func (s *Sight) classes(b *Baseline, i int) []uint8 {
	if s.tick != b.tick {
		return b.heldClasses(i)
	}
	if len(s.wishes) == 0 {
		return nil
	}
	return s.wishes[b.begin(i):b.ends[i]]
}

// sights is what an Encoder needs to see for its clients. Its memory is kept, and between two calls no row is marked.
type sights struct {
	tables []sightTable
	share  *share // that the client at hand is in; nil if its next frame is whole
	vis    Visible
	rates  [][]uint8 // of vis
	some   [meetRows]met
	admission
}

// sightTable is one table of it.
type sightTable struct {
	grid     grid
	all      bool // named as a whole
	recalled bool // held is known
	marks
	// set has a bit for each row that is named, and words one for each word of set that is not 0.
	set, words []uint64
	held       []int32 // the rows that the client holds
	named      []int32 // the rows that are named, ascending; of a table named as a whole those that are named themselves
	wishes     []uint8 // their classes
	slow       bool    // some wish is not 0
	next       int     // the row behind the one that was named itself last: rows that are named together often stand so
	entry
}

// See turns what a View names into the rows of the newest snapshot that the client may be shown in the next frame, for
// Frame or Plain. v nil is all rows. The result is nil if the client sees all without more ado; else it is good until the
// next See.
//
// room is how many bytes the body of the frame may have in the packed codec; 0 or less is unbounded. Rows that are named
// and that the client does not hold yet enter as far as they fit: first those named by Row, whether they fit or not, then
// those of whole tables, then those that are near by importance, nearness, and how long they have waited; at least one in
// each frame. So a frame has at most room bytes and one row more, unless what the client holds and what is named by Row
// need more. If they do for long, the least important of the rows that are near are told of more slowly, and at last are
// not shown until there is room again. A row that waits is simply not visible.
func (e *Encoder) See(s *Sight, v *View, b *Baseline, room int) *Visible {
	if v == nil {
		return e.seeAll(s, b, room)
	}
	x := &e.sights
	e.beginSights(b)
	for i := range v.looks {
		if l := &v.looks[i]; l.kind == lookTable {
			x.tables[l.table].all = true
		}
	}
	for i := range v.looks {
		l := &v.looks[i]
		t := &x.tables[l.table]
		switch {
		case l.kind == lookRow:
			if r := e.now.tables[l.table].find(l.id, t.next); r >= 0 {
				t.name(int32(r), own, 0)
				t.next = r + 1
			}
		case l.kind == lookNear && !t.all:
			e.recall(s, b, int(l.table))
			e.near(l)
		}
	}
	for i := range v.looks {
		if l := &v.looks[i]; l.kind == lookWith && !x.tables[l.table].all {
			e.recall(s, b, int(l.table))
			e.nameWith(int(l.table), int(l.of))
		}
	}
	x.gains = x.gains[:0]
	for i := range x.tables {
		x.gather(&x.tables[i], &s.budget)
	}
	all := e.admit(s, b, room)
	e.remember(s)
	e.endSights()
	if all {
		return nil
	}
	return &x.vis
}

// seeAll is See without a View.
func (e *Encoder) seeAll(s *Sight, b *Baseline, room int) *Visible {
	if s.tick > 0 || room <= 0 {
		s.Reset()
	}
	x := &e.sights
	if room <= 0 || x.allTick == e.now.Tick && x.allTick > 0 && x.all <= room {
		return nil
	}
	e.beginSights(b)
	if e.fitsAll(b, room) {
		return nil
	}
	for i := range x.tables {
		x.tables[i].all = true
	}
	all := e.admit(s, b, room)
	e.endSights()
	if all {
		return nil
	}
	return &x.vis
}

// beginSights makes ready for the sight of a client.
func (e *Encoder) beginSights(b *Baseline) {
	x := &e.sights
	if x.tables == nil {
		x.tables = make([]sightTable, len(e.schema.Tables))
		x.vis.tables, x.rates = make([][]int32, len(x.tables)), make([][]uint8, len(x.tables))
		for i, t := range e.schema.Tables {
			x.tables[i].grid.setup(t)
			x.tables[i].setup(t)
		}
	}
	_, x.share = e.pick(b, max(b.stride, 1))
	if b.stride > 0 {
		x.stride = b.stride
	}
	for i := range x.tables {
		t := &x.tables[i]
		t.all, t.recalled, t.slow = false, false, false
		t.named, t.wishes, t.held = t.named[:0], t.wishes[:0], t.held[:0]
		if n := len(e.now.tables[i].ids); len(t.had) < n {
			n += n / 4
			t.grow(n)
			t.set, t.words = make([]uint64, n/64+1), make([]uint64, n/4096+1)
		}
	}
}

// endSights takes all marks away.
func (e *Encoder) endSights() {
	for i := range e.sights.tables {
		t := &e.sights.tables[i]
		wipe(t.had, t.held)
		wipe(t.wish, t.named)
	}
}

// remember notes what the client is shown.
func (e *Encoder) remember(s *Sight) {
	s.wishes, s.tick = s.wishes[:0], e.now.Tick
	vis := &e.sights.vis
	if vis.rates == nil {
		return
	}
	for i, rows := range vis.tables {
		s.wishes = append(s.wishes, vis.rates[i]...)
		s.wishes = append(s.wishes, make([]uint8, len(rows)-len(vis.rates[i]))...)
	}
}

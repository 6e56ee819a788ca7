package game

import (
	"math"
	"slices"
)

// admission is what an Encoder needs to find out what fits into a frame.
type admission struct {
	stride uint32    // of frames of late; 0 before the first
	queue  []entrant // by table and row, those of tables named as a whole first
	order  []int     // these tables, the smallest first
	keys   []uint64
	gains  []uint32 // of all rows that are near; unless something is squeezed they are gathered when they are needed
	trial  []byte
	copy   Baseline
	// all is what a frame of all rows has at most in the tick allTick.
	allTick uint32
	all     int
}

// entrant is a row that the client does not hold, and that may wait.
type entrant struct {
	table, row int32
	priority   float32 // 0 in a table named as a whole
}

// entry is a table's part of it.
type entry struct {
	most     int     // bits that a row may take at most, but for its texts
	blobs    int     // texts of a row
	textTick uint32  // of allTexts
	allTexts int     // bits that the texts of all rows may take
	whole    bool    // the client holds all rows of the table
	ranks    []int32 // by row: the places of the entrants
	rows     []int32 // what is shown if some wait
	rates    []uint8
}

// setup finds out how many bits a row may take: its place as it leaves; or its table, ID, mask and values as it enters,
// which is more than while it stays; and the change of its class.
func (t *entry) setup(s *TableSchema) {
	const head = 8 + longestCode + 32
	t.most, t.blobs = 2*head, s.blobs
	for i := range s.parts {
		t.most += longestCode
		if s.parts[i].kind == Pos {
			t.most += 3 * longestCode
		}
	}
}

// named are the rows of table i that are named.
func (e *Encoder) named(i int) []int32 {
	if t := &e.sights.tables[i]; !t.all {
		return t.named
	}
	return e.upTo(len(e.now.tables[i].ids))
}

// admit decides which of the rows that are named are shown, and sets the result of See. It reports whether that is
// everything that there is.
func (e *Encoder) admit(s *Sight, b *Baseline, room int) bool {
	x, u := &e.sights, &s.budget
	x.queue = x.queue[:0]
	enters := 0
	switch {
	case room <= 0:
		u.reset()
	case e.bound(b) > room:
		e.enqueue(s, b)
		u.pace()
		enters = e.fit(u, b, room)
	case u.level > 0:
		u.pace()
		if u.due() {
			u.feel(0, room, x.gains)
		}
	}
	waits := enters < len(x.queue)
	e.show(enters)
	e.wait(u, enters)
	return !waits && e.allNamed()
}

// allNamed reports whether all tables are named as a whole.
func (e *Encoder) allNamed() bool {
	for i := range e.sights.tables {
		if !e.sights.tables[i].all {
			return false
		}
	}
	return true
}

// squeeze is the class of a row under a squeeze, and whether it is shown.
func (x *sights) squeeze(u *budget, t *sightTable, r int32, class uint8) (uint8, bool) {
	gain := t.gain[r]
	if gain == own {
		return class, true
	}
	x.gains = append(x.gains, gain)
	return u.squeezed(t.had[r], gain, class)
}

// enqueue finds the rows that may have to wait, and ranks them: first those of tables named as a whole, small tables first;
// then those that are near, by priority.
func (e *Encoder) enqueue(s *Sight, b *Baseline) {
	x := &e.sights
	x.order, x.keys = x.order[:0], x.keys[:0]
	for i := range x.tables {
		if t := &x.tables[i]; t.all {
			at := len(x.order)
			for at > 0 && len(e.now.tables[x.order[at-1]].ids) > len(e.now.tables[i].ids) {
				at--
			}
			x.order = slices.Insert(x.order, at, i)
		}
		if t, n := &x.tables[i], len(e.now.tables[i].ids); len(t.ranks) < n {
			t.ranks = make([]int32, n+n/4)
		}
	}
	for _, i := range x.order {
		t := &x.tables[i]
		if t.whole = e.holdsAll(b, i); t.whole {
			continue
		}
		e.recall(s, b, i)
		for r := range e.now.tables[i].ids {
			if t.waits(int32(r)) {
				t.ranks[r] = int32(len(x.queue))
				x.queue = append(x.queue, entrant{int32(i), int32(r), 0})
			}
		}
	}
	first := len(x.queue)
	for i := range x.tables {
		if t := &x.tables[i]; !t.all {
			t.whole = !t.recalled // then all rows are named themselves
			if t.recalled {
				e.enqueueNear(&s.budget, i)
			}
		}
	}
	slices.Sort(x.keys)
	for rank, key := range x.keys {
		q := &x.queue[first+int(uint32(key))]
		x.tables[q.table].ranks[q.row] = int32(first + rank)
	}
}

// enqueueNear adds the entrants of a table that are near.
func (e *Encoder) enqueueNear(u *budget, i int) {
	x, ids := &e.sights, e.now.tables[i].ids
	t, waits := &x.tables[i], u.waiting(i)
	for _, r := range t.named {
		if !t.waits(r) {
			continue
		}
		priority := float32(t.gain[r])
		for len(waits) > 0 && waits[0].id < ids[r] {
			waits = waits[1:]
		}
		if len(waits) > 0 && waits[0].id == ids[r] {
			priority += waits[0].priority
		}
		// Positive floats are ordered as their bits are. Equal ones keep the order of the rows.
		x.keys = append(x.keys, uint64(^math.Float32bits(priority))<<32|uint64(len(x.keys)))
		x.queue = append(x.queue, entrant{int32(i), r, priority})
	}
}

// holdsAll reports whether the client holds all rows of a table, for sure.
func (e *Encoder) holdsAll(b *Baseline, i int) bool {
	if e.sights.share == nil {
		return false
	}
	t := e.table(e.sights.share, i)
	return t.fixed && len(e.held(b, i, t.held)) == len(t.held.ids)
}

// show makes the result of See what the client is shown if so many entrants are.
func (e *Encoder) show(enters int) {
	x := &e.sights
	some := false
	for i := range x.tables {
		t := &x.tables[i]
		x.vis.tables[i], x.rates[i] = e.named(i), nil
		if t.slow {
			x.rates[i] = t.wishes
		}
		if enters < len(x.queue) && !t.whole {
			e.showTable(i, enters)
		}
		some = some || x.rates[i] != nil
	}
	x.vis.rates = nil
	if some {
		x.vis.rates = x.rates
	}
}

// showTable is show for a table in which some rows may wait.
func (e *Encoder) showTable(i, enters int) {
	x := &e.sights
	t := &x.tables[i]
	t.rows, t.rates = t.rows[:0], t.rates[:0]
	for n, r := range e.named(i) {
		if t.waits(r) && int(t.ranks[r]) >= enters {
			continue
		}
		t.rows = append(t.rows, r)
		if t.slow {
			t.rates = append(t.rates, t.wishes[n])
		}
	}
	x.vis.tables[i] = t.rows
	if t.slow {
		x.rates[i] = t.rates
	}
}

// wait notes the entrants that are not shown because they are near.
func (e *Encoder) wait(u *budget, enters int) {
	x := &e.sights
	u.waits, u.waitEnds = u.waits[:0], u.waitEnds[:0]
	if enters == len(x.queue) {
		if cap(u.waits) > keepWaits {
			u.waits = nil
		}
		return
	}
	for _, q := range x.queue {
		if t := &x.tables[q.table]; q.priority > 0 && int(t.ranks[q.row]) >= enters {
			for len(u.waitEnds) < int(q.table) {
				u.waitEnds = append(u.waitEnds, len(u.waits))
			}
			u.waits = append(u.waits, wait{e.now.tables[q.table].ids[q.row], q.priority})
		}
	}
	for len(u.waitEnds) < len(x.tables) {
		u.waitEnds = append(u.waitEnds, len(u.waits))
	}
}

// keepWaits is for how many rows a client that does not wait any more keeps memory.
const keepWaits = 256

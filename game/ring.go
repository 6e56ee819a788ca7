package game

import "slices"

// How a table of a snapshot is saved, against the same table in the tick after it, which is near.
const (
	tableSame  = iota // it is the same
	tableMoved        // it has the same IDs; the rows follow
	tableOther        // the IDs follow, then the rows
)

// saveHistory writes the snapshots that rewinding reads, from the newest back. The newest is what the tables show, so it
// is not written; every other one is guessed from the two after it, and only what is not as guessed is written.
func (s *Sim) saveHistory(w *writer) {
	h := s.world.history
	newest := h.Newest()
	first, n := newest, min(newest, 1)
	for reach := uint32(rewindMillis * s.def.Rate / 1000); newest-first < reach && h.At(first-1) != nil; {
		first--
		n++
	}
	w.fixed(s.world.schema.CodecHash())
	w.uint(uint64(n))
	for tick := newest; tick > first; tick-- {
		for i, t := range s.world.schema.Tables {
			now, near, far := h.around(tick-1, i, newest)
			w.rows(&t.layout, now, near, far)
		}
	}
}

// around returns a table in a tick and in the two after it; the last one is nil if it would be newer than newest.
func (h *History) around(tick uint32, table int, newest uint32) (now, near, far *rows) {
	if tick+2 <= newest {
		far = &h.At(tick + 2).tables[table]
	}
	return &h.At(tick).tables[table], &h.At(tick + 1).tables[table], far
}

// rows writes a table of a snapshot.
func (w *writer) rows(l *layout, now, near, far *rows) {
	switch sameIDs := sameIDs(now.ids, near.ids); {
	case sameIDs && sameCells(now.cells, near.cells) && slices.Equal(now.texts, near.texts):
		w.uint(tableSame)
		return
	case sameIDs:
		w.uint(tableMoved)
	default:
		w.uint(tableOther)
		w.uint(uint64(len(now.ids)))
		last := ID(0)
		for _, id := range now.ids {
			w.uint(uint64(id - last))
			last = id
		}
	}
	var buffer guessed
	right := uint64(0) // rows guessed since the last that was not
	for r, id := range now.ids {
		cells, texts := l.guess(&buffer, near, far, id, r)
		if !w.row(right, now.row(l, r), now.rowTexts(l, r), cells, texts) {
			right++
			continue
		}
		right = 0
	}
	w.uint(right)
}

// row writes a row that is not as guessed: how many were before it, a bit for every cell and text that is another, and
// these.
func (w *writer) row(right uint64, cells []int32, texts []string, guess []int32, guessTexts []string) bool {
	mask := uint64(0)
	for i, c := range cells {
		if c != guess[i] {
			mask |= 1 << i
		}
	}
	for i, t := range texts {
		if t != guessTexts[i] {
			mask |= 1 << (len(cells) + i)
		}
	}
	if mask == 0 {
		return false
	}
	w.uint(right)
	w.uint(mask)
	for i, c := range cells {
		if c != guess[i] {
			w.int(int64(c - guess[i]))
		}
	}
	for i, t := range texts {
		if t != guessTexts[i] {
			w.text(t)
		}
	}
	return true
}

// guessed has room for any row: no column has more than two cells.
type guessed struct {
	cells [2 * MaxColumns]int32
	texts [MaxColumns]string
}

// guess is what a row was one tick before near, which is one tick before far: it has moved on as it did from near to far.
// A row that is not in near is guessed to be empty. near is searched at hint first.
func (l *layout) guess(g *guessed, near, far *rows, id ID, hint int) ([]int32, []string) {
	cells, texts := g.cells[:l.width], g.texts[:l.blobs]
	r := near.find(id, hint)
	if r < 0 {
		clear(cells)
		clear(texts)
		return cells, texts
	}
	copy(cells, near.row(l, r))
	copy(texts, near.rowTexts(l, r))
	if far == nil {
		return cells, texts
	}
	if f := far.find(id, r); f >= 0 {
		further := far.row(l, f)
		for i := range l.movers {
			c := l.movers[i].cell
			cells[c] += speed(cells[c]-further[c], l.movers[i].jump)
		}
	}
	return cells, texts
}

// loadHistory reads what saveHistory wrote. The ring that it makes is not longer than that of any room, and not wider
// than the tables that were restored or the bytes that are there. It returns what is wrong, "" if nothing is or the
// reader knows.
func (s *Sim) loadHistory(r *reader) string {
	h, now := s.world.history, s.world.tick.number
	if r.fixed() != s.world.schema.CodecHash() && !r.bad {
		r.b = nil // of another version of the game: what players saw then cannot be told in today's columns
		return ""
	}
	n := r.uint()
	if n > HistoryTicks || n > uint64(now) {
		r.fail()
	}
	if r.bad || n == 0 {
		return ""
	}
	if why := s.world.capture(now); why != "" {
		return why
	}
	for tick := now - 1; tick > now-uint32(n) && !r.bad; tick-- {
		h.next(tick)
		for i, t := range s.world.schema.Tables {
			into, near, far := h.around(tick, i, now)
			r.rows(&t.layout, into, near, far)
		}
	}
	h.newest = now
	return ""
}

// rows reads a table of a snapshot.
func (r *reader) rows(l *layout, into, near, far *rows) {
	switch r.uint() {
	case tableSame:
		into.ids, into.cells, into.texts = slices.Clone(near.ids), slices.Clone(near.cells), near.texts
		return
	case tableMoved:
		into.ids = slices.Clone(near.ids)
	case tableOther:
		into.ids = r.ids()
	default:
		r.fail()
	}
	var buffer guessed
	right, n := r.uint(), len(into.ids)
	for i, id := range into.ids {
		if right > uint64(n-i) {
			r.fail()
		}
		cells, texts := l.guess(&buffer, near, far, id, i)
		if right == 0 {
			r.row(cells, texts)
			right = r.uint() + 1
		}
		if r.bad {
			return
		}
		right--
		into.cells, into.texts = append(into.cells, cells...), append(into.texts, texts...)
	}
	if right != 0 {
		r.fail()
	}
}

// ids reads the IDs of a table, which ascend.
func (r *reader) ids() []ID {
	ids := make([]ID, 0, r.count())
	id := ID(0)
	for range cap(ids) {
		delta := r.uint32()
		if delta == 0 || id+ID(delta) < id {
			r.fail()
			return nil
		}
		id += ID(delta)
		ids = append(ids, id)
	}
	return ids
}

// row reads what is not as guessed, into the guess.
func (r *reader) row(cells []int32, texts []string) {
	mask := r.uint()
	if mask>>(len(cells)+len(texts)) != 0 {
		r.fail()
	}
	for i := range cells {
		if mask>>i&1 != 0 {
			cells[i] += int32(r.int())
		}
	}
	for i := range texts {
		if mask>>(len(cells)+i)&1 != 0 {
			texts[i] = r.text()
		}
	}
}

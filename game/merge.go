package game

import "slices"

// merged is what becomes of the rows of one table for one client.
type merged struct {
	table   *sharedTable
	kept    int     // the number of rows that stay
	changed int     // of these
	rows    []int32 // their numbers now, if any changed
	stays   []int32 // memory for rows
	enters  []int32
}

// merge compares what a client holds with what it may see: e.gone are the places in its list of the rows that leave,
// e.tables what becomes of the others. It returns the length of the list.
func (e *Encoder) merge(b *Baseline, s *share, vis *Visible) int {
	e.gone = e.gone[:0]
	first, all := 0, b.all && vis == nil
	for i := range e.tables {
		t, x := e.table(s, i), &e.tables[i]
		x.begin(t)
		if all && t.quiet {
			x.kept = len(t.now.ids)
			first += x.kept
			continue
		}
		had, sees := e.held(b, i, t.held), e.seen(vis, i)
		e.mergeTable(s, i, had, sees, first, all || sameCells(had, sees))
		first += len(had)
	}
	return first
}

// begin empties what becomes of a table's rows.
func (x *merged) begin(t *sharedTable) {
	x.table, x.rows, x.stays, x.enters, x.kept, x.changed = t, nil, x.stays[:0], x.enters[:0], 0, 0
}

// mergeTable is merge for one table, whose rows have the places from first on. still says that their numbers are the same.
func (e *Encoder) mergeTable(s *share, i int, had, sees []int32, first int, still bool) {
	x := &e.tables[i]
	switch t := x.table; {
	case still && t.quiet:
		x.kept = len(had)
	case still && t.fixed:
		x.rows, x.kept = sees, len(sees)
		x.changed = e.count(s, t, i, sees)
	default:
		e.mergeRows(s, i, had, sees, first)
	}
}

// count is the number of rows that changed, of rows that stand where they stood. It makes the fragments not made yet.
func (e *Encoder) count(s *share, t *sharedTable, i int, list []int32) int {
	changed := len(list)
	if s.mode == ring {
		l := &e.schema.Tables[i].layout
		for _, r := range list {
			if t.frags[r].n == 0 {
				e.makeOne(s, t, l, int(r), int(r))
			}
		}
	}
	for _, r := range list {
		changed += int(t.frags[r].at >> 31)
	}
	return changed
}

// mergeRows is mergeTable row by row.
func (e *Encoder) mergeRows(s *share, i int, had, sees []int32, first int) {
	x := &e.tables[i]
	t := x.table
	l := &e.schema.Tables[i].layout
	frags := t.frags
	stays := slices.Grow(x.stays, len(sees))
	h, n := 0, 0
	for h < len(had) && n < len(sees) {
		a, b := t.place(had[h]), sees[n]
		switch {
		case a == b:
			stays = append(stays, b)
			if t.quiet {
				h++
				n++
				continue
			}
			if frags[b].n == 0 {
				e.makeOne(s, t, l, int(b), int(had[h]))
			}
			x.changed += 1 + int(frags[b].at>>31)
			h++
			n++
		case a < b:
			e.gone = append(e.gone, int32(first+h))
			h++
		default:
			x.enters = append(x.enters, b)
			n++
		}
	}
	for ; h < len(had); h++ {
		e.gone = append(e.gone, int32(first+h))
	}
	x.enters = append(x.enters, sees[n:]...)
	x.stays, x.rows, x.kept = stays, stays, len(stays)
}

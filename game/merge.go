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
		x.table, x.stays, x.enters, x.changed = t, x.stays[:0], x.enters[:0], 0
		if all && t.quiet {
			x.kept = len(t.now.ids)
			first += x.kept
			continue
		}
		had, sees := e.held(b, i, t.held), e.seen(vis, i)
		switch still := all || sameCells(had, sees); {
		case still && t.quiet:
			x.kept = len(had)
		case still && t.fixed:
			x.rows, x.kept = sees, len(sees)
			x.changed = e.count(s, t, i, sees)
		default:
			e.mergeTable(s, i, x, had, sees, first)
		}
		first += len(had)
	}
	return first
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

// mergeTable is merge for one table, whose rows have the places from first on.
func (e *Encoder) mergeTable(s *share, i int, x *merged, had, sees []int32, first int) {
	t := x.table
	l := &e.schema.Tables[i].layout
	heldIDs, nowIDs, frags := t.held.ids, t.now.ids, t.frags
	stays := slices.Grow(x.stays, len(sees))
	h, n := 0, 0
	for h < len(had) && n < len(sees) {
		a, b := had[h], sees[n]
		switch was, is := heldIDs[a], nowIDs[b]; {
		case was == is:
			stays = append(stays, b)
			h++
			n++
			if t.quiet {
				continue
			}
			if frags[b].n == 0 {
				e.makeOne(s, t, l, int(b), int(a))
			}
			x.changed += 1 + int(frags[b].at>>31)
		case was < is:
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

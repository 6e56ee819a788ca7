package game

// Begin starts a plain frame: base and tick are as in Apply. Then come the changes of each table, Remove before Put and
// both by ascending ID, then End. Any error is an ErrFrame, ends the frame, and leaves the copy wrong until a frame with
// base 1.
func (r *Replica) Begin(tick, base uint32) error {
	if err := r.accept(tick, base); err != nil {
		return err
	}
	r.open, r.next = true, tick
	return nil
}

// Remove drops a row.
func (r *Replica) Remove(table int, id ID) error {
	t, _, err := r.edit(table)
	if err != nil {
		return err
	}
	at := t.seek(id)
	if t.last != 0 || at < 0 || len(t.leaving) > 0 && int(t.leaving[len(t.leaving)-1]) >= at {
		return r.fail("a row leaves that is not there, or out of order")
	}
	t.leaving = append(t.leaving, int32(at))
	return nil
}

// Put changes a row, or adds it: bit i of columns is column i, cells and blobs hold the values of these columns in order.
// Empty velocities are as before. What is given is copied.
func (r *Replica) Put(table int, id ID, columns uint32, cells []int32, blobs [][]byte, velocities []int32) error {
	t, l, err := r.edit(table)
	if err != nil {
		return err
	}
	if id <= t.last {
		return r.fail("rows out of order")
	}
	t.last = id
	at := t.seek(id)
	if at >= 0 && len(t.leaving) > 0 && t.isLeaving(int32(at)) {
		return r.fail("a row leaves and comes back")
	}
	if at < 0 {
		at = len(t.ids)
		if err := r.add(t, l, id); err != nil {
			r.open = false
			return err
		}
	}
	if columns>>len(l.columns) != 0 || len(velocities) != 0 && len(velocities) != l.vels {
		return r.fail("a row has columns that its table has not")
	}
	row := t.row(l, at)
	for i, c := range l.columns {
		if columns&(1<<i) == 0 {
			continue
		}
		for j := c.from; j < c.to; j++ {
			p := &l.parts[j]
			switch {
			case !p.isText() && len(cells) > 0:
				row[p.cell], cells = cells[0], cells[1:]
			case p.isText() && len(blobs) > 0 && len(blobs[0]) <= MaxText:
				t.texts[at*l.blobs+p.cell], blobs = string(blobs[0]), blobs[1:]
			default:
				return r.fail("a row has too few values, or too long a text")
			}
		}
	}
	if len(cells) > 0 || len(blobs) > 0 {
		return r.fail("a row has too many values")
	}
	copy(t.vels[at*l.vels:(at+1)*l.vels], velocities)
	return nil
}

// End ends a plain frame.
func (r *Replica) End() error {
	if !r.open {
		return frameError("no plain frame was begun")
	}
	r.open = false
	for i, s := range r.schema.Tables {
		t := &r.tables[i]
		for n := t.fresh; n < len(t.ids); n++ {
			r.maxID = max(r.maxID, t.ids[n])
		}
		r.drop(t, &s.layout)
		if err := r.settle(t, &s.layout); err != nil {
			return err
		}
	}
	r.finish(r.next)
	return nil
}

// edit is a table of the plain frame that was begun.
func (r *Replica) edit(table int) (*copied, *layout, error) {
	if !r.open {
		return nil, nil, frameError("no plain frame was begun")
	}
	if table < 0 || table >= len(r.tables) {
		return nil, nil, r.fail("there is no such table")
	}
	return &r.tables[table], &r.schema.Tables[table].layout, nil
}

// fail ends a plain frame.
func (r *Replica) fail(why frameError) error {
	r.open = false
	return why
}

// seek is the place of an ID among the rows from before the frame, or -1. It is looked for from where the last one was.
func (t *copied) seek(id ID) int {
	before := rows{ids: t.ids[:t.fresh]}
	at := before.find(id, t.cursor)
	if at >= 0 {
		t.cursor = at + 1
	}
	return at
}

// isLeaving says whether a row of before is among those that leave.
func (t *copied) isLeaving(at int32) bool {
	lo, hi := 0, len(t.leaving)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); t.leaving[mid] < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(t.leaving) && t.leaving[lo] == at
}

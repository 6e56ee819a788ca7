package game

// tiers is how the frame that is being made tells of the slower classes, and what becomes of its rows.
type tiers struct {
	sections [slowest + 1]section // by class; that of class 0 is due, and all else of it is the frame's own
	able     [slowest + 1]bool    // rows may be made of the class
	tables   [slowest][]merged    // by class - 1 and table
	classes  []uint8              // of all rows that the client sees, after the frame
	moves    []move
}

// move is a row that changes its class.
type move struct {
	place    int // in the client's list, after the frame
	from, to uint8
}

// planTiers finds out for which classes a frame is due. A whole frame is due for all.
func (e *Encoder) planTiers(b *Baseline, whole bool, stride uint32) {
	x := &e.tiers
	x.classes = x.classes[:0]
	x.sections[0].due, x.able[0] = true, true
	for c := uint8(1); c <= slowest; c++ {
		// What is told of the class now must be in reach when it is told of the next time.
		x.able[c] = uint64(stride)<<c+uint64(stride) <= maxReach
		x.sections[c] = section{due: true}
		if !whole {
			x.sections[c] = sectionOf(c, e.now.Tick, stride, b.tick, b.stride, b.told[c-1])
		}
	}
}

// class is the class that a row gets that has one and should have another.
func (x *tiers) class(has, wish uint8) uint8 {
	for wish = min(wish, slowest); !x.able[wish]; wish-- {
	}
	if x.sections[has].due && x.sections[wish].due {
		return wish
	}
	return has
}

// mergeTiers is merge for a client that holds rows of slower classes.
func (e *Encoder) mergeTiers(b *Baseline, s *share, stride uint32, vis *Visible) int {
	e.gone = e.gone[:0]
	x := &e.tiers
	for c := range x.tables {
		if len(x.tables[c]) == 0 {
			x.tables[c] = make([]merged, len(e.tables))
		}
	}
	first := 0
	for i := range e.tables {
		t := e.table(s, i)
		had, sees, was := e.held(b, i, t.held), e.seen(vis, i), b.heldClasses(i)
		e.tables[i].begin(t)
		for c := range x.tables {
			x.tables[c][i].begin(nil)
		}
		if anySlow(was) {
			e.mergeClasses(b, s, stride, i, had, sees, was, first)
		} else {
			e.mergeTable(s, i, had, sees, first, sameCells(had, sees))
			x.fast(len(sees))
		}
		first += len(had)
	}
	return first
}

// fast adds rows of class 0.
func (x *tiers) fast(n int) {
	x.classes = append(x.classes, make([]uint8, n)...)
}

// anySlow says whether some rows are of a slower class.
func anySlow(classes []uint8) bool {
	for _, c := range classes {
		if c > 0 {
			return true
		}
	}
	return false
}

// mergeClasses is mergeTable for rows of several classes.
func (e *Encoder) mergeClasses(
	b *Baseline, s *share, stride uint32, i int, had, sees []int32, classes []uint8, first int,
) {
	x := &e.tiers
	by := [slowest + 1]*merged{&e.tables[i]}
	shares := [slowest + 1]*share{s}
	for c := uint8(1); c <= slowest; c++ {
		by[c] = &x.tables[c-1][i]
		if sec := x.sections[c]; sec.due && b.slow[c-1] {
			shares[c] = e.shareFor(sec.mode, e.history.At(b.told[c-1]), b.stride, stride)
			by[c].table = e.table(shares[c], i)
		}
	}
	t := by[0].table
	h, n := 0, 0
	for h < len(had) || n < len(sees) {
		switch {
		case n == len(sees) || h < len(had) && t.place(had[h]) < sees[n]:
			e.gone = append(e.gone, int32(first+h))
			h++
		case h == len(had) || t.place(had[h]) > sees[n]:
			by[0].enters = append(by[0].enters, sees[n])
			x.classes = append(x.classes, 0)
			n++
		default:
			r, c := sees[n], classes[h]
			e.keep(shares[c], by[c], i, c, r, had[h])
			x.classes = append(x.classes, c)
			h++
			n++
		}
	}
	for _, m := range by {
		m.rows, m.kept = m.stays, len(m.stays)
	}
}

// keep takes in a row of a class that stays and makes its fragment if it is told. h is its number at the client's tick.
func (e *Encoder) keep(s *share, x *merged, i int, class uint8, r, h int32) {
	x.stays = append(x.stays, r)
	t := x.table
	if t == nil || t.quiet {
		return
	}
	if t.frags[r].n == 0 {
		at := int(h)
		if class > 0 {
			at = t.held.find(t.now.ids[r], at)
		}
		e.makeOne(s, t, &e.schema.Tables[i].layout, int(r), at)
	}
	x.changed += 1 + int(t.frags[r].at>>31)
}

// staySlow appends what is told of the rows of slower classes.
func (e *Encoder) staySlow(w *bitWriter) {
	for _, tables := range e.tiers.tables {
		for i := range tables {
			if tables[i].table != nil {
				w.stay(&tables[i])
			}
		}
	}
}

// reclass gives the rows that the client sees the classes that vis wishes, as far as the frame allows, and notes those
// that change. Unless they are known all were of class 0.
func (e *Encoder) reclass(vis *Visible) {
	x := &e.tiers
	x.moves = x.moves[:0]
	known, place := len(x.classes) > 0, 0
	for i := range e.tables {
		sees, wishes := e.seen(vis, i), vis.wishes(i)
		if !known {
			x.fast(len(sees))
		}
		if wishes == nil && !anySlow(x.classes[place:place+len(sees)]) {
			place += len(sees)
			continue
		}
		for n := range sees {
			has, wish := x.classes[place], classAt(wishes, n)
			if has|wish > 0 {
				if to := x.class(has, wish); to != has {
					x.moves = append(x.moves, move{place: place, from: has, to: to})
					x.classes[place] = to
				}
			}
			place++
		}
	}
}

// move appends the rows that change their class.
func (e *Encoder) move(w *bitWriter) {
	w.count(len(e.tiers.moves))
	bits := uint(width(len(e.tiers.classes)))
	for _, m := range e.tiers.moves {
		w.put(uint64(m.place), bits)
		w.put(otherClass(m.from, m.to), 1)
	}
}

// keepClasses notes the classes of the rows that the client of b sees, unless they are all 0.
func (e *Encoder) keepClasses(b *Baseline) {
	x := &e.tiers
	for _, c := range x.classes {
		if c > 0 {
			b.slow[c-1] = true
		}
	}
	if b.slow == [slowest]bool{} {
		return
	}
	b.classes = append(b.classes, x.classes...)
	for c := range b.told {
		if x.sections[c+1].due {
			b.told[c] = e.now.Tick
		}
	}
}

// otherClass is 0 if a row moves to the lower of the two classes that it is not of, 1 if to the higher.
func otherClass(from, to uint8) uint64 {
	if to > from {
		to--
	}
	return uint64(to)
}

// slowRow is what a client holds at a tick of a row that was told of at another. The row was near hint.
func (e *Encoder) slowRow(cells, vels []int32, i int, id ID, hint int, told, tick, stride uint32) row {
	l := &e.schema.Tables[i].layout
	t := &e.history.At(told).tables[i]
	r := t.find(id, hint)
	vels = e.velocitiesOf(vels, l, t, r, e.rowsAt(told, stride, i))
	cells = append(cells, t.row(l, r)...)
	l.shift(cells, vels, strides(tick, told, stride))
	return row{cells: cells, vels: vels, texts: t.rowTexts(l, r)}
}

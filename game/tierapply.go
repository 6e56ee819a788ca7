package game

// plan finds out for which slower classes a frame is due. A whole frame is due for all.
func (r *Replica) plan(tick, base uint32) {
	for c := range r.sections {
		r.sections[c] = section{due: true}
		if base != baseWhole {
			r.sections[c] = sectionOf(uint8(c+1), tick, r.stride, r.tick, r.last, r.told[c])
		}
	}
}

// goOnTiers reads what is told of the rows of each class; x is how class 0 is.
func (r *Replica) goOnTiers(tick uint32, x section) error {
	for class := uint8(0); class <= slowest; class++ {
		if class > 0 {
			x = r.sections[class-1]
		}
		for i, s := range r.schema.Tables {
			t, l := &r.tables[i], &s.layout
			if t.slow == 0 && class > 0 {
				continue
			}
			r.list = r.list[:0]
			for n, c := range t.classes {
				if c == class {
					r.list = append(r.list, int32(n))
				}
			}
			if class > 0 {
				t.coast(l, slow, r.gone(class, tick, x.due), r.list, 0, len(r.list))
			}
			if !x.due {
				continue
			}
			if err := t.stay(l, &r.in, x, r.list, len(r.list)); err != nil {
				return err
			}
		}
	}
	return nil
}

// gone is how many strides the rows of a slower class, for which a frame of this tick is due or not, go on from where they
// are. They go back to where they were when they were told last if they are to be told now.
func (r *Replica) gone(class uint8, tick uint32, due bool) int32 {
	told := r.told[class-1]
	n := -strides(r.tick, told, r.last)
	if !due {
		n += strides(tick, told, r.stride)
	}
	return n
}

// reclass reads which rows change their class.
func (r *Replica) reclass() error {
	in := &r.in
	n := int(in.golomb(0))
	if n > r.rows {
		return frameError("more rows change their class than there are")
	}
	p := places{width: width(r.rows)}
	for range n {
		t, i, err := r.place(&p)
		if err != nil {
			return err
		}
		to := uint8(in.bits(1))
		from := t.classes[i]
		if to >= from {
			to++ // the class is one of the two others
		}
		if from > 0 && !r.sections[from-1].due || to > 0 && !r.sections[to-1].due {
			return frameError("a row changes to or from a class that is not told")
		}
		if from == 0 {
			t.slow++
			r.slow++
		} else if to == 0 {
			t.slow--
			r.slow--
		}
		t.classes[i] = to
	}
	return nil
}

// places is how far a list of places in the list of all rows has been read.
type places struct {
	width int // of each, in bits
	next  int // the least that the next one may be
	table int // of the last one
	first int // the place of its table's first row
}

// place reads the place of a row.
func (r *Replica) place(p *places) (t *copied, row int, err error) {
	at := int(r.in.bits(p.width))
	if r.in.failed() {
		return nil, 0, errShort
	}
	if at < p.next || at >= r.rows {
		return nil, 0, frameError("a row leaves or changes its class that is not there, or out of order")
	}
	p.next = at + 1
	for at-p.first >= len(r.tables[p.table].ids) {
		p.first += len(r.tables[p.table].ids)
		p.table++
	}
	return &r.tables[p.table], at - p.first, nil
}

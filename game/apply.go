package game

// Apply takes a packed frame: base and body are ServerFrame's, tick is the frame's own. Any error is an ErrFrame; after
// it the copy is wrong, and only a whole frame is accepted.
func (r *Replica) Apply(tick, base uint32, body []byte) error {
	moves := base&Moves != 0
	base &^= Moves
	if len(body) > MaxBody {
		r.good, r.open = false, false
		return frameError("too long")
	}
	if err := r.accept(tick, base); err != nil {
		return err
	}
	in := &r.in
	in.reset(body)
	if base == baseChain {
		r.stride = tick - r.tick
	}
	tiered := moves || r.slow > 0
	if tiered {
		r.plan(tick, base)
	}
	if base != baseWhole {
		if err := r.goOn(tick, base); err != nil {
			return err
		}
	}
	if err := r.enter(); err != nil {
		return err
	}
	if tiered {
		for c := range r.told {
			if r.sections[c].due {
				r.told[c] = tick
			}
		}
	}
	if moves {
		if err := r.reclass(); err != nil {
			return err
		}
	}
	if n := in.left(); n < 0 {
		return errShort
	} else if n >= 8 || in.bits(n) != 0 {
		return frameError("it goes on after its end")
	}
	r.finish(tick)
	return nil
}

// goOn reads the part of a body that is about rows held.
func (r *Replica) goOn(tick, base uint32) error {
	x := section{due: true, mode: chain}
	if base != baseChain {
		m := r.in.golomb(0)
		if m > base-1 {
			return frameError("more strides than ticks")
		}
		x.mode, x.m = ring, int32(m)
	}
	if err := r.leave(); err != nil {
		return err
	}
	if r.slow > 0 {
		return r.goOnTiers(tick, x)
	}
	for i, t := range r.schema.Tables {
		if err := r.tables[i].stay(&t.layout, &r.in, x, nil, len(r.tables[i].ids)); err != nil {
			return err
		}
	}
	return nil
}

// errShort is a body that ends too early.
const errShort = frameError("it ends too early")

// leave removes the rows that the client no longer sees.
func (r *Replica) leave() error {
	in := &r.in
	n := int(in.golomb(0))
	if n == 0 {
		return nil
	}
	if n > r.rows {
		return frameError("more rows leave than there are")
	}
	p := places{width: width(r.rows)}
	for range n {
		t, i, err := r.place(&p)
		if err != nil {
			return err
		}
		t.leaving = append(t.leaving, int32(i))
	}
	for i, t := range r.schema.Tables {
		r.drop(&r.tables[i], &t.layout)
	}
	return nil
}

// stay moves rows of a table on that were there before: n in all, those of list or, if it is nil, the first.
func (t *copied) stay(l *layout, in *bitReader, x section, list []int32, n int) error {
	md, m := x.mode, x.m
	if n == 0 {
		return nil
	}
	if in.bits(1) == 0 {
		t.coast(l, md, m, list, 0, n)
		return nil
	}
	if in.bits(1) == 0 {
		for i := range n {
			if !t.read(l, in, md, m, nth(list, i)) {
				return errFragment
			}
		}
		return nil
	}
	changed := int(in.golomb(runK)) + 1
	if changed > n {
		return frameError("more rows change than there are")
	}
	next := 0
	for range changed {
		run := int(in.golomb(runK))
		if run >= n-next {
			return frameError("a row changes that is not there")
		}
		t.coast(l, md, m, list, next, next+run)
		next += run + 1
		if !t.read(l, in, md, m, nth(list, next-1)) {
			return errFragment
		}
	}
	t.coast(l, md, m, list, next, n)
	return nil
}

// nth is the i-th row of a list, or of all rows.
func nth(list []int32, i int) int {
	if list == nil {
		return i
	}
	return int(list[i])
}

// errFragment is a row that cannot be read.
const errFragment = frameError("a row is cut short or has an unknown mask")

// coast moves the rows from … end-1 of a list on as their velocities say.
func (t *copied) coast(l *layout, md mode, m int32, list []int32, from, end int) {
	if l.vels == 0 {
		return
	}
	for at := from; at < end; at++ {
		i := nth(list, at)
		cells, vels := t.row(l, i), t.vels[i*l.vels:(i+1)*l.vels]
		for j := range l.movers {
			p := &l.movers[j]
			cells[p.cell] += p.drift(md, m, m, vels[j], vels[j])
		}
	}
}

// enter adds the rows that the client did not see before.
func (r *Replica) enter() error {
	in := &r.in
	count := in.golomb(0)
	number, last, top := width(len(r.tables)), r.maxID, r.maxID
	table := 0
	// No row is checked against the bits that are left before it is read: memory grows by one row at a time, and a row
	// takes three bits at least.
	for range count {
		i := int(in.bits(number))
		id := last + 1 + ID(zag(in.golomb(enterID)))
		if in.failed() {
			return errShort
		}
		if i < table || i >= len(r.tables) {
			return frameError("a row enters no table, or out of order")
		}
		table = i
		t, l := &r.tables[i], &r.schema.Tables[i].layout
		n := len(t.ids)
		if id == 0 || n > t.fresh && t.ids[n-1] >= id {
			return frameError("rows enter out of order")
		}
		if err := r.add(t, l, id); err != nil {
			return err
		}
		if n > t.fresh {
			copy(t.cells[n*l.width:], t.cells[(n-1)*l.width:n*l.width])
			copy(t.vels[n*l.vels:], t.vels[(n-1)*l.vels:n*l.vels])
			copy(t.texts[n*l.blobs:], t.texts[(n-1)*l.blobs:n*l.blobs])
		}
		if !t.read(l, in, enter, 0, n) {
			return errFragment
		}
		last, top = id, max(top, id)
	}
	r.maxID = top
	for i, t := range r.schema.Tables {
		if err := r.settle(&r.tables[i], &t.layout); err != nil {
			return err
		}
	}
	return nil
}

// readMask reads which groups of columns a row's fragment tells. It is false if there are none such.
func (l *layout) readMask(in *bitReader, md mode) (mask uint32, ok bool) {
	switch {
	case md == enter:
		mask = in.bits(l.groups)
	case l.unmask != nil:
		at := in.golomb(0)
		if at >= uint32(len(l.unmask)) {
			return 0, false
		}
		mask = uint32(l.unmask[at])
	case in.bits(1) == 1:
		mask = in.bits(l.groups)
	}
	return mask, true
}

// read changes row i by its fragment. It is false if there is none.
func (t *copied) read(l *layout, in *bitReader, md mode, m int32, i int) bool {
	mask, ok := l.readMask(in, md)
	switch {
	case !ok:
		return false
	case mask == 0:
		t.coast(l, md, m, nil, i, i+1)
		return !in.failed()
	}
	cells := t.row(l, i)
	turn, turned := m, uint32(0)
	for j := range l.parts {
		p := &l.parts[j]
		set := mask&p.group != 0
		switch {
		case p.kind == Pos:
			if set && md == slow && p.group != turned {
				turn, turned = int32(in.bits(width(int(m))))+1, p.group
			}
			t.readPos(p, in, md, m, turn, cells, i*l.vels+p.vel, set)
		case !set:
		case p.kind == Bool:
			cells[p.cell] ^= 1
		case p.isText():
			s, ok := in.text()
			if !ok {
				return false
			}
			t.texts[i*l.blobs+p.cell] = s
		default:
			c := cells[p.cell] + zag(in.golomb(p.parameter(md, m))+p.less)
			if p.shift != 0 {
				c &= 1<<(32-p.shift) - 1
			}
			cells[p.cell] = c
		}
	}
	return !in.failed()
}

// readPos moves a pos cell on, by its residual if it is sent.
func (t *copied) readPos(p *part, in *bitReader, md mode, m, turn int32, cells []int32, vel int, sent bool) {
	v := &t.vels[vel]
	was := *v
	if sent && md != chain {
		*v += zag(in.golomb(p.speedParameter(md)))
	}
	step := p.drift(md, m, turn, was, *v)
	if sent {
		step += zag(in.golomb(p.parameter(md, m)))
		if md == chain {
			*v = speed(step, p.jump)
		}
	}
	cells[p.cell] += step
}

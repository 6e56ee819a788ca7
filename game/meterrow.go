package game

// stay reads what is told of n rows of one class of a table.
func (m *Meter) stay(i int, x section, n int) error {
	in, to := &m.in, &m.now.Tables[i]
	at := in.pos
	told := n
	sparse := false
	if in.bits(1) == 0 {
		told = 0
	} else if sparse = in.bits(1) == 1; sparse {
		told = int(in.golomb(runK)) + 1
	}
	to.Marks += in.pos - at
	if told > n {
		return frameError("more rows change than there are")
	}
	l := &m.schema.Tables[i].layout
	for range told {
		if sparse {
			at = in.pos
			in.golomb(runK)
			to.Marks += in.pos - at
		}
		at = in.pos
		mask, ok := l.readMask(in, x.mode)
		to.Marks += in.pos - at
		if !ok || !l.skim(in, x.mode, x.m, mask, to.Columns) || in.failed() {
			return errFragment
		}
	}
	return nil
}

// enter reads the rows that enter.
func (m *Meter) enter() error {
	in := &m.in
	n, err := m.count(MaxRows)
	if err != nil {
		return err
	}
	number := width(len(m.tables))
	var none [MaxColumns]int // what is in a row that enters is no column's
	for range n {
		from := in.pos
		i := int(in.bits(number))
		in.golomb(enterID)
		if i >= len(m.tables) || in.failed() {
			return errShort
		}
		l := &m.schema.Tables[i].layout
		if mask, ok := l.readMask(in, enter); !ok || !l.skim(in, enter, 0, mask, none[:]) || in.failed() {
			return errFragment
		}
		m.now.Tables[i].Enters += in.pos - from
		m.tables[i].rows++
	}
	return nil
}

// reclass reads which rows change their class.
func (m *Meter) reclass() error {
	all := m.rows()
	n, err := m.count(all)
	if err != nil {
		return err
	}
	bits := width(all)
	for range n {
		at := int(m.in.bits(bits))
		m.in.bits(1)
		if at >= all {
			return frameError("a row changes its class that is not there")
		}
		table, _ := m.place(at)
		m.now.Tables[table].Moves += bits + 1
	}
	return nil
}

// skim reads the changed columns of a row for the bits that they have, and adds these.
func (l *layout) skim(in *bitReader, md mode, m int32, mask uint32, columns []int) bool {
	turned := uint32(0)
	for c, s := range l.columns {
		from := in.pos
		for j := s.from; j < s.to; j++ {
			p := &l.parts[j]
			if mask&p.group == 0 {
				continue
			}
			switch {
			case p.kind == Bool:
			case p.isText():
				n := int(in.golomb(textK))
				if n > MaxText || n*8 > in.left() {
					return false
				}
				in.pos += 8 * n
			case p.kind == Pos:
				if md == slow && p.group != turned {
					in.bits(width(int(m)))
					turned = p.group
				}
				if md != chain {
					in.golomb(p.speedParameter(md))
				}
				in.golomb(p.parameter(md, m))
			default:
				in.golomb(p.parameter(md, m))
			}
		}
		columns[c] += in.pos - from
	}
	return true
}

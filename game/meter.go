package game

import "slices"

// Usage is what the bits of some packed bodies were spent on.
type Usage struct {
	// Frames is how many bodies there were.
	Frames int
	// Head is the bits that belong to no table: how many rows leave, enter and change their class, how old the base is,
	// and what fills the last byte.
	Head int
	// Tables are the tables, in the order of the schema.
	Tables []TableBits
}

// Meter adds up what the bits of packed bodies are spent on: which tables and columns are worth another look. It reads
// bodies without their values, so all that it has to know is how many rows the client holds, and of which class. Its Usage
// may be read between two frames. It belongs to one goroutine.
type Meter struct {
	Usage

	schema *Schema
	in     bitReader
	tables []metered
	now    Usage // of the body at hand
	// How the body tells of each class.
	sections [slowest + 1]section
	list     []int32
}

// TableBits is what the bits of one table were spent on.
type TableBits struct {
	// Name is the table's.
	Name string
	// Leaves, Enters and Moves are the rows that leave, that enter, with all that is in them, and that change their class.
	Leaves, Enters, Moves int
	// Marks is which of the rows that stay have changed, and in which columns.
	Marks int
	// Columns are the columns of the rows that stay.
	Columns []int
}

// metered is one table as the client holds it.
type metered struct {
	rows    int
	classes []uint8 // of the rows; empty if all are of class 0
}

// NewMeter returns a meter of the bodies of one schema, which it prepares.
func NewMeter(s *Schema) (*Meter, error) {
	if err := s.Prepare(); err != nil {
		return nil, err
	}
	return &Meter{Usage: newUsage(s), now: newUsage(s), schema: s, tables: make([]metered, len(s.Tables))}, nil
}

func newUsage(s *Schema) Usage {
	u := Usage{Tables: make([]TableBits, len(s.Tables))}
	for i, t := range s.Tables {
		u.Tables[i] = TableBits{Name: t.Name, Columns: make([]int, len(t.Columns))}
	}
	return u
}

// Bits is the sum of all.
func (u *Usage) Bits() int {
	sum := u.Head
	for i := range u.Tables {
		t := &u.Tables[i]
		sum += t.Leaves + t.Enters + t.Moves + t.Marks
		for _, bits := range t.Columns {
			sum += bits
		}
	}
	return sum
}

// Received adds a body that a copy is about to apply. The copy is only read. An error is an ErrFrame; the body is not
// added then, and Apply would find it bad too.
func (m *Meter) Received(r *Replica, tick, base uint32, body []byte) error {
	if base&^Moves != baseWhole && !r.good {
		return frameError("only a whole frame can follow a bad one")
	}
	stride := r.stride
	if base&^Moves == baseChain {
		stride = tick - r.tick
	}
	for i := range m.tables {
		t, c := &m.tables[i], &r.tables[i]
		t.rows, t.classes = len(c.ids), t.classes[:0]
		if c.slow > 0 {
			t.classes = append(t.classes, c.classes...)
		}
	}
	m.plan(tick, stride, r.tick, r.last, &r.told)
	return m.read(base, body)
}

// Sent adds a body that was made for a client, with a stride, by e in its tick. before is what the client held.
func (m *Meter) Sent(e *Encoder, before *Baseline, stride, base uint32, body []byte) error {
	snap := e.history.At(before.tick)
	if base&^Moves != baseWhole && snap == nil {
		return frameError("its base is not known")
	}
	for i := range m.tables {
		t := &m.tables[i]
		t.rows, t.classes = 0, t.classes[:0]
		if snap != nil {
			t.rows = len(e.held(before, i, &snap.tables[i]))
			t.classes = append(t.classes, before.heldClasses(i)...)
		}
	}
	m.plan(e.now.Tick, max(stride, 1), before.tick, before.stride, &before.told)
	return m.read(base, body)
}

// plan finds out how a frame that is not whole tells of the slower classes.
func (m *Meter) plan(tick, stride, last, old uint32, told *[slowest]uint32) {
	for c := range told {
		m.sections[c+1] = section{}
		if m.slow() {
			m.sections[c+1] = sectionOf(uint8(c+1), tick, stride, last, old, told[c])
		}
	}
}

// slow says whether some rows are of a slower class.
func (m *Meter) slow() bool {
	return slices.ContainsFunc(m.tables, func(t metered) bool { return anySlow(t.classes) })
}

// read reads a body and adds it.
func (m *Meter) read(base uint32, body []byte) error {
	x, in := &m.now, &m.in
	x.Clear()
	in.reset(body)
	if base&^Moves == baseWhole {
		for i := range m.tables {
			m.tables[i] = metered{classes: m.tables[i].classes[:0]}
		}
	} else if err := m.goOn(base); err != nil {
		return err
	}
	if err := m.enter(); err != nil {
		return err
	}
	if base&Moves != 0 {
		if err := m.reclass(); err != nil {
			return err
		}
	}
	rest := in.left()
	if rest < 0 {
		return errShort
	}
	if rest >= 8 {
		return frameError("it goes on after its end")
	}
	x.Head += rest
	x.Frames = 1
	m.Add(x)
	return nil
}

// Clear sets all numbers to 0.
func (u *Usage) Clear() {
	u.Frames, u.Head = 0, 0
	for i := range u.Tables {
		t := &u.Tables[i]
		t.Leaves, t.Enters, t.Moves, t.Marks = 0, 0, 0, 0
		clear(t.Columns)
	}
}

// Add adds what bodies of the same schema were spent on.
func (u *Usage) Add(o *Usage) {
	u.Frames += o.Frames
	u.Head += o.Head
	for i := range u.Tables {
		t, o := &u.Tables[i], &o.Tables[i]
		t.Leaves, t.Enters, t.Moves, t.Marks = t.Leaves+o.Leaves, t.Enters+o.Enters, t.Moves+o.Moves, t.Marks+o.Marks
		for c, bits := range o.Columns {
			t.Columns[c] += bits
		}
	}
}

// count reads a number of rows, at most so many.
func (m *Meter) count(most int) (int, error) {
	at := m.in.pos
	n := m.in.golomb(0)
	m.now.Head += m.in.pos - at
	if uint64(n) > uint64(max(0, most)) {
		return 0, frameError("it names more rows than there can be")
	}
	return int(n), nil
}

// rows is how many rows there are in all tables.
func (m *Meter) rows() (sum int) {
	for i := range m.tables {
		sum += m.tables[i].rows
	}
	return sum
}

// place is the table of the row at a place in the list of all rows, and its number there.
func (m *Meter) place(at int) (table, row int) {
	for table < len(m.tables)-1 && at >= m.tables[table].rows {
		at -= m.tables[table].rows
		table++
	}
	return table, at
}

// goOn reads what is told of the rows that are held.
func (m *Meter) goOn(base uint32) error {
	in := &m.in
	m.sections[0] = section{due: true, mode: chain}
	if base&^Moves != baseChain {
		m.sections[0] = section{due: true, mode: ring, m: int32(in.golomb(0))}
		m.now.Head = in.pos
	}
	if err := m.leave(); err != nil {
		return err
	}
	for class, x := range m.sections {
		for i := range m.tables {
			t := &m.tables[i]
			n := t.rows
			if class > 0 || len(t.classes) > 0 {
				n = 0
				for _, c := range t.classes {
					if int(c) == class {
						n++
					}
				}
			}
			if !x.due || n == 0 {
				continue
			}
			if err := m.stay(i, x, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// leave reads which rows leave.
func (m *Meter) leave() error {
	all := m.rows()
	n, err := m.count(all)
	if err != nil {
		return err
	}
	in, bits, next := &m.in, width(all), 0
	m.list = m.list[:0]
	for range n {
		at := int(in.bits(bits))
		if at < next || at >= all {
			return frameError("a row leaves that is not there, or out of order")
		}
		next = at + 1
		table, _ := m.place(at)
		m.now.Tables[table].Leaves += bits
		m.list = append(m.list, int32(at))
	}
	for _, at := range slices.Backward(m.list) {
		table, row := m.place(int(at))
		t := &m.tables[table]
		t.rows--
		if len(t.classes) > 0 {
			t.classes = slices.Delete(t.classes, row, row+1)
		}
	}
	return nil
}

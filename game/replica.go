package game

import (
	"errors"
	"slices"
)

// ErrFrame is what every error of a Replica wraps: the frame is not what the codec says, or does not fit what is held.
// The copy is then wrong, and only a whole frame (base 1) is accepted.
var ErrFrame = errors.New("game: bad frame")

// frameError is why a frame is bad.
type frameError string

func (e frameError) Error() string { return "game: bad frame: " + string(e) }

// Unwrap makes every frameError an ErrFrame.
func (e frameError) Unwrap() error { return ErrFrame }

// The limits of a Replica. A frame is untrusted: these bound what it can cost.
const (
	// MaxBody is the greatest length of a packed body in bytes.
	MaxBody = 1 << 24
	// MaxRows is the greatest number of rows of a copy, over all tables.
	MaxRows = 1 << 20
)

// Replica is a client's copy of a room's state. It takes frames in either codec and is read between them. It belongs to
// one goroutine.
type Replica struct {
	schema *Schema
	tables []copied
	tick   uint32
	maxID  ID     // the highest ID told since the last whole frame
	rows   int    // over all tables
	good   bool   // the copy is that of tick
	open   bool   // between Begin and End of a plain frame
	next   uint32 // its tick
	// The stride from the next frame on, and that of the last one.
	stride, last uint32
	slow         int // rows that are not of class 0, over all tables
	// Of classes from 1 on: the ticks of the last frames that were due, kept while there are such rows; and how the frame
	// that is being applied tells of them.
	told     [slowest]uint32
	sections [slowest]section

	in    bitReader
	list  []int32
	spare copied
}

// copied is one table of a copy: rows as in a snapshot, and their velocities.
type copied struct {
	rows
	vels []int32
	// classes are those of the rows, slow is how many are not 0.
	classes []uint8
	slow    int
	// While a frame is applied: rows from fresh on have entered, by ascending ID; leaving are the rows that leave.
	fresh   int
	leaving []int32
	last    ID // the last that was put, in a plain frame
	cursor  int
}

// NewReplica returns an empty copy. It prepares the schema.
func NewReplica(s *Schema) (*Replica, error) {
	if err := s.Prepare(); err != nil {
		return nil, err
	}
	return &Replica{schema: s, tables: make([]copied, len(s.Tables)), stride: 1}, nil
}

// Schema is the schema that the copy was made for.
func (r *Replica) Schema() *Schema { return r.schema }

// Tick is the tick of the last frame applied; 0 if there was none.
func (r *Replica) Tick() uint32 { return r.tick }

// SetStride says how many ticks lie between two frames from the next one on: what Welcome and ServerFrame.stride say. Until
// it is called they lie as far apart as the frames of the last chain, or by one tick.
func (r *Replica) SetStride(stride uint32) { r.stride = max(stride, 1) }

// Len is the number of rows of a table.
func (r *Replica) Len(table int) int { return len(r.tables[table].ids) }

// IDs are the IDs of a table's rows, ascending. Like all slices that a Replica gives, they are to be read only, and
// good until the next frame.
func (r *Replica) IDs(table int) []ID { return r.tables[table].ids }

// Find is the number of the row with an ID.
func (r *Replica) Find(table int, id ID) (row int, ok bool) {
	row = r.tables[table].find(id, 0)
	return row, row >= 0
}

// Cells are the cells of a row, in column order.
func (r *Replica) Cells(table, row int) []int32 {
	return r.tables[table].row(&r.schema.Tables[table].layout, row)
}

// Texts are the strings and bytes of a row, in column order.
func (r *Replica) Texts(table, row int) []string {
	return r.tables[table].rowTexts(&r.schema.Tables[table].layout, row)
}

// Velocities are the steps per frame of a row's pos columns, in column order.
func (r *Replica) Velocities(table, row int) []int32 {
	n := r.schema.Tables[table].vels
	return r.tables[table].vels[row*n : (row+1)*n : (row+1)*n]
}

// Hash is the state hash of the copy.
func (r *Replica) Hash() uint32 {
	sum := uint32(0)
	for i := range r.tables {
		t := &r.tables[i]
		l := &r.schema.Tables[i].layout
		for row, id := range t.ids {
			sum += rowHash(i, id, t.row(l, row), t.vels[row*l.vels:(row+1)*l.vels], t.rowTexts(l, row))
		}
	}
	return sum
}

// accept checks a frame's base, and empties the copy for a whole frame. Until finish the copy is not good.
func (r *Replica) accept(tick, base uint32) error {
	good := r.good
	r.good, r.open = false, false
	switch {
	case base == baseWhole:
		for i := range r.tables {
			t := &r.tables[i]
			clear(t.texts)
			t.ids, t.cells, t.texts, t.vels = t.ids[:0], t.cells[:0], t.texts[:0], t.vels[:0]
			t.classes, t.slow = t.classes[:0], 0
		}
		r.maxID, r.rows, r.slow = 0, 0, 0
	case !good:
		return frameError("only a whole frame can follow a bad one")
	case base == baseChain && tick <= r.tick:
		return frameError("it is older than the copy")
	case base > baseWhole && (base > maxReach || tick <= r.tick || tick-r.tick != base-1):
		return frameError("its base is not the state held")
	}
	for i := range r.tables {
		t := &r.tables[i]
		t.fresh, t.leaving, t.last, t.cursor = len(t.ids), t.leaving[:0], 0, 0
	}
	return nil
}

// finish says that a frame was applied in full.
func (r *Replica) finish(tick uint32) {
	r.tick, r.last, r.good, r.open = tick, r.stride, true, false
}

// add appends an empty row.
func (r *Replica) add(t *copied, l *layout, id ID) error {
	if r.rows == MaxRows {
		return frameError("too many rows")
	}
	r.rows++
	t.ids, t.classes = append(t.ids, id), append(t.classes, 0)
	t.cells = grow(t.cells, l.width)
	t.vels = grow(t.vels, l.vels)
	t.texts = grow(t.texts, l.blobs)
	return nil
}

// grow appends n zero values.
func grow[T any](s []T, n int) []T {
	for range n {
		var zero T
		s = append(s, zero)
	}
	return s
}

// drop closes the gaps of the rows that leave.
func (r *Replica) drop(t *copied, l *layout) {
	if len(t.leaving) == 0 {
		return
	}
	to := int(t.leaving[0])
	for i, gone := range t.leaving {
		if t.classes[gone] > 0 {
			t.slow--
			r.slow--
		}
		from, end := int(gone)+1, len(t.ids)
		if i+1 < len(t.leaving) {
			end = int(t.leaving[i+1])
		}
		t.move(l, to, from, end)
		to += end - from
	}
	r.rows -= len(t.leaving)
	t.fresh -= len(t.leaving)
	t.leaving = t.leaving[:0]
	clear(t.texts[to*l.blobs:])
	t.ids, t.cells, t.vels, t.texts = t.ids[:to], t.cells[:to*l.width], t.vels[:to*l.vels], t.texts[:to*l.blobs]
	t.classes = t.classes[:to]
}

// settle brings the rows that entered to their places among the others.
func (r *Replica) settle(t *copied, l *layout) error {
	held, to := t.fresh, len(t.ids)
	if held == to || held == 0 || t.ids[held-1] < t.ids[held] {
		return nil // the usual case: who enters has the highest ID
	}
	x := &r.spare
	x.ids = append(x.ids[:0], t.ids[held:]...)
	x.cells = append(x.cells[:0], t.cells[held*l.width:]...)
	x.vels = append(x.vels[:0], t.vels[held*l.vels:]...)
	x.texts = append(x.texts[:0], t.texts[held*l.blobs:]...)
	for i, id := range slices.Backward(x.ids) {
		end := held
		for held > 0 && t.ids[held-1] > id {
			held--
		}
		if held > 0 && t.ids[held-1] == id {
			return frameError("a row enters that is there")
		}
		to -= end - held
		t.move(l, to, held, end)
		to--
		t.ids[to], t.classes[to] = id, 0
		copy(t.cells[to*l.width:(to+1)*l.width], x.cells[i*l.width:])
		copy(t.vels[to*l.vels:(to+1)*l.vels], x.vels[i*l.vels:])
		copy(t.texts[to*l.blobs:(to+1)*l.blobs], x.texts[i*l.blobs:])
	}
	clear(x.texts)
	return nil
}

// move copies the rows from … end-1 to the place to.
func (t *copied) move(l *layout, to, from, end int) {
	copy(t.ids[to:], t.ids[from:end])
	copy(t.classes[to:], t.classes[from:end])
	copy(t.cells[to*l.width:], t.cells[from*l.width:end*l.width])
	copy(t.vels[to*l.vels:], t.vels[from*l.vels:end*l.vels])
	copy(t.texts[to*l.blobs:], t.texts[from*l.blobs:end*l.blobs])
}

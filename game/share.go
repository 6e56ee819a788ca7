package game

import (
	"encoding/binary"
	"slices"
)

// fragment is what one row changed by, as bits. It is made once per tick and copied into every frame that shows the
// row. Up to 64 bits stand here, more in the long words of its table.
type fragment struct {
	bits uint64
	n    uint32 // 0: not made yet
	at   int32  // unchanged, or where in long its words are if n > 64
}

// unchanged marks the fragment of a row that goes on as it was.
const unchanged = -1

// share is all fragments that lead from one baseline to the newest tick. Clients with the same baseline share them.
type share struct {
	mode   mode
	held   *Snapshot // what the clients hold
	base   uint32    // its tick
	old    uint32    // the stride of their velocities
	stride uint32    // the stride now
	since  uint32    // the oldest tick that fragments look at; 0 if there is no such tick
	m      int32     // strides from base to now, but for chain
	tables []sharedTable
}

// sharedTable is one table of a share. It is made when a client first needs it.
type sharedTable struct {
	ready bool
	// quiet is set if nothing at all happened to the table between the ticks that matter: then held and now have the same
	// rows, none of them moves, and there are no fragments.
	quiet bool
	// fixed is set if the same rows are at the baseline and now. Else moved says for each row of held where it is now; -1:
	// it is gone.
	fixed bool
	moved []int32
	// held and now are the rows at the baseline and now; before and prior those that their velocities come from, nil if
	// there were none.
	held, before, now, prior *rows
	frags                    []fragment // by row of now
	long                     []uint64
}

// shareFor finds or starts the share of a baseline at this tick.
func (e *Encoder) shareFor(md mode, held *Snapshot, old, stride uint32) *share {
	for _, s := range e.shares[:e.used] {
		if s.base == held.Tick && s.old == old && s.stride == stride && s.mode == md {
			return s
		}
	}
	if e.used == len(e.shares) {
		e.shares = append(e.shares, &share{tables: make([]sharedTable, len(e.schema.Tables))})
	}
	s := e.shares[e.used]
	e.used++
	s.mode, s.held, s.base, s.old, s.stride = md, held, held.Tick, old, stride
	s.since = uint32(max(0, min(int64(s.base)-int64(s.old), int64(e.now.Tick)-int64(s.stride))))
	if e.history.At(s.since) == nil {
		s.since = 0
	}
	if md != chain {
		s.m = int32((e.now.Tick - s.base) / stride)
	}
	for i := range s.tables {
		s.tables[i].ready = false
	}
	return s
}

// table is one table of a share, made now if this is the first time. Chain fragments are made at once, others when a client
// sees their rows.
func (e *Encoder) table(s *share, i int) *sharedTable {
	t := &s.tables[i]
	if t.ready {
		return t
	}
	t.ready = true
	t.held, t.now = &s.held.tables[i], &e.now.tables[i]
	t.quiet = s.since > 0 && e.changed[i] <= s.since
	t.fixed = t.quiet || sameIDs(t.held.ids, t.now.ids)
	if t.quiet {
		return t
	}
	if !t.fixed {
		t.follow()
	}
	t.before, t.prior = e.rowsAt(s.base, s.old, i), e.rowsAt(e.now.Tick, s.stride, i)
	t.long = t.long[:0]
	n := len(t.now.ids)
	if cap(t.frags) < n {
		t.frags = make([]fragment, n, n+n/4)
	}
	t.frags = t.frags[:n]
	clear(t.frags)
	if s.mode == chain {
		e.makeChain(s, t, e.schema.Tables[i])
	}
	return t
}

// follow finds out where the rows of held are now.
func (t *sharedTable) follow() {
	t.moved = sized(t.moved, len(t.held.ids))
	now, r := t.now.ids, 0
	for h, id := range t.held.ids {
		for r < len(now) && now[r] < id {
			r++
		}
		t.moved[h] = -1
		if r < len(now) && now[r] == id {
			t.moved[h] = int32(r)
		}
	}
}

// place is where a row of held is now; -1: it is gone.
func (t *sharedTable) place(h int32) int32 {
	if t.fixed {
		return h
	}
	return t.moved[h]
}

// makeChain makes the fragments of all rows that were there one stride ago.
func (e *Encoder) makeChain(s *share, t *sharedTable, schema *TableSchema) {
	l := &schema.layout
	fast := l.codes != nil && l.blobs == 0 && !e.slow
	b := 0
	for h, id := range t.held.ids {
		r := int(t.place(int32(h)))
		if r < 0 {
			continue
		}
		held := t.held.row(l, h)
		if !fast {
			e.makeOne(s, t, l, r, h)
			continue
		}
		before := held
		if t.before != nil {
			for b < len(t.before.ids) && t.before.ids[b] < id {
				b++
			}
			if b < len(t.before.ids) && t.before.ids[b] == id {
				before = t.before.row(l, b)
			}
		}
		f, ok := l.quick(t.now.row(l, r), held, before)
		if !ok {
			e.makeOne(s, t, l, r, h)
			continue
		}
		t.frags[r] = f
	}
}

// makeOne makes the fragment of row r from row h of the baseline, the plain way.
func (e *Encoder) makeOne(s *share, t *sharedTable, l *layout, r, h int) {
	held := row{cells: t.held.row(l, h), texts: t.held.rowTexts(l, h)}
	now := row{cells: t.now.row(l, r), texts: t.now.rowTexts(l, r)}
	e.velHeld = e.velocitiesOf(e.velHeld[:0], l, t.held, h, t.before)
	e.velNow = e.velocitiesOf(e.velNow[:0], l, t.now, r, t.prior)
	held.vels, now.vels = e.velHeld, e.velNow
	w := &e.scratch
	*w = bitWriter{buf: w.buf[:0]}
	f := &t.frags[r]
	*f = fragment{}
	if !l.fragment(w, s.mode, s.m, held, now) {
		f.at = unchanged
	}
	f.n = uint32(w.len())
	if len(w.buf) == 0 {
		f.bits = w.acc
		return
	}
	if f.n == 64 {
		f.bits = binary.LittleEndian.Uint64(w.buf)
		return
	}
	f.at = int32(len(t.long))
	for i := 0; i < len(w.buf); i += 8 {
		t.long = append(t.long, binary.LittleEndian.Uint64(w.buf[i:]))
	}
	t.long = append(t.long, w.acc)
}

// velocitiesOf appends the velocities of row r of now, whose rows a stride before were before; nil if there were none.
func (e *Encoder) velocitiesOf(dst []int32, l *layout, now *rows, r int, before *rows) []int32 {
	if l.vels == 0 {
		return dst
	}
	var then []int32
	if before != nil {
		if b := before.find(now.ids[r], r); b >= 0 {
			then = before.row(l, b)
		}
	}
	return l.velocities(dst, now.row(l, r), then)
}

// rowsAt is a table some ticks before a tick, or nil if there was no such tick.
func (e *Encoder) rowsAt(tick, ago uint32, table int) *rows {
	if ago >= tick {
		return nil
	}
	s := e.history.At(tick - ago)
	if s == nil {
		return nil
	}
	return &s.tables[table]
}

// fragment appends a fragment's bits.
func (w *bitWriter) fragment(f *fragment, long []uint64) {
	if f.n <= 64 {
		w.put(f.bits, uint(f.n))
		return
	}
	n, i := uint(f.n), int(f.at)
	for ; n > 64; n -= 64 {
		w.put(long[i], 64)
		i++
	}
	w.put(long[i], n)
}

// fragments appends the fragments of some rows. It stores eight bytes a row whatever their number of bits, because a
// branch that cannot be foreseen costs more than all the rest.
func (w *bitWriter) fragments(frags []fragment, list []int32, long []uint64) {
	const most = 56 // with at most 7 bits before them they fit a word
	for len(list) > 0 {
		w.spill()
		buf := slices.Grow(w.buf, 8*len(list)+8)
		at, acc, n := len(buf), w.acc, w.n
		buf = buf[:cap(buf)]
		i := 0
		for ; i < len(list); i++ {
			f := &frags[list[i]]
			if f.n > most {
				break
			}
			acc |= f.bits << (n & 63)
			n += uint(f.n)
			binary.LittleEndian.PutUint64(buf[at:], acc)
			at += int(n >> 3)
			acc >>= n &^ 7 & 63
			n &= 7
		}
		w.buf, w.acc, w.n = buf[:at], acc, n
		if i < len(list) {
			w.fragment(&frags[list[i]], long)
			i++
		}
		list = list[i:]
	}
}

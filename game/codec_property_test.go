package game

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// This file knows no testing package: the mutation test compiles it into programs of its own.

// seen counts what a run of the property went through, so that the test can demand that nothing was left out.
type seen map[string]int

// property plays a random world for some ticks to clients that see random rows at random times, in both codecs, and
// returns an error if any copy ever differs from what its client should hold.
func property(seed uint64, ticks int, count seen) error {
	r := rand.New(rand.NewPCG(seed, 1))
	w := newRigWorld(r)
	s := w.schema
	h := NewHistory(s)
	e, slow := NewEncoder(s, h), NewEncoder(s, h)
	slow.slow = true
	clients := make([]*rigClient, 8)
	for i := range clients {
		c := &rigClient{r: r, kind: i, stride: 1 + r.Uint32N(4)}
		var err1, err2 error
		c.packed, err1 = NewReplica(s)
		c.plain, err2 = NewReplica(s)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		clients[i] = c
	}
	for tick := uint32(1); tick <= uint32(ticks); tick++ {
		w.step(count)
		capture(s, h, tick, w.state())
		e.Begin()
		slow.Begin()
		together := seed%3 == 0 && r.IntN(10) == 0 // now all have the same base for once
		common := 1 + r.Uint32N(3)
		for i, c := range clients {
			if tick < c.next && (!together || c.next >= tick+20) {
				continue
			}
			if together && r.IntN(2) == 0 {
				c.stride = common
			}
			if together && r.IntN(6) == 0 {
				c.forget()
			}
			if err := c.frame(s, h, e, slow, count); err != nil {
				return fmt.Errorf("seed %d, tick %d, client %d (held tick %d, stride %d): %w",
					seed, tick, i, c.held.tick, c.held.stride, err)
			}
			c.plan(tick)
		}
	}
	return nil
}

// rigClient is one client of a property.
type rigClient struct {
	r             *rand.Rand
	kind          int
	stride        uint32
	next          uint32
	packed, plain *Replica
	a, b, c       Baseline // of the packed codec, the plain codec, and the encoder without fast paths
	held          rigTiers
}

// plan decides when the next frame is: mostly one stride on, at times much later, up to and beyond the ring's reach.
func (c *rigClient) plan(tick uint32) {
	gap := c.stride
	switch n := c.r.IntN(100); {
	case n < 8:
		gap = 1 + c.r.Uint32N(20)
	case n < 10:
		gap = maxReach - c.held.stride // the last that is ring
	case n < 12:
		gap = maxReach - c.held.stride + 1 // the first that is whole
	case n < 14:
		gap = 60 + c.r.Uint32N(12)
	case n < 16 && c.kind > 4:
		gap = 63 - c.held.stride - c.r.Uint32N(5) // about the last that is ring for slow rows
	case n < 17:
		c.stride = 1 + c.r.Uint32N(4)
		gap = c.stride
	case n < 18 && c.kind > 4: // too slow for some classes
		c.stride = 6 + c.r.Uint32N(16)
	case n < 20:
		gap = c.stride
		c.stride = 1 + c.r.Uint32N(4)
	}
	c.next = tick + gap
}

// look decides what the client may see.
func (c *rigClient) look(snap *Snapshot) *Visible {
	switch {
	case c.kind < 2: // sees all
		return nil
	case (c.kind == 2 || c.kind == 5) && c.r.IntN(4) == 0: // changes between all and some
		return nil
	}
	v := &Visible{tables: make([][]int32, len(snap.tables))}
	for i := range snap.tables {
		for n, id := range snap.tables[i].ids {
			visible := c.r.IntN(4) > 0
			if c.kind == 3 || c.kind == 6 { // moves slowly over the rows
				visible = (uint32(id)+snap.Tick/8)%3 > 0
			}
			if visible {
				v.tables[i] = append(v.tables[i], int32(n))
			}
		}
	}
	if c.kind > 4 {
		v.rates = c.wish(snap, v)
	}
	return v
}

// wish decides how often the client should be told of what it sees.
func (c *rigClient) wish(snap *Snapshot, v *Visible) [][]uint8 {
	rates := make([][]uint8, len(v.tables))
	for i, rows := range v.tables {
		for _, n := range rows {
			wish := uint8(c.r.Uint32N(3))
			if c.kind != 7 { // seldom changes
				wish = uint8((uint32(snap.tables[i].ids[n]) + snap.Tick/24) % 3)
			}
			if c.r.IntN(200) == 0 {
				wish = 255 // as slow as can be
			}
			rates[i] = append(rates[i], wish)
		}
		if c.r.IntN(20) == 0 {
			rates[i] = rates[i][:len(rates[i])/2] // the others are of class 0
		}
	}
	return rates[:len(rates)-c.r.IntN(2)]
}

// frame sends the client a frame in both codecs and checks everything.
func (c *rigClient) frame(s *Schema, h *History, e, slow *Encoder, count seen) error {
	tick := h.Newest()
	vis := c.look(h.At(tick))
	if c.r.IntN(30) == 0 {
		c.lose(e, slow, vis)
		count["a frame is lost"]++
		return nil
	}
	expect := c.held.expect(tick, c.stride, count)
	want, moved := c.held.frame(s, h, c.stride, expect == 1, vis, count)
	if moved {
		expect |= Moves
	}
	prefix := []byte("kept")
	base, out := e.Frame(prefix, &c.a, c.stride, vis)
	if !slices.Equal(out[:4], prefix) {
		return errors.New("the bytes before the body were changed")
	}
	body := slices.Clone(out[4:])
	if base != expect {
		return fmt.Errorf("base %d, want %d", base, expect)
	}
	if vis != nil {
		count.frame(s, e, base)
	}
	base2, body2 := slow.Frame(nil, &c.c, c.stride, vis)
	if base2 != base || !slices.Equal(body, body2) {
		return fmt.Errorf("the fast path makes %x, the plain path %x", body, body2)
	}
	c.packed.SetStride(c.stride)
	if err := c.packed.Apply(tick, base, body); err != nil {
		return err
	}
	if err := c.held.classes(c.packed); err != nil {
		return err
	}
	if err := holds(c.packed, want); err != nil {
		return fmt.Errorf("base %d: packed: %w", base, err)
	}
	if err := c.plain.Begin(tick, base&^Moves); err != nil {
		return err
	}
	sink := &plainFrame{to: c.plain}
	if base3 := e.Plain(sink, &c.b, c.stride, vis); base3 != base&^Moves {
		return fmt.Errorf("plain base %d, packed %d", base3, base)
	}
	if err := errors.Join(sink.err, c.plain.End()); err != nil {
		return fmt.Errorf("base %d: plain: %w", base, err)
	}
	if err := holds(c.plain, want); err != nil {
		return fmt.Errorf("base %d: plain: %w", base, err)
	}
	hash := rigHash(want)
	if c.packed.Hash() != hash || c.plain.Hash() != hash || e.Hash(&c.a) != hash || e.Hash(&c.b) != hash {
		return fmt.Errorf("base %d: hashes %08x %08x %08x %08x, want %08x",
			base, c.packed.Hash(), c.plain.Hash(), e.Hash(&c.a), e.Hash(&c.b), hash)
	}
	if c.r.IntN(150) == 0 {
		c.forget()
	}
	return nil
}

// forget makes the next frame whole.
func (c *rigClient) forget() {
	c.a.Reset()
	c.b.Reset()
	c.c.Reset()
	c.held = rigTiers{}
}

// lose makes a frame that never comes: what follows leads from what the client holds.
func (c *rigClient) lose(e, slow *Encoder, vis *Visible) {
	var a, b, slowly Baseline
	a.Copy(&c.a)
	b.Copy(&c.b)
	slowly.Copy(&c.c)
	e.Frame(nil, &c.a, c.stride, vis)
	e.Plain(lost{}, &c.b, c.stride, vis)
	slow.Frame(nil, &c.c, c.stride, vis)
	c.a.Copy(&a)
	c.b.Copy(&b)
	c.c.Copy(&slowly)
}

// lost is a DeltaSink.
type lost struct{}

func (lost) Table(int)                                  {}
func (lost) Gone(ID)                                    {}
func (lost) Row(ID, uint32, []int32, []string, []int32) {}

// frame counts what the frame just made for some rows went through.
func (count seen) frame(s *Schema, e *Encoder, base uint32) {
	kind := "ring"
	switch base &^ Moves {
	case 0:
		kind = "chain"
	case 1:
		kind = "whole"
	}
	if kind != "whole" && len(e.gone) > 0 {
		count[kind+": leave"]++
	}
	for i := range e.tables {
		x, t := &e.tables[i], s.Tables[i]
		if len(x.enters) > 0 {
			count[kind+": enter"]++
		}
		if kind == "whole" || x.kept == 0 {
			continue
		}
		if x.changed == 0 {
			count[kind+": mode 0"]++
			if x.table.quiet {
				count[kind+": quiet table"]++
			}
			continue
		}
		if 8*x.changed < x.kept-x.changed {
			count[kind+": mode 11"]++
			if t.vels > 0 {
				count[kind+": mode 11 with pos"]++
			}
		} else {
			count[kind+": mode 10"]++
		}
		if i > 0 && t.vels > 0 {
			count[kind+": pos in a later table"]++
		}
		if t.codes == nil {
			count[kind+": more than 8 groups"]++
		}
		if t.blobs > 0 {
			count[kind+": texts"]++
		}
		for _, r := range x.rows {
			f := x.table.frags[r]
			switch {
			case f.at == unchanged:
			case f.n > 64:
				count[kind+": long fragment"]++
			case t.codes != nil && t.blobs == 0:
				count[kind+": short fragment of a table for the fast path"]++
			}
		}
	}
}

// rigHash is the hash of a state, written down from the protocol.
func rigHash(state rigState) uint32 {
	sum := uint32(0)
	for i, rows := range state {
		for _, r := range rows {
			words := []uint32{uint32(i), uint32(r.id)}
			for _, c := range slices.Concat(r.cells, r.vels) {
				words = append(words, uint32(c))
			}
			for _, s := range r.texts {
				words = append(words, uint32(len(s)))
				for _, b := range []byte(s) {
					words = append(words, uint32(b))
				}
			}
			h := uint32(0x7477)
			for _, k := range words {
				k *= 0xcc9e2d51
				k = k<<15 | k>>17
				k *= 0x1b873593
				h ^= k
				h = h<<13 | h>>19
				h = h*5 + 0xe6546b64
			}
			h ^= h >> 16
			h *= 0x85ebca6b
			h ^= h >> 13
			h *= 0xc2b2ae35
			h ^= h >> 16
			sum += h
		}
	}
	return sum
}

// rigWorld is a random world.
type rigWorld struct {
	r      *rand.Rand
	schema *Schema
	tables []rigTable
	nextID ID
}

// rigTable is one table of a random world.
type rigTable struct {
	rows    map[ID]rigRow
	size    int // rows that it tends to have
	busy    int // of 1000 columns, how many change in a tick
	churn   int // of 1000 ticks, in how many rows come or go
	old     []ID
	columns []Column
	layout  *layout
}

func newRigWorld(r *rand.Rand) *rigWorld {
	w := &rigWorld{r: r, nextID: 1}
	s := &Schema{}
	for i := range 1 + r.IntN(4) {
		t := &TableSchema{Name: fmt.Sprint("t", i)}
		x := rigTable{rows: map[ID]rigRow{}, size: r.IntN(12), busy: 300, churn: 200}
		n, kinds := r.IntN(8), []Kind{Pos, Pos, Angle, Int, Bool, Float, Wide, String, Bytes}
		switch r.IntN(5) {
		case 0: // small, quiet, many rows: changes are sparse
			n, kinds = 1+r.IntN(4), []Kind{Pos, Int, Bool, Angle}
			x.size, x.busy, x.churn = 20+r.IntN(40), 6, 30
		case 1: // nothing but what the fast path takes
			n, kinds = 1+r.IntN(6), []Kind{Pos, Int, Bool, Angle, Float, Wide}
		case 2: // many groups
			n = 9 + r.IntN(20)
		}
		groups := 0
		for j := range n {
			c := randomColumn(r, kinds)
			c.Name = fmt.Sprint("c", j)
			if c.Kind != Pos || j == 0 || t.Columns[j-1].Kind != Pos {
				groups++
			}
			t.Columns = append(t.Columns, c)
		}
		if groups <= 8 && r.IntN(2) == 0 {
			for _, mask := range r.Perm(1 << groups)[:r.IntN(min(1<<groups, 6))] {
				t.Order = append(t.Order, uint32(mask))
			}
		}
		s.Tables = append(s.Tables, t)
		w.tables = append(w.tables, x)
	}
	w.schema = prepared(s.Tables...)
	for i := range w.tables {
		w.tables[i].columns, w.tables[i].layout = s.Tables[i].Columns, &s.Tables[i].layout
	}
	return w
}

// randomColumn has one of the kinds, and often unusual parameters.
func randomColumn(r *rand.Rand, kinds []Kind) Column {
	var c Column
	switch k := kinds[r.IntN(len(kinds))]; k {
	case Pos:
		c = colPos("")
		if r.IntN(2) == 0 {
			c.Jump = 1 + r.Int32N(300)
			if r.IntN(4) == 0 { // far, also for slow rows
				c.Jump = 1<<29 + r.Int32N(1<<30)
			}
		}
		if r.IntN(3) == 0 {
			c.Bits = 16
		}
	case Angle:
		c = colAngle("", []uint8{8, 16, 8, 1, 5, 17}[r.IntN(6)])
	case Bool:
		c = colBool("")
	case Wide:
		c = colWide("")
	case Float:
		c = colFloat("")
	case String:
		c = colText("")
	case Bytes:
		c = colBytes("")
	default:
		c = colInt("")
	}
	if r.IntN(4) == 0 {
		c.K, c.KE = uint8(r.IntN(14)), uint8(r.IntN(17))
	}
	return c
}

// state is the world as it is captured.
func (w *rigWorld) state() rigState {
	out := make(rigState, len(w.tables))
	for i := range w.tables {
		for _, r := range w.tables[i].rows {
			out[i] = append(out[i], r)
		}
		slices.SortFunc(out[i], func(a, b rigRow) int { return int(a.id) - int(b.id) })
	}
	return out
}

// step moves the world on by a tick.
func (w *rigWorld) step(count seen) {
	r := w.r
	for i := range w.tables {
		t := &w.tables[i]
		ids := make([]ID, 0, len(t.rows))
		for id := range t.rows {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			t.rows[id] = t.move(r, t.rows[id])
		}
		if len(ids) == 0 {
			for range t.size {
				w.add(t, w.nextID)
			}
		}
		if r.IntN(1000) >= t.churn {
			continue
		}
		for _, id := range ids {
			if r.IntN(len(ids)+4) == 0 || id == ids[len(ids)-1] && r.IntN(3) == 0 { // often the newest
				delete(t.rows, id)
				t.old = append(t.old, id)
			}
		}
		for len(t.rows) < t.size+4 && r.IntN(3) > 0 {
			id := w.nextID
			if len(t.old) > 0 && r.IntN(3) == 0 { // one that was there, perhaps in this very tick
				id = t.old[len(t.old)-1-r.IntN(min(3, len(t.old)))]
				count["the same ID again"]++
			} else if other := w.tables[r.IntN(len(w.tables))]; r.IntN(4) == 0 { // one that is in another table
				id = w.nextID
				for old := range other.rows {
					id = min(id, old) // the lowest: maps have no order
				}
			}
			if _, there := t.rows[id]; !there {
				w.add(t, id)
			}
		}
	}
}

func (w *rigWorld) add(t *rigTable, id ID) {
	w.nextID = max(w.nextID, id+1)
	if w.r.IntN(5) == 0 {
		w.nextID += ID(w.r.IntN(3000))
	}
	x := rigRow{
		id: id, cells: make([]int32, t.layout.width), texts: make([]string, t.layout.blobs),
		vels: make([]int32, t.layout.width),
	}
	if w.r.IntN(3) > 0 {
		for range 3 {
			x = t.move(w.r, x)
		}
	}
	t.rows[id] = x
}

// move changes some columns of a row. vels are the steps that its pos columns are in the middle of.
func (t *rigTable) move(r *rand.Rand, x rigRow) rigRow {
	x.cells, x.texts, x.vels = slices.Clone(x.cells), slices.Clone(x.texts), slices.Clone(x.vels)
	text, cell := 0, 0
	for _, c := range t.columns {
		at := cell
		changes := r.IntN(1000) < t.busy
		switch c.Kind {
		case String, Bytes:
			if changes && r.IntN(3) == 0 {
				x.texts[text] = randomText(r)
			}
			text++
			continue
		case Wide:
			cell += 2
		default:
			cell++
		}
		if c.Kind == Pos {
			if changes {
				x.vels[at] = []int32{0, 0, 1, -3, r.Int32N(41) - 20, r.Int32N(5000) - 2500}[r.IntN(6)]
				if c.Jump > 0 && r.IntN(4) == 0 { // just at what is a jump
					x.vels[at] = (c.Jump + r.Int32N(2)) * (2*r.Int32N(2) - 1)
				}
			}
			x.cells[at] += x.vels[at]
			if changes && r.IntN(8) == 0 {
				x.cells[at] = extreme(r)
			}
			if c.Bits == 16 {
				x.cells[at] = int32(int16(x.cells[at]))
			}
			continue
		}
		if !changes {
			continue
		}
		switch c.Kind {
		case Angle:
			x.cells[at] = (x.cells[at] + r.Int32N(41) - 20) & (1<<c.Bits - 1)
		case Bool:
			x.cells[at] ^= 1
		case Wide:
			x.cells[at] += r.Int32N(9) - 4
			if r.IntN(2) == 0 {
				x.cells[at+1] = extreme(r)
			}
		default:
			x.cells[at] += r.Int32N(21) - 10
			if r.IntN(8) == 0 {
				x.cells[at] = extreme(r)
			}
		}
	}
	return x
}

func extreme(r *rand.Rand) int32 {
	return []int32{0, 1, -1, math.MinInt32, math.MaxInt32, r.Int32(), int32(r.Uint32()), 65535}[r.IntN(8)]
}

func randomText(r *rand.Rand) string {
	b := make([]byte, r.IntN(12))
	if r.IntN(20) == 0 {
		b = make([]byte, 200)
	}
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

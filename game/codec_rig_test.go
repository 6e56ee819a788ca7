package game

import (
	"errors"
	"fmt"
	"slices"
)

// This file knows no testing package: the mutation test compiles it into programs of its own.

// rigRow is one row of a state written by hand.
type rigRow struct {
	id    ID
	cells []int32
	texts []string
	vels  []int32 // only in what a client should hold
}

// rigState is the rows of each table, ascending by ID.
type rigState [][]rigRow

// capture puts a state into a history as the world would.
func capture(s *Schema, h *History, tick uint32, state rigState) {
	last := h.At(h.Newest())
	snap := h.next(tick)
	for i := range s.Tables {
		t := &snap.tables[i]
		t.ids, t.cells, t.texts = t.ids[:0], t.cells[:0], nil
		for _, r := range state[i] {
			t.ids = append(t.ids, r.id)
			t.cells = append(t.cells, r.cells...)
			t.texts = append(t.texts, r.texts...)
		}
		t.same = false
		if last != nil && last != snap {
			was := &last.tables[i]
			t.same = slices.Equal(was.ids, t.ids) && slices.Equal(was.cells, t.cells) && slices.Equal(was.texts, t.texts)
		}
	}
}

// prepared returns a prepared schema of the given tables.
func prepared(tables ...*TableSchema) *Schema {
	s := &Schema{Tables: tables}
	if err := s.Prepare(); err != nil {
		panic(err)
	}
	return s
}

// The columns of the tests, with the default parameters.
func colPos(name string) Column   { return Column{Name: name, Kind: Pos, Bits: 32, KE: 11} }
func colInt(name string) Column   { return Column{Name: name, Kind: Int, Bits: 32, K: 2, KE: 6} }
func colBool(name string) Column  { return Column{Name: name, Kind: Bool, Bits: 1, K: 2, KE: 6} }
func colWide(name string) Column  { return Column{Name: name, Kind: Wide, Bits: 64, K: 2, KE: 6} }
func colText(name string) Column  { return Column{Name: name, Kind: String} }
func colBytes(name string) Column { return Column{Name: name, Kind: Bytes} }
func colFloat(name string) Column {
	return Column{Name: name, Kind: Float, Bits: 32, K: 2, KE: 6, Step: 0.125}
}

func colAngle(name string, bits uint8) Column {
	return Column{Name: name, Kind: Angle, Bits: bits, K: 2, KE: bits - 1, Unsigned: true}
}

// view is what a client should hold: the rows of a state that it may see, with the velocities of its stride.
func view(s *Schema, h *History, tick, stride uint32, vis *Visible) rigState {
	out := make(rigState, len(s.Tables))
	for i := range s.Tables {
		for r, id := range h.At(tick).tables[i].ids {
			if vis == nil || slices.Contains(vis.tables[i], int32(r)) {
				out[i] = append(out[i], rigRowAt(s, h, i, id, tick, stride))
			}
		}
	}
	return out
}

// holds says how a copy differs from what it should hold.
func holds(r *Replica, want rigState) error {
	for i := range want {
		if r.Len(i) != len(want[i]) || len(r.IDs(i)) != len(want[i]) {
			return fmt.Errorf("table %d has %d rows %v, want %d", i, r.Len(i), r.IDs(i), len(want[i]))
		}
		for n, w := range want[i] {
			at, ok := r.Find(i, w.id)
			if !ok || at != n || r.IDs(i)[n] != w.id {
				return fmt.Errorf("table %d: row %d is not there: %v", i, w.id, r.IDs(i))
			}
			if !slices.Equal(r.Cells(i, n), w.cells) || !slices.Equal(r.Texts(i, n), w.texts) ||
				!slices.Equal(r.Velocities(i, n), w.vels) {
				return fmt.Errorf("table %d, row %d: %v %q v %v, want %v %q v %v", i, w.id,
					r.Cells(i, n), r.Texts(i, n), r.Velocities(i, n), w.cells, w.texts, w.vels)
			}
		}
	}
	return nil
}

// plainFrame is a DeltaSink that edits a copy.
type plainFrame struct {
	to    *Replica
	table int
	err   error
	calls int
	blobs [][]byte
}

func (p *plainFrame) Table(index int) {
	if p.calls > 0 && index <= p.table {
		p.err = errors.Join(p.err, fmt.Errorf("table %d after %d", index, p.table))
	}
	p.table = index
	p.calls++
}

func (p *plainFrame) Gone(id ID) { p.err = errors.Join(p.err, p.to.Remove(p.table, id)) }

func (p *plainFrame) Row(id ID, columns uint32, cells []int32, texts []string, velocities []int32) {
	p.blobs = p.blobs[:0]
	for _, s := range texts {
		p.blobs = append(p.blobs, []byte(s))
	}
	p.err = errors.Join(p.err, p.to.Put(p.table, id, columns, cells, p.blobs, velocities))
}

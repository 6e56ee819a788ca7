package game

import (
	"errors"
	"fmt"
	"slices"
)

// This file knows no testing package: the mutation test compiles it into programs of its own.

// rigTiers is what one client holds, found out by the text of the protocol: the class of each row, and when each class was
// told last.
type rigTiers struct {
	tick, stride uint32
	told         [3]uint32
	class        map[rigKey]uint8
}

type rigKey struct {
	table int
	id    ID
}

// has says whether some rows are of a class.
func (m *rigTiers) has(class uint8) bool {
	for _, c := range m.class {
		if c == class {
			return true
		}
	}
	return false
}

// expect is the base that the next frame must have.
func (m *rigTiers) expect(tick, stride uint32, count seen) uint32 {
	age := tick - m.tick
	switch {
	case m.tick == 0:
		count["whole first"]++
		return 1
	case age+m.stride > 63:
		count["whole beyond the ring"]++
		if age+m.stride == 64 {
			count["whole just beyond the ring"]++
		}
		return 1
	}
	for c := uint8(1); c <= 2; c++ {
		if !m.has(c) {
			continue
		}
		reach := tick - m.told[c] + m.stride
		if reach > 63 {
			count["whole as a class is beyond the ring"]++
			return 1
		}
		if reach == 63 {
			count["a class at the ring's edge"]++
		}
	}
	if age == stride && m.stride == stride {
		count["chain"]++
		return 0
	}
	count["ring"]++
	if age+m.stride == 63 {
		count["ring at its edge"]++
	}
	if age == stride {
		count["ring as the stride changed"]++
	}
	return age + 1
}

// frame moves on to a frame and says what the client then holds, and whether rows changed their class.
func (m *rigTiers) frame(s *Schema, h *History, stride uint32, whole bool, vis *Visible, count seen) (rigState, bool) {
	tick := h.Newest()
	due := [3]bool{true, true, true}
	for c := 1; c <= 2; c++ {
		if n := stride << c; !whole && stride == m.stride {
			due[c] = tick/n != m.told[c]/n
		}
		if due[c] && m.has(uint8(c)) && !whole {
			switch age := tick - m.told[c]; {
			case stride == m.stride && age == stride<<c:
				count["slow: in its time"]++
			case age < stride:
				count["slow: ring of no stride"]++
			default:
				count["slow: ring"]++
			}
		}
		if due[c] {
			m.told[c] = tick
		}
	}
	if whole {
		m.class = nil
	}
	m.tick, m.stride = tick, stride
	class, moved := map[rigKey]uint8{}, false
	out := make(rigState, len(s.Tables))
	for i := range s.Tables {
		for n, id := range h.At(tick).tables[i].ids {
			place := n
			if vis != nil {
				if place = slices.Index(vis.tables[i], int32(n)); place < 0 {
					continue
				}
			}
			key := rigKey{i, id}
			is := m.class[key]
			wish := uint8(0)
			if vis != nil && i < len(vis.rates) && place < len(vis.rates[i]) {
				wish = min(vis.rates[i][place], 2)
			}
			for wish > 0 && stride<<wish+stride > 63 {
				wish--
				count["slow: too slow a class"]++
			}
			if is != wish && due[is] && due[wish] {
				count[fmt.Sprintf("slow: class %d becomes %d", is, wish)]++
				is, moved = wish, true
			}
			class[key] = is
			told := tick
			if is > 0 {
				told = m.told[is]
			}
			row := rigRowAt(s, h, i, id, told, stride)
			if j := int32(tick-told) / int32(stride); j > 0 {
				count["slow: goes on"]++
				row.cells = slices.Clone(row.cells)
				for v, cell := range rigMovers(s.Tables[i]) {
					row.cells[cell] += row.vels[v] * j
				}
			}
			out[i] = append(out[i], row)
		}
	}
	for key, c := range m.class {
		if _, still := class[key]; !still && c > 0 {
			count[fmt.Sprintf("slow: class %d leaves", c)]++
		}
	}
	m.class = class
	return out, moved
}

// rigMovers are the cells of a table's pos columns.
func rigMovers(t *TableSchema) (cells []int) {
	cell := 0
	for _, c := range t.Columns {
		switch c.Kind {
		case Pos:
			cells = append(cells, cell)
			cell++
		case Wide:
			cell += 2
		case String, Bytes:
		default:
			cell++
		}
	}
	return cells
}

// rigRowAt is a row at a tick, with the velocities of a stride.
func rigRowAt(s *Schema, h *History, table int, id ID, tick, stride uint32) rigRow {
	t, now := s.Tables[table], &h.At(tick).tables[table]
	r := slices.Index(now.ids, id)
	x := rigRow{id: id, cells: now.row(&t.layout, r), texts: now.rowTexts(&t.layout, r)}
	var then []int32
	if stride < tick && h.At(tick-stride) != nil {
		before := &h.At(tick - stride).tables[table]
		if at := slices.Index(before.ids, id); at >= 0 {
			then = before.row(&t.layout, at)
		}
	}
	cells := rigMovers(t)
	for i, cell := range cells {
		v := int32(0)
		if then != nil {
			v = x.cells[cell] - then[cell]
		}
		jump := int64(0)
		for _, c := range t.Columns {
			if c.Kind == Pos {
				if i--; i < 0 {
					jump = int64(c.Jump)
					break
				}
			}
		}
		if jump > 0 && (int64(v) > jump || int64(v) < -jump) {
			v = 0
		}
		x.vels = append(x.vels, v)
	}
	return x
}

// classes says how the classes of a copy differ from what they should be.
func (m *rigTiers) classes(r *Replica) error {
	all := 0
	for i := range r.tables {
		t := &r.tables[i]
		slow := 0
		if len(t.classes) != len(t.ids) {
			return fmt.Errorf("table %d has %d classes of %d rows", i, len(t.classes), len(t.ids))
		}
		for n, id := range t.ids {
			if t.classes[n] != m.class[rigKey{i, id}] {
				return fmt.Errorf("table %d, row %d is of class %d, want %d", i, id, t.classes[n], m.class[rigKey{i, id}])
			}
			if t.classes[n] > 0 {
				slow++
			}
		}
		if slow != t.slow {
			return errors.New("the number of slow rows is wrong")
		}
		all += slow
	}
	if all != r.slow {
		return errors.New("the number of all slow rows is wrong")
	}
	return nil
}

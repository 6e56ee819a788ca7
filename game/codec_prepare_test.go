package game

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestPrepare(t *testing.T) {
	many := make([]Column, MaxColumns+1)
	for i := range many {
		many[i] = colInt(strings.Repeat("x", i+1))
	}
	with := func(f func(*Column)) *Schema {
		c := colPos("x")
		f(&c)
		return &Schema{Tables: []*TableSchema{table("a", colInt("n"), c)}}
	}
	ordered := func(order []uint32, columns ...Column) *Schema {
		x := table("a", columns...)
		x.Order = order
		return &Schema{Tables: []*TableSchema{x}}
	}
	command := func(m *Message) *Schema { return &Schema{Commands: []*Message{m}} }
	field := func(f Field) *Schema { return &Schema{Input: &Message{Fields: []Field{f}}} }
	for _, c := range []struct {
		why    string
		schema *Schema
		good   bool
	}{
		{"nothing", &Schema{}, true},
		{"a table of the most columns", &Schema{Tables: []*TableSchema{table("a", many[:MaxColumns]...)}}, true},
		{"one column more", &Schema{Tables: []*TableSchema{table("a", many...)}}, false},
		{"a missing table", &Schema{Tables: []*TableSchema{nil}}, false},
		{"more tables than a byte counts", &Schema{Tables: make([]*TableSchema, MaxTables+1)}, false},
		{"two tables of one name", &Schema{Tables: []*TableSchema{table("a"), table("a")}}, false},
		{"a table without a name", &Schema{Tables: []*TableSchema{table("")}}, false},
		{"a name that is no text", &Schema{Tables: []*TableSchema{table("\xff")}}, false},
		{"a name with a line break", &Schema{Tables: []*TableSchema{table("a\nb")}}, false},
		{"two columns of one name", &Schema{Tables: []*TableSchema{table("a", colInt("n"), colPos("n"))}}, false},
		{"a pos", with(func(*Column) {}), true},
		{"no kind", with(func(c *Column) { c.Kind = 0 }), false},
		{"an unknown kind", with(func(c *Column) { c.Kind = 9 }), false},
		{"k of a pos with room for a ring", with(func(c *Column) { c.K = 13 }), true},
		{"k of a pos without", with(func(c *Column) { c.K = 14 }), false},
		{"ke of more than a code has", with(func(c *Column) { c.KE = 17 }), false},
		{"k of an int with room for a ring", with(func(c *Column) { c.Kind, c.K = Int, 13 }), true},
		{"k of an int without", with(func(c *Column) { c.Kind, c.K = Int, 14 }), false},
		{"a jump back", with(func(c *Column) { c.Jump = -1 }), false},
		{"an int that jumps", with(func(c *Column) { c.Kind, c.Jump = Int, 5 }), false},
		{"an angle of 33 bits", with(func(c *Column) { c.Kind, c.Bits = Angle, 33 }), false},
		{"an angle of 32 bits", with(func(c *Column) { c.Kind, c.Bits = Angle, 32 }), true},
		{"a number of no bits", with(func(c *Column) { c.Bits = 0 }), false},
		{"a text of some bits", with(func(c *Column) { c.Kind = String }), false},
		{"a float without a step", with(func(c *Column) { c.Kind = Float }), false},
		{"a step that is no number", with(func(c *Column) { c.Kind, c.Step = Float, math.NaN() }), false},
		{"an order", ordered([]uint32{3, 0}, colInt("a"), colInt("b")), true},
		{"a mask of groups that are not there", ordered([]uint32{4}, colInt("a"), colInt("b")), false},
		{"a mask of columns that are one group", ordered([]uint32{2}, colPos("a"), colPos("b")), false},
		{"a mask twice", ordered([]uint32{1, 1}, colInt("a")), false},
		{"an order of nine groups", ordered([]uint32{1}, many[:9]...), false},
		{"a missing command", command(nil), false},
		{"a command", command(&Message{Name: "buy", Fields: []Field{{Name: "n", Kind: FieldInt}}}), true},
		{"a command without a name", command(&Message{}), false},
		{"a field of no kind", field(Field{Name: "n"}), false},
		{"a field without a name", field(Field{Kind: FieldInt}), false},
		{"two events of one name", &Schema{Events: []*Message{{Name: "e"}, {Name: "e"}}}, false},
	} {
		for range 2 { // it may be called again
			err := c.schema.Prepare()
			var bad *SchemaError
			if (err == nil) != c.good || err != nil && (!errors.As(err, &bad) || bad.Where == "") {
				t.Errorf("%s: %v", c.why, err)
			}
		}
		if _, err := NewReplica(c.schema); (err == nil) != c.good {
			t.Errorf("%s: NewReplica: %v", c.why, err)
		}
	}
}

// TestRanks shows the codes of masks: those of an order first, then the others ascending.
func TestRanks(t *testing.T) {
	x := table("a", colInt("a"), colPos("b"), colPos("c"), colInt("d"))
	x.Order = []uint32{3, 2, 0, 1}
	prepared(x)
	if want := []uint8{3, 2, 0, 1, 4, 5, 6, 7}; !slices.Equal(x.unmask, want) || x.groups != 3 {
		t.Errorf("%d groups, %v, want %v", x.groups, x.unmask, want)
	}
	for rank, mask := range x.unmask {
		if v, n := golomb(0, uint32(rank)); x.codes[mask] != (code{v, n}) {
			t.Errorf("mask %d: %v", mask, x.codes[mask])
		}
	}
}

// FuzzSchemaPrepare makes schemas of arbitrary bytes: whatever Prepare accepts must be usable.
func FuzzSchemaPrepare(f *testing.F) {
	f.Add([]byte("\x01\x03\x20\x00\x0b\x00\x03\x20\x00\x0b\x00"), []byte{0xce, 0x47})
	f.Add([]byte("\x02\x04\x08\x02\x07\x00\x07\x00\x00\x00\x00\x05\x40\x02\x06\x00"), []byte{1})
	f.Fuzz(func(_ *testing.T, data, body []byte) {
		next := func() (b byte) {
			if len(data) > 0 {
				b, data = data[0], data[1:]
			}
			return b
		}
		s := &Schema{}
		for range next() % 4 {
			x := table(string(rune('a' + len(s.Tables))))
			for len(data) > 0 && len(x.Columns) < 40 {
				kind := next()
				if kind == 0xff {
					break
				}
				x.Columns = append(x.Columns, Column{
					Name: strings.Repeat("c", 1+len(x.Columns)), Kind: Kind(kind), Bits: next(), K: next(), KE: next(),
					Jump: int32(int8(next())), Step: float64(int8(kind)),
				})
				if Kind(kind) == Float {
					x.Order = append(x.Order, uint32(next()))
				}
			}
			s.Tables = append(s.Tables, x)
		}
		r, err := NewReplica(s)
		if err != nil {
			return
		}
		if err := r.Apply(1, 1, body); err == nil {
			_ = r.Apply(2, 0, body)
		}
		r.Hash()
	})
}

package game

import (
	"iter"
	"math"
	"reflect"
)

// Past is a table as it was in an earlier tick, as players saw it: exported fields only, with the precision that was
// sent. It is read-only and good during the tick.
type Past[T any] struct {
	store *store
	rows  *rows
}

// At returns the table as it was at the end of a tick of the last 250 ms, for judging hits by what a player saw; see
// Tick.View. It reports false if that is too long ago or has not been yet, and always for a table without exported fields.
func (t *Table[T]) At(tick uint32) (Past[T], bool) {
	past := t.store.past(tick)
	return Past[T]{t.store, past}, past != nil
}

// past is the table in an earlier tick; nil if there is none.
func (s *store) past(tick uint32) *rows {
	now := &s.world.tick
	if s.shown == hidden || tick >= now.number || int(now.number-tick-1)*1000 > rewindMillis*now.rate {
		return nil
	}
	if snapshot := s.world.history.At(tick); snapshot != nil {
		return &snapshot.tables[s.shown]
	}
	return nil
}

// Get returns a copy of a row as it was.
func (p Past[T]) Get(id ID) (row T, ok bool) {
	at := p.rows.find(id, 0)
	if at >= 0 {
		p.store.recall(addrOf(&row), p.rows, at)
	}
	return row, at >= 0
}

// All goes through copies of the rows as they were, in the order of their IDs.
func (p Past[T]) All() iter.Seq2[ID, T] {
	return func(yield func(ID, T) bool) {
		for i, id := range p.rows.ids {
			var row T
			p.store.recall(addrOf(&row), p.rows, i)
			if !yield(id, row) {
				return
			}
		}
	}
}

// recall fills a row from a snapshot.
func (s *store) recall(p ptr, r *rows, at int) {
	width, texts := s.schema.width, s.schema.blobs
	fill(p, s.cells, s.texts, r.cells[at*width:(at+1)*width], r.texts[at*texts:(at+1)*texts])
}

// fill writes cells and texts into a struct.
func fill(p ptr, cells, texts []source, c []int32, t []string) {
	for i := range cells {
		src := &cells[i]
		at := step(p, src.offset)
		v := int64(c[src.cell])
		switch {
		case src.wire == Wide:
			setInteger(at, src.kind, int64(uint32(c[src.cell]))|int64(c[src.cell+1])<<32)
		case src.wire == Float:
			setReal64(at, src.kind, float64(v)*src.step)
		case unsigned(src.kind) && src.drop == 0:
			setInteger(at, src.kind, int64(uint32(v)&math.MaxUint32))
		default:
			setInteger(at, src.kind, v<<src.drop)
		}
	}
	for i := range texts {
		setText(step(p, texts[i].offset), texts[i].kind, bytesOf(t[texts[i].cell]))
	}
}

// Binding fills structs of type T from rows of a schema, which may have been sent by a peer: columns are matched to T's
// exported fields by name, and must fit them with all values that they can have. Fields without a column, and columns
// without a field, stay as they are. It may be used from many goroutines.
type Binding[T any] struct{ cells, texts []source }

// Bind matches T to a table of a prepared schema. It fails if T cannot be a row, or a column does not fit its field.
func Bind[T any](t *TableSchema) (*Binding[T], error) {
	where := "table " + t.Name
	sh, wrong := shapeOf(reflect.TypeFor[T](), true)
	if wrong != nil {
		return nil, &SchemaError{where + ", field " + wrong.field, wrong.why}
	}
	leaves := map[string]*leaf{}
	for i := range sh.leaves {
		leaves[sh.leaves[i].name] = &sh.leaves[i]
	}
	b := &Binding[T]{}
	cells, texts := 0, 0
	for i := range t.Columns {
		c := &t.Columns[i]
		src := source{wire: c.Kind, drop: c.Drop, step: c.Step, cell: cells}
		text := c.Kind == String || c.Kind == Bytes
		switch {
		case text:
			src.cell = texts
			texts++
		case c.Kind == Wide:
			cells += 2
		default:
			cells++
		}
		l := leaves[c.Name]
		if l == nil {
			continue
		}
		if src.leaf = *l; !fits(c, l.kind) {
			return nil, &SchemaError{where + ", column " + c.Name, "does not fit a " + l.kind.String()}
		}
		if text {
			b.texts = append(b.texts, src)
		} else {
			b.cells = append(b.cells, src)
		}
	}
	return b, nil
}

// fits says whether every value of a column can be read into a field of a kind.
func fits(c *Column, k reflect.Kind) bool {
	integral := k != reflect.Bool && !isFloat(k) && k != reflect.String && k != reflect.Slice
	room, need := sizeOf(k), uint(c.Bits)
	switch c.Kind {
	case String, Bytes:
		return k == reflect.String || k == reflect.Slice
	case Float:
		return isFloat(k)
	case Bool:
		return k == reflect.Bool
	case Angle: // it wraps, so its sign does not matter
		return integral && room >= need+uint(c.Drop)
	default:
		if unsigned(k) != c.Unsigned {
			room-- // for the sign
		}
		return integral && room >= need && (c.Unsigned || !unsigned(k))
	}
}

// Fill writes a row's cells and texts, as Replica gives them, into dst.
func (b *Binding[T]) Fill(dst *T, cells []int32, texts []string) {
	fill(addrOf(dst), b.cells, b.texts, cells, texts)
}

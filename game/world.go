package game

import (
	"reflect"
	"strconv"
)

// World holds all state of a room: tables, Vars, the Rand and what players sent. A game registers what it consists of
// in its New and keeps nothing anywhere else, which is what makes a room recordable, restorable and predictable. It
// belongs to one goroutine.
type World struct {
	schema   *Schema
	stores   []*store // all tables, shown to clients or not
	input    *inputs  // nil if the game takes none
	commands []*commands
	history  *History
	next     ID
	rand     Rand
	options  options
	sealed   bool
	tick     Tick
}

func newWorld(seed uint64, options options) *World {
	w := &World{schema: &Schema{}, next: 1, options: options}
	w.rand.seed(seed)
	w.tick.world = w
	return w
}

// Option returns what the room's creator chose for a name; "" if nothing.
func (w *World) Option(name string) string {
	value, _ := w.options.get(name)
	return value
}

// Rand is the world's only source of chance.
func (w *World) Rand() *Rand { return &w.rand }

// NewID returns an ID that was never used in this room. It panics when all are used up, after 4 thousand million.
func (w *World) NewID() ID {
	id := w.next
	if id == 0 {
		panic("game: all IDs are used up")
	}
	w.next++
	return id
}

// Schema describes what was registered. It must not be changed.
func (w *World) Schema() *Schema { return w.schema }

// problem is what registration panics with; NewSim turns it into a DefinitionError.
type problem struct{ where, field, why string }

// register adds a table's schema and its store.
func (w *World) register(
	t reflect.Type, name string, options []TableOption, alloc func(int) ptr, zero func(ptr),
) *store {
	where := "table " + name
	w.open(where, name)
	for _, other := range w.stores {
		if other.schema.Name == name {
			panic(problem{where, "", "there are two of this name"})
		}
	}
	sh, wrong := shapeOf(t, true)
	if wrong != nil {
		panic(problem{where, wrong.field, wrong.why})
	}
	schema := &TableSchema{Name: name}
	s := &store{world: w, schema: schema, shape: sh, shown: len(w.schema.Tables), alloc: alloc, zero: zero}
	cells, texts := 0, 0
	for i := range sh.leaves {
		column, src, why := columnOf(&sh.leaves[i])
		if why != "" {
			panic(problem{where, sh.leaves[i].goName, why})
		}
		switch column.Kind {
		case String, Bytes:
			src.cell = texts
			texts++
			s.texts = append(s.texts, src)
		default:
			src.cell = cells
			cells++
			if column.Kind == Wide {
				cells++
			}
			s.cells = append(s.cells, src)
		}
		schema.Columns = append(schema.Columns, column)
	}
	if n := len(schema.Columns); n > MaxColumns {
		panic(problem{where, "", strconv.Itoa(n) + " replicated values, at most " + strconv.Itoa(MaxColumns) +
			" are possible; unexport some, or make a second table under the same IDs"})
	}
	for _, option := range options {
		option(schema)
	}
	w.stores = append(w.stores, s)
	switch {
	case len(schema.Columns) > 0:
		w.schema.Tables = append(w.schema.Tables, schema)
	case len(schema.Order) > 0:
		panic(problem{where, "", "an order has no meaning for a table without exported fields"})
	default:
		s.shown = hidden
	}
	return s
}

// open panics if something is registered too late or under a bad name.
func (w *World) open(where, name string) {
	if w.sealed {
		panic(problem{where, "", "everything must be registered in New"})
	}
	if !validName(name) {
		panic(problem{where, "", "a name is up to 64 letters and digits after a small letter"})
	}
}

package game

import (
	"iter"
	"reflect"
)

// Table holds rows of type T, which are plain structs changed in place. Exported fields are replicated, unexported ones
// are not; both are saved. Of a table without exported fields clients see nothing, not even the IDs. It belongs to its
// World's goroutine, and every change of it to the current tick.
type Table[T any] struct{ store *store }

// TableOption changes how a table is replicated.
type TableOption func(*TableSchema)

// Order gives the masks of changed groups that happen most often the shortest codes, most frequent first. A group is
// one column, or adjacent pos columns together; bit i is group i. Default: the natural order, in which a change of the
// columns declared first costs least.
func Order(masks ...uint32) TableOption {
	return func(t *TableSchema) { t.Order = masks }
}

// NewTable registers a table. It panics if T cannot be replicated or saved, which NewSim returns as an error.
func NewTable[T any](w *World, name string, options ...TableOption) *Table[T] {
	return &Table[T]{w.register(reflect.TypeFor[T](), name, options, allocate[T], zero[T])}
}

// What only a function that knows the type of the rows can do. All else is done by their shape.
func allocate[T any](n int) ptr { return firstOf(make([]T, n)) }

func zero[T any](p ptr) {
	var none T
	*valueAt[T](p) = none
}

// Add makes a row under a new ID.
func (t *Table[T]) Add(row T) ID {
	id := t.store.world.NewID()
	*valueAt[T](t.store.add(id)) = row
	return id
}

// Put makes a row under an ID of a player, of NewID or of another table. It panics if the ID has a row here already:
// change that one through Get. Inside All only IDs newer than all rows, and those deleted in this tick, can be put.
func (t *Table[T]) Put(id ID, row T) *T {
	p := valueAt[T](t.store.add(id))
	*p = row
	return p
}

// Get returns the row of an ID, or nil. The pointer is good until the row is deleted or the tick ends: store the ID.
func (t *Table[T]) Get(id ID) *T {
	return valueAt[T](t.store.get(id))
}

// Delete removes a row and reports whether there was one.
func (t *Table[T]) Delete(id ID) bool { return t.store.remove(id) }

// Len is the number of rows.
func (t *Table[T]) Len() int { return t.store.live }

// All goes through the rows in the order of their IDs. Rows may be deleted meanwhile; rows added meanwhile are not
// visited.
func (t *Table[T]) All() iter.Seq2[ID, *T] {
	return func(yield func(ID, *T) bool) {
		w := t.store.walk()
		defer w.end()
		for id, row := w.next(); row != nil; id, row = w.next() {
			if !yield(id, valueAt[T](row)) {
				return
			}
		}
	}
}

// Var is one value of the world outside of all tables: the phase of a match, a board, a rule. V is changed in place.
type Var[T any] struct {
	// V is the value.
	V T

	store *store
}

// varID is the row of a Var in its table.
const varID = 1

// NewVar registers a value with its initial state. It panics if T cannot be replicated or saved.
func NewVar[T any](w *World, name string, initial T) *Var[T] {
	v := &Var[T]{V: initial}
	v.store = w.register(reflect.TypeFor[T](), name, nil, nil, nil)
	v.store.single(addrOf(&v.V))
	return v
}

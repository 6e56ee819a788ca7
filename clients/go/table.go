package client

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tickwire/tickwire/game"
)

// Table reads one table's rows as T, a struct whose fields are matched to the columns by name. It may be used from any
// goroutine while the room lives and after; what it returns are copies.
type Table[T any] struct {
	room   *Room
	index  int
	schema *game.TableSchema
	bind   *game.Binding[T]
	smooth *game.Binding[T] // for rows whose interpolated cells are in field units
	units  []unit           // interpolated columns
}

// TableOf finds a table by name and checks that its columns fit T, which must have at least one of them.
func TableOf[T any](r *Room, name string) (*Table[T], error) {
	if r.schema == nil {
		return nil, errors.New("tickwire: the room has no schema")
	}
	at := slices.IndexFunc(r.schema.Tables, func(t *game.TableSchema) bool { return t.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("tickwire: this game has no table %q", name)
	}
	schema := r.schema.Tables[at]
	if err := matches[T](schema); err != nil {
		return nil, err
	}
	bind, err := game.Bind[T](schema)
	if err != nil {
		return nil, err
	}
	fine, units := refine(schema)
	smooth, err := game.Bind[T](fine)
	if err != nil {
		return nil, err
	}
	return &Table[T]{room: r, index: at, schema: schema, bind: bind, smooth: smooth, units: units}, nil
}

// matches checks that T has a field for one of the columns. A T without any fields is for those who only count rows.
func matches[T any](schema *game.TableSchema) error {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct || t.NumField() == 0 || len(schema.Columns) == 0 {
		return nil
	}
	// Bind passes over columns that T lacks, and complains of those that do not fit. These fit nothing.
	probe := &game.TableSchema{Name: schema.Name}
	var names []string
	for _, c := range schema.Columns {
		probe.Columns = append(probe.Columns, game.Column{Name: c.Name, Kind: game.Int, Bits: math.MaxUint8})
		names = append(names, c.Name)
	}
	if _, err := game.Bind[T](probe); err != nil {
		return nil //nolint:nilerr // it is what was looked for
	}
	has := strings.Join(names, ", ")
	return fmt.Errorf("tickwire: %s has no field for a column of table %q, which has %s", t, schema.Name, has)
}

// Rows yields a table's rows in ID order. It is TableOf and All in one, for tests and small tools: if the table does not
// exist or does not fit T there are no rows.
func Rows[T any](r *Room, name string) iter.Seq2[game.ID, T] {
	t, err := TableOf[T](r, name)
	if err != nil {
		return func(func(game.ID, T) bool) {}
	}
	return t.All()
}

// Len is the number of rows.
func (t *Table[T]) Len() int {
	t.room.mu.Lock()
	defer t.room.mu.Unlock()
	return t.room.replica.Len(t.index)
}

// Get returns a row as it is in the newest state.
func (t *Table[T]) Get(id game.ID) (row T, ok bool) {
	t.room.mu.Lock()
	defer t.room.mu.Unlock()
	n, ok := t.room.replica.Find(t.index, id)
	if ok {
		t.bind.Fill(&row, t.room.replica.Cells(t.index, n), t.room.replica.Texts(t.index, n))
	}
	return row, ok
}

// All yields the rows of the newest state in ID order. They are copied before the first is yielded, so the loop may take
// its time and call anything.
func (t *Table[T]) All() iter.Seq2[game.ID, T] {
	return func(yield func(game.ID, T) bool) {
		ids, rows := t.copy()
		for i, id := range ids {
			if !yield(id, rows[i]) {
				return
			}
		}
	}
}

func (t *Table[T]) copy() ([]game.ID, []T) {
	t.room.mu.Lock()
	defer t.room.mu.Unlock()
	replica := t.room.replica
	ids := slices.Clone(replica.IDs(t.index))
	rows := make([]T, len(ids))
	for i := range rows {
		t.bind.Fill(&rows[i], replica.Cells(t.index, i), replica.Texts(t.index, i))
	}
	return ids, rows
}

// Interpolated yields the rows as a screen should show them at the given time: columns marked lerp move evenly between
// states, angles the short way round, and jump where they jumped; all others are as of the state before. The picture
// lags by max(2 intervals, 99th percentile of the arrival delay + 1 interval) so that the next state is nearly always
// there; if it is not, movement goes on for at most 100 ms. The first call of a room starts the recording it needs.
func (t *Table[T]) Interpolated(at time.Time) iter.Seq2[game.ID, T] {
	return func(yield func(game.ID, T) bool) {
		t.room.mu.Lock()
		if t.room.lines == nil {
			t.room.lines = newTimeline(t.room.rate, t.room.start)
			t.room.lines.add(t.room.replica, t.room.replica.Tick(), t.room.stride, time.Now())
		}
		var ids []game.ID
		var rows []T
		t.room.lines.each(t.index, t.units, at, func(id game.ID, cells []int32, texts []string) {
			var row T
			t.smooth.Fill(&row, cells, texts)
			ids, rows = append(ids, id), append(rows, row)
		})
		t.room.mu.Unlock()
		for i, id := range ids {
			if !yield(id, rows[i]) {
				return
			}
		}
	}
}

package game_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

type item struct {
	N      int32
	secret string
}

func ids(t *game.Table[item]) []game.ID {
	var all []game.ID
	for id := range t.All() {
		all = append(all, id)
	}
	return all
}

func TestTable(t *testing.T) {
	for _, tc := range []struct {
		why  string
		body func(t *testing.T, tick *game.Tick, table *game.Table[item])
	}{
		{"rows come in the order of their IDs", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			a, b, c := table.Add(item{N: 1}), table.Add(item{N: 2}), table.Add(item{N: 3})
			if a == 0 || b <= a || c <= b {
				t.Errorf("IDs do not ascend: %d %d %d", a, b, c)
			}
			if got := ids(table); !slices.Equal(got, []game.ID{a, b, c}) || table.Len() != 3 {
				t.Errorf("got %v, %d rows", got, table.Len())
			}
		}},
		{"Get gives the row itself", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			id := table.Add(item{N: 1})
			table.Get(id).N = 5
			if table.Get(id).N != 5 || table.Get(id+1) != nil || table.Get(0) != nil {
				t.Error("Get does not find what is there, or finds what is not")
			}
		}},
		{"Delete says whether there was a row", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			id := table.Add(item{})
			if !table.Delete(id) || table.Delete(id) || table.Delete(99) || table.Get(id) != nil || table.Len() != 0 {
				t.Error("a deleted row is still there, or one was deleted twice")
			}
		}},
		{"a row deleted in a loop and not yet reached is not visited", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			a, b, c := table.Add(item{}), table.Add(item{}), table.Add(item{})
			var seen []game.ID
			for id := range table.All() {
				seen = append(seen, id)
				table.Delete(id)
				table.Delete(b)
			}
			if !slices.Equal(seen, []game.ID{a, c}) || table.Len() != 0 {
				t.Errorf("visited %v", seen)
			}
		}},
		{"rows added in a loop are not visited in it", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			table.Add(item{})
			for range table.All() {
				if table.Len() > 10 {
					t.Fatal("the loop feeds itself")
				}
				table.Add(item{})
				table.Add(item{})
			}
			if table.Len() != 3 {
				t.Errorf("%d rows", table.Len())
			}
		}},
		{"a row that comes back in a loop was added in it", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			a, b, c := table.Add(item{}), table.Add(item{}), table.Add(item{})
			var outer, inner []game.ID
			for id := range table.All() {
				outer = append(outer, id)
				if id != a {
					continue
				}
				table.Delete(b)
				table.Put(b, item{N: 9})
				for id := range table.All() { // begun after it
					inner = append(inner, id)
				}
			}
			if !slices.Equal(outer, []game.ID{a, c}) || !slices.Equal(inner, []game.ID{a, b, c}) {
				t.Errorf("visited %v, and inside %v", outer, inner)
			}
			if got := ids(table); !slices.Equal(got, []game.ID{a, b, c}) {
				t.Errorf("visited %v after it", got)
			}
		}},
		{"a pointer outlives other rows that come and go", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			keep := table.Get(table.Add(item{N: 7}))
			for range 1000 {
				table.Delete(table.Add(item{N: 1}))
				table.Add(item{N: 2})
			}
			if keep.N != 7 {
				t.Errorf("the row moved: %d", keep.N)
			}
			keep.N = 8
			if table.Get(ids(table)[0]).N != 8 {
				t.Error("the pointer is not to the row any more")
			}
		}},
		{"memory of a deleted row is not used again in the same tick", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			id := table.Add(item{N: 7})
			old := table.Get(id)
			table.Delete(id)
			for range 200 {
				table.Add(item{N: 1})
			}
			table.Put(id, item{N: 2})
			if old.N != 7 {
				t.Errorf("a deleted row became %d", old.N)
			}
		}},
		{"a row may come back under its ID in the same tick", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			a, b := table.Add(item{N: 1}), table.Add(item{N: 2})
			table.Delete(a)
			table.Put(a, item{N: 3})
			if got := ids(table); !slices.Equal(got, []game.ID{a, b}) || table.Get(a).N != 3 || table.Len() != 2 {
				t.Errorf("got %v", got)
			}
		}},
		{"outside of a loop an old ID takes its place in the order", func(t *testing.T, _ *game.Tick, table *game.Table[item]) {
			a, b, c := table.Add(item{}), table.Add(item{}), table.Add(item{})
			table.Delete(b)
			table.Put(b, item{N: 9})
			if got := ids(table); !slices.Equal(got, []game.ID{a, b, c}) {
				t.Errorf("got %v", got)
			}
		}},
		{"a loop that is left early leaves no trace", func(_ *testing.T, _ *game.Tick, table *game.Table[item]) {
			a, b := table.Add(item{}), table.Add(item{})
			for range table.All() {
				break
			}
			func() {
				defer func() { _ = recover() }()
				for range table.All() {
					panic("out")
				}
			}()
			table.Delete(a)
			table.Put(a, item{}) // would panic inside a loop
			_ = b
		}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			if _, err := once(t, func(tick *game.Tick, table *game.Table[item]) { tc.body(t, tick, table) }); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTablePanics(t *testing.T) {
	for _, tc := range []struct {
		why  string
		body func(table *game.Table[item])
		want string
	}{
		{"a row is not put over another", func(table *game.Table[item]) {
			table.Put(table.Add(item{}), item{})
		}, "already"},
		{"0 is no ID", func(table *game.Table[item]) { table.Put(0, item{}) }, "ID"},
		{"an ID that was never given out is somebody's mistake", func(table *game.Table[item]) {
			table.Put(1000, item{})
		}, "never given out"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			_, err := once(t, func(_ *game.Tick, table *game.Table[item]) { tc.body(table) })
			var failed *game.GameError
			if !errors.As(err, &failed) || failed.Hook != "Tick" || !strings.Contains(err.Error(), tc.want) ||
				!strings.Contains(err.Error(), "rows") && !strings.Contains(err.Error(), "ID") {
				t.Errorf("got %v", err)
			}
			if failed != nil && len(failed.Stack) == 0 {
				t.Error("there is no stack to find the mistake by")
			}
		})
	}
}

// Putting an old ID inside a loop would move the rows under it.
func TestPutInsideLoop(t *testing.T) {
	s := start(t, lab(func(w *game.World, h *hooks) {
		one, other := game.NewTable[item](w, "one"), game.NewTable[item](w, "other")
		h.tick = func(t *game.Tick) error {
			switch t.Number() {
			case 1:
				other.Add(item{N: 1})
				one.Add(item{N: 2})
			case 2: // another table's rows, and new IDs, are fine
				for id := range one.All() {
					other.Put(id, item{})
					one.Put(w.NewID(), item{})
				}
			case 3:
				for range one.All() {
					for id := range other.All() {
						one.Put(id, item{})
					}
				}
			}
			return nil
		}
	}))
	tick(t, s)
	tick(t, s)
	if _, err := s.Step(nil); err == nil || !strings.Contains(err.Error(), "All") {
		t.Errorf("got %v", err)
	}
}

// Slots of deleted rows are used again, zeroed, in later ticks: a table that is busy for ever does not grow.
func TestTableReusesMemory(t *testing.T) {
	var last *item
	s := start(t, lab(func(w *game.World, h *hooks) {
		table := game.NewTable[item](w, "rows")
		h.tick = func(*game.Tick) error {
			for id := range table.All() {
				table.Delete(id)
			}
			for range 100 {
				last = table.Put(w.NewID(), item{})
				if last.secret != "" {
					t.Fatal("a new row is not as it was put")
				}
				last.secret = "x"
			}
			return nil
		}
	}))
	for range 100 {
		tick(t, s)
	}
	if n := testing.AllocsPerRun(100, func() { tick(t, s) }); n > 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

package game

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// scenery is a random world whose tables are of the kinds that a View meets: what walks, what stands, what has no place, a
// Var, and places at the ends of the numbers.
type scenery struct {
	r      *rand.Rand
	schema *Schema
	world  *World
	tables []sceneTable
	next   ID
	wide   int32 // the size of the world, in cells
}

type sceneTable struct {
	rows  map[ID]rigRow
	size  int
	moves bool
	far   bool // rows are at extreme places
	churn int  // of 100 ticks, in how many rows come or go
}

// viewable makes a table something that a View can name.
type viewable struct{ store }

func (v *viewable) viewed() *store { return &v.store }

// table is the i-th table, for a View.
func (w *scenery) table(i int) Viewable {
	return &viewable{store{world: w.world, schema: w.schema.Tables[i], shown: i}}
}

func newScenery(r *rand.Rand, size int) *scenery {
	drop := func(c Column) Column {
		c.Drop = uint8(r.IntN(3) * 3)
		return c
	}
	unsigned := func(c Column) Column {
		c.Unsigned, c.Bits = true, []uint8{16, 32}[r.IntN(2)]
		return c
	}
	w := &scenery{r: r, next: 1, wide: []int32{8, 100, 1000}[r.IntN(3)]}
	w.schema = prepared(
		&TableSchema{Name: "walkers", Columns: []Column{drop(colPos("x")), drop(colPos("y")), colAngle("angle", 8), colInt("hp")}},
		&TableSchema{Name: "food", Columns: []Column{colInt("kind"), colPos("x"), drop(colPos("y"))}},
		&TableSchema{Name: "names", Columns: []Column{colText("name"), colInt("band")}},
		&TableSchema{Name: "phase", Columns: []Column{colInt("n")}, Single: true},
		&TableSchema{Name: "far", Columns: []Column{unsigned(drop(colPos("x"))), colBool("on"), drop(colPos("y")), colPos("z")}},
	)
	w.world = &World{schema: w.schema}
	w.tables = []sceneTable{
		{size: size, moves: true, churn: 30},
		{size: size * []int{0, 1, 4}[r.IntN(3)], churn: 10 * r.IntN(2)},
		{size: size / 2, churn: 10},
		{size: 1, moves: true},
		{size: size / 4, far: true, moves: true, churn: 50},
	}
	for i := range w.tables {
		t := &w.tables[i]
		t.rows = map[ID]rigRow{}
		for range t.size {
			w.add(i, 0)
		}
	}
	return w
}

// place is a random coordinate.
func (w *scenery) place(t *sceneTable) int32 {
	if t.far && w.r.IntN(2) == 0 {
		return extreme(w.r)
	}
	return w.r.Int32N(2*w.wide) - w.wide
}

// add makes a row under an ID, or a new one.
func (w *scenery) add(i int, id ID) {
	t, schema := &w.tables[i], w.schema.Tables[i]
	if id == 0 {
		id = w.next + ID(w.r.IntN(3))
		w.next = id + 1
	}
	if schema.Single {
		id = varID
	}
	if schema.Name == "names" && w.r.IntN(4) > 0 { // of one who walks, or of what stands
		if ids := sortedIDs(w.tables[w.r.IntN(2)].rows); len(ids) > 0 {
			id = ids[w.r.IntN(len(ids))]
		}
	}
	row := rigRow{id: id, cells: make([]int32, schema.width), texts: make([]string, schema.blobs)}
	for j, c := range schema.Columns {
		switch c.Kind {
		case String:
			row.texts[0] = randomText(w.r)
			continue
		case Pos:
			row.cells[schema.cellOf[j]] = w.place(t)
			if c.Unsigned && c.Bits == 16 {
				row.cells[schema.cellOf[j]] &= math.MaxUint16
			}
		case Bool:
			row.cells[schema.cellOf[j]] = w.r.Int32N(2)
		default:
			row.cells[schema.cellOf[j]] = w.r.Int32N(200)
		}
	}
	t.rows[id] = row
}

// step moves the world on.
func (w *scenery) step() {
	for i := range w.tables {
		t, schema := &w.tables[i], w.schema.Tables[i]
		ids := sortedIDs(t.rows)
		for _, id := range ids {
			if !t.moves || w.r.IntN(4) == 0 {
				continue
			}
			row := t.rows[id]
			row.cells = slices.Clone(row.cells)
			for j, c := range schema.Columns {
				at := &row.cells[schema.cellOf[j]]
				switch {
				case c.Kind == Pos:
					*at += w.r.Int32N(1+w.wide/8) - w.wide/16
					if w.r.IntN(40) == 0 {
						*at = w.place(t)
					}
					if c.Unsigned && c.Bits == 16 {
						*at &= math.MaxUint16
					}
				case c.Kind == Int && w.r.IntN(10) == 0:
					*at += w.r.Int32N(9) - 4
				}
			}
			t.rows[id] = row
		}
		if w.r.IntN(100) >= t.churn {
			continue
		}
		for _, id := range ids {
			if w.r.IntN(20) == 0 {
				delete(t.rows, id)
				if w.r.IntN(3) == 0 {
					w.add(i, id) // again, as another
				}
			}
		}
		for len(t.rows) < t.size && w.r.IntN(4) > 0 {
			w.add(i, 0)
		}
	}
}

func sortedIDs(rows map[ID]rigRow) []ID {
	ids := make([]ID, 0, len(rows))
	for id := range rows {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// state is the world as it is captured.
func (w *scenery) state() rigState {
	out := make(rigState, len(w.tables))
	for i := range w.tables {
		for _, id := range sortedIDs(w.tables[i].rows) {
			out[i] = append(out[i], w.tables[i].rows[id])
		}
	}
	return out
}

// value is a coordinate in units, of a cell that is drop of them.
func value(c *Column, cell int32, drop uint8) int64 {
	if c.Unsigned && c.Bits == 32 {
		return int64(uint32(cell)) << drop
	}
	return int64(cell) << drop
}

// exact is a number of 128 bits.
type exact struct{ hi, lo uint64 }

func square(d int64) exact {
	u := uint64(max(d, -d))
	hi, lo := bits.Mul64(u, u)
	return exact{hi, lo}
}

func (a exact) plus(b exact) exact {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return exact{a.hi + b.hi + carry, lo}
}

func (a exact) exceeds(b exact) bool { return a.hi > b.hi || a.hi == b.hi && a.lo > b.lo }

// look is what a client looks at: a View, and the same in words that the oracle understands.
func (w *scenery) look(v *View, center ID) {
	r := w.r
	v.begin(w.world)
	if r.IntN(30) == 0 {
		for i := range w.tables {
			v.Table(w.table(i))
		}
	}
	for range r.IntN(6) {
		i := r.IntN(len(w.tables))
		switch n := r.IntN(20); {
		case n == 0:
			v.Table(w.table(i))
		case n < 6:
			ids := sortedIDs(w.tables[i].rows)
			if len(ids) > 0 {
				v.Row(w.table(i), ids[r.IntN(len(ids))])
			}
			v.Row(w.table(i), ID(r.IntN(50)))
		case len(w.schema.Tables[i].movers) >= 2:
			v.Near(w.table(i), w.area(i, center))
		}
	}
	if r.IntN(4) > 0 {
		v.Near(w.table(0), w.area(0, center))
		v.Near(w.table(1), w.area(1, center))
	}
	if r.IntN(2) == 0 {
		v.With(w.table(2), w.table(r.IntN(2)))
	}
	if r.IntN(10) == 0 {
		v.With(w.table(r.IntN(len(w.tables))), w.table(r.IntN(len(w.tables))))
	}
	v.Table(w.table(3))
}

// area is a random area, mostly about a row.
func (w *scenery) area(i int, center ID) Area {
	r, schema := w.r, w.schema.Tables[i]
	var at [2]int32
	row, ok := w.tables[i].rows[center]
	for n := range at {
		at[n] = w.place(&w.tables[i])
		if cells := rigMovers(schema); ok && r.IntN(8) > 0 {
			at[n] = row.cells[cells[n]]
		}
		at[n] <<= pos(schema)[n].Drop
	}
	drop := max(pos(schema)[0].Drop, pos(schema)[1].Drop)
	length := func() int32 {
		switch r.IntN(12) {
		case 0:
			return extreme(r)
		case 1:
			return -r.Int32N(100)
		default:
			return r.Int32N(w.wide) << drop
		}
	}
	a := Area{X: at[0], Y: at[1], Enter: length()}
	switch r.IntN(3) {
	case 0:
		a.Leave = length()
	case 1:
		a.Leave = a.Enter + a.Enter/4
	}
	if r.IntN(2) == 0 {
		a.Half, a.Quarter = a.Enter/2, a.Enter/4*3
	}
	if r.IntN(4) == 0 {
		a.Half, a.Quarter = length(), length()
	}
	a.Importance = []int32{0, 1, -5, 100, math.MaxInt32}[r.IntN(5)]
	return a
}

// pos are the first two pos columns.
func pos(t *TableSchema) []Column {
	var out []Column
	for _, c := range t.Columns {
		if c.Kind == Pos {
			out = append(out, c)
		}
	}
	return out
}

// sightRow is a row that a client may see.
type sightRow struct {
	class uint8
	own   bool // named by Row
	whole bool // of a table that is named as a whole
}

// oracle is what a client may see without a budget, found out row by row from the words of the contract. had are the rows
// that it was shown, with their wished classes, or holds.
func oracle(s *Schema, snap *Snapshot, v *View, had map[rigKey]uint8) map[rigKey]sightRow {
	out := map[rigKey]sightRow{}
	for i, t := range s.Tables {
		for n, id := range snap.tables[i].ids {
			key := rigKey{i, id}
			before, was := had[key]
			named, row := false, sightRow{class: math.MaxUint8}
			for _, l := range v.looks {
				if int(l.table) != i {
					continue
				}
				switch l.kind {
				case lookTable:
					named, row.class, row.whole = true, 0, true
				case lookRow:
					if l.id == id {
						named, row.class, row.own = true, 0, true
					}
				case lookNear:
					cells := snap.tables[i].row(&t.layout, n)
					if class, ok := oracleNear(t, cells, l.area, before, was); ok {
						named, row.class = true, min(row.class, class)
					}
				}
			}
			if named {
				out[key] = row
			}
		}
	}
	for _, l := range v.looks {
		for _, id := range snap.tables[l.table].ids {
			from, ok := out[rigKey{int(l.of), id}]
			if l.kind == lookWith && ok {
				key := rigKey{int(l.table), id}
				row := out[key]
				if row.whole {
					continue
				}
				row.own = row.own || from.own || from.whole
				row.class = 0
				out[key] = row
			}
		}
	}
	return out
}

// oracleNear is whether a row is in an area, and its class.
func oracleNear(t *TableSchema, cells []int32, a Area, before uint8, was bool) (uint8, bool) {
	center := [2]int32{a.X, a.Y}
	var sum exact
	n := 0
	for j := range t.Columns {
		if c := &t.Columns[j]; c.Kind == Pos && n < 2 {
			sum = sum.plus(square(value(c, cells[t.cellOf[j]], c.Drop) - value(c, center[n], 0)))
			n++
		}
	}
	farther := func(n int64) bool { return sum.exceeds(square(n)) }
	enter := max(int64(a.Enter), 0)
	leave := max(int64(a.Leave), enter)
	if a.Leave == 0 {
		leave = min(enter+enter/8, math.MaxInt32)
	}
	if farther(leave) || farther(enter) && !was {
		return 0, false
	}
	edge := func(n int32, slow bool) bool {
		if n <= 0 {
			return false
		}
		if slow {
			n -= n / 8
		}
		return farther(int64(n))
	}
	switch {
	case edge(a.Quarter, before >= 2):
		return 2, true
	case edge(a.Half, before >= 1):
		return 1, true
	default:
		return 0, true
	}
}

// keys are the rows of a result of See, with their classes. It is an error if they are not in order.
func keys(snap *Snapshot, vis *Visible) (map[rigKey]uint8, error) {
	out := map[rigKey]uint8{}
	for i := range snap.tables {
		ids := snap.tables[i].ids
		if vis == nil {
			for _, id := range ids {
				out[rigKey{i, id}] = 0
			}
			continue
		}
		for n, r := range vis.tables[i] {
			if n > 0 && vis.tables[i][n-1] >= r {
				return nil, fmt.Errorf("table %d: the rows are not in order: %v", i, vis.tables[i])
			}
			out[rigKey{i, ids[r]}] = classAt(vis.wishes(i), n)
		}
	}
	return out, nil
}

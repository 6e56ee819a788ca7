package game

import "math"

// View is what one player may see, as the game names it in Viewer.View: whole tables, single rows, and rows near a point.
// Whoever sees a row sees all of its columns. Naming the same thing twice is fine, and naming a row that is
// not there. A View is good during the call it was given to. It keeps its memory from call to call,
// so use one for each player.
//
// What cannot be seen by anybody is the game's mistake, and so is asking for what is near in a table without a place: these
// panic with the table and the reason.
type View struct {
	world *World
	looks []look
}

// Viewable is what a View can name: a *Table or a *Var with exported fields.
type Viewable interface{ viewed() *store }

func (t *Table[T]) viewed() *store { return t.store }

func (v *Var[T]) viewed() *store { return v.store }

// Area is a round area of a table whose rows have a place: its first two pos columns. All lengths are in the units of
// these fields. Distances are exact, and measured between what the wire shows: without the low bits that drop hides. A
// negative length counts as 0.
type Area struct {
	// X and Y are the point in the middle.
	X, Y int32
	// Enter is how near a row has to come to be seen, and Leave how far it has to go not to be seen any more, so that a row
	// at the edge does not come and go. Leave 0 is Enter + Enter/8; less than Enter is Enter.
	Enter, Leave int32
	// Half and Quarter: rows that are farther than this are told in every second and in every fourth frame. 0: none are. A
	// row comes back to more frames when it is nearer than this by an eighth.
	Half, Quarter int32
	// Importance is the weight of these rows against those of other areas when there are not bytes enough for all, 1 to
	// 65,535. 0: 1.
	Importance int32
}

// maxImportance keeps a row's gain in 32 bits.
const maxImportance = math.MaxUint16

// look is one thing that a View names.
type look struct {
	kind  lookKind
	table uint8 // its place in the schema
	of    uint8 // the other table of a lookWith
	id    ID    // of a lookRow
	area  Area  // of a lookNear, with its defaults filled
}

type lookKind uint8

const (
	lookTable lookKind = iota
	lookRow
	lookNear
	lookWith
)

// Table names all rows of a table, or a Var.
func (v *View) Table(t Viewable) {
	v.looks = append(v.looks, look{kind: lookTable, table: v.place(t)})
}

// Row names one row of a table.
func (v *View) Row(t Viewable, id ID) {
	v.looks = append(v.looks, look{kind: lookRow, table: v.place(t), id: id})
}

// Near names the rows near a point. It panics if the table has no two pos columns.
func (v *View) Near(t Viewable, a Area) {
	table := v.place(t)
	if s := v.world.schema.Tables[table]; len(s.movers) < 2 {
		panic(problem{"table " + s.Name, "", "Near needs two pos columns, which are where a row is"})
	}
	a.fill()
	v.looks = append(v.looks, look{kind: lookNear, table: table, area: a})
}

// With names the rows of a table that stand under the IDs of rows of another one that are named: the names of those who
// are near, say, which have no place of their own. They come and go with those rows, are as important, and are told of in
// every frame. A row that is itself named by With counts if that was said before.
func (v *View) With(t, of Viewable) {
	v.looks = append(v.looks, look{kind: lookWith, table: v.place(t), of: v.place(of)})
}

// begin empties the view for a world.
func (v *View) begin(w *World) { v.world, v.looks = w, v.looks[:0] }

// place is where a table stands in the schema. It panics if clients cannot be shown the table.
func (v *View) place(t Viewable) uint8 {
	s := t.viewed()
	switch {
	case s == nil || s.world != v.world:
		panic(problem{"", "", "View named a table or Var that is not of its room"})
	case s.shown == hidden:
		panic(problem{"table " + s.schema.Name, "", "it has no exported fields, so there is nothing to see"})
	}
	return uint8(s.shown)
}

// fill sets the defaults and brings all to its range.
func (a *Area) fill() {
	a.Enter = max(a.Enter, 0)
	if a.Leave == 0 {
		a.Leave = int32(min(int64(a.Enter)+int64(a.Enter/8), math.MaxInt32))
	}
	a.Leave = max(a.Leave, a.Enter)
	a.Half, a.Quarter = max(a.Half, 0), max(a.Quarter, 0)
	a.Importance = min(max(a.Importance, 1), maxImportance)
}

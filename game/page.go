package game

import "slices"

// pageRows is the number of rows that are allocated together. Pages never move and are never given back, so a row's
// address is good until its slot is used again.
const pageRows = 64

// store keeps the rows of one table, of whatever type: IDs ascend, rows[i] is the row of ids[i], nil if it was deleted
// in this tick. Slots of deleted rows are used again only after the tick.
type store struct {
	world  *World
	schema *TableSchema
	shape  *shape
	shown  int      // its place in the Schema and in snapshots, or hidden
	cells  []source // of the replicated columns
	texts  []source
	alloc  func(n int) ptr // makes n zero rows
	zero   func(ptr)       // zeroes a row

	ids     []ID
	rows    []ptr
	live    int
	free    []ptr
	freed   []ptr
	walking int // iterations that are under way
	// back are the rows that were put again under an ID deleted in this tick, while an iteration was under way.
	back []ID
}

// hidden is the place of a table whose rows have no exported field: clients are not told that it exists.
const hidden = -1

// find returns the place of an ID, and whether a live row is there.
func (s *store) find(id ID) (at int, ok bool) {
	at = search(s.ids, id)
	return at, at < len(s.ids) && s.ids[at] == id && s.rows[at] != nil
}

// search is where an ID is, or would be, among those that ascend.
func search(ids []ID, id ID) int {
	lo, hi := 0, len(ids)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); ids[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// get returns the row of an ID, or nil.
func (s *store) get(id ID) ptr {
	at, ok := s.find(id)
	if !ok {
		return nil
	}
	return s.rows[at]
}

// single makes the table that of a Var.
func (s *store) single(row ptr) {
	s.schema.Single = true
	s.ids, s.rows, s.live = []ID{varID}, []ptr{row}, 1
}

// add makes a zero row. It panics if the ID has one, or if older IDs would have to move under an iteration.
func (s *store) add(id ID) ptr {
	at, ok := s.find(id)
	back := at < len(s.ids) && s.ids[at] == id // deleted in this tick
	wrong := ""
	switch {
	case id == 0:
		wrong = "ID 0 is none"
	case id >= s.world.next:
		wrong = "the ID was never given out"
	case ok:
		wrong = "the ID has a row already"
	case at < len(s.ids) && !back && s.walking > 0:
		wrong = "a row with an older ID cannot be put in while All runs"
	}
	if wrong != "" {
		panic("game: table " + s.schema.Name + ": " + wrong)
	}
	row := s.slot()
	s.live++
	switch {
	case !back:
		s.ids, s.rows = insert(s.ids, at, id), insert(s.rows, at, row)
	case s.walking > 0:
		s.back = append(s.back, id)
		s.rows[at] = row
	default:
		s.rows[at] = row
	}
	return row
}

// insert puts one more into a slice.
func insert[T any](s []T, at int, v T) []T {
	s = append(s, v)
	if at < len(s)-1 {
		copy(s[at+1:], s[at:])
		s[at] = v
	}
	return s
}

// slot returns memory for a row, zeroed. Slots are taken in order.
func (s *store) slot() ptr {
	if len(s.free) == 0 {
		page := s.alloc(pageRows)
		for i := pageRows - 1; i >= 0; i-- {
			s.free = append(s.free, step(page, uintptr(i)*s.shape.size))
		}
	}
	row := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	return row
}

// remove deletes a row, if it is there.
func (s *store) remove(id ID) bool {
	at, ok := s.find(id)
	if !ok {
		return false
	}
	s.freed = append(s.freed, s.rows[at])
	s.rows[at] = nil
	s.live--
	return true
}

// walk is an iteration over the rows that were there when it began.
type walk struct {
	store *store
	at, n int
	back  int // how many had come back by then
}

// walk begins an iteration, which must be ended.
func (s *store) walk() walk {
	s.walking++
	return walk{s, 0, len(s.ids), len(s.back)}
}

// next returns the next row; nil after the last.
func (w *walk) next() (ID, ptr) {
	s := w.store
	for w.at < w.n {
		id, row := s.ids[w.at], s.rows[w.at]
		w.at++
		if row != nil && (w.back == len(s.back) || !slices.Contains(s.back[w.back:], id)) {
			return id, row
		}
	}
	return 0, nil
}

func (w *walk) end() {
	if w.store.walking--; w.store.walking == 0 {
		w.store.back = w.store.back[:0]
	}
}

// empty deletes all rows at once, before a restore.
func (s *store) empty() {
	for _, id := range s.ids {
		s.remove(id)
	}
	s.sweep()
}

// sweep ends a tick: the places of deleted rows close up and their memory may be used again.
func (s *store) sweep() {
	if len(s.freed) == 0 {
		return
	}
	n := 0
	for i, row := range s.rows {
		if row != nil {
			s.ids[n], s.rows[n] = s.ids[i], row
			n++
		}
	}
	s.ids, s.rows = s.ids[:n], s.rows[:n]
	for _, row := range s.freed {
		s.zero(row)
	}
	s.free = append(s.free, s.freed...)
	s.freed = s.freed[:0]
}

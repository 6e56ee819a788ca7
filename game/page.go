package game

import "slices"

// pageRows is the number of rows that are allocated together. Pages never move and are never given back, so a row's
// address is good until its slot is used again.
const pageRows = 64

// store keeps the rows of one table, of whatever type: IDs ascend, rows[i] is the row of ids[i], nil if it was deleted
// in this tick. Slots of deleted rows are used again only after the tick.
type store struct {
	schema *TableSchema
	shape  *shape
	cells  []source // of the replicated columns
	texts  []source
	page   func() []ptr // allocates one more page of zero rows
	clear  func(ptr)    // zeroes a row

	ids     []ID
	rows    []ptr
	live    int
	free    []ptr
	freed   []ptr
	walking int // iterations that are under way
}

// find returns the place of an ID, and whether a live row is there.
func (s *store) find(id ID) (at int, ok bool) {
	at, ok = slices.BinarySearch(s.ids, id)
	return at, ok && s.rows[at] != nil
}

// add makes a zero row. It panics if the ID has one, or if older IDs would have to move under an iteration.
func (s *store) add(id ID) ptr {
	at, ok := s.find(id)
	switch {
	case id == 0:
		panic("game: table " + s.schema.Name + ": ID 0 is none")
	case ok:
		panic("game: table " + s.schema.Name + ": the ID has a row already")
	}
	row := s.slot()
	s.live++
	if at < len(s.ids) && s.ids[at] == id { // deleted in this tick, and back
		s.rows[at] = row
		return row
	}
	if at < len(s.ids) && s.walking > 0 {
		panic("game: table " + s.schema.Name + ": a row with an older ID cannot be put in while All runs")
	}
	s.ids = slices.Insert(s.ids, at, id)
	s.rows = slices.Insert(s.rows, at, row)
	return row
}

// slot returns memory for a row, zeroed.
func (s *store) slot() ptr {
	if len(s.free) == 0 {
		s.free = s.page()
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
		s.clear(row)
	}
	s.free = append(s.free, s.freed...)
	s.freed = s.freed[:0]
}

package game

// HistoryTicks is how many ticks a History holds. Deltas, rewind and state hashes all read this one ring.
const HistoryTicks = 64

// Snapshot is the replicated state of one tick, quantised as the wire sends it. It is read-only until the ring comes
// round to it again.
type Snapshot struct {
	// Tick is 0 if the snapshot was never captured.
	Tick   uint32
	tables []rows
}

// rows is one table in a snapshot: row r has ids[r], cells[r*width:(r+1)*width] and texts[r*blobs:(r+1)*blobs], where
// width and blobs come from the table's layout. Rows ascend by ID.
type rows struct {
	ids   []ID
	cells []int32
	// texts holds strings and bytes. It is shared with the snapshot before when nothing in it changed, so it is never
	// written in place.
	texts []string
	// same is set when ids, cells and texts equal those of the tick before.
	same bool
}

// History is a ring of the last HistoryTicks snapshots of a world. It belongs to one goroutine.
type History struct {
	ring   [HistoryTicks]Snapshot
	newest uint32
}

// NewHistory returns an empty ring for tables of the given schema.
func NewHistory(s *Schema) *History {
	h := &History{}
	for i := range h.ring {
		h.ring[i].tables = make([]rows, len(s.Tables))
	}
	return h
}

// Newest is the tick of the newest snapshot; 0 if there is none.
func (h *History) Newest() uint32 { return h.newest }

// At returns the snapshot of a tick, or nil if the ring does not hold it.
func (h *History) At(tick uint32) *Snapshot {
	s := &h.ring[tick%HistoryTicks]
	if tick == 0 || s.Tick != tick {
		return nil
	}
	return s
}

// next returns the snapshot to fill for a tick, the oldest in the ring; its slices keep their capacity.
func (h *History) next(tick uint32) *Snapshot {
	s := &h.ring[tick%HistoryTicks]
	s.Tick, h.newest = tick, tick
	return s
}

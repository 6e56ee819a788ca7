package game

import "io"

// Tail keeps the last inboxes of a running room in memory, with a checkpoint from before them: when the room fails, they
// are a recording that fails in the same way. It belongs to the Sim's goroutine. Its memory grows to two checkpoints and
// the entries between, and then stays.
type Tail struct {
	ticks    int
	origin   writer
	older    segment // nothing, or as many inboxes as there may be
	newer    segment
	scratch  writer
	repeated int // where the newest inbox begins
}

// segment is a checkpoint and the inboxes since.
type segment struct {
	after      uint32
	checkpoint []byte
	count      int
	inboxes    writer // as in a recording
}

// NewTail makes a tail of a room. It keeps at least the last so many ticks, from 1 on, and at most twice as many: a
// checkpoint is made at the first Add and then once in so many ticks.
func NewTail(s *Sim, ticks int) *Tail {
	t := &Tail{ticks: max(ticks, 1)}
	t.origin.origin(s.def.Name, s.seed, s.StateHash(), s.world.options)
	return t
}

// Add keeps the inbox of the Step that follows. If Step refuses it with an *EntryError, the inbox that is added next
// takes its place. If ticks were left out, the tail begins anew. A sim that takes no more steps
// changes nothing.
func (t *Tail) Add(s *Sim, inbox []Entry) {
	if s.dead != nil {
		return
	}
	now := s.Now()
	next := t.newer.after + uint32(t.newer.count)
	switch empty := t.newer.count == 0; {
	case !empty && now == next-1:
		t.newer.count--
		t.newer.inboxes.b = t.newer.inboxes.b[:t.repeated]
	case empty || now != next:
		t.older.count = 0
		t.newer.begin(s)
	case t.newer.count == t.ticks:
		t.older, t.newer = t.newer, t.older
		t.newer.begin(s)
	}
	t.scratch.b = t.scratch.b[:0]
	t.scratch.inbox(inbox)
	t.repeated = len(t.newer.inboxes.b)
	t.newer.inboxes.text(textOf(t.scratch.b))
	t.newer.count++
}

// begin makes a segment that has no inbox yet, in the memory of an earlier one.
func (g *segment) begin(s *Sim) {
	g.after, g.checkpoint = s.Now(), s.Checkpoint(g.checkpoint[:0])
	g.count, g.inboxes.b = 0, g.inboxes.b[:0]
}

// Write writes what is kept as a recording. The tail stays as it is. It fails with a *RecordingError if there is nothing,
// or too much: the checkpoint may have 64 MiB.
func (t *Tail) Write(to io.Writer) error {
	first := &t.older
	if first.count == 0 {
		first = &t.newer
	}
	if first.count == 0 {
		return &RecordingError{0, "nothing has been played"}
	}
	r := &Recorder{to: to}
	r.w.b = append(r.w.b, t.origin.b...)
	r.w.start(first.after, first.checkpoint)
	if len(r.w.b) > maxRecordHead {
		return errBigState
	}
	if err := r.flush(recordMagic); err != nil {
		return err
	}
	if first != &t.newer {
		if _, err := to.Write(first.inboxes.b); err != nil {
			return err
		}
	}
	_, err := to.Write(t.newer.inboxes.b)
	return err
}

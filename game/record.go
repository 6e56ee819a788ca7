package game

import "io"

// recordMagic begins every recording; the last byte is the version of the format.
const recordMagic = "TWRC\x02"

// The limits of a recording.
const (
	maxRecordHead = 64 << 20 // with a checkpoint in it
	maxRecordTick = 4 << 20
)

// Recorder writes a recording as a room is played: what it begins with, then every tick's inbox. That is all that is
// needed to play it again. It belongs to one goroutine.
type Recorder struct {
	to io.Writer
	w  writer
	n  writer
}

// NewRecorder begins a recording of a fresh sim. What the sim begins with is its seed and its options.
func NewRecorder(to io.Writer, s *Sim) (*Recorder, error) {
	if s.Now() != 0 {
		return nil, &RecordingError{0, "the room has been played already: NewRecorderAt begins with a checkpoint"}
	}
	r := &Recorder{to: to}
	r.w.head(s, 0, nil)
	return r, r.flush(recordMagic)
}

// NewRecorderAt begins a recording of a sim that has been played for a while, with a checkpoint of it. A sim that has
// failed or is over cannot be recorded: its error is returned.
func NewRecorderAt(to io.Writer, s *Sim) (*Recorder, error) {
	if s.dead != nil {
		return nil, s.dead
	}
	r := &Recorder{to: to}
	r.w.head(s, s.Now(), s.Checkpoint(nil))
	if len(r.w.b) > maxRecordHead {
		return nil, errBigState
	}
	return r, r.flush(recordMagic)
}

var errBigState = &RecordingError{0, "the room's state is too large to begin a recording with"}

// Tick adds the inbox of one step.
func (r *Recorder) Tick(inbox []Entry) error {
	r.w.inbox(inbox)
	return r.flush("")
}

// flush writes what was collected with its length in front, in one Write, so that a recording that is cut off loses
// whole ticks only.
func (r *Recorder) flush(magic string) error {
	r.n.b = append(r.n.b[:0], magic...)
	r.n.text(textOf(r.w.b))
	r.w.b = r.w.b[:0]
	_, err := r.to.Write(r.n.b)
	return err
}

// head writes what a recording begins with; checkpoint is empty if that is a fresh sim.
func (w *writer) head(s *Sim, after uint32, checkpoint []byte) {
	w.origin(s.def.Name, s.seed, s.StateHash(), s.world.options)
	w.start(after, checkpoint)
}

// origin is the part of the head that stays the same for a room's whole life.
func (w *writer) origin(game string, seed, hash uint64, o options) {
	w.text(game)
	w.fixed(seed)
	w.fixed(hash)
	w.options(o)
}

func (w *writer) start(after uint32, checkpoint []byte) {
	w.uint(uint64(after))
	w.text(textOf(checkpoint))
}

func (w *writer) inbox(inbox []Entry) {
	w.uint(uint64(len(inbox)))
	for i := range inbox {
		w.entry(&inbox[i])
	}
}

func (w *writer) entry(e *Entry) {
	w.uint(uint64(e.Kind))
	w.uint(uint64(e.Player))
	switch e.Kind {
	case EntryJoin:
		w.text(e.Name)
		w.text(e.Identity)
	case EntryLeave:
		w.uint(uint64(e.Reason))
	case EntryInput:
		w.uint(uint64(e.Tick))
		w.uint(uint64(e.View))
		w.values(e.Values, e.Blobs)
	case EntryCommand:
		w.uint(uint64(e.Seq))
		w.uint(uint64(e.Type))
		w.values(e.Values, e.Blobs)
	case EntryClosing:
		w.uint(uint64(e.Tick))
	case EntryDrop, EntryResume:
	}
}

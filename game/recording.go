package game

import (
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
)

// Recording is a room's life, or the part of it after a checkpoint: what it began with and every tick's inbox.
type Recording struct {
	// Game is the definition's name.
	Game string
	Seed uint64
	// StateHash is Sim.StateHash of the game then.
	StateHash uint64
	Options   map[string]string
	// Checkpoint is what it begins with, if that is no fresh room: the state after tick After.
	Checkpoint []byte
	After      uint32
	// Ticks are the inboxes of tick After+1, After+2, After+3 …
	Ticks [][]Entry
}

// RecordingError says why a recording cannot be read to its end, or not be played.
type RecordingError struct {
	// Tick is the first one that could not be read; 0: not even what the recording begins with.
	Tick uint32
	Why  string
}

func (e *RecordingError) Error() string {
	return "game: recording: tick " + strconv.FormatUint(uint64(e.Tick), 10) + ": " + e.Why
}

// ReadRecording reads what a Recorder wrote. The bytes are untrusted. When they end or are damaged in the middle, it
// returns the whole ticks before that with a *RecordingError; an error of from itself is returned as it is.
func ReadRecording(from io.Reader) (*Recording, error) {
	magic := make([]byte, len(recordMagic))
	if _, err := io.ReadFull(from, magic); err != nil || string(magic) != recordMagic {
		return nil, &RecordingError{0, "the bytes are no recording of this version"}
	}
	head, err := readPart(from, maxRecordHead)
	if err != nil {
		return nil, cutOff(err, 0)
	}
	r := &reader{b: head}
	rec := &Recording{Game: r.text(), Seed: r.fixed(), StateHash: r.fixed(), Options: map[string]string{}}
	for _, o := range r.options() {
		rec.Options[o.key] = o.value
	}
	rec.After, rec.Checkpoint = r.uint32(), r.bytes()
	if r.bad || len(r.b) != 0 || rec.After > 0 && len(rec.Checkpoint) == 0 {
		return nil, &RecordingError{0, "the head is damaged"}
	}
	for tick := rec.After + 1; ; tick++ {
		part, err := readPart(from, maxRecordTick)
		if errors.Is(err, io.EOF) {
			return rec, nil
		}
		if err != nil {
			return rec, cutOff(err, tick)
		}
		inbox, ok := readInbox(&reader{b: part})
		if !ok {
			return rec, &RecordingError{tick, "the entries are damaged"}
		}
		rec.Ticks = append(rec.Ticks, inbox)
	}
}

var errLong = errors.New("longer than any tick can be")

// readPart reads a length and so many bytes. io.EOF means that nothing was left. Memory grows only with what comes.
func readPart(from io.Reader, limit uint64) ([]byte, error) {
	n, err := readLength(from)
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, errLong
	}
	part, err := io.ReadAll(io.LimitReader(from, int64(n)))
	if err == nil && uint64(len(part)) < n {
		err = io.ErrUnexpectedEOF
	}
	return part, err
}

// readLength reads a varint byte by byte, for from may have no more than that.
func readLength(from io.Reader) (uint64, error) {
	var one [1]byte
	v := uint64(0)
	for shift := 0; shift < 35; shift += 7 {
		if _, err := io.ReadFull(from, one[:]); err != nil {
			if shift > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		v |= uint64(one[0]&0x7f) << shift
		if one[0] < 0x80 {
			return v, nil
		}
	}
	return 0, errLong
}

func cutOff(err error, tick uint32) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &RecordingError{tick, "the recording is cut off"}
	case errors.Is(err, errLong):
		return &RecordingError{tick, "a length is beyond all limits"}
	}
	return err
}

func readInbox(r *reader) ([]Entry, bool) {
	var inbox []Entry
	for range r.count() {
		e := Entry{Kind: EntryKind(min(r.uint(), math.MaxUint8)), Player: Player(r.uint32())}
		switch e.Kind {
		case EntryJoin:
			e.Name, e.Identity = r.text(), r.text()
		case EntryLeave:
			e.Reason = Reason(min(r.uint(), math.MaxUint8))
		case EntryInput:
			e.Tick, e.View = r.uint32(), r.uint32()
			e.Values, e.Blobs = r.values()
		case EntryCommand:
			e.Seq, e.Type = r.uint32(), int(r.uint32())
			e.Values, e.Blobs = r.values()
		case EntryDrop, EntryResume:
		case EntryClosing:
			e.Tick = r.uint32()
		default:
			r.fail()
		}
		if r.bad {
			return nil, false
		}
		inbox = append(inbox, e)
	}
	return inbox, !r.bad && len(r.b) == 0
}

// Write writes the recording as a Recorder would have.
func (rec *Recording) Write(to io.Writer) error {
	r := &Recorder{to: to}
	r.w.origin(rec.Game, rec.Seed, rec.StateHash, sortOptions(rec.Options))
	r.w.start(rec.After, rec.Checkpoint)
	if err := r.flush(recordMagic); err != nil {
		return err
	}
	for _, inbox := range rec.Ticks {
		if err := r.Tick(inbox); err != nil {
			return err
		}
	}
	return nil
}

// Sim makes the sim that the recording begins with. It fails if def is another game, or one whose tables, commands or
// inputs are no longer those of the recording.
func (rec *Recording) Sim(def Definition) (*Sim, error) {
	s, err := NewSim(def, rec.Seed, rec.Options)
	switch {
	case err != nil:
		return nil, err
	case def.Name != rec.Game:
		return nil, &RecordingError{0, "it is of the game " + rec.Game + ", not " + def.Name}
	case s.StateHash() != rec.StateHash:
		return nil, &RecordingError{0, "the game has changed since: its tables, inputs, commands or events are others"}
	case len(rec.Checkpoint) == 0:
		return s, nil
	}
	if err := s.Restore(rec.Checkpoint); err != nil {
		return nil, err
	}
	if s.Now() != rec.After {
		return nil, &RecordingError{0, "its checkpoint is of another tick than it says"}
	}
	return s, nil
}

// Replay plays the recording again and calls each after every tick. It stops at the first error, of the game or of
// each: the recording of a game that failed fails as that did. A game that ends itself ends the replay.
func (rec *Recording) Replay(def Definition, each func(*Sim, *Output) error) error {
	s, err := rec.Sim(def)
	if err != nil {
		return err
	}
	for _, inbox := range rec.Ticks {
		out, err := s.Step(inbox)
		if err != nil {
			return err
		}
		if err := each(s, out); err != nil || out.Over {
			return err
		}
	}
	return nil
}

// Clone copies an entry that a recorder in memory wants to keep.
func (e Entry) Clone() Entry {
	e.Values = slices.Clone(e.Values)
	blobs := make([][]byte, 0, len(e.Blobs))
	for _, b := range e.Blobs {
		blobs = append(blobs, slices.Clone(b))
	}
	e.Blobs = blobs
	return e
}

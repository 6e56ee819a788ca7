package server

import (
	"sync"
	"time"
)

// How much of one session may wait for the next tick. Of inputs the oldest gives way; a client that sends more commands
// is at fault.
const (
	maxInputsWaiting   = maxInputs
	maxCommandsWaiting = 16
)

// inbox is the only way into a room: connections come and go, inputs and commands, all in one order. Many goroutines
// put, the room's goroutine takes.
type inbox struct {
	mu     sync.Mutex
	open   bool
	filled *batch // guarded by mu
	spare  *batch // the room's, between two takes
}

// batch is what came in between two takes. Its memory is used again and again.
type batch struct {
	take    uint64 // number of the take; tells a session's counters of an earlier batch from this one's
	entries []entry
	values  []int64
	blobs   [][]byte
	bytes   []byte
}

// entry is one thing that came in. valuesOf and blobsOf are what it carries.
type entry struct {
	session *session
	conn    *conn
	at      time.Time // when it arrived

	ack        uint32 // the newest tick that the client has applied; 0: it does not say
	tick, view uint32 // entryInput: the tick it is meant for, and how old the picture was
	seq        uint32 // entryCommand: its number; entryPing: its id
	typ        int32  // entryCommand: its type; entryClosed: the close code
	kind       entryKind

	values, blobs part
}

// part is some of a batch's values or blobs, which are never too many for it.
type part struct{ from, to uint32 }

// valuesOf are the values of one of the batch's entries.
func (b *batch) valuesOf(e *entry) []int64 { return b.values[e.values.from:e.values.to] }

// blobsOf are the blobs of one of the batch's entries.
func (b *batch) blobsOf(e *entry) [][]byte { return b.blobs[e.blobs.from:e.blobs.to] }

// entryKind is the kind of an entry.
type entryKind uint8

const (
	entryConnected entryKind = iota // a socket was opened with a ticket of the session, of generation seq
	entryHello                      // its first frame came: typ is the codec, tick and seq are what the client still has
	entryClosed                     // a socket is gone
	entryAck                        // nothing but ack came
	entryInput
	entryCommand
	entryPing
	entryPace   // tick is how many ticks the client wants between two frames
	entryResync // typ is the reason
	entryExpel  // the player must go; the first blob is what it is told
)

// waiting counts what a session has in the batch that is being filled. It is guarded by the inbox's mutex.
type waiting struct {
	take     uint64
	conn     *conn
	commands int
	inputs   int
	places   [maxInputsWaiting]uint32 // of its inputs in entries, ascending
}

func newInbox() *inbox {
	return &inbox{open: true, filled: &batch{take: 1}, spare: &batch{}}
}

// put adds entries that carry no values. It reports false if the room has ended.
func (in *inbox) put(e entry) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.open {
		in.filled.entries = append(in.filled.entries, e)
	}
	return in.open
}

// putMessage adds an input or a command with a copy of its values and blobs. It reports false if the session has
// maxCommandsWaiting commands waiting; an input always finds place.
func (in *inbox) putMessage(e entry, values []int64, blobs [][]byte) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.open {
		return true // nobody is left to whom it could matter
	}
	b := in.filled
	place := len(b.entries)
	if e.session != nil && e.kind != entryExpel {
		var ok bool
		if place, ok = e.session.waiting.admit(b, &e); !ok {
			return false
		}
	}
	e.values.from = uint32(len(b.values)) //nolint:gosec // see part
	b.values = append(b.values, values...)
	e.values.to = uint32(len(b.values)) //nolint:gosec // see part
	e.blobs.from = uint32(len(b.blobs)) //nolint:gosec // see part
	for _, blob := range blobs {
		from := len(b.bytes)
		b.bytes = append(b.bytes, blob...)
		b.blobs = append(b.blobs, b.bytes[from:len(b.bytes):len(b.bytes)])
	}
	e.blobs.to = uint32(len(b.blobs)) //nolint:gosec // see part
	if place == len(b.entries) {
		b.entries = append(b.entries, e)
	} else {
		b.entries[place] = e
	}
	return true
}

// admit finds the place in b for one more entry of a session: at its end, or for an input too many the one of the newest
// before, when the oldest has given way. False: there is none.
func (w *waiting) admit(b *batch, e *entry) (place int, ok bool) {
	if w.take != b.take || w.conn != e.conn { // a new socket's come after its hello
		w.take, w.conn, w.inputs, w.commands = b.take, e.conn, 0, 0
	}
	place = len(b.entries)
	switch {
	case e.kind == entryCommand:
		w.commands++
		return place, w.commands <= maxCommandsWaiting
	case w.inputs < maxInputsWaiting:
		w.places[w.inputs] = uint32(place) //nolint:gosec // see part
		w.inputs++
		return place, true
	}
	for i, next := range w.places[1:] {
		b.entries[w.places[i]] = b.entries[next]
	}
	return int(w.places[maxInputsWaiting-1]), true
}

// take returns all that came in since the last take. The batch is valid until the next one.
func (in *inbox) take() *batch {
	in.mu.Lock()
	defer in.mu.Unlock()
	full := in.filled
	next := in.spare
	next.reset(full.take + 1)
	in.filled, in.spare = next, full
	return full
}

// close makes every later put report false.
func (in *inbox) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open = false
}

// keepEntries bounds the memory that a batch keeps after a burst.
const keepEntries = 4096

func (b *batch) reset(take uint64) {
	if cap(b.entries) > keepEntries || cap(b.values) > keepEntries*8 || cap(b.bytes) > keepEntries*64 {
		*b = batch{}
	}
	clear(b.entries) // lets go of sessions and conns
	b.take, b.entries, b.values, b.blobs, b.bytes = take, b.entries[:0], b.values[:0], b.blobs[:0], b.bytes[:0]
}

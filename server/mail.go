package server

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tickwire/tickwire/game"
)

// The bounds of the reliable lane.
const (
	maxMail      = 256
	maxMailBytes = 256 << 10
)

// mail is the reliable lane of one session: events and answers, each kept until the client has applied the frame that
// carried it, so that what a lost connection swallowed is sent again on the next. It belongs to the room's goroutine; its
// memory is kept.
type mail struct {
	seq     uint32   // of the newest event
	letters []letter // oldest first
	bytes   []byte   // their payloads, in the same order; with gaps
	size    int      // of the payloads
	flown   int      // so many letters, the first ones, are on their way on this connection
}

// letter is one event or answer.
type letter struct {
	seq     uint32 // of an event; 0: an answer
	tick    uint32 // in which it happened
	frame   uint32 // tick of the frame that carried it, once it has flown
	payload span   // in mail.bytes: of an event all but seq and age, of an answer all
}

// span is a part of a mail's bytes.
type span struct{ from, to int }

// addEvent adds an event that happened in tick, encoded by appendEvent.
func (m *mail) addEvent(tick uint32, payload []byte) {
	m.seq++
	from := len(m.bytes)
	m.bytes = append(m.bytes, payload...)
	m.keep(letter{seq: m.seq, tick: tick, payload: span{from, len(m.bytes)}})
}

// addAnswer adds the answer to a command.
func (m *mail) addAnswer(a game.Answer) {
	from := len(m.bytes)
	m.bytes = appendUint(m.bytes, fieldAnswerSeq, a.Seq)
	m.bytes = appendUint(m.bytes, fieldAnswerRefusal, a.Refusal)
	if a.Why != "" {
		m.bytes = protowire.AppendTag(m.bytes, fieldAnswerWhy, protowire.BytesType)
		m.bytes = protowire.AppendString(m.bytes, strings.ToValidUTF8(a.Why, "\uFFFD")) // else the whole frame is no proto3
	}
	m.keep(letter{payload: span{from, len(m.bytes)}})
}

func (m *mail) keep(l letter) {
	m.letters = append(m.letters, l)
	m.size += l.payload.to - l.payload.from
}

// full reports whether more is kept than a session may have.
func (m *mail) full() bool { return len(m.letters) > maxMail || m.size > maxMailBytes }

// stuck reports whether more waits to be sent than a session may have.
func (m *mail) stuck() bool {
	if !m.full() {
		return false
	}
	size := 0
	for _, l := range m.letters[m.flown:] {
		size += l.payload.to - l.payload.from
	}
	return len(m.letters)-m.flown > maxMail || size > maxMailBytes
}

// waits reports whether something has not flown.
func (m *mail) waits() bool { return len(m.letters) > m.flown }

// weight is how many bytes appendTo adds, or a few more.
func (m *mail) weight() int {
	const head = 16 // of a letter: its tag, its length, an event's seq and age
	n := 0
	for _, l := range m.letters[m.flown:] {
		n += head + l.payload.to - l.payload.from
	}
	return n
}

// appendTo adds all that has not flown to a ServerFrame of the given tick.
func (m *mail) appendTo(b []byte, tick uint32) []byte {
	for i := range m.letters[m.flown:] {
		l := &m.letters[m.flown+i]
		payload := m.bytes[l.payload.from:l.payload.to]
		if l.seq == 0 {
			b = protowire.AppendTag(b, fieldFrameAnswers, protowire.BytesType)
			b = protowire.AppendBytes(b, payload)
			continue
		}
		size := sizeUint(fieldEventSeq, l.seq) + sizeUint(fieldEventAge, tick-l.tick) + len(payload)
		b = protowire.AppendTag(b, fieldFrameEvents, protowire.BytesType)
		b = protowire.AppendVarint(b, uint64(size)) //nolint:gosec // a size
		b = appendUint(b, fieldEventSeq, l.seq)
		b = appendUint(b, fieldEventAge, tick-l.tick)
		b = append(b, payload...)
	}
	return b
}

// sent notes that the frame of a tick has carried all.
func (m *mail) sent(tick uint32) {
	for i := range m.letters[m.flown:] {
		m.letters[m.flown+i].frame = tick
	}
	m.flown = len(m.letters)
}

// ack forgets what came with the frame of a tick, and before.
func (m *mail) ack(tick uint32) {
	n := 0
	for n < m.flown && m.letters[n].frame <= tick {
		n++
	}
	m.drop(0, n)
}

// restart begins anew on another connection, to a client that has got all events up to one. What it may not have got
// waits again. It returns how many events it will never get, of those that one who kept its state misses.
func (m *mail) restart(got uint32, kept bool) (lost uint32) {
	m.trim(false)
	m.flown = 0
	first := m.seq + 1 // event that it can still get
	for i := 0; i < len(m.letters); {
		switch l := &m.letters[i]; {
		case l.seq != 0 && l.seq <= got:
			m.drop(i, i+1)
			continue
		case l.seq != 0:
			first = min(first, l.seq)
		}
		i++
	}
	if !kept && got == 0 || got >= first {
		return 0
	}
	return first - got - 1
}

// trim keeps the bounds: the oldest give way, events before answers, of a client that is here only those that are on
// their way. No client that acknowledges what it gets has as many answers.
func (m *mail) trim(here bool) {
	for _, answers := range [...]bool{false, true} {
		for i := 0; m.full() && i < len(m.letters) && (!here || i < m.flown); {
			if m.letters[i].seq == 0 && !answers {
				i++
			} else {
				m.drop(i, i+1)
			}
		}
	}
}

// drop forgets some letters and, now and then, gives their bytes to others.
func (m *mail) drop(from, to int) {
	for _, l := range m.letters[from:to] {
		m.size -= l.payload.to - l.payload.from
	}
	m.flown -= max(0, min(m.flown, to)-from)
	m.letters = slices.Delete(m.letters, from, to)
	if 2*m.size > len(m.bytes) {
		return
	}
	end := 0
	for i := range m.letters {
		l := &m.letters[i].payload
		n := copy(m.bytes[end:], m.bytes[l.from:l.to])
		*l = span{end, end + n}
		end += n
	}
	m.bytes = m.bytes[:end]
}

// appendEvent encodes what is the same for all who get an event: all but its seq and age.
func appendEvent(b []byte, e *game.Event) []byte {
	b = appendUint(b, fieldEventType, uint32(e.Type)) //nolint:gosec // an index
	b = appendSints(b, fieldEventValues, e.Values)
	for _, blob := range e.Blobs {
		b = protowire.AppendTag(b, fieldEventBlobs, protowire.BytesType)
		b = protowire.AppendBytes(b, blob)
	}
	return b
}

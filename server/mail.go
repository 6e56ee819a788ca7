package server

import (
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tickwire/tickwire/game"
)

// The bounds of the reliable lane: a session that has more waiting is cut, as slow.
const (
	maxMail      = 256
	maxMailBytes = 256 << 10
)

// mail is the reliable lane of one session: events and answers that wait for the next frame that can be sent. It
// belongs to the room's goroutine; its memory is kept from frame to frame.
type mail struct {
	seq     uint32 // of the newest event
	events  []letter
	answers int
	bytes   []byte // the events' payloads
	answer  []byte // the answers, ready to be sent
}

// letter is one event that waits.
type letter struct {
	seq, tick uint32
	payload   span // in mail.bytes
}

// addEvent adds an event that happened in tick, encoded by appendEvent.
func (m *mail) addEvent(tick uint32, payload []byte) {
	m.seq++
	from := len(m.bytes)
	m.bytes = append(m.bytes, payload...)
	m.events = append(m.events, letter{seq: m.seq, tick: tick, payload: span{from, len(m.bytes)}})
}

// addAnswer adds the answer to a command.
func (m *mail) addAnswer(a game.Answer) {
	a.Why = strings.ToValidUTF8(a.Why, "\uFFFD") // else the whole frame is no proto3
	size := sizeUint(fieldAnswerSeq, a.Seq) + sizeUint(fieldAnswerRefusal, a.Refusal)
	if a.Why != "" {
		size += protowire.SizeTag(fieldAnswerWhy) + protowire.SizeBytes(len(a.Why))
	}
	m.answers++
	m.answer = protowire.AppendTag(m.answer, fieldFrameAnswers, protowire.BytesType)
	m.answer = protowire.AppendVarint(m.answer, uint64(size)) //nolint:gosec // a size
	m.answer = appendUint(m.answer, fieldAnswerSeq, a.Seq)
	m.answer = appendUint(m.answer, fieldAnswerRefusal, a.Refusal)
	if a.Why != "" {
		m.answer = protowire.AppendTag(m.answer, fieldAnswerWhy, protowire.BytesType)
		m.answer = protowire.AppendString(m.answer, a.Why)
	}
}

// full reports whether more waits than a session may have.
func (m *mail) full() bool {
	return len(m.events)+m.answers > maxMail || len(m.bytes)+len(m.answer) > maxMailBytes
}

// appendTo adds all that waits to a ServerFrame of the given tick.
func (m *mail) appendTo(b []byte, tick uint32) []byte {
	for _, e := range m.events {
		payload := m.bytes[e.payload.from:e.payload.to]
		size := sizeUint(fieldEventSeq, e.seq) + sizeUint(fieldEventAge, tick-e.tick) + len(payload)
		b = protowire.AppendTag(b, fieldFrameEvents, protowire.BytesType)
		b = protowire.AppendVarint(b, uint64(size)) //nolint:gosec // a size
		b = appendUint(b, fieldEventSeq, e.seq)
		b = appendUint(b, fieldEventAge, tick-e.tick)
		b = append(b, payload...)
	}
	return append(b, m.answer...)
}

// sent forgets what a frame has carried.
func (m *mail) sent() {
	m.events, m.bytes = m.events[:0], m.bytes[:0]
	m.answer, m.answers = m.answer[:0], 0
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

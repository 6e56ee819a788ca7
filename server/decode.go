package server

import (
	"google.golang.org/protobuf/encoding/protowire"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// What one ClientFrame may hold. Each count is checked before memory is taken for it.
const (
	maxInputs   = 32
	maxCommands = 32
	maxValues   = 32 // of one input or command
	maxBlobs    = 8  // of one input or command
	maxCodecs   = 32
	maxAgent    = 64 // bytes of printable ASCII
)

// errFrame is every way in which bytes are not a ClientFrame. Its text never depends on the bytes.
var errFrame = &Error{Code: tickwirev1.Code_CODE_MALFORMED, Message: "the message is not a ClientFrame"}

// clientFrame is a decoded ClientFrame. Its memory is used again for the next one, and blobs point into the message: all
// of it is valid only during the call that gets it.
type clientFrame struct {
	ack, first, view uint32
	inputs           []message
	commands         []command

	hasHello  bool
	codecs    []tickwirev1.Codec
	agent     string
	lastTick  uint32
	lastEvent uint32

	hasPace bool
	pace    uint32

	hasPing bool
	pingID  uint32

	hasResync    bool
	resyncTick   uint32
	resyncReason tickwirev1.ResyncReason
}

// message is the content of an input or a command in the order of its schema. Ranges and UTF-8 are the schema's to check.
type message struct {
	values []int64
	blobs  [][]byte
}

// command is a message with its place in the session.
type command struct {
	message

	seq, typ uint32
}

// decode replaces f with what b says. Like generated code it skips unknown fields, lets the last of several scalars win
// and takes packed and single values; unlike it, it refuses groups, too many elements and odd agents.
func (f *clientFrame) decode(b []byte) error {
	f.reset()
	for len(b) > 0 {
		var x field
		var ok bool
		if x, b, ok = nextField(b); !ok || !f.take(x) {
			return errFrame
		}
	}
	return nil
}

// reset empties f and keeps its memory, but holds on to nobody's message.
func (f *clientFrame) reset() {
	for i := range f.inputs {
		clear(f.inputs[i].blobs)
	}
	for i := range f.commands {
		clear(f.commands[i].blobs)
	}
	*f = clientFrame{inputs: f.inputs[:0], commands: f.commands[:0], codecs: f.codecs[:0]}
}

// The field numbers of ClientFrame and what it holds.
const (
	fieldClientAck      = 1
	fieldClientFirst    = 2
	fieldClientInputs   = 3
	fieldClientView     = 4
	fieldClientPing     = 5
	fieldClientHello    = 6
	fieldClientCommands = 7
	fieldClientResync   = 8
	fieldClientPace     = 9

	fieldHelloCodecs    = 1
	fieldHelloAgent     = 2
	fieldHelloLastTick  = 3
	fieldHelloLastEvent = 4

	fieldInputValues = 1
	fieldInputBlobs  = 2

	fieldCommandSeq    = 1
	fieldCommandType   = 2
	fieldCommandValues = 3
	fieldCommandBlobs  = 4

	fieldPingID = 1

	fieldResyncTick   = 1
	fieldResyncReason = 2
)

// take stores one field of the frame. False: the frame is refused.
func (f *clientFrame) take(x field) bool {
	switch {
	case x.isVarint(fieldClientAck):
		f.ack = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isVarint(fieldClientFirst):
		f.first = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isVarint(fieldClientView):
		f.view = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isBytes(fieldClientInputs):
		if len(f.inputs) == maxInputs {
			return false
		}
		f.inputs = extend(f.inputs)
		m := &f.inputs[len(f.inputs)-1]
		m.reset()
		return eachField(x.bytes, m, (*message).takeInput)
	case x.isBytes(fieldClientCommands):
		if len(f.commands) == maxCommands {
			return false
		}
		f.commands = extend(f.commands)
		c := &f.commands[len(f.commands)-1]
		c.seq, c.typ = 0, 0
		c.reset()
		return eachField(x.bytes, c, (*command).take)
	case x.isBytes(fieldClientPing):
		f.hasPing = true
		return eachField(x.bytes, f, (*clientFrame).takePing)
	case x.isBytes(fieldClientHello):
		f.hasHello = true
		return eachField(x.bytes, f, (*clientFrame).takeHello)
	case x.isVarint(fieldClientPace):
		f.hasPace, f.pace = true, uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isBytes(fieldClientResync):
		f.hasResync = true
		return eachField(x.bytes, f, (*clientFrame).takeResync)
	}
	return true
}

func (f *clientFrame) takePing(x field) bool {
	if x.isVarint(fieldPingID) {
		f.pingID = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	}
	return true
}

func (f *clientFrame) takeResync(x field) bool {
	switch {
	case x.isVarint(fieldResyncTick):
		f.resyncTick = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isVarint(fieldResyncReason):
		f.resyncReason = tickwirev1.ResyncReason(int32(x.value)) //nolint:gosec // cut off, as protobuf does
	}
	return true
}

func (f *clientFrame) takeHello(x field) bool {
	switch {
	case x.isVarint(fieldHelloCodecs):
		return f.takeCodec(x.value)
	case x.isBytes(fieldHelloCodecs):
		return eachVarint(x.bytes, f.takeCodec)
	case x.isBytes(fieldHelloAgent):
		if !printable(x.bytes) {
			return false
		}
		f.agent = string(x.bytes)
	case x.isVarint(fieldHelloLastTick):
		f.lastTick = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isVarint(fieldHelloLastEvent):
		f.lastEvent = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	}
	return true
}

func (f *clientFrame) takeCodec(v uint64) bool {
	if len(f.codecs) == maxCodecs {
		return false
	}
	f.codecs = append(f.codecs, tickwirev1.Codec(int32(v))) //nolint:gosec // cut off, as protobuf does
	return true
}

// printable says whether b may stand in a log as it is.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return len(b) <= maxAgent
}

func (m *message) reset() { m.values, m.blobs = m.values[:0], m.blobs[:0] }

func (m *message) takeInput(x field) bool {
	return m.take(x, fieldInputValues, fieldInputBlobs)
}

func (c *command) take(x field) bool {
	switch {
	case x.isVarint(fieldCommandSeq):
		c.seq = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	case x.isVarint(fieldCommandType):
		c.typ = uint32(x.value) //nolint:gosec // cut off, as protobuf does
	default:
		return c.message.take(x, fieldCommandValues, fieldCommandBlobs)
	}
	return true
}

// take stores a field whose number is that of the values or of the blobs.
func (m *message) take(x field, values, blobs protowire.Number) bool {
	switch {
	case x.isBytes(values):
		for b := x.bytes; len(b) > 0; {
			v, n := protowire.ConsumeVarint(b)
			if n < 0 || !m.takeValue(v) {
				return false
			}
			b = b[n:]
		}
	case x.isVarint(values):
		return m.takeValue(x.value)
	case x.isBytes(blobs):
		if len(m.blobs) == maxBlobs {
			return false
		}
		m.blobs = append(m.blobs, x.bytes)
	}
	return true
}

func (m *message) takeValue(v uint64) bool {
	if len(m.values) == maxValues {
		return false
	}
	m.values = append(m.values, protowire.DecodeZigZag(v))
	return true
}

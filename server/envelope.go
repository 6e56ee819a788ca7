package server

import (
	"google.golang.org/protobuf/encoding/protowire"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// The field numbers of ServerFrame and what it holds, for writing frames by hand: a frame is built for every client
// and tick, and generated code would allocate. A test compares the result with the generated code's.
const (
	fieldFrameTick     = 1
	fieldFrameBase     = 2
	fieldFrameInputAge = 3
	fieldFrameSlack    = 4
	fieldFrameBody     = 5
	fieldFrameDelta    = 6
	fieldFrameEvents   = 7
	fieldFrameHash     = 8
	fieldFramePong     = 9
	fieldFrameWelcome  = 10
	fieldFrameAnswers  = 12
	fieldFrameClosing  = 14

	fieldEventSeq    = 1
	fieldEventType   = 2
	fieldEventAge    = 3
	fieldEventValues = 4
	fieldEventBlobs  = 5

	fieldAnswerSeq     = 1
	fieldAnswerRefusal = 2
	fieldAnswerWhy     = 3

	fieldPongID     = 1
	fieldPongTick   = 2
	fieldPongHeldUS = 3

	fieldDeltaTables = 1

	fieldTableIndex = 1
	fieldTableGone  = 2
	fieldTableRows  = 3

	fieldRowID         = 1
	fieldRowColumns    = 2
	fieldRowCells      = 3
	fieldRowBlobs      = 4
	fieldRowVelocities = 5
)

// envelope is a ServerFrame but for its mail, as values.
type envelope struct {
	tick     uint32 // 0: left out
	base     uint32 // as the encoder says, with game.Moves where rows change their class
	inputAge uint32
	slack    int32
	codec    tickwirev1.Codec
	state    []byte // body or delta, by codec
	hashed   bool
	hash     uint32
	pong     pong
	heldUS   uint32
	welcome  []byte // an encoded Welcome; empty: left out
	closing  uint32 // ticks; 0: left out
}

// appendTo adds the frame to b.
func (e *envelope) appendTo(b []byte) []byte {
	b = appendUint(b, fieldFrameTick, e.tick)
	b = appendUint(b, fieldFrameBase, e.base)
	b = appendUint(b, fieldFrameInputAge, e.inputAge)
	if e.slack != 0 {
		b = protowire.AppendTag(b, fieldFrameSlack, protowire.VarintType)
		b = protowire.AppendVarint(b, protowire.EncodeZigZag(int64(e.slack)))
	}
	field := protowire.Number(fieldFrameBody)
	if e.codec == tickwirev1.Codec_CODEC_PLAIN {
		field = fieldFrameDelta // present even if nothing changed: its presence says that the frame carries state
	}
	b = protowire.AppendTag(b, field, protowire.BytesType)
	b = protowire.AppendBytes(b, e.state)
	if e.hashed {
		b = protowire.AppendTag(b, fieldFrameHash, protowire.Fixed32Type)
		b = protowire.AppendFixed32(b, e.hash)
	}
	if e.pong.due {
		size := sizeUint(fieldPongID, e.pong.id) + sizeUint(fieldPongTick, e.pong.tick) + sizeUint(fieldPongHeldUS, e.heldUS)
		b = protowire.AppendTag(b, fieldFramePong, protowire.BytesType)
		b = protowire.AppendVarint(b, uint64(size)) //nolint:gosec // a size
		b = appendUint(b, fieldPongID, e.pong.id)
		b = appendUint(b, fieldPongTick, e.pong.tick)
		b = appendUint(b, fieldPongHeldUS, e.heldUS)
	}
	if len(e.welcome) > 0 {
		b = protowire.AppendTag(b, fieldFrameWelcome, protowire.BytesType)
		b = protowire.AppendBytes(b, e.welcome)
	}
	return appendUint(b, fieldFrameClosing, e.closing)
}

// appendUint adds a uint32 field, left out if 0 as proto3 does.
func appendUint(b []byte, field protowire.Number, v uint32) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

// sizeUint is the length of what appendUint adds.
func sizeUint(field protowire.Number, v uint32) int {
	if v == 0 {
		return 0
	}
	return protowire.SizeTag(field) + protowire.SizeVarint(uint64(v))
}

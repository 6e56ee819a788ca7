package client

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// errWire is bytes that are not a frame.
var errWire = errors.New("not a frame")

// serverFrame is a ServerFrame whose bytes still lie in the message. It is decoded by hand because a client does it
// thirty times a second for its whole life, and only a few fields are there each time.
type serverFrame struct {
	tick, base, age, stride uint32
	closing                 uint32
	slack                   int32
	body, delta             []byte // nil: absent; an empty delta is not nil
	hash                    uint32
	hasHash                 bool
	pong, welcome, bye      []byte
	events, answers         [][]byte
}

// decode fills f from b, whose memory f then shares.
func (f *serverFrame) decode(b []byte) error {
	*f = serverFrame{events: f.events[:0], answers: f.answers[:0]}
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errWire
		}
		b = b[n:]
		switch typ {
		case protowire.VarintType:
			v, vn := protowire.ConsumeVarint(b)
			n = vn
			f.number(num, v)
		case protowire.Fixed32Type:
			v, vn := protowire.ConsumeFixed32(b)
			n = vn
			if num == fieldFrameHash {
				f.hash, f.hasHash = v, true
			}
		case protowire.BytesType:
			v, vn := protowire.ConsumeBytes(b)
			n = vn
			f.bytes(num, v)
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			return errWire
		}
		b = b[n:]
	}
	return nil
}

func (f *serverFrame) number(num protowire.Number, v uint64) {
	switch num {
	case fieldFrameTick:
		f.tick = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
	case fieldFrameBase:
		f.base = uint32(v) //nolint:gosec // as above
	case fieldFrameInputAge:
		f.age = uint32(v) //nolint:gosec // as above
	case fieldFrameSlack:
		f.slack = int32(protowire.DecodeZigZag(v & 0xffffffff)) //nolint:gosec // as above
	case fieldFrameStride:
		f.stride = uint32(v) //nolint:gosec // as above
	case fieldFrameClosing:
		f.closing = uint32(v) //nolint:gosec // as above
	default: // of a newer server
	}
}

func (f *serverFrame) bytes(num protowire.Number, v []byte) {
	if v == nil {
		v = []byte{}
	}
	switch num {
	case fieldFrameBody:
		f.body = v
	case fieldFrameDelta:
		f.delta = v
	case fieldFrameEvents:
		f.events = append(f.events, v)
	case fieldFramePong:
		f.pong = v
	case fieldFrameWelcome:
		f.welcome = v
	case fieldFrameBye:
		f.bye = v
	case fieldFrameAnswers:
		f.answers = append(f.answers, v)
	default: // of a newer server
	}
}

// hasState is whether the frame says something of the state.
func (f *serverFrame) hasState() bool { return len(f.body) > 0 || f.delta != nil }

// fields calls number and bytes for each field of a message. It is the slow way, for messages that are rare.
func fields(b []byte, number func(protowire.Number, uint64), bytes func(protowire.Number, []byte) error) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errWire
		}
		b = b[n:]
		switch typ {
		case protowire.VarintType:
			v, vn := protowire.ConsumeVarint(b)
			if n = vn; n >= 0 {
				number(num, v)
			}
		case protowire.BytesType:
			v, vn := protowire.ConsumeBytes(b)
			if n = vn; n >= 0 {
				if err := bytes(num, v); err != nil {
					return err
				}
			}
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			return errWire
		}
		b = b[n:]
	}
	return nil
}

// zigzags appends the packed sint64 values in b.
func zigzags(dst []int64, b []byte) ([]int64, error) {
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return dst, errWire
		}
		dst = append(dst, protowire.DecodeZigZag(v))
		b = b[n:]
	}
	return dst, nil
}

// eventFrame is a decoded Event.
type eventFrame struct {
	seq, typ, age uint32
	values        []int64
	blobs         [][]byte
}

func decodeEvent(b []byte) (eventFrame, error) {
	var e eventFrame
	err := fields(b, func(num protowire.Number, v uint64) {
		switch num {
		case fieldEventSeq:
			e.seq = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case fieldEventType:
			e.typ = uint32(v) //nolint:gosec // as above
		case fieldEventAge:
			e.age = uint32(v) //nolint:gosec // as above
		case fieldEventValues:
			e.values = append(e.values, protowire.DecodeZigZag(v))
		default:
		}
	}, func(num protowire.Number, v []byte) (err error) {
		switch num {
		case fieldEventValues:
			e.values, err = zigzags(e.values, v)
		case fieldEventBlobs:
			e.blobs = append(e.blobs, append([]byte{}, v...)) // the message's memory is used again
		default:
		}
		return err
	})
	return e, err
}

// answerFrame is a decoded Answer.
type answerFrame struct {
	seq, refusal uint32
	why          string
}

func decodeAnswer(b []byte) (answerFrame, error) {
	var a answerFrame
	err := fields(b, func(num protowire.Number, v uint64) {
		switch num {
		case fieldAnswerSeq:
			a.seq = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case fieldAnswerRefusal:
			a.refusal = uint32(v) //nolint:gosec // as above
		default:
		}
	}, func(num protowire.Number, v []byte) error {
		if num == fieldAnswerWhy {
			a.why = string(v)
		}
		return nil
	})
	return a, err
}

// decodePong returns the ping's id and how long the server held it, in microseconds.
func decodePong(b []byte) (id, heldMicros uint32, err error) {
	err = fields(b, func(num protowire.Number, v uint64) {
		switch num {
		case fieldPongID:
			id = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case fieldPongHeldUS:
			heldMicros = uint32(v) //nolint:gosec // as above
		default:
		}
	}, func(protowire.Number, []byte) error { return nil })
	return id, heldMicros, err
}

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
			if num == 8 {
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
	case 1:
		f.tick = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
	case 2:
		f.base = uint32(v) //nolint:gosec // as above
	case 3:
		f.age = uint32(v) //nolint:gosec // as above
	case 4:
		f.slack = int32(protowire.DecodeZigZag(v & 0xffffffff)) //nolint:gosec // as above
	case 13:
		f.stride = uint32(v) //nolint:gosec // as above
	default: // of a newer server
	}
}

func (f *serverFrame) bytes(num protowire.Number, v []byte) {
	if v == nil {
		v = []byte{}
	}
	switch num {
	case 5:
		f.body = v
	case 6:
		f.delta = v
	case 7:
		f.events = append(f.events, v)
	case 9:
		f.pong = v
	case 10:
		f.welcome = v
	case 11:
		f.bye = v
	case 12:
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
		case 1:
			e.seq = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case 2:
			e.typ = uint32(v) //nolint:gosec // as above
		case 3:
			e.age = uint32(v) //nolint:gosec // as above
		case 4:
			e.values = append(e.values, protowire.DecodeZigZag(v))
		default:
		}
	}, func(num protowire.Number, v []byte) (err error) {
		switch num {
		case 4:
			e.values, err = zigzags(e.values, v)
		case 5:
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
		case 1:
			a.seq = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case 2:
			a.refusal = uint32(v) //nolint:gosec // as above
		default:
		}
	}, func(num protowire.Number, v []byte) error {
		if num == 3 {
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
		case 1:
			id = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case 3:
			heldMicros = uint32(v) //nolint:gosec // as above
		default:
		}
	}, func(protowire.Number, []byte) error { return nil })
	return id, heldMicros, err
}

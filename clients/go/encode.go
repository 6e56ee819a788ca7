package client

import (
	"google.golang.org/protobuf/encoding/protowire"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// The appenders write ClientFrame's fields by hand, into memory that is used again, because one goes out per frame.

func appendNumber(b []byte, num protowire.Number, v uint32) []byte {
	if v == 0 {
		return b
	}
	b = protowire.AppendTag(b, num, protowire.VarintType)
	return protowire.AppendVarint(b, uint64(v))
}

// appendMessage appends fields written by write as a sub-message. Messages are short: the length is nearly always one
// byte, and the contents are moved when it is not.
func appendMessage(b []byte, num protowire.Number, write func([]byte) []byte) []byte {
	b = protowire.AppendTag(b, num, protowire.BytesType)
	b = append(b, 0)
	from := len(b)
	b = write(b)
	return fixLength(b, from)
}

// fixLength puts the length of b[from:] before it, where one byte was left for it.
func fixLength(b []byte, from int) []byte {
	n := len(b) - from
	if n < 0x80 {
		b[from-1] = byte(n) //nolint:gosec // below 128
		return b
	}
	size := protowire.SizeVarint(uint64(n))
	for range size - 1 {
		b = append(b, 0)
	}
	copy(b[from-1+size:], b[from:from+n])
	protowire.AppendVarint(b[:from-1], uint64(n))
	return b
}

// appendValues appends an Input's or a Command's values and blobs, without trailing zeros and empties.
func appendValues(b []byte, num protowire.Number, values []int64, blobs [][]byte) []byte {
	for len(values) > 0 && values[len(values)-1] == 0 {
		values = values[:len(values)-1]
	}
	for len(blobs) > 0 && len(blobs[len(blobs)-1]) == 0 {
		blobs = blobs[:len(blobs)-1]
	}
	if len(values) > 0 {
		b = protowire.AppendTag(b, num, protowire.BytesType)
		b = append(b, 0)
		from := len(b)
		for _, v := range values {
			b = protowire.AppendVarint(b, protowire.EncodeZigZag(v))
		}
		b = fixLength(b, from)
	}
	for _, blob := range blobs {
		b = protowire.AppendTag(b, num+1, protowire.BytesType)
		b = protowire.AppendBytes(b, blob)
	}
	return b
}

func appendInput(b []byte, values []int64, blobs [][]byte) []byte {
	b = protowire.AppendTag(b, fieldClientInputs, protowire.BytesType)
	b = append(b, 0)
	from := len(b)
	b = appendValues(b, fieldInputValues, values, blobs)
	return fixLength(b, from)
}

func appendPing(b []byte, id uint32) []byte {
	return appendMessage(b, fieldClientPing, func(b []byte) []byte { return appendNumber(b, fieldPingID, id) })
}

// hello is what opens a connection.
type hello struct {
	codecs             []Codec
	agent              string
	tick, event, input uint32 // what the client has; 0: nothing
}

func appendHello(b []byte, h *hello) []byte {
	return appendMessage(b, fieldClientHello, func(b []byte) []byte {
		b = protowire.AppendTag(b, fieldHelloCodecs, protowire.BytesType)
		b = append(b, 0)
		from := len(b)
		for _, c := range h.codecs {
			b = protowire.AppendVarint(b, uint64(c)) //nolint:gosec // codecs are small and positive
		}
		b = fixLength(b, from)
		b = protowire.AppendTag(b, fieldHelloAgent, protowire.BytesType)
		b = protowire.AppendString(b, h.agent)
		b = appendNumber(b, fieldHelloLastTick, h.tick)
		b = appendNumber(b, fieldHelloLastEvent, h.event)
		return appendNumber(b, fieldHelloLastInput, h.input)
	})
}

// appendPace writes a pace, also that of 0, which takes back the one before.
func appendPace(b []byte, ticks uint32) []byte {
	b = protowire.AppendTag(b, fieldClientPace, protowire.VarintType)
	return protowire.AppendVarint(b, uint64(ticks))
}

func appendCommand(b []byte, seq, typ uint32, values []int64, blobs [][]byte) []byte {
	return appendMessage(b, fieldClientCommands, func(b []byte) []byte {
		b = appendNumber(b, fieldCommandSeq, seq)
		b = appendNumber(b, fieldCommandType, typ)
		return appendValues(b, fieldCommandValues, values, blobs)
	})
}

func appendResync(b []byte, tick uint32, reason tickwirev1.ResyncReason) []byte {
	return appendMessage(b, fieldClientResync, func(b []byte) []byte {
		b = appendNumber(b, fieldResyncTick, tick)
		return appendNumber(b, fieldResyncReason, uint32(reason)) //nolint:gosec // reasons are small and positive
	})
}

package server

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// maxDecoded is how much memory one message of the greatest size may take to decode, by a clientFrame that has none yet.
const maxDecoded = 64 << 10

// Messages that say much in few bytes are refused before memory is taken for what they say, and those that nest are not
// followed further down than the protocol goes.
func TestDecodedSizeIsBounded(t *testing.T) {
	full := func(b []byte) []byte { return bytes.Repeat(b, testLimits().MessageSize/len(b)) }
	nest := func(number protowire.Number) (b []byte) {
		for len(b) < testLimits().MessageSize-8 {
			b = protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), b)
		}
		return b
	}
	group := func(n int) []byte {
		return append(bytes.Repeat([]byte{9<<3 | 3}, n), bytes.Repeat([]byte{9<<3 | 4}, n)...)
	}
	in := func(number protowire.Number, b []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), b)
	}
	values := in(1, bytes.Repeat([]byte{1}, maxValues))
	blobs := bytes.Repeat([]byte{2<<3 | 2, 0}, maxBlobs)
	most := bytes.Repeat(in(fieldClientInputs, append(values, blobs...)), maxInputs)
	commands := bytes.Repeat(in(fieldClientCommands, append(in(3, bytes.Repeat([]byte{1}, maxValues)),
		bytes.Repeat([]byte{4<<3 | 2, 0}, maxBlobs)...)), maxCommands)
	dearest := uint64(0)
	for _, tc := range []struct {
		why   string
		bytes []byte
		taken bool
	}{
		{"empty inputs", full([]byte{3<<3 | 2, 0}), false},
		{"empty commands", full([]byte{7<<3 | 2, 0}), false},
		{"empty pings, each in the place of the one before", full([]byte{5<<3 | 2, 0}), true},
		{"empty hellos", full([]byte{6<<3 | 2, 0}), true},
		{"empty things that nobody knows", full([]byte{15<<3 | 2, 0}), true},
		{"agents, each in the place of the one before", full(in(6, in(2, bytes.Repeat([]byte{'a'}, maxAgent)))), true},
		{"codecs", in(6, in(1, bytes.Repeat([]byte{1}, 4000))), false},
		{"values in one input", in(3, in(1, bytes.Repeat([]byte{1}, 4000))), false},
		{"values one by one", in(3, bytes.Repeat([]byte{1 << 3, 1}, 2000)), false},
		{"blobs in one input", in(3, bytes.Repeat([]byte{2<<3 | 2, 0}, 2000)), false},
		{"blobs in one command", in(7, bytes.Repeat([]byte{4<<3 | 2, 0}, 2000)), false},
		{"all the inputs that there may be", most, true},
		{"and commands", commands, true},
		{"things that nobody knows, in each other", nest(15), true},
		{"inputs in inputs", nest(3), true},
		{"hellos in hellos", nest(6), true},
		{"groups in groups", group(2000), false},
		{"groups that do not end", full([]byte{9<<3 | 3}), false},
	} {
		f := &clientFrame{}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := f.decode(tc.bytes)
		runtime.ReadMemStats(&after)
		if taken := err == nil; taken != tc.taken || !taken && !errors.Is(err, errFrame) {
			t.Errorf("%s: %v, want it taken: %v", tc.why, err, tc.taken)
		}
		n := after.TotalAlloc - before.TotalAlloc
		if n > maxDecoded {
			t.Errorf("%s: %d bytes of memory for %d, want at most %d", tc.why, n, len(tc.bytes), maxDecoded)
		}
		dearest = max(dearest, n)
	}
	t.Logf("at most %d bytes", dearest)
}

package server

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// equalFrame says what differs between a decoded frame and generated code's, empty if nothing.
func equalFrame(f *clientFrame, m *tickwirev1.ClientFrame) string {
	same := func(a message, values []int64, blobs [][]byte) bool {
		return slices.Equal(a.values, values) && slices.EqualFunc(a.blobs, blobs, bytes.Equal)
	}
	switch {
	case f.ack != m.GetAck() || f.first != m.GetFirst() || f.view != m.GetView():
		return "numbers"
	case f.hasPing != (m.GetPing() != nil) || f.pingID != m.GetPing().GetId():
		return "ping"
	case f.hasResync != (m.GetResync() != nil) || f.resyncTick != m.GetResync().GetTick() ||
		f.resyncReason != m.GetResync().GetReason():
		return "resync"
	case f.hasHello != (m.GetHello() != nil) || f.agent != m.GetHello().GetAgent() ||
		!slices.Equal(f.codecs, m.GetHello().GetCodecs()):
		return "hello"
	case !slices.EqualFunc(f.inputs, m.GetInputs(), func(a message, b *tickwirev1.Input) bool {
		return same(a, b.GetValues(), b.GetBlobs())
	}):
		return "inputs"
	case !slices.EqualFunc(f.commands, m.GetCommands(), func(a command, b *tickwirev1.Command) bool {
		return a.seq == b.GetSeq() && a.typ == b.GetType() && same(a.message, b.GetValues(), b.GetBlobs())
	}):
		return "commands"
	}
	return ""
}

// randomFrame makes a message within the limits.
func randomFrame(r *rand.Rand) *tickwirev1.ClientFrame {
	values := func() []int64 {
		v := make([]int64, r.IntN(maxValues+1))
		for i := range v {
			v[i] = int64(r.Uint64()) >> r.IntN(64)
		}
		return v
	}
	blobs := func() [][]byte {
		v := make([][]byte, r.IntN(maxBlobs+1))
		for i := range v {
			v[i] = bytes.Repeat([]byte{byte(r.Uint32())}, r.IntN(5))
		}
		return v
	}
	m := &tickwirev1.ClientFrame{Ack: r.Uint32() >> r.IntN(33), First: r.Uint32(), View: uint32(r.IntN(2))}
	for range r.IntN(maxInputs + 1) {
		m.Inputs = append(m.Inputs, &tickwirev1.Input{Values: values(), Blobs: blobs()})
	}
	for range r.IntN(maxCommands + 1) {
		m.Commands = append(m.Commands, &tickwirev1.Command{Seq: r.Uint32(), Type: r.Uint32(), Values: values(), Blobs: blobs()})
	}
	if r.IntN(2) == 0 {
		m.Ping = &tickwirev1.Ping{Id: r.Uint32()}
	}
	if r.IntN(2) == 0 {
		m.Resync = &tickwirev1.Resync{Tick: r.Uint32(), Reason: tickwirev1.ResyncReason(r.Int32())}
	}
	if r.IntN(2) == 0 {
		m.Hello = &tickwirev1.Hello{Agent: "a/1"[:r.IntN(4)], Codecs: make([]tickwirev1.Codec, r.IntN(maxCodecs))}
		for i := range m.Hello.Codecs {
			m.Hello.Codecs[i] = tickwirev1.Codec(int32(r.Uint32()))
		}
	}
	return m
}

func TestDecodeIsTheGeneratedDecoder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	f := &clientFrame{} // one for all: nothing of a frame may be left in the next
	for range 2000 {
		want := randomFrame(r)
		b, err := proto.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err = f.decode(b); err != nil {
			t.Fatalf("%v: %v", err, want)
		}
		if diff := equalFrame(f, want); diff != "" {
			t.Fatalf("%s differ: %v", diff, want)
		}
	}
}

// tag starts a field.
func tag(b []byte, n protowire.Number, k protowire.Type) []byte { return protowire.AppendTag(b, n, k) }

func TestDecodeOddities(t *testing.T) {
	t.Parallel()
	many := func(n int, b []byte) []byte { return bytes.Repeat(b, n) }
	input := func(content []byte) []byte { return protowire.AppendBytes(tag(nil, 3, 2), content) }
	agent := func(s string) []byte {
		return protowire.AppendBytes(tag(nil, 6, 2), protowire.AppendString(tag(nil, 2, 2), s))
	}
	codecs := func(n int) []byte {
		return protowire.AppendBytes(tag(nil, 6, 2), protowire.AppendBytes(tag(nil, 1, 2), many(n, []byte{1})))
	}
	single := protowire.AppendVarint(tag(nil, 1, 0), 3) // one value, not packed
	blob := protowire.AppendBytes(tag(nil, 2, 2), nil)
	tests := []struct {
		why   string
		bytes []byte
		ok    bool
	}{
		{"nothing is a frame", nil, true},
		{"unknown varints are skipped", protowire.AppendVarint(tag(nil, 99, 0), 1), true},
		{"unknown bytes are skipped", protowire.AppendBytes(tag(nil, 99, 2), []byte{0xFF}), true},
		{"unknown fixed32 are skipped", protowire.AppendFixed32(tag(nil, 99, 5), 1), true},
		{"unknown fixed64 are skipped", protowire.AppendFixed64(tag(nil, 99, 1), 1), true},
		{"a known number of another type is unknown", protowire.AppendFixed32(tag(nil, 1, 5), 1), true},
		{"the last of two wins", []byte{8, 1, 8, 2}, true},
		{"two hellos are merged", append(agent("a"), codecs(2)...), true},
		{"numbers are cut to 32 bits", protowire.AppendVarint(tag(nil, 1, 0), math.MaxUint64), true},
		{"32 single values", input(many(maxValues, single)), true},
		{"33 single values", input(many(maxValues+1, single)), false},
		{"33 packed values", input(protowire.AppendBytes(tag(nil, 1, 2), many(33, []byte{1}))), false},
		{"32 packed and one single", input(append(protowire.AppendBytes(tag(nil, 1, 2), many(32, []byte{1})), single...)), false},
		{"8 blobs", input(many(maxBlobs, blob)), true},
		{"9 blobs", input(many(maxBlobs+1, blob)), false},
		{"32 inputs", many(maxInputs, input(nil)), true},
		{"33 inputs", many(maxInputs+1, input(nil)), false},
		{"32 commands", many(maxCommands, []byte{7<<3 | 2, 0}), true},
		{"33 commands", many(maxCommands+1, []byte{7<<3 | 2, 0}), false},
		{"32 codecs", codecs(maxCodecs), true},
		{"33 codecs", codecs(maxCodecs + 1), false},
		{"an agent of 64 bytes", agent(string(many(64, []byte("a")))), true},
		{"an agent of 65", agent(string(many(65, []byte("a")))), false},
		{"an agent with a line break", agent("a\nb"), false},
		{"an agent that is not ASCII", agent("ä"), false},
		{"a group", tag(tag(nil, 9, 3), 9, 4), false},
		{"the end of a group", tag(nil, 9, 4), false},
		{"wire type 6", []byte{9<<3 | 6}, false},
		{"wire type 7", []byte{9<<3 | 7}, false},
		{"field 0", []byte{0, 0}, false},
		{"a field number over the greatest", append(protowire.AppendVarint(nil, (1<<29)<<3), 1), false},
		{"half a tag", []byte{0x80}, false},
		{"half a varint", []byte{8, 0x80}, false},
		{"a varint of eleven bytes", append([]byte{8}, many(11, []byte{0x80})...), false},
		{"more bytes announced than there are", []byte{3<<3 | 2, 5, 1}, false},
		{"a huge length", append(tag(nil, 3, 2), many(9, []byte{0xFF})...), false},
		{"half a fixed32", append(tag(nil, 99, 5), 1, 2), false},
		{"a broken input", input([]byte{0xFF}), false},
		{"a broken packed value", input(protowire.AppendBytes(tag(nil, 1, 2), []byte{0x80})), false},
		{"a broken ping", []byte{5<<3 | 2, 1, 0x80}, false},
		{"a broken resync", []byte{8<<3 | 2, 1, 0x80}, false},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			f := &clientFrame{}
			err := f.decode(tc.bytes)
			if (err == nil) != tc.ok {
				t.Fatalf("decode: %v, want ok %v", err, tc.ok)
			}
			want := &tickwirev1.ClientFrame{}
			if tc.ok {
				if err = proto.Unmarshal(tc.bytes, want); err != nil {
					t.Fatal(err)
				}
				if diff := equalFrame(f, want); diff != "" {
					t.Errorf("%s differ from generated code's", diff)
				}
			}
		})
	}
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	all := make([][]byte, 0, 50)
	for range cap(all) {
		m := randomFrame(r)
		m.Hello = nil // it comes once, and its agent is a string
		b, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	f := &clientFrame{}
	pass := func() {
		for _, b := range all {
			if f.decode(b) != nil {
				t.Error("refused")
			}
		}
	}
	pass()
	if n := testing.AllocsPerRun(10, pass); n != 0 {
		t.Errorf("%v allocations for %d frames", n, len(all))
	}
}

// FuzzClientFrame compares with generated code: what decode takes means the same to both; what it refuses either is
// refused by both or breaks one of our limits.
func FuzzClientFrame(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		b, err := proto.Marshal(randomFrame(r))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte{0x1A, 4, 8, 3, 10, 0})
	f.Add([]byte{0x0B, 0x0C})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, want := &clientFrame{}, &tickwirev1.ClientFrame{}
		err, wantErr := got.decode(b), proto.Unmarshal(b, want)
		switch {
		case err == nil && wantErr != nil:
			t.Fatalf("generated code refuses it: %v", wantErr)
		case err == nil:
			if diff := equalFrame(got, want); diff != "" {
				t.Fatalf("%s differ", diff)
			}
		case wantErr == nil && withinLimits(want) && !hasGroup(b):
			t.Fatalf("refused: %v", want)
		}
	})
}

// withinLimits says whether generated code found no more than we take.
func withinLimits(m *tickwirev1.ClientFrame) bool {
	ok := len(m.GetInputs()) <= maxInputs && len(m.GetCommands()) <= maxCommands &&
		len(m.GetHello().GetCodecs()) <= maxCodecs && printable([]byte(m.GetHello().GetAgent()))
	for _, x := range m.GetInputs() {
		ok = ok && len(x.GetValues()) <= maxValues && len(x.GetBlobs()) <= maxBlobs
	}
	for _, x := range m.GetCommands() {
		ok = ok && len(x.GetValues()) <= maxValues && len(x.GetBlobs()) <= maxBlobs
	}
	return ok
}

// hasGroup says whether a frame that generated code takes may hold a group, or an agent that a later one replaced.
func hasGroup(b []byte) bool {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 || kind == protowire.StartGroupType {
			return true
		}
		b = b[n:]
		content := b
		if n = protowire.ConsumeFieldValue(number, kind, b); n < 0 {
			return true
		}
		if kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(content)
			if number == fieldClientHello && bytes.Count(content, []byte{fieldHelloAgent<<3 | 2}) > 0 {
				return true
			}
			if number <= fieldClientResync && hasGroup(content) {
				return true
			}
		}
		b = b[n:]
	}
	return false
}

func BenchmarkDecode(b *testing.B) {
	f := &clientFrame{}
	m, err := proto.Marshal(&tickwirev1.ClientFrame{
		Ack: 1000, First: 1002, View: 9, Inputs: []*tickwirev1.Input{{Values: []int64{1, -1, 1}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(m)))
	b.ReportAllocs()
	for b.Loop() {
		if f.decode(m) != nil {
			b.Fatal("refused")
		}
	}
}

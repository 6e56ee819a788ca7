package client

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

func fullFrame() *tickwirev1.ServerFrame {
	hash := uint32(0)
	return &tickwirev1.ServerFrame{
		Tick: 1 << 31, Base: 3, InputAge: 5, Slack: -9, Body: []byte{1, 2}, Delta: &tickwirev1.Delta{}, Hash: &hash,
		Events:  []*tickwirev1.Event{{Seq: 4, Type: 2, Age: 1, Values: []int64{-5, 1 << 40}, Blobs: [][]byte{{7}, {}}}, {Seq: 5}},
		Answers: []*tickwirev1.Answer{{Seq: 8, Refusal: 2, Why: "no"}}, Stride: 2, Closing: 90,
		Pong: &tickwirev1.Pong{Id: 3, Tick: 9, HeldUs: 77}, Bye: &tickwirev1.Bye{Code: 4200}, Welcome: &tickwirev1.Welcome{},
	}
}

// checkDecode compares the decoder with generated code, which is what the standard says.
func checkDecode(t *testing.T, b []byte) {
	t.Helper()
	var f serverFrame
	err := f.decode(b)
	want := &tickwirev1.ServerFrame{}
	if proto.Unmarshal(b, want) != nil {
		return // strictness about what is never looked at is not needed
	}
	if err != nil {
		t.Fatalf("%x is a frame but was refused", b)
	}
	got := []any{
		f.tick, f.base, f.age, f.slack, f.stride, f.closing, f.hasHash, f.hash, len(f.events), len(f.answers), f.delta != nil,
		f.welcome != nil, f.bye != nil, f.pong != nil,
	}
	wanted := []any{
		want.GetTick(), want.GetBase(), want.GetInputAge(), want.GetSlack(), want.GetStride(), want.GetClosing(), want.Hash != nil,
		want.GetHash(), len(want.GetEvents()), len(want.GetAnswers()), want.GetDelta() != nil, want.GetWelcome() != nil,
		want.GetBye() != nil, want.GetPong() != nil,
	}
	if !slices.Equal(got, wanted) || !bytes.Equal(f.body, want.GetBody()) {
		t.Fatalf("%x: got %v, want %v", b, got, wanted)
	}
	for i, e := range want.GetEvents() {
		got, err := decodeEvent(f.events[i])
		if err != nil || got.seq != e.GetSeq() || got.typ != e.GetType() || got.age != e.GetAge() ||
			!slices.Equal(got.values, e.GetValues()) || !slices.EqualFunc(got.blobs, e.GetBlobs(), bytes.Equal) {
			t.Fatalf("%x: event %d is %+v, want %v (%v)", b, i, got, e, err)
		}
	}
	for i, a := range want.GetAnswers() {
		got, err := decodeAnswer(f.answers[i])
		if err != nil || got.seq != a.GetSeq() || got.refusal != a.GetRefusal() || got.why != a.GetWhy() {
			t.Fatalf("%x: answer %d is %+v, want %v (%v)", b, i, got, a, err)
		}
	}
}

func FuzzServerFrame(f *testing.F) {
	for _, frame := range []*tickwirev1.ServerFrame{{}, fullFrame(), {Slack: 3, Body: []byte{0}}} {
		b, err := proto.Marshal(frame)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte{0x3a, 0x02, 0x20, 0x05}) // an event with a value that is not packed
	f.Add([]byte{0x0b, 0x0c})             // a group
	f.Fuzz(checkDecode)
}

// What we send, generated code reads, and it is as long as generated code would write it.
func TestClientFrame(t *testing.T) {
	long := make([]int64, 70)
	for i := range long {
		long[i] = int64(i+1) << 30
	}
	for _, c := range []struct {
		why  string
		got  []byte
		want *tickwirev1.ClientFrame
	}{
		{"nothing", nil, &tickwirev1.ClientFrame{}},
		{"an ack and a view", appendNumber(appendNumber(nil, 1, 300), 4, 9), &tickwirev1.ClientFrame{Ack: 300, View: 9}},
		{
			"trailing zeros are left out",
			appendInput(appendNumber(nil, 2, 5), []int64{0, -1, 0, 0}, [][]byte{{1}, {}}),
			&tickwirev1.ClientFrame{First: 5, Inputs: []*tickwirev1.Input{{Values: []int64{0, -1}, Blobs: [][]byte{{1}}}}},
		},
		{"an empty input", appendInput(nil, []int64{0}, nil), &tickwirev1.ClientFrame{Inputs: []*tickwirev1.Input{{}}}},
		{
			"a message whose length takes two bytes", appendCommand(nil, 1, 2, long, nil),
			&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Type: 2, Values: long}}},
		},
		{"a ping", appendPing(nil, 4), &tickwirev1.ClientFrame{Ping: &tickwirev1.Ping{Id: 4}}},
		{
			"a hello", appendHello(nil, &hello{codecs: []Codec{Packed, Plain}, agent: "a"}),
			&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{Codecs: []Codec{Packed, Plain}, Agent: "a"}},
		},
		{
			"a hello of one who was there before", appendHello(nil, &hello{[]Codec{Plain}, "a", 300, 5, 200}),
			&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{
				Codecs: []Codec{Plain}, Agent: "a", LastTick: 300, LastEvent: 5, LastInput: 200,
			}},
		},
		{"a pace", appendPace(nil, 30), &tickwirev1.ClientFrame{Pace: proto.Uint32(30)}},
		{"a pace of 0 is said too", appendPace(nil, 0), &tickwirev1.ClientFrame{Pace: proto.Uint32(0)}},
		{
			"a resync", appendResync(nil, 6, tickwirev1.ResyncReason_RESYNC_REASON_FRAME),
			&tickwirev1.ClientFrame{Resync: &tickwirev1.Resync{Tick: 6, Reason: tickwirev1.ResyncReason_RESYNC_REASON_FRAME}},
		},
	} {
		got := &tickwirev1.ClientFrame{}
		if err := proto.Unmarshal(c.got, got); err != nil || !proto.Equal(got, c.want) {
			t.Errorf("%s: %v (%v), want %v", c.why, got, err, c.want)
		}
		if n := proto.Size(c.want); n != len(c.got) {
			t.Errorf("%s: %d bytes, want %d", c.why, len(c.got), n)
		}
	}
}

func FuzzSchema(f *testing.F) {
	b, err := proto.Marshal(&tickwirev1.Schema{
		Tables: []*tickwirev1.Table{{Name: "t", Columns: []*tickwirev1.Column{
			{Name: "x", Kind: tickwirev1.ColumnKind_COLUMN_KIND_POS, Bits: 32, Ke: 11, Jump: 5, Lerp: true},
			{Name: "s", Kind: tickwirev1.ColumnKind_COLUMN_KIND_STRING},
		}, Order: []uint32{1, 2}}},
		Input:    &tickwirev1.Message{Fields: []*tickwirev1.Field{{Name: "f", Kind: tickwirev1.FieldKind_FIELD_KIND_BOOL}}},
		Commands: []*tickwirev1.Message{{Name: "c"}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(_ *testing.T, b []byte) {
		p := &tickwirev1.Schema{}
		if proto.Unmarshal(b, p) != nil {
			return
		}
		s, err := SchemaOf(p)
		if err != nil {
			return
		}
		for _, table := range s.Tables { // what was taken can be worked with
			refine(table)
		}
		if s.Input != nil {
			_, _, _ = newPacker("input", s.Input).pack(map[string]any{}, nil, nil) // only not to panic
		}
	})
}

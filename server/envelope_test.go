package server

import (
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// What is written by hand means to the generated code what was put in.
func TestEnvelopeEqualsGeneratedCode(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		e, mail, want := randomEnvelope(rnd)
		got := &tickwirev1.ServerFrame{}
		if err := proto.Unmarshal(mail.appendTo(e.appendTo(nil), want.GetTick()), got); err != nil {
			t.Fatalf("unmarshal: %v", err)
		}
		if !proto.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
}

func randomEnvelope(rnd *rand.Rand) (envelope, *mail, *tickwirev1.ServerFrame) {
	number := func() uint32 { return rnd.Uint32() >> rnd.IntN(33) }
	e := envelope{
		tick: number(), base: number(), inputAge: number(), slack: int32(number()),
		codec: tickwirev1.Codec_CODEC_PACKED, state: []byte{1, 2, 3},
		hashed: rnd.IntN(2) == 0, hash: number(), closing: number(),
		pong: pong{due: rnd.IntN(2) == 0, id: number(), tick: number(), at: time.Time{}}, heldUS: number(),
	}
	want := &tickwirev1.ServerFrame{
		Tick: e.tick, Base: e.base, InputAge: e.inputAge, Slack: e.slack, Body: e.state, Closing: e.closing,
	}
	if e.hashed {
		want.Hash = &e.hash
	}
	if e.pong.due {
		want.Pong = &tickwirev1.Pong{Id: e.pong.id, Tick: e.pong.tick, HeldUs: e.heldUS}
	}
	m := &mail{}
	for seq := range uint32(rnd.IntN(4)) {
		event := game.Event{Type: rnd.IntN(300), Values: []int64{rnd.Int64(), -rnd.Int64(), 0}, Blobs: [][]byte{[]byte("x"), {}}}
		age := uint32(rnd.IntN(100))
		m.addEvent(e.tick-age, appendEvent(nil, &event))
		want.Events = append(want.Events, &tickwirev1.Event{
			Seq: seq + 1, Type: uint32(event.Type), Age: age, Values: event.Values, Blobs: event.Blobs,
		})
	}
	for range rnd.IntN(3) {
		a := game.Answer{Seq: number(), Refusal: number(), Why: "no"[:rnd.IntN(3)]}
		m.addAnswer(a)
		want.Answers = append(want.Answers, &tickwirev1.Answer{Seq: a.Seq, Refusal: a.Refusal, Why: a.Why})
	}
	return e, m, want
}

func TestPlainEqualsGeneratedCode(t *testing.T) {
	t.Parallel()
	p := &plain{}
	for range 2 { // the second time with used memory
		p.reset()
		p.Table(0)
		p.Row(3, 0b101, []int32{-1, 7}, []string{"hé"}, []int32{4, -4})
		p.Gone(1)
		p.Gone(300)
		p.Row(9, 0, nil, nil, nil)
		p.Table(2)
		p.Gone(5)
		want := &tickwirev1.Delta{Tables: []*tickwirev1.TableDelta{
			{Gone: []uint32{1, 300}, Rows: []*tickwirev1.Row{
				{Id: 3, Columns: 5, Cells: []int32{-1, 7}, Blobs: [][]byte{[]byte("hé")}, Velocities: []int32{4, -4}}, {Id: 9},
			}},
			{Table: 2, Gone: []uint32{5}},
		}}
		got := &tickwirev1.Delta{}
		if err := proto.Unmarshal(p.bytes(), got); err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
}

// An empty Delta is still a Delta: its presence says that the frame carries state.
func TestEmptyDeltaIsPresent(t *testing.T) {
	t.Parallel()
	p := &plain{}
	p.reset()
	e := envelope{codec: tickwirev1.Codec_CODEC_PLAIN, state: p.bytes()}
	got := &tickwirev1.ServerFrame{}
	if err := proto.Unmarshal(e.appendTo(nil), got); err != nil || got.GetDelta() == nil {
		t.Errorf("delta is absent: %v, %v", got, err)
	}
}

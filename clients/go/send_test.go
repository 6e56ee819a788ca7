package client_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

func TestInputs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		defer func() { _ = room.Leave() }()
		if err := room.Send(steer{Thrust: 2}); err == nil {
			t.Error("a value out of range was taken")
		}
		f.send(whole(10))
		if got := f.next(); len(got.GetInputs()) != 0 {
			t.Errorf("inputs were sent that nobody set: %v", got)
		}
		check := func(why string, tick uint32, want ...[]int64) {
			t.Helper()
			got := f.next()
			if len(want) > 0 && got.GetFirst() != tick {
				t.Errorf("%s: first %d, want %d", why, got.GetFirst(), tick)
			}
			if len(got.GetInputs()) != len(want) {
				t.Fatalf("%s: inputs %v, want %v", why, got.GetInputs(), want)
			}
			for i, in := range got.GetInputs() {
				if !slices.Equal(in.GetValues(), want[i]) {
					t.Errorf("%s: input %d is %v, want %v", why, i, in.GetValues(), want[i])
				}
			}
		}
		must(t, room.Send(steer{Thrust: 1, Fire: true}))
		must(t, room.Send(map[string]any{"thrust": -1}))
		f.send(chain())
		check("a press stays pressed until it was sent", 14, []int64{-1, 1})
		f.send(chain())
		check("a press is sent once", 15, []int64{-1})
		must(t, room.Send(&steer{Thrust: 1, Fire: true}))
		f.send(&tickwirev1.ServerFrame{Tick: 15, Base: 4, Delta: &tickwirev1.Delta{}})
		check("ticks that were left out are filled, the press first", 16, []int64{1, 1}, []int64{1}, []int64{1})
		if got := room.InputTick(); got != 18 {
			t.Errorf("newest input %d, want 18", got)
		}
		f.send(&tickwirev1.ServerFrame{Delta: &tickwirev1.Delta{}, InputAge: 2})
		check("the input goes on", 19, []int64{1})
		if got := room.Stats().Applied; got != 14 {
			t.Errorf("applied %d, want 14", got)
		}
	})
}

func TestCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		type say struct {
			To   int
			Text string
		}
		for why, err := range map[string]error{
			"an unknown command":    room.Command(t.Context(), "shout", say{}),
			"the server's own":      room.Command(t.Context(), "stop", nil),
			"a text that is long":   room.Command(t.Context(), "say", say{Text: string(make([]byte, 33))}),
			"a field of other kind": room.Command(t.Context(), "say", map[string]any{"text": 5}),
			"an unknown field":      room.Command(t.Context(), "say", map[string]any{"txt": "a"}),
		} {
			if err == nil {
				t.Errorf("%s was taken", why)
			}
		}
		answers := make(chan error, 2)
		go func() { answers <- room.Command(t.Context(), "say", say{To: 3, Text: "hi"}) }()
		got := f.next().GetCommands()
		if len(got) != 1 || got[0].GetSeq() != 1 || got[0].GetType() != 0 || string(got[0].GetBlobs()[0]) != "hi" ||
			!slices.Equal(got[0].GetValues(), []int64{3}) {
			t.Fatalf("commands %v", got)
		}
		f.send(&tickwirev1.ServerFrame{Answers: []*tickwirev1.Answer{{Seq: 1}}})
		must(t, <-answers)

		go func() { answers <- room.Command(t.Context(), "say", say{}) }()
		f.next()
		f.send(&tickwirev1.ServerFrame{Answers: []*tickwirev1.Answer{{Seq: 2, Refusal: 4, Why: "not now"}}})
		var refused *client.Refused
		if err := <-answers; !errors.As(err, &refused) || refused.Reason != 4 || refused.Why != "not now" {
			t.Errorf("refusal came as %v", err)
		}

		go func() { answers <- room.Command(t.Context(), "say", say{}) }()
		f.next()
		f.cut()
		var e *client.Error
		if err := <-answers; !errors.As(err, &e) || e.Code != client.CodeLost || !e.Retry {
			t.Errorf("a command of a lost room ended with %v", err)
		}
		if room.Command(t.Context(), "say", say{}) == nil {
			t.Error("a room that has ended takes commands")
		}
	})
}

func TestPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		defer func() { _ = room.Leave() }()
		f.send(whole(1))
		ping := f.next().GetPing()
		if ping == nil {
			t.Fatal("no ping with the first frame")
		}
		time.Sleep(80 * time.Millisecond) // of the bubble
		f.send(&tickwirev1.ServerFrame{Pong: &tickwirev1.Pong{Id: ping.GetId(), Tick: 1, HeldUs: 30000}})
		synctest.Wait()
		if rtt := room.Stats().RTT; rtt != 50*time.Millisecond {
			t.Errorf("round trip %v, want 50 ms", rtt)
		}
		pings := 0
		for range 40 {
			time.Sleep(time.Second / 20)
			f.send(chain())
			if f.next().GetPing() != nil {
				pings++
			}
		}
		if pings != 2 {
			t.Errorf("%d pings in two seconds, want 2", pings)
		}
	})
}

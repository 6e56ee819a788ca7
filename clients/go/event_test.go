package client_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		boom := func(seq, age uint32, x int64) *tickwirev1.Event {
			return &tickwirev1.Event{Seq: seq, Age: age, Values: []int64{x}, Blobs: [][]byte{[]byte("bob")}}
		}
		first := whole(20)
		first.Events = []*tickwirev1.Event{boom(1, 3, 5), boom(2, 0, 6)}
		f.send(first)
		f.next()
		type event struct {
			At struct{ X int }
			By string
		}
		if _, err := client.Events[event](t.Context(), room, "bang"); err == nil {
			t.Error("an unknown event was found")
		}
		if _, err := client.Events[struct{ Zzz int }](t.Context(), room, "boom"); err == nil {
			t.Error("a type without any of the fields was taken")
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		events, err := client.Events[event](ctx, room, "boom")
		must(t, err)
		next := chain()
		next.Events = []*tickwirev1.Event{
			boom(2, 1, 6),     // again: its first frame may be lost
			{Seq: 3, Type: 9}, // of a type that the schema does not have: to be skipped
			boom(4, 0, 7),
		}
		f.send(next)
		f.next()
		var got []int
		for tick, e := range events {
			got = append(got, int(tick), e.At.X)
			if e.By != "bob" {
				t.Errorf("by %q", e.By)
			}
			if e.At.X == 7 {
				cancel()
				break
			}
		}
		if want := []int{17, 5, 20, 6, 21, 7}; !slices.Equal(got, want) {
			t.Errorf("ticks and places %v, want %v", got, want)
		}
		must(t, room.Leave())
		for range events {
			t.Error("an event out of nowhere")
		}
	})
}

func TestFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		var ticks []uint32
		done := make(chan struct{})
		go func() {
			defer close(done)
			for frame := range room.Frames(t.Context()) {
				ticks = append(ticks, frame.Tick)
			}
		}()
		synctest.Wait()
		f.send(whole(4))
		f.send(chain())
		f.send(&tickwirev1.ServerFrame{Delta: &tickwirev1.Delta{}, Stride: 2})
		for range 3 {
			f.next()
		}
		must(t, room.Leave())
		<-done
		if !slices.Equal(ticks, []uint32{4, 5, 7}) {
			t.Errorf("ticks %v, want 4, 5 and, a stride of 2 later, 7", ticks)
		}
		for range room.Frames(t.Context()) {
			t.Error("a frame of a room that has ended")
		}
	})
}

package client_test

import (
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

// A ship that moves by 30 a tick and turns by 8, seen through a screen of 60 Hz that never stutters.
func TestInterpolated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		defer func() { _ = room.Leave() }()
		ships, err := client.TableOf[ship](room, "ships")
		must(t, err)
		const interval = time.Second / 30
		show := func() (ship, bool) {
			for _, s := range ships.Interpolated(time.Now()) {
				return s, true
			}
			return ship{}, false
		}
		frame := func(tick int32) *tickwirev1.ServerFrame {
			s := ship{X: tick * 30, Angle: uint8(tick * 8), HP: uint8(tick)}
			out := whole(uint32(tick), row(1, s, 0, 0))
			return out
		}
		f.send(frame(100))
		f.next()
		if s, ok := show(); !ok || s.X != 3000 {
			t.Errorf("the first picture is %+v %v, want the first state", s, ok)
		}
		time.Sleep(interval / 2)
		for tick := int32(101); tick < 160; tick++ {
			time.Sleep(interval / 2)
			f.send(frame(tick))
			view := f.next().GetView()
			before, _ := show()
			time.Sleep(interval / 2)
			after, _ := show()
			if tick < 110 {
				continue
			}
			if step := after.X - before.X; step < 14 || step > 16 {
				t.Fatalf("tick %d: half a tick moved it by %d, want 15", tick, step)
			}
			if step := after.Angle - before.Angle; step < 3 || step > 5 {
				t.Fatalf("tick %d: half a tick turned it by %d, want 4", tick, step)
			}
			if lag := tick*30 - before.X; lag < 58 || lag > 62 {
				t.Fatalf("tick %d: the picture is %d behind, want two ticks, 60", tick, lag)
			}
			if before.HP != uint8(tick-2) && before.HP != uint8(tick-3) {
				t.Fatalf("tick %d: HP %d is not that of a state", tick, before.HP)
			}
			if view < 15 || view > 17 {
				t.Fatalf("tick %d: view %d, want two ticks, 16", tick, view)
			}
		}
		time.Sleep(time.Second)
		if s, _ := show(); s.X < 159*30+85 || s.X > 159*30+95 {
			t.Errorf("without news it is at %d, want 100 ms beyond the newest state, %d", s.X, 159*30+90)
		}
		f.send(&tickwirev1.ServerFrame{Tick: 190, Base: 1, Delta: &tickwirev1.Delta{}})
		f.next()
		time.Sleep(interval * 3)
		if s, ok := show(); ok {
			t.Errorf("a ship that is gone is shown: %+v", s)
		}
	})
}

// A picture may be asked for while a frame changes the stride: the race detector watches.
func TestInterpolatedWhileTheStrideChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		ships, err := client.TableOf[ship](room, "ships")
		must(t, err)
		const frames = 100
		go func() {
			for tick := range uint32(frames) {
				frame := whole(tick+1, row(1, ship{}, 0, 0))
				frame.Stride = 1 + tick%2
				f.send(frame)
			}
		}()
		for room.Stats().Tick < frames {
			for range ships.Interpolated(time.Now()) {
			}
		}
		must(t, room.Leave())
	})
}

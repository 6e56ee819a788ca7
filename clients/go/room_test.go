package client_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

type ship struct {
	X, Y  int32
	Angle uint8
	HP    uint8
	On    bool
}

type steer struct {
	Fire   bool
	Thrust int8
}

// row is a plain row with all five columns.
func row(id uint32, s ship, vx, vy int32) *tickwirev1.Row {
	on := int32(0)
	if s.On {
		on = 1
	}
	return &tickwirev1.Row{
		Id: id, Columns: 31, Cells: []int32{s.X, s.Y, int32(s.Angle), int32(s.HP), on}, Velocities: []int32{vx, vy},
	}
}

func whole(tick uint32, rows ...*tickwirev1.Row) *tickwirev1.ServerFrame {
	return &tickwirev1.ServerFrame{Tick: tick, Base: 1, Delta: &tickwirev1.Delta{
		Tables: []*tickwirev1.TableDelta{{Rows: rows}},
	}}
}

func chain() *tickwirev1.ServerFrame { return &tickwirev1.ServerFrame{Delta: &tickwirev1.Delta{}} }

func rows(r *client.Room) map[game.ID]ship {
	return maps.Collect(client.Rows[ship](r, "ships"))
}

func TestJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		if f.ticket != "tickwire.v1, ticket.t1cket" {
			t.Errorf("offered sub-protocols %q", f.ticket)
		}
		if f.name != "ann" {
			t.Errorf("the lobby was told the name %q", f.name)
		}
		got := []any{room.Player(), room.RoomID(), room.SessionID(), room.Code(), room.Game(), room.Rate(), room.Err() == nil}
		want := []any{game.ID(7), "room-1", "session-1", "ABCD", "ships", 30, true}
		if !slices.Equal(got, want) {
			t.Errorf("the room says %v, want %v", got, want)
		}
		if err := room.Leave(); err != nil {
			t.Errorf("leave: %v", err)
		}
		var c *gws.CloseError
		if err := <-f.ended; !errors.As(err, &c) || c.Code != 1000 {
			t.Errorf("the server saw the end as %v, want close code 1000", err)
		}
		if room.Err() != nil || room.Leave() != nil {
			t.Error("leaving is not an error, and leaving twice does nothing")
		}
	})
}

func TestPlainState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		defer func() { _ = room.Leave() }()
		a, b := ship{X: 100, Y: 50, Angle: 250, HP: 100, On: true}, ship{X: -7, HP: 100}
		first := whole(1, row(1, a, 0, 0), row(2, b, 0, 0))
		hash := uint32(0xe3ea6395) // of the worked example
		first.Hash = &hash
		f.send(first)
		if ack := f.next().GetAck(); ack != 1 {
			t.Errorf("ack %d, want 1", ack)
		}
		if got := rows(room); len(got) != 2 || got[1] != a || got[2] != b {
			t.Errorf("rows %v", got)
		}
		f.send(&tickwirev1.ServerFrame{Delta: &tickwirev1.Delta{Tables: []*tickwirev1.TableDelta{{
			Gone: []uint32{2},
			Rows: []*tickwirev1.Row{{Id: 1, Columns: 1 << 3, Cells: []int32{80}}},
		}}}})
		if ack := f.next().GetAck(); ack != 2 {
			t.Errorf("ack of a chain frame %d, want 2", ack)
		}
		a.HP = 80
		if got := rows(room); len(got) != 1 || got[1] != a {
			t.Errorf("rows %v, want only %v", got, a)
		}
		s := room.Stats()
		if s.Desyncs != 0 || s.BadFrames != 0 || s.Frames != 2 || s.Wholes != 1 || s.Chains != 1 || s.Tick != 2 {
			t.Errorf("stats %+v", s)
		}
	})
}

// The frames of the packed codec's worked example.
func packedExample() []*tickwirev1.ServerFrame {
	hash := func(h uint32) *uint32 { return &h }
	return []*tickwirev1.ServerFrame{
		{Tick: 1, Base: 1, Hash: hash(0xe3ea6395), Body: []byte{
			0xce, 0x47, 0x64, 0x44, 0x32, 0x54, 0x90, 0x23, 0x1b, 0xab, 0x11, 0xc7, 0x70, 0x01,
		}},
		{Hash: hash(0xe2146365), Body: []byte{0x23, 0x70, 0xb3, 0x06}},
		{Hash: hash(0xec4e4383), Body: []byte{0x1a, 0x75, 0x94, 0x4a, 0x45, 0x05, 0x44, 0x05, 0x90, 0x03}},
		{Tick: 6, Base: 4, Hash: hash(0x2ddc5b9c), Body: []byte{0x64, 0x28, 0xa2, 0x07}},
	}
}

func TestPackedState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		var kinds []client.FrameKind
		room := f.join(&client.JoinOptions{OnFrame: func(_ *client.Room, f *client.Frame) {
			kinds = append(kinds, f.Kind)
		}}, welcome(client.Packed))
		defer func() { _ = room.Leave() }()
		for i, frame := range packedExample() {
			f.send(frame)
			want := []uint32{1, 2, 3, 6}[i]
			if got := f.next(); got.GetAck() != want || got.GetResync() != nil {
				t.Errorf("frame %d was answered with %v, want ack %d", i, got, want)
			}
		}
		want := map[game.ID]ship{1: {X: 165, Y: 50, Angle: 3, HP: 80}, 3: {X: 5, Y: 5, HP: 100}}
		if got := rows(room); len(got) != 2 || got[1] != want[1] || got[3] != want[3] {
			t.Errorf("rows %v, want %v", got, want)
		}
		if !slices.Equal(kinds, []client.FrameKind{client.Whole, client.Chain, client.Chain, client.Ring}) {
			t.Errorf("kinds %v", kinds)
		}
	})
}

// A copy that is not right is noticed once, and healed by a whole state.
func TestResync(t *testing.T) {
	wrong := uint32(1)
	for _, c := range []struct {
		why      string
		spoil    func(*tickwirev1.ServerFrame)
		reason   tickwirev1.ResyncReason
		desyncs  int
		bad      int
		ackAfter uint32 // of the spoilt frame
	}{
		{
			why:   "a hash that differs",
			spoil: func(f *tickwirev1.ServerFrame) { f.Hash = &wrong }, desyncs: 1, ackAfter: 2,
			reason: tickwirev1.ResyncReason_RESYNC_REASON_HASH,
		},
		{
			why:   "bits that are no frame",
			spoil: func(f *tickwirev1.ServerFrame) { f.Body = []byte{0, 0, 0, 0} }, bad: 1, ackAfter: 1,
			reason: tickwirev1.ResyncReason_RESYNC_REASON_FRAME,
		},
		{
			why:   "a base that the client does not hold",
			spoil: func(f *tickwirev1.ServerFrame) { f.Tick, f.Base = 9, 4 }, bad: 1, ackAfter: 1,
			reason: tickwirev1.ResyncReason_RESYNC_REASON_FRAME,
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				room := f.join(nil, welcome(client.Packed))
				defer func() { _ = room.Leave() }()
				frames := packedExample()
				f.send(frames[0])
				f.next()
				c.spoil(frames[1])
				f.send(frames[1])
				got := f.next()
				if got.GetResync().GetReason() != c.reason || got.GetAck() != c.ackAfter {
					t.Errorf("answered with %v, want a resync for %v and ack %d", got, c.reason, c.ackAfter)
				}
				f.send(frames[2])
				if got := f.next(); got.GetResync() != nil {
					t.Error("asked twice")
				}
				again := packedExample()[0]
				again.Tick = 12
				f.send(again)
				if got := f.next(); got.GetAck() != 12 || len(rows(room)) != 2 {
					t.Errorf("a whole state was answered with %v, and there are %d rows", got, len(rows(room)))
				}
				if s := room.Stats(); s.Desyncs != c.desyncs || s.BadFrames != c.bad {
					t.Errorf("%d desyncs and %d bad frames, want %d and %d", s.Desyncs, s.BadFrames, c.desyncs, c.bad)
				}
			})
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package client_test

import (
	"slices"
	"testing"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

// shipSchema is that of the worked example of the packed codec, with an input, commands and an event.
func shipSchema() *tickwirev1.Schema {
	return &tickwirev1.Schema{
		Tables: []*tickwirev1.Table{{Name: "ships", Columns: []*tickwirev1.Column{
			{Name: "x", Kind: tickwirev1.ColumnKind_COLUMN_KIND_POS, Bits: 32, Ke: 11, Lerp: true},
			{Name: "y", Kind: tickwirev1.ColumnKind_COLUMN_KIND_POS, Bits: 32, Ke: 11, Lerp: true},
			{Name: "angle", Kind: tickwirev1.ColumnKind_COLUMN_KIND_ANGLE, Bits: 8, K: 2, Ke: 7, Unsigned: true, Lerp: true},
			{Name: "hp", Kind: tickwirev1.ColumnKind_COLUMN_KIND_INT, Bits: 8, K: 2, Ke: 6, Unsigned: true},
			{Name: "on", Kind: tickwirev1.ColumnKind_COLUMN_KIND_BOOL, Bits: 1, K: 2, Ke: 6},
		}}},
		Input: &tickwirev1.Message{Fields: []*tickwirev1.Field{
			{Name: "thrust", Kind: tickwirev1.FieldKind_FIELD_KIND_INT, Min: -1, Max: 1},
			{Name: "fire", Kind: tickwirev1.FieldKind_FIELD_KIND_BOOL, Max: 1, Edge: true},
		}},
		Commands: []*tickwirev1.Message{
			{Name: "say", Fields: []*tickwirev1.Field{
				{Name: "text", Kind: tickwirev1.FieldKind_FIELD_KIND_STRING, Max: 32},
				{Name: "to", Kind: tickwirev1.FieldKind_FIELD_KIND_INT, Max: 100},
			}},
			{Name: "stop", Internal: true},
		},
		Events: []*tickwirev1.Message{{Name: "boom", Fields: []*tickwirev1.Field{
			{Name: "at.x", Kind: tickwirev1.FieldKind_FIELD_KIND_INT, Min: -1000, Max: 1000},
			{Name: "by", Kind: tickwirev1.FieldKind_FIELD_KIND_STRING, Max: 32},
		}}},
	}
}

func welcome(codec client.Codec) *tickwirev1.Welcome {
	return &tickwirev1.Welcome{
		RoomId: "room-1", SessionId: "session-1", Player: 7, Rate: 30, Stride: 1, Codec: codec, Schema: shipSchema(),
		Game: "ships",
	}
}

// lasting is the welcome of a session that outlives its connection by 10 s.
func lasting(codec client.Codec) *tickwirev1.Welcome {
	w := welcome(codec)
	w.Token, w.Grace = "token-1", 10
	return w
}

// again is the welcome of a session that goes on.
func again(token string) *tickwirev1.Welcome {
	w := lasting(client.Plain)
	w.Schema, w.Resumed, w.Token = nil, true, token
	return w
}

// ring is a state in which nothing has changed for some ticks.
func ring(tick, ago uint32) *tickwirev1.ServerFrame {
	return &tickwirev1.ServerFrame{Tick: tick, Base: ago + 1, Delta: &tickwirev1.Delta{}}
}

// coded is a lobby call's refusal.
func coded(code tickwirev1.Code, message string) error {
	e := connect.NewError(connect.CodeAborted, &client.Error{Code: code, Message: message})
	if d, err := connect.NewErrorDetail(&tickwirev1.Error{Code: code}); err == nil {
		e.AddDetail(d)
	}
	return e
}

// log notes what a room's callbacks were told.
type log struct {
	drops []*client.Error
	backs []client.Reconnected
	when  []time.Time // of drops
}

func (l *log) options() *client.JoinOptions {
	return &client.JoinOptions{
		OnDrop: func(_ *client.Room, e *client.Error) {
			l.drops, l.when = append(l.drops, e), append(l.when, time.Now())
		},
		OnReconnect: func(_ *client.Room, b client.Reconnected) { l.backs = append(l.backs, b) },
	}
}

// rig is a room that has its first state, of tick 10, on a fake server that lets it come back.
type rig struct {
	*fake
	log

	room *client.Room
}

func newRig(t *testing.T, change func(*client.JoinOptions)) *rig {
	t.Helper()
	return newRigOn(newFake(t), change)
}

func newRigOn(f *fake, change func(*client.JoinOptions)) *rig {
	t := f.t
	t.Helper()
	g := &rig{fake: f}
	g.resume = func(string) error { return nil }
	o := g.options()
	if change != nil {
		change(o)
	}
	g.room = g.join(o, lasting(client.Plain))
	t.Cleanup(func() { _ = g.room.Leave() }) // why it had ended is the test's to say
	g.send(whole(10, row(1, ship{X: 5, HP: 100}, 0, 0)))
	if ack := g.next().GetAck(); ack != 10 {
		t.Fatalf("ack %d, want 10", ack)
	}
	return g
}

// hello waits for the next connection and its hello.
func (g *rig) hello() *tickwirev1.Hello {
	g.t.Helper()
	select {
	case <-g.opened:
	case <-g.room.Done():
		g.t.Fatalf("the room has ended: %v", g.room.Err())
	case <-time.After(time.Minute):
		g.t.Fatal("the client does not come back")
	}
	h := g.next().GetHello()
	if h == nil {
		g.t.Fatal("the first frame has no hello")
	}
	return h
}

// ends waits for the room's end.
func (g *rig) ends() *client.Error {
	g.t.Helper()
	select {
	case <-g.room.Done():
	case <-time.After(5 * time.Minute):
		g.t.Fatal("the room does not end")
	}
	return g.room.Err()
}

// values are the values of a frame's inputs.
func values(f *tickwirev1.ClientFrame) [][]int64 {
	var v [][]int64
	for _, in := range f.GetInputs() {
		v = append(v, in.GetValues())
	}
	return v
}

func sameValues(a, b [][]int64) bool { return slices.EqualFunc(a, b, slices.Equal[[]int64]) }

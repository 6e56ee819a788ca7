package game

import "reflect"

// Events are reliable messages of type T from the game to players, each with the tick in which it happened.
type Events[T any] struct {
	world *World
	shape *messageShape
	index int
}

// NewEvents registers a kind of events. It panics if T cannot be sent.
func NewEvents[T any](w *World, name string) *Events[T] {
	where := "event " + name
	w.open(where, name)
	for _, other := range w.schema.Events {
		if other.Name == name {
			panic(problem{where, "", "there are two of this name"})
		}
	}
	e := &Events[T]{world: w, shape: messageOf(reflect.TypeFor[T](), where, name), index: len(w.events)}
	w.schema.Events = append(w.schema.Events, e.shape.schema)
	w.events = append(w.events, e.shape)
	return e
}

// Send tells one player. A player who is not there gets nothing.
func (e *Events[T]) Send(t *Tick, to Player, v T) {
	if to != 0 && t.seat(to) != nil {
		e.send(t, to, v)
	}
}

// Broadcast tells everybody.
func (e *Events[T]) Broadcast(t *Tick, v T) { e.send(t, 0, v) }

func (e *Events[T]) send(t *Tick, to Player, v T) {
	b := &t.buffers
	fromValue, fromBlob := len(b.values), len(b.blobs)
	b.values, b.blobs = e.shape.pack(addrOf(&v), b.values, b.blobs)
	for i := fromBlob; i < len(b.blobs); i++ { // texts may change after the call
		from := len(b.bytes)
		b.bytes = append(b.bytes, b.blobs[i]...)
		b.blobs[i] = b.bytes[from:len(b.bytes):len(b.bytes)]
	}
	t.out.Events = append(t.out.Events, Event{
		To: to, Type: e.index,
		Values: b.values[fromValue:len(b.values):len(b.values)],
		Blobs:  b.blobs[fromBlob:len(b.blobs):len(b.blobs)],
	})
}

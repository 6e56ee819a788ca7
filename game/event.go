package game

import "reflect"

// Events are reliable messages of type T from the game to players, each with the tick in which it happened.
type Events[T any] struct{ core events }

// events is Events without its type.
type events struct {
	shape *messageShape
	index int
}

// NewEvents registers a kind of events. It panics if T cannot be sent.
func NewEvents[T any](w *World, name string) *Events[T] {
	index := len(w.schema.Events)
	return &Events[T]{events{w.registerMessage(&w.schema.Events, reflect.TypeFor[T](), "event "+name, name), index}}
}

// Send tells one player. A player who is not there gets nothing. It panics if v is not within the bounds of its fields.
func (e *Events[T]) Send(t *Tick, to Player, v T) {
	if to != 0 && t.seat(to) != nil {
		e.core.send(t, to, addrOf(&v))
	}
}

// Broadcast tells everybody. It panics if v is not within the bounds of its fields.
func (e *Events[T]) Broadcast(t *Tick, v T) { e.core.send(t, 0, addrOf(&v)) }

func (e *events) send(t *Tick, to Player, v ptr) {
	b := &t.buffers
	fromValue, fromBlob := len(b.values), len(b.blobs)
	b.values, b.blobs = e.shape.pack(v, b.values, b.blobs)
	if err := e.shape.schema.Check(b.values[fromValue:], b.blobs[fromBlob:]); err != nil {
		panic(err)
	}
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

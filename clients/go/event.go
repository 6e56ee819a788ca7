package client

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"sync/atomic"
)

const (
	backlog    = 256  // events kept for handlers that come late
	eventQueue = 1024 // events waiting in one Events iterator
	frameQueue = 64   // frames waiting in one Frames iterator
)

// listeners are those who want to know. Guarded by Room.mu.
type listeners struct {
	handlers [][]*handler // by event type
	kept     []keptEvent  // events of types that had no handler yet
	fresh    atomic.Bool  // a handler was added since kept was looked through
	frames   []chan Frame
	ended    bool
}

type handler struct {
	call func(tick uint32, e *eventFrame)
}

type keptEvent struct {
	tick  uint32
	event eventFrame
}

func (l *listeners) init(events int) { l.handlers = make([][]*handler, events) }

// frame tells all Frames iterators; who is too slow misses the oldest.
func (l *listeners) frame(f Frame) {
	for _, ch := range l.frames {
		select {
		case ch <- f:
			continue
		default:
		}
		select {
		case <-ch:
		default:
		}
		ch <- f // there is room: only this goroutine sends
	}
}

func (l *listeners) end() {
	l.ended = true
	for _, ch := range l.frames {
		close(ch)
	}
	l.frames = nil
}

// arrived hands an event to its handlers, or keeps it for one to come.
func (r *Room) arrived(e eventFrame, tick uint32) {
	r.mu.Lock()
	handlers := slices.Clone(r.notes.handlers[e.typ])
	if len(handlers) == 0 {
		if len(r.notes.kept) == backlog {
			r.notes.kept = slices.Delete(r.notes.kept, 0, 1)
			r.stats.EventsDropped++
		}
		r.notes.kept = append(r.notes.kept, keptEvent{tick: tick, event: e})
	}
	r.mu.Unlock()
	for _, h := range handlers {
		r.call(func() { h.call(tick, &e) })
	}
}

// late hands kept events to handlers that were added since.
func (r *Room) late() {
	if !r.notes.fresh.Swap(false) {
		return
	}
	r.mu.Lock()
	var due []keptEvent
	r.notes.kept = slices.DeleteFunc(r.notes.kept, func(k keptEvent) bool {
		wanted := len(r.notes.handlers[k.event.typ]) > 0
		if wanted {
			due = append(due, k)
		}
		return wanted
	})
	r.mu.Unlock()
	for _, k := range due {
		r.arrived(k.event, k.tick)
	}
}

// OnEvent calls handle for each event of that name, in order, on the room's goroutine, with the tick it happened in.
// Events that came before the first handler (the newest 256) are handed over with the next frame. T is a struct whose
// fields are matched to the event's by name. stop ends it.
func OnEvent[T any](r *Room, name string, handle func(tick uint32, v T)) (stop func(), err error) {
	at := slices.IndexFunc(r.events, func(p *packer) bool { return p.message.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("tickwire: this game has no event %q", name)
	}
	p := r.events[at]
	if err := p.unpack(reflect.ValueOf(new(T)), nil, nil); err != nil {
		return nil, err
	}
	h := &handler{call: func(tick uint32, e *eventFrame) {
		var v T
		if p.unpack(reflect.ValueOf(&v), e.values, e.blobs) == nil { // T was tried above
			handle(tick, v)
		}
	}}
	r.mu.Lock()
	r.notes.handlers[at] = append(r.notes.handlers[at], h)
	r.mu.Unlock()
	r.notes.fresh.Store(true)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.notes.handlers[at] = slices.DeleteFunc(r.notes.handlers[at], func(x *handler) bool { return x == h })
	}, nil
}

// happened is an event in an Events iterator's queue.
type happened[T any] struct {
	tick  uint32
	value T
}

// Events yields the events of that name with their ticks, until ctx or the room ends. It listens from the call on. A
// loop that falls 1,024 events behind loses events; Stats.EventsDropped counts them.
func Events[T any](ctx context.Context, r *Room, name string) (iter.Seq2[uint32, T], error) {
	queue := make(chan happened[T], eventQueue)
	stop, err := OnEvent(r, name, func(tick uint32, v T) {
		select {
		case queue <- happened[T]{tick, v}:
		default:
			r.mu.Lock()
			r.stats.EventsDropped++
			r.mu.Unlock()
		}
	})
	if err != nil {
		return nil, err
	}
	return func(yield func(uint32, T) bool) {
		defer stop()
		for {
			select {
			case e := <-queue:
				if !yield(e.tick, e.value) {
					return
				}
				continue
			default:
			}
			select {
			case e := <-queue:
				if !yield(e.tick, e.value) {
					return
				}
			case <-ctx.Done():
				return
			case <-r.done:
				if len(queue) == 0 {
					return
				}
			}
		}
	}, nil
}

// Frames yields a note for each state that was applied, until ctx or the room ends. A loop that falls 64 frames behind
// misses the oldest notes; the state itself is always the newest.
func (r *Room) Frames(ctx context.Context) iter.Seq[*Frame] {
	return func(yield func(*Frame) bool) {
		ch := make(chan Frame, frameQueue)
		r.mu.Lock()
		if r.notes.ended {
			r.mu.Unlock()
			return
		}
		r.notes.frames = append(r.notes.frames, ch)
		r.mu.Unlock()
		defer func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.notes.frames = slices.DeleteFunc(r.notes.frames, func(c chan Frame) bool { return c == ch })
		}()
		for {
			select {
			case f, ok := <-ch:
				if !ok || !yield(&f) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

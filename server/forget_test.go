package server

import (
	"runtime"
	"testing"
	"weak"

	"github.com/tickwire/tickwire/game"
)

// A room that has ended, and of which the lobby room has been told, is held by nobody: its game and all its history are
// memory again.
func TestEndedRoomsAreForgotten(t *testing.T) {
	t.Parallel()
	def := duo()
	s, err := New(Options{Games: []game.Definition{def}})
	if err != nil {
		t.Fatal(err)
	}
	d := s.directory
	d.advance(stageNew, stageRunning)
	ended := make([]weak.Pointer[room], 10)
	for i := range ended {
		p, err := d.open(&def, nil, false, asker{exempt: true})
		if err != nil {
			t.Fatal(err)
		}
		r, err := newRoom(s, p.info.ID, def, nil)
		if err != nil {
			t.Fatal(err)
		}
		d.made(p, r, nil)
		d.ended(r)
		d.tasks.Done()
		ended[i] = weak.Make(r)
	}
	if news := d.takeNews(); len(news) != len(ended) {
		t.Fatalf("%d news of %d rooms", len(news), len(ended))
	}
	runtime.GC()
	held := 0
	for _, r := range ended {
		if r.Value() != nil {
			held++
		}
	}
	if held != 0 {
		t.Errorf("%d of %d rooms are still held", held, len(ended))
	}
	runtime.KeepAlive(s)
}

package client_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

// A program that was restarted has a token and nothing else.
func TestResumeFromNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.resume = func(string) error { return nil }
		cl := client.New("http://fake", &client.Options{Dial: f.dial, Codec: client.Plain})
		defer cl.Close()
		w := lasting(client.Plain)
		w.Resumed, w.Token, w.LastCommand, w.LastInput, w.LostEvents = true, "token-8", 41, 30, 5
		hello := make(chan *tickwirev1.Hello, 1)
		go func() {
			<-f.opened
			hello <- f.next().GetHello()
			f.send(&tickwirev1.ServerFrame{Welcome: w})
		}()
		var l log
		room, err := cl.Resume(t.Context(), "token-7", l.options())
		must(t, err)
		defer func() { must(t, room.Leave()) }()
		if h := <-hello; h.GetLastTick() != 0 || h.GetLastEvent() != 0 || h.GetLastInput() != 0 {
			t.Errorf("hello %v", h)
		}
		if tokens, _ := f.resumed(); tokens[0] != "token-7" || room.Token() != "token-8" || room.SessionID() != "session-1" {
			t.Errorf("tokens %q, then %q", tokens, room.Token())
		}
		must(t, room.Post("say", nil, nil))
		if c := f.next().GetCommands(); len(c) != 1 || c[0].GetSeq() != 42 {
			t.Errorf("commands %v, want number 42", c)
		}
		must(t, room.Send(steer{Thrust: 1, Fire: true}))
		first := whole(26)
		first.Events = []*tickwirev1.Event{{Seq: 90}}
		f.send(first)
		if got := f.next(); len(got.GetInputs()) != 0 {
			t.Errorf("an input for a tick that the server has one of: %v", got)
		}
		f.send(ring(30, 4))
		if got := f.next(); got.GetFirst() != 31 || len(got.GetInputs()) != 3 || len(got.GetInputs()[0].GetValues()) != 2 {
			t.Errorf("inputs %v, want the press in tick 31", got)
		}
		if s := room.Stats(); s.EventsLost != 0 || s.Resumed != 0 || len(l.backs) != 0 {
			t.Errorf("stats %+v, came back %+v", s, l.backs)
		}
	})
}

func TestResumeFails(t *testing.T) {
	for _, c := range []struct {
		why  string
		err  error
		code client.Code
	}{
		{"no such seat", coded(client.CodeNotFound, "no such session"), client.CodeNotFound},
		{"not this token", coded(client.CodeUnauthenticated, "no"), client.CodeUnauthenticated},
		{"not any more", coded(client.CodeForbidden, "a newer token has replaced it"), client.CodeForbidden},
		{"busy", coded(client.CodeBusy, "busy"), client.CodeBusy},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.resume = func(string) error { return c.err }
			cl := client.New("http://fake", &client.Options{Dial: f.dial})
			defer cl.Close()
			_, err := cl.Resume(t.Context(), "token-7", nil)
			var e *client.Error
			if !errors.As(err, &e) || e.Code != c.code || strings.Contains(err.Error(), "token-7") {
				t.Errorf("%s: got %v", c.why, err)
			}
		})
	}
}

// A pace is said at once, and again on the next connection, which knows nothing of it.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		if g.room.Pace(-1) == nil {
			t.Error("a pace below 0 was taken")
		}
		for _, c := range []struct{ ask, want int }{{15, 15}, {0, 0}, {1 << 40, 30}} {
			must(t, g.room.Pace(c.ask))
			if f := g.next(); f.Pace == nil || f.GetPace() != uint32(c.want) {
				t.Errorf("asked for %d with %v", c.ask, f)
			}
		}
		g.cut()
		synctest.Wait()
		must(t, g.room.Pace(20))
		g.hello()
		g.send(&tickwirev1.ServerFrame{Welcome: again("token-2")})
		if f := g.next(); f.GetPace() != 20 {
			t.Errorf("then with %v", f)
		}
		must(t, g.room.Leave())
		if err := g.room.Pace(1); !errors.Is(err, client.ErrLeft) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		g := newRig(t, func(o *client.JoinOptions) {
			o.OnClosing = func(_ *client.Room, ticks int) { got = append(got, ticks) }
		})
		f := chain()
		f.Closing = 300
		g.send(f)
		g.send(chain())
		g.send(&tickwirev1.ServerFrame{Closing: 100}) // without state
		synctest.Wait()
		if len(got) != 2 || got[0] != 300 || got[1] != 100 {
			t.Errorf("told %v", got)
		}
	})
}

// A server that does not read holds up who writes to it, and nobody else.
func TestStalledServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.buffer = 2048
		g := newRigOn(f, nil)
		defer g.stall()()
		text := map[string]any{"text": strings.Repeat("x", 32)}
		must(t, g.room.Post("say", text, nil)) // it holds the server's reader
		writer := make(chan struct{})
		go func() {
			defer close(writer)
			for range 255 {
				_ = g.room.Post("say", text, nil)
			}
		}()
		synctest.Wait()
		start := time.Now()
		must(t, g.room.Send(steer{Thrust: 1}))
		_, _, _ = g.room.Stats(), g.room.Token(), g.room.InputTick()
		must(t, g.room.Pace(2))
		if took := time.Since(start); took > 0 {
			t.Errorf("it took %v", took)
		}
		must(t, g.room.Leave())
		if took := time.Since(start); took > time.Second {
			t.Errorf("leaving took %v", took)
		}
		<-writer
	})
}

package client_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// A room that lost its connection makes another, says what it has, and goes on with the same copy.
func TestComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		replica := g.room.Replica()
		must(t, g.room.Send(steer{Thrust: 1}))
		next := chain() // tick 11
		next.Events, next.InputAge = []*tickwirev1.Event{{Seq: 1}, {Seq: 2}}, 4
		g.send(next)
		g.next()
		if g.room.Token() != "token-1" {
			t.Errorf("token %q", g.room.Token())
		}
		for i, w := range []struct {
			token string
			back  client.Reconnected
		}{
			{"token-2", client.Reconnected{Took: time.Second}},
			{"token-3", client.Reconnected{Took: 2 * time.Second, LostEvents: 3, Whole: true}},
		} {
			g.cut()
			h := g.hello()
			wantTick := []uint32{11, 14}[i]
			if h.GetLastTick() != wantTick || h.GetLastEvent() != 2 || h.GetLastInput() != []uint32{7, 14}[i] {
				t.Errorf("hello %v", h)
			}
			if tokens, _ := g.resumed(); tokens[i] != []string{"token-1", "token-2"}[i] {
				t.Errorf("tokens %q", tokens)
			}
			if g.room.Err() != nil {
				t.Errorf("the room has ended: %v", g.room.Err())
			}
			time.Sleep(time.Until(g.when[i].Add(w.back.Took)))
			welcome := again(w.token)
			welcome.LostEvents = uint32(w.back.LostEvents)
			g.send(&tickwirev1.ServerFrame{Welcome: welcome})
			if w.back.Whole {
				g.send(whole(200, row(1, ship{X: 5, HP: 100}, 0, 0)))
			} else {
				g.send(ring(14, 3))
			}
			synctest.Wait()
			for len(g.frames) > 0 {
				g.next()
			}
			if g.room.Token() != w.token || len(g.backs) != i+1 || g.backs[i] != w.back {
				t.Errorf("token %q, came back with %+v, want %+v", g.room.Token(), g.backs, w.back)
			}
			if got := rows(g.room); len(got) != 1 || got[game.ID(1)] != (ship{X: 5, HP: 100}) {
				t.Errorf("rows %v", got)
			}
		}
		for _, e := range g.drops {
			if e.Code != client.CodeLost || e.Message != "the connection was lost" {
				t.Errorf("dropped for %v", e)
			}
		}
		s := g.room.Stats()
		if s.Dropped != 2 || s.Resumed != 2 || s.BadFrames != 0 || s.Desyncs != 0 || len(g.drops) != 2 {
			t.Errorf("stats %+v, drops %v", s, g.drops)
		}
		if g.room.Replica() != replica {
			t.Error("the copy is another one")
		}
	})
}

// Whenever the connection is lost, the room comes back, and says so once.
func TestDropAtEachPhase(t *testing.T) {
	for _, c := range []struct {
		why   string
		drop  func(g *rig) // ends the first connection, and as many as it likes
		tries int
	}{
		{"between frames", func(g *rig) { g.cut() }, 1},
		{"in the middle of a frame", func(g *rig) {
			_, _ = g.net.Write([]byte{0x82, 100, 1, 2, 3})
			g.cut()
		}, 1},
		{"the server says nothing any more", func(*rig) { time.Sleep(13 * time.Second) }, 1},
		{"a frame that is not WebSocket", func(g *rig) { _, _ = g.net.Write([]byte{0x83, 0}) }, 1},
		{"a frame of negative length", func(g *rig) {
			_, _ = g.net.Write([]byte{0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255})
		}, 1},
		{"before the next welcome", func(g *rig) {
			g.cut()
			g.hello()
			g.cut()
		}, 2},
		{"no next welcome", func(g *rig) {
			g.cut()
			g.hello()
			first := <-g.ended
			start := time.Now()
			second := <-g.ended
			if took := time.Since(start); took > 10*time.Second {
				g.t.Errorf("the welcome did not come for %v; ends %v, %v", took, first, second)
			}
		}, 2},
		{"after the next welcome, before a state", func(g *rig) {
			g.cut()
			g.hello()
			g.send(&tickwirev1.ServerFrame{Welcome: again("token-1")})
			g.cut()
		}, 2},
		{"after the next state, before its ack", func(g *rig) {
			g.cut()
			g.hello()
			f := ring(10, 0)
			f.Tick, f.Base, f.Welcome = 12, 3, again("token-1")
			g.send(f)
			synctest.Wait()
			g.next()
			g.backs, g.drops = nil, nil
			g.cut()
		}, 2},
		{"the ticket is refused", func(g *rig) {
			g.refuse(401)
			g.cut()
			time.Sleep(time.Second)
			g.refuse(0)
		}, 2},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, nil)
				c.drop(g)
				h := g.hello()
				g.send(&tickwirev1.ServerFrame{Welcome: again("token-9")})
				f := whole(40)
				g.send(f)
				synctest.Wait()
				if h.GetLastTick() == 0 || len(g.drops) != 1 || len(g.backs) != 1 || g.room.Stats().Tick != 40 {
					t.Errorf("hello %v, drops %v, came back %v, stats %+v", h, g.drops, g.backs, g.room.Stats())
				}
				if tokens, _ := g.resumed(); len(tokens) < c.tries {
					t.Errorf("it tried with %q", tokens)
				}
			})
		})
	}
}

// What ends a connection and what ends the room.
func TestCodesOfDrops(t *testing.T) {
	bye := func(code client.Code) func(*rig) {
		return func(g *rig) {
			g.send(&tickwirev1.ServerFrame{Bye: &tickwirev1.Bye{Code: code, Message: "so"}})
			_ = g.conn.WriteClose(uint16(code), []byte("so"))
		}
	}
	closing := func(code client.Code) func(*rig) {
		return func(g *rig) { _ = g.conn.WriteClose(uint16(code), []byte("so")) }
	}
	type ending struct {
		code  client.Code
		do    func(*rig)
		comes bool
		slow  bool
	}
	var cases []ending
	for _, code := range []client.Code{
		client.CodeOver, client.CodeKicked, client.CodeSuperseded, client.CodeIdle, client.CodeMalformed, client.CodeOutOfRange,
		client.CodeGameFailed, client.CodeStopping, client.CodeNotFound, client.CodeForbidden, client.CodeUnauthenticated, 4999,
	} {
		cases = append(cases, ending{code: code, do: bye(code)}, ending{code: code, do: closing(code)})
	}
	for _, code := range []client.Code{
		client.CodeSilent, client.CodeSlow, client.CodeLate, client.CodeExpired, client.CodeTooMany, client.CodeBusy,
	} {
		slow := code == client.CodeTooMany || code == client.CodeBusy
		cases = append(cases, ending{code, bye(code), true, slow}, ending{code, closing(code), true, slow})
	}
	for _, code := range []client.Code{1001, 1002, 1003, 1007, 1009, 1011, 1012} {
		cases = append(cases, ending{code, closing(code), true, false})
	}
	cases = append(cases,
		ending{code: 1000, do: closing(1000)},
		ending{code: 1002, do: func(g *rig) { g.write(gws.OpcodeText, []byte("hi")) }},
		ending{1005, func(g *rig) { _, _ = g.net.Write([]byte{0x88, 0}) }, true, false},
	)
	for _, c := range cases {
		t.Run(c.code.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, nil)
				c.do(g)
				if !c.comes {
					if e := g.ends(); e == nil || e.Code != c.code {
						t.Errorf("ended with %v, want %v", e, c.code)
					}
					if tokens, _ := g.resumed(); len(tokens) != 0 || len(g.drops) != 0 {
						t.Errorf("it tried to come back: drops %v", g.drops)
					}
					return
				}
				g.hello()
				_, times := g.resumed()
				wait := times[0].Sub(g.when[0])
				if len(g.drops) != 1 || g.drops[0].Code != c.code || wait > 1500*time.Millisecond || c.slow && wait < time.Second {
					t.Errorf("dropped with %v, tried after %v", g.drops, wait)
				}
			})
		})
	}
}

package client_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lxzan/gws"

	client "github.com/tickwire/tickwire/clients/go"
)

// A room that cannot come back says so, when the server cannot have the seat any more.
func TestGivesUp(t *testing.T) {
	for _, c := range []struct {
		why    string
		resume error
		code   client.Code
		text   string
		within time.Duration
		tries  int // at most; 0: any
	}{
		{
			"the server is away", errors.New("down"), client.CodeLost,
			"the connection was lost and could not be had back within 15s; the last try: ", 15 * time.Second, 0,
		},
		{
			"the server has too much to do", coded(client.CodeBusy, "busy"), client.CodeLost,
			"the connection was lost and could not be had back within 15s; the last try: ", 15 * time.Second, 9,
		},
		{
			"the seat is free", coded(client.CodeNotFound, "no such session"), client.CodeNotFound,
			"the session could not be resumed: ", time.Second, 1,
		},
		{
			"the token is not good", coded(client.CodeUnauthenticated, "no"), client.CodeUnauthenticated,
			"the session could not be resumed: ", time.Second, 1,
		},
		{
			"a newer token was used", coded(client.CodeForbidden, "no"), client.CodeForbidden,
			"the session could not be resumed: ", time.Second, 1,
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, nil)
				g.resume = func(string) error { return c.resume }
				answer := make(chan error, 1)
				start := time.Now()
				g.cut()
				synctest.Wait()
				must(t, g.room.Post("say", nil, func(err error) { answer <- err }))
				e := g.ends()
				took := time.Since(start)
				if e == nil || e.Code != c.code || !strings.HasPrefix(e.Message, c.text) || took > c.within {
					t.Errorf("after %v it ended with %v", took, e)
				}
				if c.within > time.Second && took < c.within-time.Second {
					t.Errorf("it gave up after %v", took)
				}
				if err := <-answer; !errors.Is(err, e) {
					t.Errorf("the command ended with %v", err)
				}
				tokens, _ := g.resumed()
				if c.tries > 0 && len(tokens) > c.tries || len(tokens) == 0 {
					t.Errorf("%d tries", len(tokens))
				}
				if s := g.room.Stats(); s.Dropped != 1 || s.Resumed != 0 {
					t.Errorf("stats %+v", s)
				}
				if err := g.room.Post("say", nil, nil); !errors.Is(err, e) {
					t.Errorf("a command for a room that has ended: %v", err)
				}
				if err := g.room.Pace(1); !errors.Is(err, e) {
					t.Errorf("a pace for a room that has ended: %v", err)
				}
			})
		})
	}
}

// A session that ends with its connection, and a program that wants no other, end at once.
func TestNoReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, func(o *client.JoinOptions) { o.NoReconnect = true })
		g.cut()
		if e := g.ends(); e.Code != client.CodeLost || len(g.drops) != 0 {
			t.Errorf("ended with %v after drops %v", e, g.drops)
		}
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		f.cut()
		<-room.Done()
		if e := room.Err(); e.Code != client.CodeLost || !e.Retry || room.Token() != "" {
			t.Errorf("ended with %v", e)
		}
	})
}

// Leave ends a room without a connection at once, wherever the room waits.
func TestLeaveWhileDropped(t *testing.T) {
	never := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for _, c := range []struct {
		why  string
		drop func(g *rig)
	}{
		{"before a try", func(g *rig) {
			g.resume = func(string) error { return errors.New("down") }
			g.cut()
			time.Sleep(2 * time.Second)
		}},
		{"in a call", func(g *rig) {
			hold := make(chan struct{})
			g.t.Cleanup(func() { close(hold) })
			g.resume = func(string) error { <-hold; return nil }
			g.cut()
			time.Sleep(2 * time.Second)
		}},
		{"while it dials", func(g *rig) {
			g.dialing = never
			g.cut()
			time.Sleep(2 * time.Second)
		}},
		{"before the welcome", func(g *rig) {
			g.cut()
			g.hello()
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, nil)
				c.drop(g)
				start := time.Now()
				must(t, g.room.Leave())
				if took := time.Since(start); took > 0 {
					t.Errorf("it took %v", took)
				}
				if g.room.Err() != nil || !errors.Is(g.room.Post("say", nil, nil), client.ErrLeft) {
					t.Errorf("the room ended with %v", g.room.Err())
				}
			})
		})
	}
}

// A connection that is cut during Leave is not a lost one.
func TestDropDuringLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		read := g.stall()
		must(t, g.room.Post("say", nil, nil))
		g.next()
		left := make(chan error)
		go func() { left <- g.room.Leave() }()
		synctest.Wait() // the close frame lies unread
		g.cut()
		must(t, <-left)
		read()
		if len(g.drops) != 0 || g.room.Stats().Dropped != 0 {
			t.Errorf("drops %v", g.drops)
		}
	})
}

// A server whose bytes end without a close frame is not told that the player leaves.
func TestLostIsNotLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		half, ok := g.net.(interface{ CloseWrite() error })
		if !ok {
			t.Fatal("the link cannot be half closed")
		}
		must(t, half.CloseWrite())
		if err := <-g.ended; !errors.Is(err, net.ErrClosed) {
			if c, ok := errors.AsType[*gws.CloseError](err); ok {
				t.Errorf("the server was told %d", c.Code)
			}
		}
		g.hello()
	})
}

// A connection that held for a while makes the next try a first one again; one that did not, does not.
func TestTriesBeginAgain(t *testing.T) {
	for _, c := range []struct {
		held time.Duration
		soon bool
	}{{4 * time.Second, true}, {time.Second, false}} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t, nil)
			late := 0
			for range 12 {
				left := 3
				g.resume = func(string) error {
					if left--; left >= 0 {
						return errors.New("down")
					}
					return nil
				}
				_, before := g.resumed()
				g.cut()
				g.hello()
				_, times := g.resumed()
				if len(g.when) > 1 && times[len(before)].Sub(g.when[len(g.when)-1]) > 500*time.Millisecond {
					late++
				}
				f := whole(100)
				f.Welcome = again("token-2")
				f.Welcome.Grace = 300
				g.send(f)
				g.next()
				time.Sleep(c.held)
			}
			if c.soon != (late == 0) {
				t.Errorf("after %v: %d of 11 first tries came late", c.held, late)
			}
		})
	}
}

// The tries of a room without a server come at random times that grow apart.
func TestTriesSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var firsts []time.Duration
		for range 40 {
			g := newRig(t, nil)
			g.resume = func(string) error { return errors.New("down") }
			g.cut()
			_ = g.ends()
			_, times := g.resumed()
			firsts = append(firsts, times[0].Sub(g.when[0]))
			last := g.when[0]
			for i, at := range times {
				if most := min(15*time.Second, 500*time.Millisecond<<i); at.Sub(last) > most {
					t.Errorf("try %d came after %v, want at most %v", i, at.Sub(last), most)
				}
				last = at
			}
		}
		slices.Sort(firsts)
		if firsts[0] > 100*time.Millisecond || firsts[39] < 400*time.Millisecond || firsts[20] < 100*time.Millisecond {
			t.Errorf("first tries after %v", firsts)
		}
	})
}

package client_test

import (
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

// A copy that could not be trusted is not named, and the schema that comes again is the same.
func TestResumeOfABadCopy(t *testing.T) {
	for _, same := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t, nil)
			g.send(ring(30, 3)) // not what the client holds
			g.next()
			g.cut()
			if h := g.hello(); h.GetLastTick() != 0 {
				t.Errorf("hello %v", h)
			}
			w := again("token-2")
			w.Schema = shipSchema()
			if !same {
				w.Schema.Tables[0].Columns[0].Ke = 3
			}
			f := whole(40)
			f.Welcome = w
			g.send(f)
			if !same {
				if e := g.ends(); e.Code != 1002 {
					t.Errorf("ended with %v", e)
				}
				return
			}
			if got := g.next(); got.GetAck() != 40 || got.GetResync() != nil || len(g.backs) != 1 || !g.backs[0].Whole {
				t.Errorf("answered with %v, came back %+v", got, g.backs)
			}
		})
	}
}

// A server that gives such a client no whole state is asked for one again.
func TestBadCopyAfterABreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		g.send(ring(30, 3))
		g.next()
		g.cut()
		g.hello()
		f := ring(40, 3)
		f.Welcome = again("token-2")
		g.send(f)
		if got := g.next(); got.GetResync() == nil || g.room.Stats().BadFrames != 2 || len(g.backs) != 0 {
			t.Errorf("answered with %v, stats %+v", got, g.room.Stats())
		}
	})
}

// The picture does not move across a break.
func TestPictureAfterABreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		ships, err := client.TableOf[ship](g.room, "ships")
		must(t, err)
		shown := func() (x int32) {
			for _, s := range ships.Interpolated(time.Now()) {
				x = s.X
			}
			return x
		}
		if x := shown(); x != 5 {
			t.Errorf("at first %d", x)
		}
		for range 10 {
			time.Sleep(time.Second / 30)
			g.send(chain())
			g.next()
		}
		g.cut()
		g.hello()
		if x := shown(); x != 5 {
			t.Errorf("during the break %d", x)
		}
		f := whole(21, row(1, ship{X: 1000}, 0, 0))
		f.Welcome = again("token-2")
		g.send(f)
		g.next()
		if x := shown(); x != 1000 {
			t.Errorf("after the break %d", x)
		}
	})
}

// A welcome of another session ends the room: it would be somebody else's.
func TestResumeOfAnotherSession(t *testing.T) {
	for why, change := range map[string]func(*tickwirev1.Welcome){
		"another player":  func(w *tickwirev1.Welcome) { w.Player = 8 },
		"another session": func(w *tickwirev1.Welcome) { w.SessionId = "session-2" },
		"another rate":    func(w *tickwirev1.Welcome) { w.Rate = 60 },
		"a new session":   func(w *tickwirev1.Welcome) { w.Resumed = false },
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t, nil)
			g.cut()
			g.hello()
			w := again("token-2")
			change(w)
			g.send(&tickwirev1.ServerFrame{Welcome: w})
			if e := g.ends(); e.Code != 1002 || e.Retry {
				t.Errorf("%s: ended with %v", why, e)
			}
		})
	}
}

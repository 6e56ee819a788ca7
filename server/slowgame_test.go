package server_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// slow is the pilot game, whose ticks take time.
type slow struct {
	pilot

	takes func(tick uint32) time.Duration
}

func (g *slow) Tick(t *game.Tick) error {
	time.Sleep(g.takes(t.Number()))
	return g.pilot.Tick(t)
}

// slows are the options for one whose ticks all take the same.
func slows(takes time.Duration) server.Options {
	return slowAs(func(uint32) time.Duration { return takes })
}

// slowAs are the options for one whose ticks take what a function says.
func slowAs(takes func(tick uint32) time.Duration) server.Options {
	o := patientPilots()
	o.Games[0].New = func(w *game.World) game.Game { return &slow{*newPilot(w).(*pilot), takes} }
	return o
}

// lingering is a slow game that wants to end well, and takes all the time there is for that.
type lingering struct{ slow }

func (*lingering) Close(*game.Tick, int) {}

// lingerers are the options for it.
func lingerers(takes time.Duration) server.Options {
	o := slows(takes)
	slowly := o.Games[0].New
	o.Games[0].New = func(w *game.World) game.Game { return &lingering{*slowly(w).(*slow)} }
	return o
}

// A room that runs several ticks at once to catch up is not given up while each of them comes back in time.
func TestCatchingUpIsNotHanging(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := slowAs(func(tick uint32) time.Duration {
			if tick >= 20 && tick < 30 {
				return 390 * time.Millisecond
			}
			return 0
		})
		o.Games[0].Rate = 10
		o.Limits.TickLost, o.Limits.TickWarn = time.Second, 500*time.Millisecond
		s := servertest.Start(t, o)
		ended := play(t, s).living()
		select {
		case code := <-ended:
			t.Errorf("the room ended with %v, though no tick took a second", code)
		case <-time.After(30 * time.Second):
		}
	})
}

// A room in slow motion ends in time when the server stops: the time it is given is not counted in its own ticks.
func TestDrainOfASlowRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, lingerers(60*time.Millisecond))
		c := play(t, s)
		c.frame()
		ended := c.living()
		start := time.Now()
		go s.Stop()
		code := <-ended
		if took := since(start); code != tickwirev1.Code_CODE_STOPPING || took < 22*time.Second || took > 24*time.Second {
			t.Errorf("the player is told %v after %v", code, took)
		}
	})
}

// A room whose players are all away ends at once when the server stops: none of them could come back.
func TestDrainOfTheAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, lingerers(0))
		c, _ := enterPilot(t, s)
		c.drop()
		start := time.Now()
		s.Stop()
		if took := since(start); took > time.Second {
			t.Errorf("the server waits %v for players who cannot come back", took)
		}
	})
}

// A game that hangs while it makes a room costs those who wait for that room, and for a bounded time; who comes later
// gets another one.
func TestANewThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		until, made := make(chan struct{}), atomic.Int32{}
		o := patientPilots()
		o.Games[0].New = func(w *game.World) game.Game {
			if made.Add(1) == 2 { // the first is for the schema
				<-until
			}
			return newPilot(w)
		}
		s := servertest.Start(t, o)
		first := make(chan error, 1)
		go func() {
			lobby := tickwirev1connect.NewLobbyServiceClient(&http.Client{Transport: direct{s}}, s.URL)
			_, err := lobby.JoinOrCreate(t.Context(), connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: "pilot"}))
			first <- err
		}()
		synctest.Wait()
		time.AfterFunc(time.Minute, func() { close(until) })
		start := time.Now()
		if code, took := refusal(t, s), since(start); code != tickwirev1.Code_CODE_GAME_FAILED || took > 11*time.Second {
			t.Errorf("who waits for the room is answered with %v after %v", code, took)
		}
		enterPilot(t, s)
		if took := since(start); took > 15*time.Second {
			t.Errorf("who comes later waits until %v have passed", took)
		}
		if err := <-first; err != nil {
			t.Errorf("who asked for the room when it is made after all: %v", err)
		}
	})
}

// patron is the pilot game, which keeps every seat for a minute.
type patron struct{ pilot }

func (g *patron) Join(t *game.Tick, p game.Player) error {
	t.SetGrace(p, 60)
	return g.pilot.Join(t, p)
}

// A seat that only the game's own word keeps can be come back to: its player has a token.
func TestSetGraceWithoutGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := patientPilots()
		o.Games[0].Grace = -1
		o.Games[0].New = func(w *game.World) game.Game { return &patron{*newPilot(w).(*pilot)} }
		s := servertest.Start(t, o)
		c, w := enterPilot(t, s)
		c.drop()
		if n := seats(t, s); n != 1 || w.GetGrace() != 60 {
			t.Errorf("%d seats are kept, for %d s; want 1, for 60 s", n, w.GetGrace())
		}
		if !socketFor(t, s, w.GetToken()).hello().GetResumed() {
			t.Error("the player who comes back is a new one")
		}
	})
}

// One input for a tick in the far future does not make all that follow repeated ones, which cost nothing.
func TestTheFarFutureLiftsNoLimit(t *testing.T) {
	t.Parallel()
	for _, far := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := servertest.Start(t, patientPilots())
			c := play(t, s)
			c.frame()
			if far {
				c.message(&tickwirev1.ClientFrame{First: 1<<32 - 1, Inputs: []*tickwirev1.Input{{}}})
				settle()
			}
			ended := c.living()
			for tick := uint32(10); tick < 20_000; tick += 32 { // a thousand a second
				c.message(ahead(tick, 32))
				select {
				case code := <-ended:
					if n := metric(t, s, `limits_total{limit="inputs"}`); code != tickwirev1.Code_CODE_TOO_MANY || n != 1 {
						t.Errorf("far %v: ended with %v, the limit was reached %v times", far, code, n)
					}
					return
				case <-time.After(30 * time.Millisecond):
				}
			}
			t.Errorf("far %v: twenty times as many inputs as ticks are taken", far)
		})
	}
}

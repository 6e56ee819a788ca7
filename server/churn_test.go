package server_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// churnRate is how many players join in a second.
const churnRate = 50

// churn is a server that players come to and leave, in every way there is.
type churn struct {
	t    *testing.T
	s    *servertest.Server
	a    *attacker
	stay time.Duration // a player's, at most
	away time.Duration // of one who comes back, at most
	rest time.Duration // after which nothing is left of anybody
	real bool          // so is the time

	mu   sync.Mutex
	ends map[string]int // what became of players
}

// churnOptions are for a game of few ticks, so that what is tested is coming and going.
func churnOptions(grace int) server.Options {
	const many = 1 << 20
	o := ledgers()
	o.Games[0].Rate, o.Games[0].MaxPlayers, o.Games[0].Grace = 5, 16, grace
	o.Limits = server.Limits{
		HandshakesPerSecond: many, HandshakesAll: many, CallsPerSecond: many, Greeting: many, GreetingAll: many,
		ConnsPerAddress: many, HeldSeats: many, RoomsPerAddress: many, FailedCalls: many, Lookups: many,
	}
	return o
}

// run lets players come for so long, and returns when all have gone.
func (c *churn) run(d time.Duration, seed uint64) {
	c.t.Helper()
	var here sync.WaitGroup
	next := time.NewTicker(time.Second / churnRate)
	defer next.Stop()
	start := time.Now()
	for n := uint64(0); time.Since(start) < d; n++ {
		<-next.C
		rnd := rand.New(rand.NewPCG(seed, n))
		here.Go(func() {
			what, err := c.visit(rnd)
			if what == "" && c.busy(err) {
				what = "was held up"
			}
			if what == "" {
				c.t.Errorf("seed %d, player %d: %v", seed, n, err)
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			c.ends[what]++
		})
	}
	here.Wait()
}

// busy says whether a player has met a time limit because the machine was slow, which only real time can do.
func (c *churn) busy(err error) bool {
	status, _ := errors.AsType[refusedError](err)
	code, _ := errors.AsType[closedError](err)
	return c.real && (status == http.StatusUnauthorized || code == closedError(tickwirev1.Code_CODE_NOT_FOUND) ||
		code == closedError(tickwirev1.Code_CODE_LATE) || errors.Is(err, errTooLate))
}

// visit is what one player does: most play and leave; others lose the connection, come back or not, in time or too late,
// never come for their seat, say nothing, or break the rules.
func (c *churn) visit(rnd *rand.Rand) (what string, err error) {
	ctx := c.t.Context()
	ticket, err := c.a.ticket(ctx)
	if err != nil {
		return "", fmt.Errorf("seat: %w", err)
	}
	dice := rnd.IntN(100)
	if dice < 5 {
		return "never came", nil
	}
	m, err := c.a.enter(ctx, ticket)
	if err != nil {
		return "", fmt.Errorf("handshake: %w", err)
	}
	defer func() { m.leave() }()
	switch {
	case dice < 8:
		return "said nothing", nil
	case dice < 10:
		_, _ = m.Write(wsFrame(text, []byte("hi")))
		m.rest()
		return "broke the rules", nil
	}
	m.say(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	for {
		if err := m.play(time.Duration(rnd.Int64N(int64(c.stay)))); err != nil {
			return "", fmt.Errorf("playing: %w", err)
		}
		switch dice = rnd.IntN(100); {
		case dice < 50:
			_, _ = m.Write(closing(1000, ""))
			m.rest()
			return "left", nil
		case dice < 60:
			return "was lost", nil
		case dice < 65:
			m.leave()
			time.Sleep(c.rest)
		case dice < 80: // the new connection takes the seat from the old one
		default:
			m.leave()
		}
		late := dice < 65
		time.Sleep(time.Duration(rnd.Int64N(int64(c.away))))
		if err := c.comeBack(ctx, &m); err != nil || late {
			if late && errors.Is(err, errTooLate) {
				return "came too late", nil
			}
			return "", fmt.Errorf("coming back, too late %v: %w", late, err)
		}
	}
}

// errTooLate is what a player hears whose seat is free.
var errTooLate = errors.New("too late")

// comeBack replaces a connection.
func (c *churn) comeBack(ctx context.Context, m **mob) error {
	res, err := c.a.lobby.Resume(ctx, connect.NewRequest(&tickwirev1.ResumeRequest{Token: (*m).token}))
	if connect.CodeOf(err) == connect.CodeNotFound {
		return errTooLate
	}
	if err != nil {
		return err
	}
	next, err := c.a.enter(ctx, res.Msg.GetSeat().GetTicket())
	if err != nil {
		return err
	}
	next.say(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	(*m).leave()
	*m = next
	return nil
}

// play reads and acknowledges frames for so long, and until one has come.
func (m *mob) play(d time.Duration) error {
	for start := time.Now(); ; {
		f, err := m.frame(true)
		if err != nil {
			return err
		}
		if w := f.GetWelcome(); w != nil {
			m.token = w.GetToken()
		}
		if m.tick != 0 && time.Since(start) >= d {
			return nil
		}
	}
}

// Ten minutes in which fifty players a second come, and leave, are lost, come back in time and too late, leave nothing
// behind: no goroutine, no entry in any table, no memory. Time is virtual.
func TestChurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, churnOptions(0))
		calls := &http.Client{Transport: direct{s}}
		c := &churn{
			t: t, s: s, stay: 4 * time.Second, away: 5 * time.Second, rest: 40 * time.Second, ends: map[string]int{},
			a: &attacker{
				"ledger", func(ctx context.Context) (net.Conn, error) { return s.Dial(ctx, "", "") },
				tickwirev1connect.NewLobbyServiceClient(calls, s.URL),
			},
		}
		settle := func() level {
			time.Sleep(7 * time.Minute) // the grace, and then the room's own time
			synctest.Wait()
			return c.level()
		}
		c.run(churnWarm, 1)
		before := settle()
		c.run(churnTime, 2)
		after := settle()
		t.Logf("%v of churn: %v", churnTime, c.ends)
		t.Logf("before %+v", before)
		t.Logf("after  %+v", after)
		if more := after.back(&before); more != "" {
			t.Error(more)
		}
		for _, name := range []string{"tick_slips_total", "desyncs_total", `connections_ended_total{code="INTERNAL"}`} {
			if n := metric(t, s, name); n != 0 {
				t.Errorf("%s is %v", name, n)
			}
		}
	})
}

// churnReal is how long players come and go over real sockets.
func churnReal(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("TICKWIRE_CHURN")
	if text == "" {
		return 5 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("TICKWIRE_CHURN: %v", err)
	}
	return d
}

// The same over real sockets, with descriptors. It takes five seconds, or what the environment variable TICKWIRE_CHURN
// says.
func TestChurnOverTCP(t *testing.T) {
	o := churnOptions(2)
	o.Games[0].Rate = 20 // so that rooms read their sockets
	o.Limits.Seat, o.Limits.Empty, o.Limits.EmptyNew = 4*time.Second, time.Second, time.Second
	s := servertest.StartTCP(t, o)
	c := &churn{
		t: t, s: s, stay: time.Second, away: 300 * time.Millisecond, rest: 3 * time.Second, real: true, ends: map[string]int{},
		a: newAttacker(s.URL, "ledger", ""),
	}
	c.run(2*time.Second, 1)
	before, d := c.settled(nil), churnReal(t)
	c.run(d, 2)
	after := c.settled(&before)
	t.Logf("%v of churn: %v", d, c.ends)
	t.Logf("before %+v", before)
	t.Logf("after  %+v", after)
	if more := after.back(&before); more != "" {
		t.Error(more)
	}
}

// settled waits until nobody is left, and until all is back to a level if there is one. Real sockets take their time.
func (c *churn) settled(before *level) level {
	c.t.Helper()
	for start := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		l := c.level()
		calm := l.gauges["rooms"] == 1 && l.gauges["connections"] == 0
		if calm && before == nil && time.Since(start) > 2*time.Second {
			return l
		}
		if calm && before != nil && l.back(before) == "" || time.Since(start) > 2*patience {
			return l
		}
	}
}

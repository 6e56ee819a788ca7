package server_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// knock opens a WebSocket that says nothing and returns the status of the answer, and how long a refused client is asked
// to wait.
func knock(t *testing.T, s *servertest.Server, ticket string) (c *raw, status int, wait string) {
	t.Helper()
	c, res := dial(t, s, ticket, nil)
	return c, res.StatusCode, res.Header.Get("Retry-After")
}

// Sockets that have not said hello are few: one more is refused before 101 and keeps its ticket, until one of them says
// hello, leaves or is late.
func TestGreetingLimit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why    string
		limits server.Limits
		status int
		limit  string
	}{
		{"of one address", server.Limits{Greeting: 2}, http.StatusTooManyRequests, "Greeting"},
		{"of all", server.Limits{GreetingAll: 2}, http.StatusServiceUnavailable, "GreetingAll"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := pilots()
				o.Limits = tc.limits
				s := servertest.Start(t, o)
				first, _, _ := knock(t, s, seatIn(t, s).GetTicket())
				if _, status, _ := knock(t, s, seatIn(t, s).GetTicket()); status != http.StatusSwitchingProtocols {
					t.Fatalf("the limit: %d", status)
				}
				ticket := seatIn(t, s).GetTicket()
				full := func(when string) {
					t.Helper()
					if _, status, wait := knock(t, s, ticket); status != tc.status || wait != "1" {
						t.Errorf("%s: status %d, retry after %q, want %d, 1", when, status, wait, tc.status)
					}
				}
				full("one more")
				first.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
				synctest.Wait()
				last, status, _ := knock(t, s, ticket)
				if status != http.StatusSwitchingProtocols {
					t.Errorf("after a hello: %d", status)
				}
				ticket = seatIn(t, s).GetTicket()
				full("full again")
				_ = last.conn.Close()
				synctest.Wait()
				if _, status, _ = knock(t, s, ticket); status != http.StatusSwitchingProtocols {
					t.Errorf("when one has left: %d", status)
				}
				time.Sleep(7 * time.Second) // all who wait are late
				if _, status, _ = knock(t, s, seatIn(t, s).GetTicket()); status != http.StatusSwitchingProtocols {
					t.Errorf("when all were late: %d", status)
				}
				if n := metric(t, s, `limits_total{limit="`+tc.limit+`"}`); n != 2 {
					t.Errorf("the limit was reached %v times", n)
				}
			})
		})
	}
}

// The node takes so many handshakes a second, and says when to come again.
func TestHandshakesOfAllLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := pilots()
		o.Limits.HandshakesAll, o.Limits.Greeting = 1, 1 // who is refused takes no place
		s := servertest.Start(t, o)
		ticket := seatIn(t, s).GetTicket()
		for range 2 {
			if _, status, _ := knock(t, s, ""); status != http.StatusUnauthorized {
				t.Fatalf("without a ticket: %d", status)
			}
		}
		if _, status, wait := knock(t, s, ticket); status != http.StatusServiceUnavailable || wait != "1" {
			t.Errorf("the third at once: %d, retry after %q", status, wait)
		}
		time.Sleep(time.Second)
		if _, status, _ := knock(t, s, ticket); status != http.StatusSwitchingProtocols {
			t.Errorf("a second later: %d", status)
		}
		if n := metric(t, s, `handshakes_refused_total{code="CODE_BUSY"}`); n != 1 {
			t.Errorf("%v handshakes were refused for it", n)
		}
	})
}

// One identity asks for five seats at once and one a second, whatever its address does besides; another is not touched.
func TestJoinsOfOneIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := pilots()
		o.Authenticate = func(_ context.Context, h http.Header) (server.Identity, error) {
			return server.Identity{ID: h.Get("Authorization")}, nil
		}
		s := servertest.Start(t, o)
		lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
		joins := func(who string, calls int) (ok int, last error) {
			for range calls {
				req := connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: "pilot"})
				req.Header().Set("Authorization", who)
				if _, err := lobby.JoinOrCreate(t.Context(), req); err != nil {
					last = err
				} else {
					ok++
				}
			}
			return ok, last
		}
		for _, c := range []struct {
			why, who string
			after    time.Duration
			want     int // of 8
		}{
			{"at once", "ada", 0, 5},
			{"another one", "bob", 0, 5},
			{"almost a second later", "ada", time.Second - time.Millisecond, 0},
			{"a second later", "ada", time.Millisecond, 1},
		} {
			time.Sleep(c.after)
			ok, err := joins(c.who, 8)
			if ok != c.want || connect.CodeOf(err) != connect.CodeResourceExhausted {
				t.Errorf("%s: %d seats, want %d, then %v", c.why, ok, c.want, err)
			}
		}
	})
}

// An address that shows ten wrong identities is refused for a minute, the right one too.
func TestFailedIdentities(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := pilots()
		secret := []byte("0123456789abcdef0123456789abcdef")
		var err error
		if o.Authenticate, err = server.JWT(server.JWTOptions{Secrets: [][]byte{secret}}); err != nil {
			t.Fatal(err)
		}
		s := servertest.Start(t, o)
		lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
		try := func() (connect.Code, string) {
			req := connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: "pilot"})
			req.Header().Set("Authorization", "Bearer a.b.c")
			_, err := lobby.JoinOrCreate(t.Context(), req)
			refused := new(connect.Error)
			if !errors.As(err, &refused) {
				t.Fatalf("%v", err)
			}
			return refused.Code(), refused.Meta().Get("Retry-After")
		}
		for n := range 10 {
			if code, _ := try(); code != connect.CodeUnauthenticated {
				t.Fatalf("wrong for the time %d: %v", n+1, code)
			}
		}
		if code, wait := try(); code != connect.CodeResourceExhausted || wait != "60" {
			t.Errorf("once more: %v, retry after %q", code, wait)
		}
		time.Sleep(time.Minute - time.Millisecond)
		if code, _ := try(); code != connect.CodeResourceExhausted {
			t.Errorf("almost a minute later: %v", code)
		}
		time.Sleep(time.Millisecond)
		if code, _ := try(); code != connect.CodeUnauthenticated {
			t.Errorf("a minute later: %v", code)
		}
	})
}

// A player sends twenty commands at once and ten a second; one more ends the connection, which may come back.
func TestCommandRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s)
		seq := uint32(0)
		say := func(n int) {
			f := &tickwirev1.ClientFrame{}
			for range n {
				seq++
				f.Commands = append(f.Commands, &tickwirev1.Command{Seq: seq, Blobs: [][]byte{[]byte("hi")}})
			}
			c.message(f)
		}
		answered := func() {
			t.Helper()
			for events := 0; ; {
				f := c.frame()
				if f.GetBye() != nil {
					t.Fatalf("%v after %d commands", f.GetBye(), seq)
				}
				if events += len(f.GetEvents()); events > 0 {
					return
				}
			}
		}
		c.frame()
		say(10) // more in one tick would be too many for the inbox
		answered()
		say(10)
		answered()
		say(1) // two ticks after the first ones: the next would be taken after three
		if code, bye := c.end(true); code != tickwirev1.Code_CODE_TOO_MANY || bye != code {
			t.Errorf("one more: close code %d, bye %d", code, bye)
		}
		if n := metric(t, s, `limits_total{limit="CommandsPerSecond"}`); n != 1 {
			t.Errorf("the limit was reached %v times", n)
		}
	})
}

// Inputs for three ticks in each tick are taken for ever; far more end the connection after some seconds.
func TestInputRate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why      string
		each     int // inputs in a tick
		from, to time.Duration
	}{
		{"three for each tick", 3, 0, 0},
		{"six for each tick", 6, 4500 * time.Millisecond, 5500 * time.Millisecond},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, pilots())
				c := play(t, s)
				first, start := c.frame().GetTick()+1, time.Now()
				for since(start) < 30*time.Second {
					f := &tickwirev1.ClientFrame{First: first}
					for range tc.each {
						f.Inputs = append(f.Inputs, &tickwirev1.Input{})
						first++
					}
					c.message(f)
					if bye := c.frame().GetBye(); bye != nil {
						took := since(start)
						if took < tc.from || took > tc.to || bye.GetCode() != tickwirev1.Code_CODE_TOO_MANY {
							t.Errorf("ended with %v after %v, want %v to %v", bye, took, tc.from, tc.to)
						}
						return
					}
				}
				if tc.to != 0 {
					t.Error("the connection lives")
				}
			})
		})
	}
}

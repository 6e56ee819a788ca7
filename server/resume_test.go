package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// arriveAt uses a ticket and says hello, as the player's first or next socket would. It returns the token of the Welcome.
func arriveAt(t *testing.T, s *Server, text string) (*session, string) {
	t.Helper()
	given, err := s.signer.open(text, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	one, number, err := s.directory.redeem(given, asker{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.directory.hungUp(asker{}) })
	token, ok := s.directory.rotate(one, number, time.Now())
	if !ok {
		t.Fatal("hello was refused")
	}
	return one, token
}

// showing is the body of a Resume call.
func showing(token string) string {
	b, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		panic(err) // a string
	}
	return string(b)
}

func TestResume(t *testing.T) {
	t.Parallel()
	s, other := running(t, Options{Limits: Limits{FailedCalls: 100, CallsPerSecond: 100}}), running(t, Options{})
	seat := ask(t, s, "Create", `{"game":"duo","private":true}`).Seat
	one, first := arriveAt(t, s, seat.Ticket)
	a := ask(t, s, "Resume", showing(first))
	if a.Seat == nil || a.Seat.RoomID != seat.RoomID || a.Seat.SessionID != seat.SessionID || a.Seat.URL != seat.URL ||
		a.Seat.Code != seat.Code || a.Seat.Ticket == "" || a.Seat.Ticket == seat.Ticket {
		t.Fatalf("%d %s: %+v; the first seat was %+v", a.status, a.Message, a.Seat, seat)
	}
	if again, second := arriveAt(t, s, a.Seat.Ticket); again != one || second == first {
		t.Errorf("the ticket is for %p with %q, want %p", again, second, one)
	}
	s.directory.confirm(one)
	gone, ended := ask(t, s, "Create", `{"game":"duo"}`).Seat, ask(t, s, "Create", `{"game":"duo"}`).Seat
	left, ofGone := arriveAt(t, s, gone.Ticket)
	s.directory.left(left)
	over, ofEnded := arriveAt(t, s, ended.Ticket)
	s.directory.ended(over.room)
	_, foreign := arriveAt(t, other, ask(t, other, "Create", `{"game":"duo"}`).Seat.Ticket)
	late := newToken(one.id, time.Now().Add(-13*time.Hour), 12*time.Hour)
	const forged, absent, replaced = tickwirev1.Code_CODE_UNAUTHENTICATED, tickwirev1.Code_CODE_NOT_FOUND,
		tickwirev1.Code_CODE_FORBIDDEN
	said := map[Code]string{}
	for _, c := range []struct {
		why, token string
		code       Code
		status     int
	}{
		{"none", "", forged, 401},
		{"garbage", "garbage", forged, 401},
		{"characters that no token has", "rt1.\x00\n", forged, 401},
		{"truncated", first[:len(first)-2], forged, 401},
		{"oversized", "rt1." + strings.Repeat("A", 8<<10), forged, 401},
		{"the ticket", "rt1." + seat.Ticket, forged, 401},
		{"of a server with another key", foreign, forged, 401},
		{"after its hard expiry", s.signer.sealToken(late), forged, 401},
		{"previous after confirm", first, replaced, 403},
		{"after the player left", ofGone, absent, 404},
		{"after the room ended", ofEnded, absent, 404},
	} {
		a := ask(t, s, "Resume", showing(c.token))
		if a.code != c.code || a.status != c.status || a.Seat != nil {
			t.Errorf("%s: %d %v %q, want %v", c.why, a.status, a.code, a.Message, c.code)
		}
		if was, ok := said[a.code]; ok && was != a.Message {
			t.Errorf("%s: %q tells more than %q", c.why, a.Message, was)
		}
		said[a.code] = a.Message
		if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the answer may be kept", c.why)
		}
	}
	for name, want := range map[string]string{
		`tickwire_token_reuse_total`:                                              "1",
		`tickwire_resumes_total{outcome="ticket"}`:                                "1",
		`tickwire_resumes_total{outcome="resumed"}`:                               "1",
		`tickwire_resumes_total{outcome="forged"}`:                                "8",
		`tickwire_resumes_total{outcome="replaced"}`:                              "1",
		`tickwire_resumes_total{outcome="gone"}`:                                  "2",
		`tickwire_lobby_calls_total{code="CODE_UNAUTHENTICATED",method="Resume"}`: "8",
	} {
		if got := metric(t, s, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// A secret has no place in a URL: the call is a POST.
func TestResumeIsNoGet(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	a := ask(t, s, "Resume", "", func(r *http.Request) {
		r.Method = http.MethodGet
		r.URL.RawQuery = "encoding=json&message=%7B%7D"
	})
	if a.status != http.StatusMethodNotAllowed {
		t.Errorf("%d", a.status)
	}
}

func TestResumeBindsIdentity(t *testing.T) {
	t.Parallel()
	s := running(t, Options{
		Limits: Limits{FailedCalls: 100, CallsPerSecond: 100},
		Authenticate: func(_ context.Context, h http.Header) (Identity, error) {
			who := h.Get("Authorization")
			if who == "wrong" {
				return Identity{}, errors.New("a wrong password")
			}
			return Identity{ID: who}, nil
		},
	})
	as := func(who string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", who) }
	}
	_, adas := arriveAt(t, s, ask(t, s, "Create", `{"game":"duo"}`, as("ada")).Seat.Ticket)
	_, guests := arriveAt(t, s, ask(t, s, "Create", `{"game":"duo"}`, as("")).Seat.Ticket)
	for _, c := range []struct {
		why, token, who string
		code            Code
	}{
		{"her own", adas, "ada", 0},
		{"another's", adas, "eve", tickwirev1.Code_CODE_FORBIDDEN},
		{"nobody's", adas, "", tickwirev1.Code_CODE_FORBIDDEN},
		{"a wrong password", adas, "wrong", tickwirev1.Code_CODE_FORBIDDEN},
		{"a guest's by a guest", guests, "", 0},
		{"a guest's by a user", guests, "ada", tickwirev1.Code_CODE_FORBIDDEN},
		{"garbage, whoever shows it", "garbage", "wrong", tickwirev1.Code_CODE_UNAUTHENTICATED},
	} {
		if a := ask(t, s, "Resume", showing(c.token), as(c.who)); a.code != c.code || (a.Seat != nil) != (c.code == 0) {
			t.Errorf("%s: %d %v", c.why, a.status, a.code)
		}
	}
	if got := metric(t, s, `tickwire_resumes_total{outcome="stranger"}`); got != "3" {
		t.Errorf("%s strangers, want 3", got)
	}
	if got := metric(t, s, `tickwire_resumes_total{outcome="unknown"}`); got != "1" {
		t.Errorf("%s unknown, want 1", got)
	}
}

// Who shows wrong tokens too often is refused for a minute, and nobody else is.
func TestGuessingTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := running(t, Options{})
		_, good := arriveAt(t, s, ask(t, s, "Create", `{"game":"duo"}`).Seat.Ticket)
		for range 9 {
			if a := ask(t, s, "Resume", showing("x")); a.code != tickwirev1.Code_CODE_UNAUTHENTICATED {
				t.Fatalf("a guess: %v", a.code)
			}
		}
		if a := ask(t, s, "Resume", showing(good)); a.status != http.StatusOK {
			t.Errorf("the right one after nine wrong ones: %v", a.code)
		}
		ask(t, s, "Resume", showing("x"))
		for _, token := range []string{"x", good} {
			a := ask(t, s, "Resume", showing(token))
			if a.code != tickwirev1.Code_CODE_TOO_MANY || a.status != 429 || a.header.Get("Retry-After") != "60" {
				t.Errorf("after ten: %d %v, retry after %q", a.status, a.code, a.header.Get("Retry-After"))
			}
		}
		elsewhere := func(r *http.Request) { r.RemoteAddr = "[2001:db8::1]:5" }
		if a := ask(t, s, "Resume", showing(good), elsewhere); a.status != http.StatusOK {
			t.Errorf("another address: %v", a.code)
		}
		time.Sleep(time.Minute)
		if a := ask(t, s, "Resume", showing(good)); a.status != http.StatusOK {
			t.Errorf("a minute later: %v", a.code)
		}
	})
}

// A token that is shown by another's hand counts as a wrong one.
func TestStrangersAreCounted(t *testing.T) {
	t.Parallel()
	s := running(t, Options{
		Limits: Limits{FailedCalls: 2, CallsPerSecond: 100},
		Authenticate: func(_ context.Context, h http.Header) (Identity, error) {
			return Identity{ID: h.Get("Authorization")}, nil
		},
	})
	as := func(who string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", who) }
	}
	_, adas := arriveAt(t, s, ask(t, s, "Create", `{"game":"duo"}`, as("ada")).Seat.Ticket)
	for _, c := range []struct {
		who  string
		code Code
	}{
		{"eve", tickwirev1.Code_CODE_FORBIDDEN},
		{"ada", 0},
		{"eve", tickwirev1.Code_CODE_FORBIDDEN},
		{"ada", tickwirev1.Code_CODE_TOO_MANY},
	} {
		if a := ask(t, s, "Resume", showing(adas), as(c.who)); a.code != c.code {
			t.Errorf("%s: %d %v, want %v", c.who, a.status, a.code, c.code)
		}
	}
}

// A socket that could not be opened frees the seat of a player who never came, and of nobody else.
func TestUpgradeFails(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	players := func() int {
		return ask(t, s, "List", `{}`).Rooms[0].Players
	}
	seat := ask(t, s, "JoinOrCreate", `{"game":"duo"}`).Seat
	_, token := arriveAt(t, s, seat.Ticket)
	again := ask(t, s, "Resume", showing(token)).Seat
	first := ask(t, s, "JoinOrCreate", `{"game":"duo"}`).Seat
	if n := players(); n != 2 {
		t.Fatalf("%d players", n)
	}
	for why, c := range map[string]struct {
		ticket string
		left   int
	}{"on the way back": {again.Ticket, 2}, "on the way in": {first.Ticket, 1}} {
		before := players()
		if w := knock(s, c.ticket); w.Code != http.StatusUpgradeRequired {
			t.Fatalf("%s: %d", why, w.Code)
		}
		if n := players(); before-n != 2-c.left {
			t.Errorf("%s: %d players, before that %d", why, n, before)
		}
	}
	if a := ask(t, s, "Resume", showing(token)); a.Seat == nil {
		t.Errorf("the token of the player: %v", a.code)
	}
}

// No token is lost when the secret is changed, if the old one is named.
func TestResumeAfterTheSecretChanged(t *testing.T) {
	t.Parallel()
	const before, after = "the secret of before", "the secret from now on"
	old := mustSigner(t, before)
	s := running(t, Options{Secret: []byte(after), OldSecrets: [][]byte{[]byte(before)}})
	one, now := arriveAt(t, s, ask(t, s, "Create", `{"game":"duo"}`).Seat.Ticket)
	same, err := s.signer.openToken(now, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, s, "Resume", showing(old.sealToken(same)))
	if a.Seat == nil || a.Seat.SessionID != one.id {
		t.Fatalf("%d %v", a.status, a.code)
	}
	if _, err := old.open(a.Seat.Ticket, time.Now()); err == nil {
		t.Error("the ticket is signed with the old secret")
	}
}

func TestResumeWhenStopping(t *testing.T) {
	t.Parallel()
	s, stop := stoppable(t, Options{})
	_, token := arriveAt(t, s.Server, ask(t, s, "Create", `{"game":"duo"}`).Seat.Ticket)
	s.directory.advance(stageRunning, stageStopping)
	if a := ask(t, s, "Resume", showing(token)); a.code != tickwirev1.Code_CODE_STOPPING {
		t.Errorf("%d %v", a.status, a.code)
	}
	s.directory.advance(stageStopping, stageRunning)
	stop()
}

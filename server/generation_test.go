package server

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// Which generations are good after what has happened to a seat, one thing after the other.
func TestGenerations(t *testing.T) {
	t.Parallel()
	const (
		hello   = "hello with the newest"
		again   = "hello with the one before"
		confirm = "the client acknowledges a frame"
	)
	for _, c := range []struct {
		why   string
		steps []string
		want  []string // of the tokens in the order in which they were made
	}{
		{"a fresh player", []string{hello}, []string{resumeTicket}},
		{"one that plays", []string{hello, confirm}, []string{resumeTicket}},
		{"resumed, the Welcome on its way", []string{hello, confirm, hello}, []string{resumeTicket, resumeTicket}},
		{"previous after confirm", []string{hello, confirm, hello, confirm}, []string{resumeReplaced, resumeTicket}},
		{
			"twice in sequence: two generations old",
			[]string{hello, confirm, hello, confirm, hello},
			[]string{resumeReplaced, resumeTicket, resumeTicket},
		},
		{
			"the newest shown unconfirmed: the one before it is void, for the client has got the newest",
			[]string{hello, hello, hello},
			[]string{resumeReplaced, resumeTicket, resumeTicket},
		},
		{
			"the Welcome lost: the same token again",
			[]string{hello, confirm, hello, again},
			[]string{resumeTicket, resumeReplaced, resumeTicket},
		},
		{
			"the Welcome lost many times",
			[]string{hello, confirm, hello, again, again, again},
			[]string{resumeTicket, resumeReplaced, resumeReplaced, resumeReplaced, resumeTicket},
		},
		{
			"and at last not",
			[]string{hello, confirm, hello, again, again, confirm},
			[]string{resumeReplaced, resumeReplaced, resumeReplaced, resumeTicket},
		},
	} {
		d := newTable(t, Limits{})
		s, first := d.seat(d.open(nil, false), "1", "a")
		if _, _, err := d.redeem(first, asker{}, d.now); err != nil {
			t.Fatal(err)
		}
		var tokens []token
		for _, step := range c.steps {
			h := d.seats[s.id]
			switch step {
			case hello:
				tokens = append(tokens, d.hello(s, h.newest.number))
			case again:
				tokens = append(tokens, d.hello(s, h.before.number))
			case confirm:
				d.confirm(s)
			}
		}
		for i := range tokens {
			d.wantOutcome(c.why+": token "+strconv.Itoa(i+1), &tokens[i], c.want[i])
			_, ok := d.rotate(s, tokens[i].generation, d.now)
			if want := c.want[i] == resumeTicket; ok != want {
				t.Errorf("%s: hello with generation %d: %v", c.why, tokens[i].generation, ok)
			}
			if ok {
				break // it has changed what is good
			}
		}
		if len(tokens) != len(c.want) {
			t.Errorf("%s: %d tokens", c.why, len(tokens))
		}
	}
}

// A ticket is void when the token that it was bought with is.
func TestTicketOfAReplacedToken(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	_, first := d.seat(d.open(nil, false), "1", "a")
	one := d.enter(first)
	early, late := d.buy(&one), d.buy(&one)
	s, number, err := d.redeem(early, asker{}, d.now)
	wantCode(t, "redeem", err, 0)
	d.hello(s, number)
	d.confirm(s)
	if _, _, err := d.redeem(late, asker{}, d.now); !errors.Is(err, errTicket) {
		t.Errorf("a ticket of a token that was replaced: %v", err)
	}
}

// Two sockets whose tickets were bought with the same token: the second one may take over until the first is used.
func TestTwoSocketsOfOneToken(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{false, true} {
		d := newTable(t, Limits{})
		_, first := d.seat(d.open(nil, false), "1", "a")
		one := d.enter(first)
		a, b := d.buy(&one), d.buy(&one)
		s, ofA, err := d.redeem(a, asker{}, d.now)
		wantCode(t, "one", err, 0)
		_, ofB, err := d.redeem(b, asker{}, d.now)
		wantCode(t, "other", err, 0)
		d.hello(s, ofA)
		if used {
			d.confirm(s)
		}
		if _, ok := d.rotate(s, ofB, d.now); ok == used {
			t.Errorf("used %v: the second hello is let in: %v", used, ok)
		}
	}
}

// What a token is good for, case by case: all that needs no room.
func TestClaims(t *testing.T) {
	t.Parallel()
	forge := func(change func(*token)) func(*table, *session, *token) {
		return func(_ *table, _ *session, shown *token) { change(shown) }
	}
	for _, c := range []struct {
		why     string
		happens func(d *table, s *session, shown *token)
		bound   bool
		who     string
		want    string
	}{
		{why: "valid", want: resumeTicket},
		{why: "of its owner", bound: true, who: "ada", want: resumeTicket},
		{why: "of another user", bound: true, who: "eve", want: resumeStranger},
		{why: "of nobody that is known", bound: true, want: resumeStranger},
		{why: "of another room", happens: forge(func(t *token) { t.room = "x" }), want: resumeGone},
		{why: "of another session", happens: forge(func(t *token) { t.session = "x" }), want: resumeGone},
		{why: "of a generation to come", happens: forge(func(t *token) { t.generation = 9 }), want: resumeForged},
		{why: "of the generation of the ticket", happens: forge(func(t *token) { t.generation = 0 }), want: resumeForged},
		{why: "with another secret", happens: forge(func(t *token) { t.secret[3] ^= 1 }), want: resumeForged},
		{
			why:     "old",
			happens: func(d *table, s *session, _ *token) { d.hello(s, 1); d.confirm(s) }, want: resumeReplaced,
		},
		{
			why:     "old, of another user, who learns nothing of its age",
			happens: func(d *table, s *session, _ *token) { d.hello(s, 1); d.confirm(s) }, bound: true, who: "eve",
			want: resumeStranger,
		},
		{why: "after the player left", happens: func(d *table, s *session, _ *token) { d.left(s) }, want: resumeGone},
		{
			why:     "after a ban",
			happens: func(d *table, s *session, _ *token) { d.expel(s.identity) }, want: resumeGone,
		},
		{
			why:     "after the room ended",
			happens: func(d *table, s *session, _ *token) { d.ended(s.room) }, want: resumeGone,
		},
		{
			why:     "when the server stops",
			happens: func(d *table, _ *session, _ *token) { d.advance(stageRunning, stageStopping) }, want: resumeStopping,
		},
	} {
		d := newTable(t, Limits{})
		s, first := d.seat(d.open(nil, false), "1", "ada")
		shown := d.enter(first)
		if c.happens != nil {
			c.happens(d, s, &shown)
		}
		was := d.state(s)
		_, given, got := d.claim(&shown, c.bound, c.who, d.now)
		if got != c.want || (got == resumeTicket) != (given.session == s.id) {
			t.Errorf("%s: %s, want %s; ticket for %q", c.why, got, c.want, given.session)
		}
		if got != resumeTicket && !slices.Equal(was, d.state(s)) {
			t.Errorf("%s: the seat has changed", c.why)
		}
	}
}

// state is all that a seat could have changed in.
func (d *table) state(s *session) []any {
	h := d.seats[s.id]
	if h == nil {
		return []any{len(d.seats), len(d.queue)}
	}
	return []any{
		h.newest, h.before, h.used, h.void, h.gone, h.waiting, h.due, h.queued, len(h.tickets), h.place.info.Players,
		len(d.seats), len(d.queue), len(d.held),
	}
}

// Guests are whom Authenticate does not know; a guest's seat is resumed by nobody who is known.
func TestGuestsSeats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, seat, who string
		want           bool
	}{
		{"guest, guest", guestPrefix + "A", "", true},
		{"guest, known", guestPrefix + "A", "ada", false},
		{"known, guest", "ada", "", false},
		{"known, the same", "ada", "ada", true},
		{"known, another", "ada", "adam", false},
	} {
		if got := isOf(c.seat, c.who); got != c.want {
			t.Errorf("%s: %v", c.why, got)
		}
	}
}

// All that may happen to a seat happens at once; at the end nothing of it is left.
func TestSeatsOfManyGoroutines(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p := d.open(nil, false)
	s, first := d.seat(p, "1", "a")
	one := d.enter(first)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				_, given, outcome := d.claim(&one, false, "", d.now)
				if outcome != resumeTicket {
					continue
				}
				same, number, err := d.redeem(given, asker{}, d.now)
				if err != nil {
					continue // it has given way to a newer one
				}
				if _, ok := d.rotate(same, number, d.now); ok {
					d.sweep(d.now)
				}
				d.hungUp(asker{})
			}
		})
	}
	all.Wait()
	if h := d.seats[s.id]; h.newest.number < 2 || h.before.number != 1 || h.used {
		t.Errorf("%+v", h)
	}
	all.Go(func() { d.left(s) })
	all.Go(func() { d.expel("a") })
	all.Go(func() { d.ended(p.room) })
	all.Go(func() { d.confirm(s) })
	all.Wait()
	d.wantNothing()
	d.wantOutcome("afterwards", &one, resumeGone)
}

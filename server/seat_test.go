package server

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// session makes a session of a room, of a player with an identity.
func (d *table) session(p *place, id, identity string) *session {
	return &session{id: id, room: p.room, identity: identity}
}

// seat holds a seat that was taken.
func (d *table) seat(p *place, id, identity string) (*session, ticket) {
	d.t.Helper()
	s := d.session(p, id, identity)
	t, err := d.hold(p, s, asker{}, d.now)
	wantCode(d.t, "hold "+id, err, 0)
	return s, t
}

// enter redeems a ticket and says hello. It returns the token of the Welcome.
func (d *table) enter(t ticket) token {
	d.t.Helper()
	s, number, err := d.redeem(t, asker{}, d.now)
	if err != nil {
		d.t.Fatalf("redeem: %v", err)
	}
	return d.hello(s, number)
}

// hello is the Hello on a socket whose ticket was of a generation.
func (d *table) hello(s *session, number uint32) token {
	d.t.Helper()
	text, ok := d.rotate(s, number, d.now)
	if !ok {
		d.t.Fatalf("generation %d of %s is not good", number, s.id)
	}
	t, err := d.signer.openToken(text, d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	return t
}

// buy shows a token. It returns the ticket.
func (d *table) buy(t *token) ticket {
	d.t.Helper()
	_, given, outcome := d.claim(t, false, "", d.now)
	if outcome != resumeTicket {
		d.t.Fatalf("generation %d: %s", t.generation, outcome)
	}
	return given
}

// wantOutcome shows a token and checks what becomes of it.
func (d *table) wantOutcome(why string, t *token, outcome string) {
	d.t.Helper()
	if _, _, got := d.claim(t, false, "", d.now); got != outcome {
		d.t.Errorf("%s: %s, want %s", why, got, outcome)
	}
}

// wantNothing checks that no trace of a seat is left.
func (d *table) wantNothing() {
	d.t.Helper()
	if len(d.seats) != 0 || len(d.people) != 0 || len(d.held) != 0 {
		d.t.Errorf("left over: %v %v %v", d.seats, d.people, d.held)
	}
	for _, p := range d.rooms {
		if len(p.seats) != 0 {
			d.t.Errorf("left over in %s: %v", p.info.ID, p.seats)
		}
	}
}

func TestSeats(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p := d.open(nil, false)
	player, first := d.seat(p, "1", "a")
	_, err := d.take(p.info.ID)
	wantCode(t, "take the second", err, 0)
	_, err = d.hold(p, d.session(p, "2", "b"), asker{}, d.now.Add(time.Second))
	wantCode(t, "hold the second", err, 0)
	_, err = d.take(p.info.ID)
	wantCode(t, "take a third of two", err, tickwirev1.Code_CODE_FULL)

	s, number, err := d.redeem(first, asker{}, d.now)
	if err != nil || s != player || number != 0 {
		t.Fatalf("redeem: %v, %d, %v", s, number, err)
	}
	if _, _, err = d.redeem(first, asker{}, d.now); !errors.Is(err, errTicket) {
		t.Errorf("redeem twice: %v", err)
	}
	d.hello(s, number)
	d.sweep(d.now.Add(16*time.Second - time.Millisecond))
	_, err = d.take(p.info.ID)
	wantCode(t, "before the second's ticket expires", err, tickwirev1.Code_CODE_FULL)
	d.sweep(d.now.Add(16 * time.Second))
	_, err = d.take(p.info.ID)
	wantCode(t, "after", err, 0)
	_, err = d.take(p.info.ID)
	wantCode(t, "the first's seat is still taken", err, tickwirev1.Code_CODE_FULL)
	d.left(s)
	_, err = d.take(p.info.ID)
	wantCode(t, "after the first left", err, 0)
	d.left(s) // a second time changes nothing
	_, err = d.take(p.info.ID)
	wantCode(t, "left twice", err, tickwirev1.Code_CODE_FULL)
	d.wantNothing()
	if len(d.queue) != 0 {
		t.Errorf("left over: %v", d.queue)
	}
}

func TestTicketsThatAreNotTheSeats(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	_, good := d.seat(d.open(nil, false), "1", "a")
	for why, change := range map[string]func(*ticket){
		"another generation": func(t *ticket) { t.generation = 1 },
		"another room":       func(t *ticket) { t.room = "x" },
		"another session":    func(t *ticket) { t.session = "x" },
		"another time":       func(t *ticket) { t.expires = t.expires.Add(1) },
		"another secret":     func(t *ticket) { t.secret = [secretSize]byte{} },
	} {
		bad := good
		change(&bad)
		if _, _, err := d.redeem(bad, asker{}, d.now); !errors.Is(err, errTicket) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, _, err := d.redeem(good, asker{}, good.expires); !errors.Is(err, errTicket) {
		t.Errorf("too late: %v", err)
	}
	if _, _, err := d.redeem(good, asker{}, good.expires.Add(-time.Millisecond)); err != nil {
		t.Errorf("the right one, just in time, after the wrong ones: %v", err)
	}
}

func TestHeldSeatsOfOneAddress(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{HeldSeats: 1})
	p := d.open(nil, false)
	_, first := d.seat(p, "1", "a")
	_, err := d.take(p.info.ID)
	wantCode(t, "take", err, 0)
	_, err = d.hold(p, d.session(p, "2", "b"), asker{}, d.now)
	wantCode(t, "second", err, tickwirev1.Code_CODE_TOO_MANY)
	_, err = d.take(p.info.ID)
	wantCode(t, "the refused one's seat is free", err, 0)
	_, err = d.hold(p, d.session(p, "3", "c"), asker{exempt: true}, d.now)
	wantCode(t, "exempt", err, 0)

	q := d.open(nil, false)
	d.left(d.seats["3"].session)
	token := d.enter(first)
	d.seat(q, "4", "d") // the first one has come, so the address may hold another
	for range 2 * maxTickets {
		d.buy(&token) // and the way back is not held against it
	}
	d.sweep(d.now.Add(time.Hour))
	if len(d.held) != 0 {
		t.Errorf("left over: %v", d.held)
	}
}

func TestConnsOfOneAddress(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{ConnsPerAddress: 1})
	p := d.open(nil, false)
	tickets := make([]ticket, 0, 3)
	for _, id := range []string{"1", "2", "3"} {
		_, got := d.seat(p, id, id)
		tickets = append(tickets, got)
	}
	redeem := func(why string, n int, by asker, code Code) {
		t.Helper()
		_, _, err := d.redeem(tickets[n], by, d.now)
		wantCode(t, why, err, code)
	}
	one, other := asker{from: netip.MustParsePrefix("192.0.2.1/32")}, asker{from: netip.MustParsePrefix("2001:db8::/64")}
	redeem("first", 0, one, 0)
	redeem("second", 1, one, tickwirev1.Code_CODE_TOO_MANY)
	exempt := asker{from: one.from, exempt: true}
	redeem("exempt", 2, exempt, 0)
	d.hungUp(exempt)
	redeem("when one that is not counted has hung up", 1, one, tickwirev1.Code_CODE_TOO_MANY)
	redeem("from another address, with the ticket that was refused", 1, other, 0)
	d.hungUp(one)
	d.hungUp(other)
	if len(d.conns) != 0 {
		t.Errorf("left over: %v", d.conns)
	}
}

func TestUnusedTickets(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	s, first := d.seat(d.open(nil, false), "1", "a")
	one := d.enter(first)
	tickets := make([]ticket, 0, maxTickets+1)
	for range maxTickets + 1 {
		tickets = append(tickets, d.buy(&one))
	}
	if _, _, err := d.redeem(tickets[0], asker{}, d.now); !errors.Is(err, errTicket) {
		t.Errorf("the oldest of %d: %v", len(tickets), err)
	}
	for _, good := range tickets[1:] {
		if _, _, err := d.redeem(good, asker{}, d.now); err != nil {
			t.Errorf("a newer one: %v", err)
		}
	}
	for range 100 {
		d.buy(&one)
	}
	if h := d.seats[s.id]; len(h.tickets) != maxTickets || len(d.queue) != 1 {
		t.Errorf("%d tickets, the seat stands %d times in the queue", len(h.tickets), len(d.queue))
	}
}

// Unused tickets are forgotten when they have expired; the seat of a player who is there is not.
func TestSweepForgetsTickets(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p := d.open(nil, false)
	s, first := d.seat(p, "1", "a")
	one := d.enter(first)
	d.now = d.now.Add(10 * time.Second)
	late := d.buy(&one)
	d.now = d.now.Add(5 * time.Second) // the first ticket would expire now
	d.sweep(d.now)
	if h := d.seats[s.id]; h == nil || len(h.tickets) != 1 {
		t.Fatalf("the seat is %+v", h)
	}
	if _, _, err := d.redeem(late, asker{}, d.now); err != nil {
		t.Errorf("a ticket that has not expired: %v", err)
	}
	d.buy(&one)
	d.sweep(d.now.Add(15 * time.Second))
	d.sweep(d.now.Add(30 * time.Second))
	if h := d.seats[s.id]; h == nil || len(h.tickets) != 0 || len(d.queue) != 0 || p.info.Players != 1 {
		t.Errorf("the seat is %+v, the queue %v, %d players", h, d.queue, p.info.Players)
	}
	d.buy(&one)
	d.now = d.now.Add(10 * time.Second)
	d.buy(&one)
	d.sweep(d.now.Add(5 * time.Second))
	if h := d.seats[s.id]; len(h.tickets) != 1 {
		t.Errorf("%d tickets, when one has expired", len(h.tickets))
	}
	d.sweep(d.now.Add(20 * time.Second))
	if h := d.seats[s.id]; len(h.tickets) != 0 || len(d.queue) != 0 {
		t.Errorf("%d tickets, when both have", len(h.tickets))
	}
	d.left(s)
	d.sweep(d.now.Add(time.Hour))
	d.wantNothing()
}

func TestExpel(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p, q := d.open(nil, false), d.open(nil, false)
	playing, first := d.seat(p, "1", "eve")
	one := d.enter(first)
	back := d.buy(&one)
	_, waiting := d.seat(q, "2", "eve")
	_, err := d.take(p.info.ID)
	wantCode(t, "take", err, 0)
	_, others := d.seat(p, "3", "ada")

	if got, all := d.expel("nobody"); len(got) != 0 || all != 0 {
		t.Errorf("nobody: %v, %d", got, all)
	}
	got, all := d.expel("eve")
	if len(got) != 1 || got[0] != playing || all != 2 {
		t.Errorf("expelled %v, %d in all", got, all)
	}
	if got, all := d.expel("eve"); len(got) != 0 || all != 0 {
		t.Errorf("twice: %v, %d", got, all)
	}
	for why, void := range map[string]ticket{"to come back": back, "to come": waiting} {
		if _, _, err := d.redeem(void, asker{}, d.now); !errors.Is(err, errTicket) {
			t.Errorf("a ticket %s: %v", why, err)
		}
	}
	if _, ok := d.rotate(playing, 1, d.now); ok {
		t.Error("a socket that was opened before is let in")
	}
	if p.info.Players != 2 || q.info.Players != 0 {
		t.Errorf("%d and %d players, before the room knows", p.info.Players, q.info.Players)
	}
	d.left(playing)
	if p.info.Players != 1 {
		t.Errorf("%d players after it left", p.info.Players)
	}
	d.enter(others)
}

func TestRoomsEndWithTheirSeats(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p, q := d.open(nil, false), d.open(nil, false)
	gone, first := d.seat(p, "1", "a")
	d.enter(first)
	_, err := d.take(p.info.ID)
	wantCode(t, "take", err, 0)
	d.seat(p, "2", "a") // waits
	_, others := d.seat(q, "3", "b")
	one := d.enter(others)
	d.ended(p.room)
	if len(d.seats) != 1 || len(d.people) != 1 || len(d.held) != 0 || len(p.seats) != 0 {
		t.Errorf("left over: %v %v %v %v", d.seats, d.people, d.held, p.seats)
	}
	d.left(gone) // the room says so a little later
	d.confirm(gone)
	d.buy(&one)
}

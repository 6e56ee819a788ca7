package server

import (
	"crypto/sha256"
	"slices"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// seat says who may open a socket for a session, from the lobby call that made it until the player has left. All that it
// takes to be let in is checked against it, under the directory's lock.
//
// Each Hello makes a new generation. The one that the client showed stays good beside it until the new one is used, that
// is until the client has acknowledged a frame: a Welcome that is lost on its way costs nobody the seat.
type seat struct {
	session *session
	place   *place
	from    address // who asked for it
	waiting bool    // for its first player
	void    bool    // it has no tickets, nobody is let in any more; the player is still to leave
	gone    bool    // the seat is free

	newest, before generation
	used           bool     // the newest is, so that the one before is void
	tickets        []ticket // not used, oldest first
	due            time.Time
	queued         bool // stands in directory.queue until due
}

// generation is one token of a seat. Number 0 has none: it is that of the first ticket.
type generation struct {
	number uint32
	hash   [sha256.Size]byte // of the token's secret
}

// maxTickets is how many tickets of one seat may be unused; of more the oldest gives way.
const maxTickets = 4

// accepts reports whether a ticket or a token of a generation is good still.
func (h *seat) accepts(number uint32) bool {
	return number == h.newest.number || !h.used && number == h.before.number
}

// errEnded is the answer to whoever took a seat of a room that ended before it could be held.
var errEnded = errAbsent()

// hold keeps a taken seat of a room for a session until its ticket expires, and returns that ticket.
func (d *directory) hold(p *place, s *session, by asker, now time.Time) (ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.refuse()
	switch {
	case err != nil:
	case p.gone:
		err = errEnded
	case !by.exempt && d.held[by.from] >= d.limits.HeldSeats:
		d.metrics.reached(limitHeldSeats)
		err = errorf(tickwirev1.Code_CODE_TOO_MANY, "too many seats wait for their players")
	}
	if err != nil {
		d.count(p, -1)
		return ticket{}, err
	}
	h := &seat{session: s, place: p, from: by.from, waiting: true}
	d.seats[s.id] = h
	p.seats[h] = struct{}{}
	d.people[s.identity] = append(d.people[s.identity], h)
	d.held[by.from]++
	return d.issue(h, 0, now), nil
}

// issue makes a ticket of a generation.
func (d *directory) issue(h *seat, number uint32, now time.Time) ticket {
	t := newTicket(h.place.info.ID, h.session.id, number, now.Add(d.limits.Seat))
	if len(h.tickets) == maxTickets {
		h.tickets = slices.Delete(h.tickets, 0, 1)
	}
	h.tickets = append(h.tickets, t)
	if !h.queued {
		h.queued, h.due = true, t.expires
		d.queue = append(d.queue, h)
	}
	return t
}

// redeem gives out the session of a ticket that was read from a handshake, once, and the generation that the ticket was
// bought with. The caller runs the connection and calls hungUp when it has ended, and left if it was the session's first
// and never reached the room.
func (d *directory) redeem(t ticket, by asker, now time.Time) (s *session, number uint32, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return nil, 0, err
	}
	if !by.exempt && d.conns[by.from] >= d.limits.ConnsPerAddress {
		d.metrics.reached(limitConns)
		return nil, 0, errorf(tickwirev1.Code_CODE_TOO_MANY, "too many connections are open from this address")
	}
	h := d.seats[t.session]
	if h == nil || !now.Before(t.expires) {
		return nil, 0, errTicket
	}
	i := slices.IndexFunc(h.tickets, func(o ticket) bool { return o.equal(&t) })
	if i < 0 || !h.accepts(t.generation) {
		return nil, 0, errTicket
	}
	h.tickets = slices.Delete(h.tickets, i, i+1)
	d.arrived(h)
	d.tasks.Add(1)
	if !by.exempt {
		d.conns[by.from]++
	}
	return h.session, t.generation, nil
}

// hungUp says that a connection has ended for which redeem gave out a session.
func (d *directory) hungUp(by asker) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tasks.Done()
	if by.exempt {
		return
	}
	if d.conns[by.from]--; d.conns[by.from] == 0 {
		delete(d.conns, by.from)
	}
}

// rotate gives a session to a socket that has said hello, whose ticket was bought with a generation, and returns the
// token that replaces that one. False: the generation is no longer good; nothing has changed.
func (d *directory) rotate(s *session, number uint32, now time.Time) (text string, ok bool) {
	t := newToken(s.id, now, d.limits.Session)
	if !d.succeed(s, number, &t) {
		d.metrics.resumes.WithLabelValues(resumeReplaced).Inc()
		return "", false
	}
	if number != 0 {
		d.metrics.resumes.WithLabelValues(resumeDone).Inc()
	}
	return d.signer.sealToken(t), true
}

// succeed makes t the newest generation of a seat. The one that it follows, which is not always the newest before, stays
// good beside it.
func (d *directory) succeed(s *session, number uint32, t *token) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.seats[s.id]
	if h == nil || h.session != s || h.void || !h.accepts(number) {
		return false
	}
	if number == h.newest.number {
		h.before = h.newest
	}
	t.room, t.generation = h.place.info.ID, h.newest.number+1
	h.newest = generation{t.generation, t.hash()}
	h.used = false
	return true
}

// confirm says that the client uses the newest generation: the one before is void.
func (d *directory) confirm(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h := d.seats[s.id]; h != nil && h.session == s {
		h.used = true
	}
}

// left says that a session is over. Its seat is free, its tickets and tokens are void.
func (d *directory) left(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if h := d.seats[s.id]; h != nil && h.session == s {
		d.free(h)
	}
}

// free takes a seat out of the table.
func (d *directory) free(h *seat) {
	if h.gone {
		return
	}
	h.void, h.gone, h.tickets = true, true, nil
	d.arrived(h)
	delete(d.seats, h.session.id)
	delete(h.place.seats, h)
	who := h.session.identity
	if d.people[who] = slices.DeleteFunc(d.people[who], func(o *seat) bool { return o == h }); len(d.people[who]) == 0 {
		delete(d.people, who)
	}
	d.count(h.place, -1)
}

// arrived ends the waiting for a seat's first player.
func (d *directory) arrived(h *seat) {
	if !h.waiting {
		return
	}
	h.waiting = false
	if d.held[h.from]--; d.held[h.from] == 0 {
		delete(d.held, h.from)
	}
}

// sweep frees the seats whose player did not come in time, and forgets the tickets that have expired.
func (d *directory) sweep(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for ; n < len(d.queue) && !now.Before(d.queue[n].due); n++ {
		h := d.queue[n]
		h.queued = false
		h.tickets = slices.DeleteFunc(h.tickets, func(t ticket) bool { return !now.Before(t.expires) })
		switch {
		case h.waiting:
			d.metrics.reached(limitSeat)
			d.free(h)
		case len(h.tickets) > 0: // each seat stands in the queue once, which so stays in order
			h.queued, h.due = true, now.Add(d.limits.Seat)
			d.queue = append(d.queue, h)
		}
	}
	d.queue = slices.Delete(d.queue, 0, n)
}

// expel voids all seats of an identity and frees those that no player has come for. It returns the sessions of the
// others, which their rooms must end, and how many there were in all.
func (d *directory) expel(identity string) (playing []*session, all int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, h := range slices.Clone(d.people[identity]) { // free changes it
		if h.void {
			continue
		}
		all++
		h.void, h.tickets = true, nil
		if h.waiting {
			d.free(h)
		} else {
			playing = append(playing, h.session)
		}
	}
	return playing, all
}

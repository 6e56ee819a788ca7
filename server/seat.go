package server

import (
	"slices"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// seat is a taken seat whose player has not come yet.
type seat struct {
	ticket  ticket
	place   *place
	session *session
	from    address // who asked for it
	over    bool    // used, expired or void
}

// hold keeps a taken seat of a room for a session until its ticket expires, and returns that ticket.
func (d *directory) hold(p *place, s *session, by asker, now time.Time) (ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.refuse()
	switch {
	case err != nil:
	case p.gone:
		err = errAbsent()
	case !by.exempt && d.held[by.from] >= d.limits.HeldSeats:
		err = errorf(tickwirev1.Code_CODE_TOO_MANY, "too many seats wait for their players")
	}
	if err != nil {
		d.count(p, -1)
		return ticket{}, err
	}
	t := newTicket(p.info.ID, s.id, 1, now.Add(d.limits.Seat))
	h := &seat{ticket: t, place: p, session: s, from: by.from}
	d.seats[s.id] = h
	d.queue = append(d.queue, h)
	d.held[by.from]++
	return t, nil
}

// redeem gives out the session of a ticket that was read from a handshake, once. The seat stays taken; the caller runs
// the connection and calls tasks.Done when it has ended, and left if it never reached the room.
func (d *directory) redeem(t ticket) (*session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return nil, err
	}
	h := d.seats[t.session]
	if h == nil || !h.ticket.equal(t) {
		return nil, errTicket
	}
	d.forget(h)
	d.tasks.Add(1)
	return h.session, nil
}

// void frees a seat whose player did not come.
func (d *directory) void(h *seat) {
	d.forget(h)
	d.count(h.place, -1)
}

// forget ends the waiting for a player.
func (d *directory) forget(h *seat) {
	h.over = true
	delete(d.seats, h.ticket.session)
	if d.held[h.from]--; d.held[h.from] == 0 {
		delete(d.held, h.from)
	}
}

// sweep frees the seats whose tickets have expired.
func (d *directory) sweep(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, h := range d.queue {
		if !h.over {
			if now.Before(h.ticket.expires) {
				break
			}
			d.void(h)
		}
		n++
	}
	d.queue = slices.Delete(d.queue, 0, n)
}

// left says that the seat of a session that had come is free again.
func (d *directory) left(r *room, _ *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.rooms[r.id]; p != nil && p.room == r {
		d.count(p, -1)
	}
}

// retire asks whether a room may end because nobody is there. If so nobody can come any more.
func (d *directory) retire(r *room) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.rooms[r.id]
	if p == nil || p.room != r {
		return true
	}
	if p.lobby || p.info.Players > 0 {
		return false
	}
	d.drop(p)
	return true
}

// ended says that a room has ended.
func (d *directory) ended(r *room) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.rooms[r.id]; p != nil && p.room == r {
		d.drop(p)
	}
}

// tell makes the lobby room be told of a public room.
func (d *directory) tell(p *place) {
	if p.newsDue || p.code != "" || p.lobby || p.room == nil {
		return
	}
	p.newsDue = true
	d.news = append(d.news, p)
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// roomNews is what became of one public room.
type roomNews struct {
	info RoomInfo
	gone bool
}

// takeNews returns what became of public rooms since the last call, each room once.
func (d *directory) takeNews() []roomNews {
	d.mu.Lock()
	defer d.mu.Unlock()
	news := make([]roomNews, 0, len(d.news))
	for _, p := range d.news {
		p.newsDue = false
		news = append(news, roomNews{info: p.info, gone: p.gone})
	}
	d.news = d.news[:0]
	return news
}

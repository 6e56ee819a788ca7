package server

import (
	"context"
	"errors"
	"net/http"
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

// seatFor gives the caller a seat in the room in which take takes one. If that room ends meanwhile, take is asked once
// more.
func (s *Server) seatFor(
	ctx context.Context, header http.Header, name string, take func() (*place, error),
) (*tickwirev1.Seat, error) {
	if err := s.directory.running(); err != nil {
		return nil, err
	}
	who, name, err := s.identify(ctx, header, name)
	if err != nil {
		return nil, err
	}
	seat, err := s.sit(ctx, name, take)
	if errors.Is(err, errEnded) {
		seat, err = s.sit(ctx, name, take)
	}
	if err == nil {
		s.log.Debug().Str("session", seat.SessionId).Str("room", seat.RoomId).Str("identity", who.ID).Msg("seat given")
	}
	return seat, err
}

// sit holds the seat that take takes.
func (s *Server) sit(ctx context.Context, name string, take func() (*place, error)) (*tickwirev1.Seat, error) {
	p, err := take()
	if err != nil {
		return nil, err
	}
	if err := p.wait(ctx); err != nil {
		s.directory.giveBack(p)
		return nil, err
	}
	c, session := callOf(ctx), p.room.newSession(name)
	t, err := s.directory.hold(p, session, c.by, time.Now())
	if err != nil {
		return nil, err
	}
	return &tickwirev1.Seat{
		Url: socketURL(c.base), Ticket: s.signer.seal(t), RoomId: p.info.ID, SessionId: session.id, Code: p.code,
	}, nil
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
// the connection and calls hungUp when it has ended, and left if it never reached the room.
func (d *directory) redeem(t ticket, by asker) (*session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return nil, err
	}
	if !by.exempt && d.conns[by.from] >= d.limits.ConnsPerAddress {
		return nil, errorf(tickwirev1.Code_CODE_TOO_MANY, "too many connections are open from this address")
	}
	h := d.seats[t.session]
	if h == nil || !h.ticket.equal(t) {
		return nil, errTicket
	}
	d.forget(h)
	d.tasks.Add(1)
	if !by.exempt {
		d.conns[by.from]++
	}
	return h.session, nil
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
func (d *directory) left(r *room) {
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

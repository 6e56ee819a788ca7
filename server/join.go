package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// seatFor gives the caller a seat in the room in which take takes one. If that room ends meanwhile, take is asked once
// more.
func (s *Server) seatFor(
	ctx context.Context, header http.Header, name string, take func() (*place, error),
) (*tickwirev1.Seat, error) {
	if err := s.directory.running(); err != nil {
		return nil, err
	}
	who, err := s.identify(ctx, header, name)
	if err != nil {
		return nil, err
	}
	if s.options.Authenticate != nil && !s.addresses.join(who.ID, time.Now()) {
		return nil, errorf(tickwirev1.Code_CODE_TOO_MANY, "this player asks for too many seats")
	}
	seat, err := s.sit(ctx, who, take)
	if errors.Is(err, errEnded) {
		seat, err = s.sit(ctx, who, take)
	}
	if err == nil {
		s.log.Debug().Str("session", seat.SessionId).Str("room", seat.RoomId).Str("identity", who.ID).Msg("seat given")
	}
	return seat, err
}

// sit holds the seat that take takes.
func (s *Server) sit(ctx context.Context, who Identity, take func() (*place, error)) (*tickwirev1.Seat, error) {
	p, err := take()
	if err != nil {
		return nil, err
	}
	if err := p.wait(ctx, s.options.Limits.TickLost); err != nil {
		s.directory.giveBack(p)
		return nil, err
	}
	t, err := s.directory.hold(p, p.room.newSession(who.Name, who.ID), callOf(ctx).by, time.Now())
	if err != nil {
		return nil, err
	}
	return s.seatOf(ctx, p, t), nil
}

// seatOf is how the lobby answers with a ticket.
func (s *Server) seatOf(ctx context.Context, p *place, t ticket) *tickwirev1.Seat {
	return &tickwirev1.Seat{
		Url: socketURL(callOf(ctx).base), Ticket: s.signer.seal(t), RoomId: t.room, SessionId: t.session, Code: p.code,
	}
}

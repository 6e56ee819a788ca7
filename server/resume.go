package server

import (
	"context"
	"crypto/hmac"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// What becomes of a reconnect token, for the metrics.
const (
	resumeTicket   = "ticket"   // it was good for a ticket
	resumeDone     = "resumed"  // a socket took its session again with that ticket
	resumeForged   = "forged"   // it was no token of ours, or too old
	resumeUnknown  = "unknown"  // Authenticate did not accept who showed it
	resumeStranger = "stranger" // another's
	resumeGone     = "gone"     // its session is over
	resumeReplaced = "replaced" // a newer one had been used
	resumeLimited  = "limited"  // the address had been wrong too often
	resumeStopping = "stopping"
)

// Resume implements the service. It changes nothing but the tickets of the seat: whoever shows a wrong token, and
// whoever shows the right one and does not come, leaves the player, the grace and the room as they are.
func (l *lobby) Resume(
	ctx context.Context, req *connect.Request[tickwirev1.ResumeRequest],
) (*connect.Response[tickwirev1.ResumeResponse], error) {
	s := l.server
	seat, outcome, err := s.resume(ctx, req.Header(), req.Msg.GetToken())
	s.metrics.resumes.WithLabelValues(outcome).Inc()
	if err != nil {
		return nil, err
	}
	return connect.NewResponse(&tickwirev1.ResumeResponse{Seat: seat}), nil
}

// resume gives a new ticket for the session of a token.
func (s *Server) resume(
	ctx context.Context, header http.Header, text string,
) (seat *tickwirev1.Seat, outcome string, err error) {
	by, now := callOf(ctx).by, time.Now()
	if err := s.directory.running(); err != nil {
		return nil, resumeStopping, err
	}
	if err := s.addresses.mayFail(by, now); err != nil {
		return nil, resumeLimited, err
	}
	t, err := s.signer.openToken(text, now)
	if err != nil {
		s.addresses.failed(by, now)
		return nil, resumeForged, refusalOf(resumeForged)
	}
	who, err := s.authenticate(ctx, header)
	if err != nil {
		return nil, resumeUnknown, err
	}
	p, given, outcome := s.directory.claim(&t, s.options.Authenticate != nil, who.ID, now)
	switch outcome {
	case resumeTicket:
		s.log.Debug().Str("session", t.session).Str("room", t.room).Msg("seat given again")
		return s.seatOf(ctx, p, given), outcome, nil
	case resumeReplaced: // by the player's own other device, or by a thief
		s.metrics.tokenReuse.Inc()
		s.log.Warn().Str("session", t.session).Uint32("generation", t.generation).Msg("an old token was shown")
	case resumeForged, resumeStranger:
		s.addresses.failed(by, now)
	}
	return nil, outcome, refusalOf(outcome)
}

// refusalOf is the answer to a token that is not good. It tells nothing of the seat.
func refusalOf(outcome string) *Error {
	switch outcome {
	case resumeStranger:
		return errorf(tickwirev1.Code_CODE_FORBIDDEN, "the token is of another player")
	case resumeReplaced:
		return errorf(tickwirev1.Code_CODE_FORBIDDEN, "a newer token has replaced this one")
	case resumeGone:
		return errorf(tickwirev1.Code_CODE_NOT_FOUND, "the session is over")
	case resumeStopping:
		return errorf(tickwirev1.Code_CODE_STOPPING, "the server is stopping")
	default:
		return errorf(tickwirev1.Code_CODE_UNAUTHENTICATED, "the token is forged or expired")
	}
}

// claim gives a ticket for a token whose MAC is right. If bound, who must be the one whose seat it is.
func (d *directory) claim(t *token, bound bool, who string, now time.Time) (p *place, given ticket, outcome string) {
	hash := t.hash()
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.seats[t.session]
	switch {
	case d.refuse() != nil:
		return nil, ticket{}, resumeStopping
	case h == nil || h.void || h.place.info.ID != t.room:
		return nil, ticket{}, resumeGone
	case bound && !isOf(h.session.identity, who):
		return nil, ticket{}, resumeStranger
	case t.generation < h.newest.number && !h.accepts(t.generation):
		return nil, ticket{}, resumeReplaced
	}
	want := &h.newest
	if t.generation == h.before.number {
		want = &h.before
	}
	if t.generation != want.number || subtle.ConstantTimeCompare(hash[:], want.hash[:]) != 1 {
		return nil, ticket{}, resumeForged // not given out here, whoever has the key
	}
	return h.place, d.issue(h, t.generation, now), resumeTicket
}

// isOf reports whether a seat's identity is who Authenticate says the caller is. Whom it does not know may have the seats
// of those whom it did not know.
func isOf(identity, who string) bool {
	if who == "" {
		return strings.HasPrefix(identity, guestPrefix)
	}
	return hmac.Equal([]byte(identity), []byte(who))
}

// Expel ends every session of an identity, as Authenticate gave it, on this node: its players are removed with
// CODE_KICKED and why, at the next tick of their rooms, and none of its tickets and reconnect tokens is good from now on.
// It returns how many sessions there were. It does not keep the identity from asking for a new seat; that is for
// Authenticate. Who a guest is can only be known from its game or from the log.
func (s *Server) Expel(identity, why string) int {
	playing, all := s.directory.expel(identity)
	for _, one := range playing {
		one.room.expel(one, why)
	}
	s.log.Info().Str("identity", identity).Int("sessions", all).Msg("expelled")
	return all
}

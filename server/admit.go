package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// ticketPrefix begins the sub-protocol entry that carries the ticket. It is never answered.
const ticketPrefix = "ticket."

// connect lets one WebSocket in. All that can be refused is refused before 101, cheapest first. The ticket is used up by
// the first handshake that is not refused, whatever becomes of that.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	by := s.addresses.asker(r)
	if refused := s.screen(r, by); refused != nil {
		s.refuse(w, r, refused)
		return
	}
	if bad := checkHandshake(r); bad != nil {
		bad.answer(w)
		return
	}
	waits, refused := s.addresses.greet(by) // before the ticket is used up
	if refused != nil {
		s.refuse(w, r, refused)
		return
	}
	session, generation, refused := s.admit(r, by)
	if refused != nil {
		waits.over()
		s.refuse(w, r, refused)
		return
	}
	c, err := upgrade(w, r, &s.options.Limits, s.log, s.metrics)
	if err != nil {
		if generation == 0 { // else the player has its token still
			s.directory.left(session)
		}
		s.directory.hungUp(by)
		waits.over()
		s.log.Debug().Err(err).Str("session", session.id).Msg("upgrade failed")
		return
	}
	s.log.Debug().Str("session", session.id).Str("room", session.room.id).Str("remote", c.remote()).Msg("connected")
	c.greeting = waits
	s.metrics.conns.Inc()
	c.over = func() {
		s.metrics.cuts.WithLabelValues(codeName(c.outbox.reason())).Inc()
		s.metrics.conns.Dec()
		waits.over()
		s.directory.hungUp(by)
	}
	s.attach(c, session, generation)
}

// attach gives a conn to whoever reads it, its room or a goroutine of its own.
func (s *Server) attach(c *conn, to *session, generation uint32) {
	r := to.room
	if s.options.Reader == ReaderAuto && r.def.Rate >= minPollRate && c.wire.detach() {
		c.start(to.connect(c, generation))
		if !r.sockets.add(c) {
			s.farewells.say(c)
		}
		return
	}
	go func() {
		defer c.over()
		c.run(to.connect(c, generation))
	}()
}

// screen checks whether whoever sent r may try at all.
func (s *Server) screen(r *http.Request, by asker) *Error {
	if refused := s.addresses.handshake(by, time.Now()); refused != nil {
		return refused
	}
	if !s.origins.allow(r) {
		return errorf(tickwirev1.Code_CODE_FORBIDDEN, "pages of this origin may not connect")
	}
	return s.directory.running()
}

// admit finds the session of a handshake's ticket, and the generation that the ticket was bought with.
func (s *Server) admit(r *http.Request, by asker) (*session, uint32, *Error) {
	now := time.Now()
	t, bad := s.signer.open(offered(r.Header), now)
	var session *session
	var generation uint32
	if bad == nil {
		session, generation, bad = s.directory.redeem(t, by, now)
	}
	if said, ok := errors.AsType[*Error](bad); ok { // of the server or of who asks, not of the ticket
		return nil, 0, said
	}
	if bad != nil { // one answer for all: a stranger learns nothing about a ticket
		return nil, 0, errorf(tickwirev1.Code_CODE_UNAUTHENTICATED, "the ticket is missing, forged, expired or used")
	}
	return session, generation, nil
}

// offered returns the ticket among the sub-protocols; "" if there is none, or more than one.
func offered(header http.Header) string {
	found := ""
	for entry := range strings.SplitSeq(strings.Join(header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		if text, ok := strings.CutPrefix(strings.TrimSpace(entry), ticketPrefix); ok {
			if found != "" {
				return ""
			}
			found = text
		}
	}
	return found
}

// refuse answers a handshake with an HTTP status and the code.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, e *Error) {
	hangUp(w)
	e.retryAfter(w.Header())
	s.metrics.refused.WithLabelValues(e.Code.String()).Inc()
	s.log.Debug().Str("remote", r.RemoteAddr).Str("code", e.Code.String()).Msg("handshake refused")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(e.status())
	body := map[string]string{"code": e.Code.String(), "message": e.Message}
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.log.Debug().Err(err).Msg("answer a handshake")
	}
}

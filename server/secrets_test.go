package server

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/server/internal/issued"
)

// keepsSecrets sees to it that a test fails in which a ticket or a token stands in the log, unless the test has its own,
// or in the metrics. What it returns is to be called when the server has ended.
func keepsSecrets(t *testing.T, o *Options) func(*Server) {
	t.Helper()
	issued.Watch()
	log := &issued.Log{}
	if reflect.ValueOf(o.Log).IsZero() {
		o.Log = zerolog.New(log)
	}
	return func(s *Server) {
		for _, line := range log.Found() {
			t.Errorf("a secret stands in the log: %s", line)
		}
		w := httptest.NewRecorder()
		s.Admin().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if secret, found := issued.In(w.Body.Bytes()); found {
			t.Errorf("a secret stands in the metrics: %s", secret)
		}
	}
}

// Every ticket and every token is known to who looks for it.
func TestSecretsAreNoted(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	seat := ask(t, s, "Create", `{"game":"duo"}`).Seat
	_, token := arriveAt(t, s, seat.Ticket)
	again := ask(t, s, "Resume", showing(token)).Seat
	for why, secret := range map[string]string{"a ticket": seat.Ticket, "a token": token, "a second ticket": again.Ticket} {
		if _, found := issued.In([]byte("{" + secret + "}")); !found {
			t.Errorf("%s is not known", why)
		}
	}
}

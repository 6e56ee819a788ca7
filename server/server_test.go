package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// stopper is a Server whose Run a test ends itself.
type stopper struct {
	*Server
	wait func() error
}

// stoppable returns a running Server and what ends its Run.
func stoppable(t *testing.T, o Options) (s *stopper, stop func()) {
	t.Helper()
	if o.Games == nil {
		o.Games = []game.Definition{duo()}
	}
	made, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- made.Run(ctx) }()
	s = &stopper{made, sync.OnceValue(func() error { return <-ran })}
	t.Cleanup(func() {
		cancel()
		_ = s.wait() // whoever cares has asked
	})
	<-made.Ready()
	return s, cancel
}

func TestLife(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Games: []game.Definition{duo()}})
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string, status int, code Code, ready int) {
		t.Helper()
		for _, method := range []string{"JoinOrCreate", "Create", "Join", "List"} {
			a := ask(t, s, method, `{"game":"duo","roomId":"lobby"}`)
			if a.status != status || a.code != code {
				t.Errorf("%s: %s: %d %v, want %d %v", when, method, a.status, a.code, status, code)
			}
		}
		for path, want := range map[string]int{
			"/readyz": ready, "/healthz": 200, "/metrics": 200, "/debug/pprof/": 200, "/": 404,
		} {
			w := httptest.NewRecorder()
			s.Admin().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if w.Code != want {
				t.Errorf("%s: %s: %d, want %d", when, path, w.Code, want)
			}
		}
		if status == 503 {
			if w := knock(s, ""); w.Code != 503 || !strings.Contains(w.Body.String(), "CODE_STOPPING") {
				t.Errorf("%s: handshake: %d %s", when, w.Code, w.Body)
			}
		}
	}
	check("before Run", 503, tickwirev1.Code_CODE_STOPPING, 503)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	<-s.Ready()
	check("during Run", 200, 0, 200)
	if err := s.Run(ctx); !errors.Is(err, errRanAlready) {
		t.Errorf("a second Run: %v", err)
	}
	cancel()
	if err := <-ran; err != nil {
		t.Errorf("Run: %v", err)
	}
	check("after Run", 503, tickwirev1.Code_CODE_STOPPING, 503)
	if err := s.Run(t.Context()); !errors.Is(err, errRanAlready) {
		t.Errorf("Run after Run: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	panics := func(*game.World) game.Game { panic("no") }
	for _, c := range []struct {
		why, want string
		o         Options
	}{
		{"a game without name", "name", Options{Games: []game.Definition{{New: duo().New}}}},
		{"a name with capitals", "name", Options{Games: []game.Definition{{Name: "Duo", New: duo().New}}}},
		{"the lobby's name", "taken", Options{Games: []game.Definition{{Name: "lobby", New: duo().New}}}},
		{"the same name twice", "taken", Options{Games: []game.Definition{duo(), duo()}}},
		{"a rate out of range", "Rate", Options{Games: []game.Definition{{Name: "duo", New: duo().New, Rate: 129}}}},
		{"a stride over the history", "Stride", Options{Games: []game.Definition{{Name: "duo", New: duo().New, Stride: 32}}}},
		{"a negative limit", "Limits.Linger", Options{Limits: Limits{Linger: -1}}},
		{"a negative number", "Limits.Rooms", Options{Limits: Limits{Rooms: -1}}},
		{"seats below none", "MaxPlayers", Options{Games: []game.Definition{{Name: "duo", New: duo().New, MaxPlayers: -1}}}},
		{"a game that cannot be made", `"duo"`, Options{Games: []game.Definition{{Name: "duo", New: panics}}}},
		{"a short secret", "Secret", Options{Secret: []byte("x")}},
		{"an origin that is none", "Origins", Options{Origins: []string{"*"}}},
	} {
		if _, err := New(c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want something with %q", c.why, err, c.want)
		}
	}
}

// What New takes at the edge.
func TestNewTakes(t *testing.T) {
	t.Parallel()
	def := duo()
	def.Stride = 31
	if _, err := New(Options{Games: []game.Definition{def}, Limits: Limits{Idle: -1}}); err != nil {
		t.Errorf("the greatest stride, and nobody is idle: %v", err)
	}
}

// With the greatest stride every frame still builds on the one before.
func TestGreatestStride(t *testing.T) {
	t.Parallel()
	sim, err := game.NewSim(duo(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	encoder, baseline := game.NewEncoder(sim.Schema(), sim.History()), game.Baseline{}
	for tick := 1; tick <= 5*maxStride; tick++ {
		if _, err := sim.Step(nil); err != nil {
			t.Fatal(err)
		}
		encoder.Begin()
		if tick%maxStride != 0 {
			continue
		}
		if base, _ := encoder.Frame(nil, &baseline, maxStride, nil); base == 1 && tick > maxStride {
			t.Errorf("the frame of tick %d is whole", tick)
		}
	}
}

// A server whose lobby room has failed tells its operators.
func TestNotReadyWithoutALobby(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	s.directory.mu.Lock()
	r := s.directory.rooms[lobbyName].room
	s.directory.mu.Unlock()
	s.directory.ended(r)
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("/readyz: %d %s", w.Code, w.Body)
	}
}

// No ticket may stand in any log, metric or answer but the one that gives it.
func TestTicketsStaySecret(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := running(t, Options{Log: zerolog.New(&log).Level(zerolog.TraceLevel)})
	tickets := make([]string, 0, 5)
	for range 5 {
		ticket := ask(t, s, "JoinOrCreate", `{"game":"duo"}`).Seat.Ticket
		knock(s, ticket)
		w := knock(s, ticket)
		if strings.Contains(w.Body.String(), ticket) {
			t.Errorf("%s", w.Body)
		}
		tickets = append(tickets, ticket)
	}
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	said := log.String() + w.Body.String()
	if !strings.Contains(said, "seat given") || !strings.Contains(said, "tickwire_rooms") {
		t.Fatal("nothing was logged or measured, so nothing is proved")
	}
	for _, ticket := range tickets {
		if strings.Contains(said, ticket) {
			t.Errorf("a ticket is in a log or a metric")
		}
	}
}

// lockedBuffer is a bytes.Buffer for many goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns what was written.
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Rooms and players that come and go while the server stops leave nothing behind.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	s, stop := stoppable(t, Options{Exempt: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	var callers sync.WaitGroup
	var stopped sync.Once
	for range 4 {
		callers.Go(func() {
			for i := range 50 {
				a := ask(t, s, "JoinOrCreate", `{"game":"duo"}`)
				if a.Seat != nil {
					knock(s, a.Seat.Ticket)
				} else if a.code != tickwirev1.Code_CODE_STOPPING {
					t.Errorf("%d %v %s", a.status, a.code, a.Message)
				}
				if i == 25 {
					stopped.Do(stop)
				}
			}
		})
	}
	callers.Wait()
	if err := s.wait(); err != nil {
		t.Errorf("run: %v", err)
	}
	s.directory.mu.Lock()
	defer s.directory.mu.Unlock()
	d := s.directory
	if len(d.rooms)+len(d.public)+len(d.seats)+len(d.held) != 0 {
		t.Errorf("left over: %d rooms, %d public, %d seats, %d held", len(d.rooms), len(d.public), len(d.seats), len(d.held))
	}
}

package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
)

// Server runs rooms and lets players into them. It is an http.Handler that serves the lobby and the WebSocket, and can
// be mounted below any prefix with http.StripPrefix. All methods are safe for use by many goroutines.
type Server struct {
	options   Options
	log       zerolog.Logger
	games     map[string]*game.Definition
	names     []string // of games, in the order of Options.Games
	metrics   *metrics
	directory *directory
	rooms     Directory
	signer    *signer
	addresses *addresses
	origins   *origins
	handler   http.Handler
	farewells farewells
	phases    phases

	born    time.Time
	dumped  atomic.Int64       // numbers the dumps
	running context.Context    //nolint:containedctx // the life of all rooms, which lobby calls begin
	stop    context.CancelFunc // ends running
	started sync.Once
	ready   chan struct{} // closed when players are let in
}

// New makes a Server of o. It starts nothing: until Run has begun, every call is answered with CODE_STOPPING. The
// mistakes of games in registering their tables are errors here.
func New(o Options) (*Server, error) {
	if err := o.Limits.check(); err != nil {
		return nil, err
	}
	if err := checkDumps(o.Dumps); err != nil {
		return nil, err
	}
	if o.Reader > ReaderGoroutine {
		return nil, fmt.Errorf("server: Reader %d is none of ReaderAuto and ReaderGoroutine", o.Reader)
	}
	o.Limits = o.Limits.withDefaults()
	s := &Server{options: o, log: o.Log, games: map[string]*game.Definition{}, metrics: newMetrics(), born: time.Now()}
	s.ready = make(chan struct{})
	if err := s.addGames(o.Games); err != nil {
		return nil, err
	}
	var err error
	if s.signer, err = newSigner(o.Secret, o.OldSecrets); err != nil {
		return nil, err
	}
	s.directory = newDirectory(&s.options.Limits, s.metrics, s.signer)
	s.rooms = s.directory
	if s.addresses, err = newAddresses(&s.options, s.metrics); err != nil {
		return nil, err
	}
	if s.origins, err = newOrigins(&s.options, s.addresses.scheme); err != nil {
		return nil, err
	}
	s.running, s.stop = context.WithCancel(context.Background())
	s.handler = s.routes()
	return s, nil
}

// gameName is what a game may be called.
var gameName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// maxStride is the greatest Stride with which a frame can build on the one before: the history must hold that one's tick
// and the one from which its velocities came.
const maxStride = (game.HistoryTicks - 1) / 2

// addGames checks games by making each once.
func (s *Server) addGames(games []game.Definition) error {
	for _, def := range games {
		def = def.WithDefaults()
		switch {
		case !gameName.MatchString(def.Name):
			return fmt.Errorf("server: game %q: a name has lower-case letters, digits and dashes, at most 32", def.Name)
		case def.Name == lobbyName || s.games[def.Name] != nil:
			return fmt.Errorf("server: game %q: the name is taken", def.Name)
		case def.Rate < 1 || def.Rate > 128 || def.Stride < 1 || def.Stride > maxStride || def.MaxPlayers < 1:
			return fmt.Errorf("server: game %q: Rate is 1 to 128, Stride 1 to %d, MaxPlayers at least 1", def.Name, maxStride)
		}
		if _, err := game.NewSim(def, 1, nil); err != nil {
			return fmt.Errorf("server: game %q: %w", def.Name, err)
		}
		s.games[def.Name] = &def
		s.names = append(s.names, def.Name)
	}
	return nil
}

// ServeHTTP serves the lobby below /tickwire.v1.LobbyService/ and the WebSocket at /tickwire/v1/connect.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// socketPath is where WebSockets are opened.
const socketPath = "/tickwire/v1/connect"

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(lobbyPath, s.origins.cors(s.lobbyHandler()))
	mux.HandleFunc(socketPath, s.connect)
	return mux
}

// errRanAlready is the answer to a second Run.
var errRanAlready = errors.New("server: Run was called before")

// Run runs rooms until ctx is done, then stops: it gives no more seats, rooms tell their players CODE_STOPPING, and it
// returns nil when all that the Server started has ended. What has not ended after Limits.Drain is left behind, and
// said in the error. Run can be called once.
func (s *Server) Run(ctx context.Context) error {
	if err := s.begin(); err != nil {
		return err
	}
	s.attend(ctx.Done(), nil)
	if !s.directory.advance(stageRunning, stageStopping) {
		return errRanAlready // cannot be: only Run moves on
	}
	s.log.Info().Msg("stopping")
	s.stop()
	return s.drain()
}

// begin starts the lobby room and lets players in.
func (s *Server) begin() error {
	first := false
	s.started.Do(func() { first = true })
	if !first {
		return errRanAlready
	}
	def := lobbyDefinition()
	r, err := newRoom(s, lobbyName, def, nil)
	if err != nil {
		return fmt.Errorf("server: lobby: %w", err)
	}
	s.directory.enterLobby(r, &def)
	s.directory.tasks.Add(2)
	go s.runRoom(r)
	go s.announce(r)
	s.directory.advance(stageNew, stageRunning)
	close(s.ready)
	return nil
}

// Ready returns a channel that is closed when Run has begun to let players in.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// runRoom runs a room that tasks counts.
func (s *Server) runRoom(r *room) {
	if r.run(s.running) {
		s.directory.tasks.Done()
		return
	}
	s.metrics.stuck.Dec() // whoever gave it up did the rest
	s.directory.stuck.Add(-1)
}

// attend looks after seats and rooms until done is closed, or over comes first: then it is false.
func (s *Server) attend(done <-chan struct{}, over <-chan time.Time) bool {
	sweep := time.NewTicker(time.Second)
	defer sweep.Stop()
	guard := time.NewTicker(guardPeriod(&s.options.Limits))
	defer guard.Stop()
	for {
		select {
		case <-done:
			return true
		case <-over:
			return false
		case now := <-sweep.C:
			s.directory.sweep(now)
		case <-guard.C:
			s.guardRooms()
		}
	}
}

// drain waits until all has ended.
func (s *Server) drain() error {
	ended := make(chan struct{})
	go func() {
		s.directory.tasks.Wait()
		close(ended)
	}()
	timer := time.NewTimer(s.options.Limits.Drain)
	defer timer.Stop()
	if !s.attend(ended, timer.C) {
		s.metrics.reached(limitDrain)
		return fmt.Errorf("server: not all rooms and connections ended within %s", s.options.Limits.Drain)
	}
	s.log.Info().Msg("stopped")
	return nil
}

// base is the URL of ServeHTTP as a client's request shows it, without a slash at the end.
func (s *Server) base(r *http.Request) string {
	if s.options.PublicURL != "" {
		return strings.TrimRight(s.options.PublicURL, "/")
	}
	prefix := ""
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		prefix, _ = strings.CutSuffix(u.Path, r.URL.Path) // what http.StripPrefix took away
		prefix = (&url.URL{Path: prefix}).EscapedPath()
	}
	return s.addresses.scheme(r) + "://" + r.Host + strings.TrimRight(prefix, "/")
}

// socketURL is where clients of the given base connect.
func socketURL(base string) string {
	return "ws" + strings.TrimPrefix(base, "http") + socketPath
}

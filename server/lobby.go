package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
)

// The bounds of lobby calls.
const (
	maxCall        = 16 << 10 // bytes
	maxOptions     = 16
	maxOptionKey   = 32
	maxOptionValue = 128
	maxPage        = 100
	maxCode        = 16 // far more than a code has
)

// lobbyPath is where the lobby service is served.
const lobbyPath = "/" + tickwirev1connect.LobbyServiceName + "/"

// lobby is the lobby service over HTTP.
type lobby struct{ server *Server }

// call is what the service must know about the HTTP request below a call.
type call struct {
	by     asker
	base   string // of the URL that the client used
	answer string // name of the code, for the metrics
}

type callKey struct{}

// callOf returns the call of a context that lobbyHandler made.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// lobbyHandler serves the lobby service: limits, then Connect, then the count.
func (s *Server) lobbyHandler() http.Handler {
	_, service := tickwirev1connect.NewLobbyServiceHandler(&lobby{s},
		connect.WithReadMaxBytes(maxCall),
		connect.WithInterceptors(connect.UnaryInterceptorFunc(typed)),
		connect.WithRecover(func(_ context.Context, spec connect.Spec, _ http.Header, p any) error {
			s.log.Error().Str("method", spec.Procedure).Any("panic", p).Msg("lobby call failed")
			return connect.NewError(connect.CodeInternal, textError("the call failed"))
		}))
	refuse := connect.NewErrorWriter()
	methods := map[string]string{}
	for _, name := range [...]string{
		tickwirev1connect.LobbyServiceListProcedure, tickwirev1connect.LobbyServiceCreateProcedure,
		tickwirev1connect.LobbyServiceJoinProcedure, tickwirev1connect.LobbyServiceJoinOrCreateProcedure,
		tickwirev1connect.LobbyServiceResumeProcedure,
	} {
		methods[name] = strings.TrimPrefix(name, lobbyPath)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, known := methods[r.URL.Path]
		if !known {
			http.NotFound(w, r)
			return
		}
		// What Connect refuses before it calls the service is a request that cannot be read.
		c := &call{by: s.addresses.asker(r), base: s.base(r), answer: tickwirev1.Code_CODE_MALFORMED.String()}
		defer func() { s.metrics.calls.WithLabelValues(method, c.answer).Inc() }()
		now := time.Now()
		w.Header().Set("Cache-Control", "no-store") // answers hold tickets
		if !s.addresses.call(c.by, now) {
			e := errorf(tickwirev1.Code_CODE_TOO_MANY, "too many calls from this address")
			c.answer = e.Code.String()
			w.Header().Set("Retry-After", "1")
			_ = refuse.Write(w, r, e.connectError()) // who asked may be gone
			return
		}
		// A body that comes in drips ends here. Not all ResponseWriters can; their listeners must.
		_ = http.NewResponseController(w).SetReadDeadline(now.Add(s.options.Limits.Header))
		service.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	})
}

// typed turns every Error of the service into Connect's form, with the Code as detail.
func typed(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		res, err := next(ctx, req)
		c := callOf(ctx)
		if err == nil {
			c.answer = "OK"
			return res, nil
		}
		var known *Error
		if !errors.As(err, &known) {
			if ctx.Err() != nil {
				c.answer = "CANCELED"
				return nil, err
			}
			known = errorf(tickwirev1.Code_CODE_UNSPECIFIED, "the call failed")
		}
		c.answer = known.Code.String()
		return nil, known.connectError()
	}
}

// List implements the service.
func (l *lobby) List(
	ctx context.Context, req *connect.Request[tickwirev1.ListRequest],
) (*connect.Response[tickwirev1.ListResponse], error) {
	s := l.server
	if err := s.directory.running(); err != nil {
		return nil, err
	}
	if err := checkOptions(req.Msg.GetOptions()); err != nil {
		return nil, err
	}
	limit := int(min(req.Msg.GetLimit(), maxPage))
	if limit == 0 {
		limit = maxPage
	}
	if name := req.Msg.GetGame(); name != "" {
		if _, err := s.game(name); err != nil {
			return nil, err
		}
	}
	rooms, next, err := s.rooms.Rooms(ctx, Filter{
		Game: req.Msg.GetGame(), Options: req.Msg.GetOptions(), Limit: limit, Page: req.Msg.GetPage(),
	})
	if err != nil {
		return nil, err
	}
	res := &tickwirev1.ListResponse{NextPage: next}
	for _, r := range rooms {
		res.Rooms = append(res.Rooms, &tickwirev1.Room{
			Id: r.ID, Game: r.Game, Options: r.Options,
			Players: uint32(r.Players), MaxPlayers: uint32(r.MaxPlayers), //nolint:gosec // small and not negative
		})
	}
	for _, name := range s.names {
		def := s.games[name]
		res.Games = append(res.Games, &tickwirev1.GameInfo{
			Name: name, MaxPlayers: uint32(def.MaxPlayers), Rate: uint32(def.Rate), //nolint:gosec // checked by New
		})
	}
	return connect.NewResponse(res), nil
}

// Create implements the service.
func (l *lobby) Create(
	ctx context.Context, req *connect.Request[tickwirev1.CreateRequest],
) (*connect.Response[tickwirev1.CreateResponse], error) {
	s, options := l.server, req.Msg.GetOptions()
	def, err := s.game(req.Msg.GetGame())
	if err != nil {
		return nil, err
	}
	seat, err := s.seatFor(ctx, req.Header(), req.Msg.GetName(), func() (*place, error) {
		if err := checkOptions(options); err != nil {
			return nil, err
		}
		p, err := s.directory.open(def, options, req.Msg.GetPrivate(), callOf(ctx).by)
		if err == nil {
			s.makeRoom(p, def)
		}
		return p, err
	})
	return connect.NewResponse(&tickwirev1.CreateResponse{Seat: seat}), err
}

// Join implements the service.
func (l *lobby) Join(
	ctx context.Context, req *connect.Request[tickwirev1.JoinRequest],
) (*connect.Response[tickwirev1.JoinResponse], error) {
	s := l.server
	seat, err := s.seatFor(ctx, req.Header(), req.Msg.GetName(), func() (*place, error) {
		id, err := s.lookUp(ctx, req.Msg.GetRoomId(), strings.TrimSpace(req.Msg.GetCode()))
		if err != nil {
			return nil, err
		}
		return s.directory.take(id)
	})
	return connect.NewResponse(&tickwirev1.JoinResponse{Seat: seat}), err
}

// JoinOrCreate implements the service.
func (l *lobby) JoinOrCreate(
	ctx context.Context, req *connect.Request[tickwirev1.JoinOrCreateRequest],
) (*connect.Response[tickwirev1.JoinOrCreateResponse], error) {
	s, options := l.server, req.Msg.GetOptions()
	seat, err := s.seatFor(ctx, req.Header(), req.Msg.GetName(), func() (*place, error) {
		if err := checkOptions(options); err != nil {
			return nil, err
		}
		if req.Msg.GetGame() == lobbyName && len(options) == 0 {
			return s.directory.take(lobbyName)
		}
		def, err := s.game(req.Msg.GetGame())
		if err != nil {
			return nil, err
		}
		p, isNew, err := s.directory.takeOrOpen(def, options, callOf(ctx).by)
		if isNew {
			s.makeRoom(p, def)
		}
		return p, err
	})
	return connect.NewResponse(&tickwirev1.JoinOrCreateResponse{Seat: seat}), err
}

// lookUp finds the room that a caller asks for, and counts against guessing.
func (s *Server) lookUp(ctx context.Context, id, code string) (string, error) {
	from, now := callOf(ctx).by.from, time.Now()
	if !s.addresses.mayLookUp(from, now) {
		return "", errorf(tickwirev1.Code_CODE_TOO_MANY, "too many rooms were asked for that are not there")
	}
	if len(code) > maxCode || id == "" && code == "" {
		return "", errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "give a room_id or a code")
	}
	found, err := s.rooms.Find(ctx, id, code)
	if err != nil {
		s.addresses.failedLookUp(from, now)
	}
	return found.ID, err
}

// makeRoom makes the room of a place that was entered for it, and runs it.
func (s *Server) makeRoom(p *place, def *game.Definition) {
	r, err := newRoom(s, p.info.ID, *def, p.info.Options)
	var failed *Error
	if err != nil {
		s.log.Error().Err(err).Str("game", def.Name).Msg("a room could not be made")
		failed = errorf(tickwirev1.Code_CODE_GAME_FAILED, "the game could not make a room")
	}
	if s.directory.made(p, r, failed) {
		s.log.Info().Str("room", p.info.ID).Str("game", def.Name).Msg("room made")
		go s.runRoom(r)
	}
}

// game finds a game by name.
func (s *Server) game(name string) (*game.Definition, error) {
	if def := s.games[name]; def != nil {
		return def, nil
	}
	return nil, errorf(tickwirev1.Code_CODE_NOT_FOUND, "there is no such game here; there are: %s", strings.Join(s.names, ", "))
}

// checkOptions bounds what clients may attach to a room.
func checkOptions(options map[string]string) error {
	if len(options) > maxOptions {
		return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "at most %d options", maxOptions)
	}
	for key, value := range options {
		if key == "" || len(key) > maxOptionKey || len(value) > maxOptionValue {
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE,
				"option keys have 1 to %d bytes, values at most %d", maxOptionKey, maxOptionValue)
		}
	}
	return nil
}

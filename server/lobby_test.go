package server

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// still is a game in which nothing happens.
type still struct{}

func (still) Tick(*game.Tick) error { return nil }

// duo is a game for two.
func duo() game.Definition {
	return game.Definition{Name: "duo", MaxPlayers: 2, New: func(w *game.World) game.Game {
		game.NewVar(w, "score", struct{ Left, Right uint8 }{})
		return still{}
	}}
}

// running returns a Server that runs until the test ends. Inside a synctest bubble too.
func running(t *testing.T, o Options) *Server {
	t.Helper()
	if o.Games == nil {
		o.Games = []game.Definition{duo()}
	}
	check := keepsSecrets(t, &o)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		run.Wait()
		check(s)
	})
	<-s.Ready()
	return s
}

// answered is the answer to a lobby call.
type answered struct {
	status  int
	header  http.Header
	code    Code   // of the detail
	Name    string `json:"code"`    // Connect's code
	Message string `json:"message"` // of the error
	Details []struct{ Type, Value string }
	Seat    *struct{ URL, Ticket, RoomID, SessionID, Code string }
	Rooms   []struct {
		ID, Game            string
		Players, MaxPlayers int
		Options             map[string]string
	}
	Games    []struct{ Name string }
	NextPage string
}

// ask makes a lobby call as curl would.
func ask(t *testing.T, h http.Handler, method, body string, change ...func(*http.Request)) *answered {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, lobbyPath+method, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := &answered{status: w.Code, header: w.Result().Header}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(w.Body.Bytes(), a); err != nil {
			t.Fatalf("%s %s: %s: %v", method, body, w.Body, err)
		}
	}
	for _, d := range a.Details {
		b, err := base64.RawStdEncoding.DecodeString(d.Value)
		var e tickwirev1.Error
		if err != nil || d.Type != "tickwire.v1.Error" || proto.Unmarshal(b, &e) != nil {
			t.Fatalf("detail %+v: %v", d, err)
		}
		a.code = e.GetCode()
	}
	return a
}

func TestLobbyCalls(t *testing.T) {
	t.Parallel()
	s := running(t, Options{Games: []game.Definition{duo(), {Name: "solo", MaxPlayers: 1, New: duo().New}}})
	fullRoom := ask(t, s, "Create", `{"game":"solo"}`).Seat.RoomID
	private := ask(t, s, "Create", `{"game":"duo","private":true}`).Seat
	many := `"a":"","b":"","c":"","d":"","e":"","f":"","g":"","h":"","i":"","j":"","k":"","l":"","m":"","n":"","o":"","p":""`
	type answer struct {
		status int
		name   string
		code   Code
	}
	fine, unreadable := answer{status: 200}, answer{400, "invalid_argument", 0}
	full := answer{400, "failed_precondition", tickwirev1.Code_CODE_FULL}
	absent := answer{404, "not_found", tickwirev1.Code_CODE_NOT_FOUND}
	wrong := answer{400, "invalid_argument", tickwirev1.Code_CODE_OUT_OF_RANGE}
	option := func(key, value int) string {
		return `{"game":"duo","options":{"` + strings.Repeat("k", key) + `":"` + strings.Repeat("v", value) + `"}}`
	}
	for _, c := range []struct {
		why, method, body string
		want              answer
	}{
		{"a seat", "JoinOrCreate", `{"game":"duo"}`, fine},
		{"the same in proto's names", "Join", `{"room_id":"lobby"}`, fine},
		{"the lobby by game", "JoinOrCreate", `{"game":"lobby"}`, fine},
		{"by code", "Join", `{"code":"` + private.Code + `"}`, fine},
		{"by ID, of a full room", "Join", `{"roomId":"` + fullRoom + `"}`, full},
		{"by code in small letters and spaces, now full", "Join", `{"code":" ` + strings.ToLower(private.Code) + ` "}`, full},
		{"a private room by ID", "Join", `{"roomId":"` + private.RoomID + `"}`, absent},
		{"no such room", "Join", `{"roomId":"x"}`, absent},
		{"no such code", "Join", `{"code":"222222"}`, absent},
		{"a code like a novel", "Join", `{"code":"` + strings.Repeat("2", 17) + `"}`, wrong},
		{"no room at all", "Join", `{}`, wrong},
		{"no such game", "JoinOrCreate", `{"game":"chess"}`, absent},
		{"no game", "Create", `{}`, absent},
		{"a second lobby", "Create", `{"game":"lobby"}`, absent},
		{"a lobby with options", "JoinOrCreate", `{"game":"lobby","options":{"a":"b"}}`, absent},
		{"16 options", "Create", `{"game":"duo","options":{` + many + `}}`, fine},
		{"17 options", "Create", `{"game":"duo","options":{` + many + `,"q":""}}`, wrong},
		{"longest key and value", "Create", option(32, 128), fine},
		{"key too long", "Create", option(33, 0), wrong},
		{"value too long", "JoinOrCreate", option(1, 129), wrong},
		{"empty key", "List", `{"options":{"":"x"}}`, wrong},
		{"a list", "List", `{}`, fine},
		{"a list of no such game", "List", `{"game":"chess"}`, absent},
		{"a page that nobody gave", "List", `{"page":"!"}`, wrong},
		{"bad JSON", "JoinOrCreate", `{"game":`, unreadable},
		{"JSON of another shape", "JoinOrCreate", `{"game":7}`, unreadable},
		{
			"a body that is too big", "JoinOrCreate", `{"game":"` + strings.Repeat("x", maxCall) + `"}`,
			answer{429, "resource_exhausted", 0},
		},
		{"no such method", "Destroy", `{}`, answer{404, "", 0}},
	} {
		a := ask(t, s, c.method, c.body)
		if got := (answer{a.status, a.Name, a.code}); got != c.want {
			t.Errorf("%s: %+v %q; want %+v", c.why, got, a.Message, c.want)
		}
		if a.status == 200 && a.Seat == nil && a.Games == nil {
			t.Errorf("%s: neither seat nor list", c.why)
		}
	}
	none, hidden := ask(t, s, "Join", `{"roomId":"x"}`), ask(t, s, "Join", `{"roomId":"`+private.RoomID+`"}`)
	if none.Message != hidden.Message {
		t.Errorf("absent %q, private %q: a stranger can tell", none.Message, hidden.Message)
	}
}

func TestLobbyHTTP(t *testing.T) {
	t.Parallel()
	s := running(t, Options{Origins: []string{"https://good.example"}})
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	get := func(r *http.Request) { r.Method = http.MethodGet }
	if a := ask(t, s, "List", `{}`, get); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
	if a := ask(t, s, "List", `{}`, with("Content-Type", "text/plain")); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a body that a foreign page may send without asking: %d", a.status)
	}
	for _, c := range []struct{ why, origin, allowed string }{
		{"listed", "https://good.example", "https://good.example"},
		{"own", "http://example.com", "http://example.com"},
		{"foreign", "https://evil.example", ""},
		{"null", "null", ""},
		{"native", "", ""},
	} {
		preflight := func(r *http.Request) {
			r.Method = http.MethodOptions
			r.Header.Set("Access-Control-Request-Method", "POST")
			r.Header.Set("Access-Control-Request-Headers", "connect-protocol-version,content-type")
		}
		for _, change := range []func(*http.Request){preflight, with("Accept", "*/*")} {
			a := ask(t, s, "List", `{}`, change, func(r *http.Request) {
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
			})
			if got := a.header.Get("Access-Control-Allow-Origin"); got != c.allowed {
				t.Errorf("%s: %q, want %q", c.why, got, c.allowed)
			}
		}
	}
}

func TestSeatURL(t *testing.T) {
	t.Parallel()
	s, public := running(t, Options{}), running(t, Options{PublicURL: "https://play.example/game/"})
	for _, c := range []struct {
		why     string
		handler http.Handler
		url     string
		want    string
	}{
		{"plain", s, "http://a.example:8080", "ws://a.example:8080/tickwire/v1/connect"},
		{"TLS", s, "https://a.example", "wss://a.example/tickwire/v1/connect"},
		{"below a prefix", http.StripPrefix("/x/y", s), "http://a.example/x/y", "ws://a.example/x/y/tickwire/v1/connect"},
		{"public URL", public, "http://10.0.0.7", "wss://play.example/game/tickwire/v1/connect"},
	} {
		r := httptest.NewRequest(http.MethodPost, c.url+lobbyPath+"JoinOrCreate", strings.NewReader(`{"game":"lobby"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		var a answered
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Seat == nil || a.Seat.URL != c.want {
			t.Errorf("%s: %s, want %s", c.why, w.Body, c.want)
		}
	}
}

func TestListShowsRooms(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	seat := ask(t, s, "JoinOrCreate", `{"game":"duo","options":{"map":"a"}}`).Seat
	again := ask(t, s, "JoinOrCreate", `{"game":"duo","options":{"map":"a"}}`).Seat
	if again.RoomID != seat.RoomID || again.SessionID == seat.SessionID {
		t.Errorf("the second of two got %+v, the first %+v", again, seat)
	}
	ask(t, s, "Create", `{"game":"duo","private":true}`)
	ask(t, s, "JoinOrCreate", `{"game":"lobby"}`)
	a := ask(t, s, "List", `{"game":"duo"}`)
	if len(a.Rooms) != 1 || a.Rooms[0].ID != seat.RoomID || a.Rooms[0].Players != 2 || a.Rooms[0].MaxPlayers != 2 ||
		a.Rooms[0].Options["map"] != "a" || len(a.Games) != 1 || a.Games[0].Name != "duo" {
		t.Errorf("list: %+v %+v", a.Rooms, a.Games)
	}
}

func TestGuessing(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	code := ask(t, s, "Create", `{"game":"duo","private":true}`).Seat.Code
	for i := range 20 {
		if a := ask(t, s, "Join", `{"code":"222222"}`); a.code != tickwirev1.Code_CODE_NOT_FOUND {
			t.Fatalf("guess %d: %v", i, a.code)
		}
	}
	for _, guess := range []string{"222222", code} {
		if a := ask(t, s, "Join", `{"code":"`+guess+`"}`); a.code != tickwirev1.Code_CODE_TOO_MANY || a.status != 429 {
			t.Errorf("%s: %d %v", guess, a.status, a.code)
		}
	}
	elsewhere := func(r *http.Request) { r.RemoteAddr = "[2001:db8::1]:5" }
	if a := ask(t, s, "Join", `{"code":"`+code+`"}`, elsewhere); a.status != 200 {
		t.Errorf("another address: %d %v", a.status, a.code)
	}
}

func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	s := running(t, Options{Limits: Limits{CallsPerSecond: 1}})
	for i := range 5 {
		if a := ask(t, s, "List", `{}`); a.status != 200 {
			t.Fatalf("call %d: %d", i, a.status)
		}
	}
	a := ask(t, s, "List", `{}`)
	if a.status != 429 || a.code != tickwirev1.Code_CODE_TOO_MANY || a.header.Get("Retry-After") != "1" {
		t.Errorf("%d %v %v", a.status, a.code, a.header)
	}
}

func TestFailedGame(t *testing.T) {
	t.Parallel()
	broken := game.Definition{Name: "broken", New: func(w *game.World) game.Game {
		if w.Option("break") != "" {
			panic("a secret of the game")
		}
		return still{}
	}}
	s := running(t, Options{Games: []game.Definition{broken}})
	a := ask(t, s, "Create", `{"game":"broken","options":{"break":"1"}}`)
	if a.code != tickwirev1.Code_CODE_GAME_FAILED || a.status != 500 || strings.Contains(a.Message, "secret") {
		t.Errorf("%d %v %q", a.status, a.code, a.Message)
	}
	if a := ask(t, s, "List", `{}`); len(a.Rooms) != 0 {
		t.Errorf("rooms: %+v", a.Rooms)
	}
	if a := ask(t, s, "Create", `{"game":"broken"}`); a.status != 200 {
		t.Errorf("afterwards: %d", a.status)
	}
}

// A room that ends while its seat is given is not the caller's problem, the first time.
func TestSeatsOfRoomsThatEnd(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	def := duo()
	for _, c := range []struct {
		why  string
		ends int // rooms that end meanwhile
		code Code
	}{
		{"none", 0, 0},
		{"one", 1, 0},
		{"two", 2, tickwirev1.Code_CODE_NOT_FOUND},
	} {
		taken := 0
		ctx := context.WithValue(t.Context(), callKey{}, &call{by: asker{exempt: true}})
		seat, err := s.seatFor(ctx, http.Header{}, "", func() (*place, error) {
			p, err := s.directory.open(&def, nil, false, asker{exempt: true})
			if err != nil {
				return nil, err
			}
			s.makeRoom(p, &def)
			if taken++; taken <= c.ends {
				s.directory.ended(p.room)
			}
			return p, nil
		})
		wantCode(t, c.why, err, c.code)
		if (seat != nil) != (c.code == 0) || taken > 2 {
			t.Errorf("%s: seat %v after %d", c.why, seat, taken)
		}
	}
}

func TestLobbyOverTheWire(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	web := httptest.NewServer(s)
	defer web.Close()
	res, err := web.Client().Post(web.URL+lobbyPath+"JoinOrCreate", "application/json", strings.NewReader(`{"game":"duo"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s %v", res.StatusCode, body, err)
	}
	host := strings.TrimPrefix(web.URL, "http://")
	if !regexp.MustCompile(`"url": ?"ws://` + regexp.QuoteMeta(host) + `/tickwire/v1/connect"`).Match(body) {
		t.Errorf("%s", body)
	}
}

// A caller who drips its body must not hold a goroutine for ever.
func TestDrippingBody(t *testing.T) {
	t.Parallel()
	s := running(t, Options{Limits: Limits{Header: 50 * time.Millisecond}})
	web := httptest.NewServer(s)
	defer web.Close()
	body, drip := io.Pipe()
	defer func() { _ = drip.Close() }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL+lobbyPath+"List", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := web.Client().Do(req)
	if err == nil {
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			t.Error("answered 200")
		}
	}
}

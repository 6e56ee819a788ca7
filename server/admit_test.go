package server

import (
	"bufio"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// knock makes a WebSocket handshake whose socket cannot be taken over: whoever is let in gets 426.
func knock(s http.Handler, ticket string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, socketPath, nil)
	handshakeHeader(r.Header, ticket)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func handshakeHeader(h http.Header, ticket string) {
	h.Set("Connection", "Upgrade")
	h.Set("Upgrade", "websocket")
	h.Set("Sec-WebSocket-Version", "13")
	h.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	h.Set("Sec-WebSocket-Protocol", "tickwire.v1, ticket."+ticket)
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	s := running(t, Options{Limits: Limits{HandshakesPerSecond: 20}})
	other := running(t, Options{})
	ticket := func(h http.Handler) string { return ask(t, h, "JoinOrCreate", `{"game":"lobby"}`).Seat.Ticket }
	used := ticket(s)
	if w := knock(s, used); w.Code != http.StatusUpgradeRequired {
		t.Fatalf("a good ticket: %d %s", w.Code, w.Body)
	}
	gone := ask(t, s, "Create", `{"game":"duo"}`).Seat
	s.directory.ended(&room{id: gone.RoomID}) // not the same room
	s.directory.mu.Lock()
	r := s.directory.rooms[gone.RoomID].room
	s.directory.mu.Unlock()
	s.directory.ended(r)
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	forged := ticket(s)
	forged = forged[:20] + string(forged[20]^1) + forged[21:]
	good := ticket(s)
	var refusal string
	for _, c := range []struct {
		why, ticket string
		change      func(*http.Request)
		status      int
		code        string
	}{
		{"none", "", set("Sec-WebSocket-Protocol", "tickwire.v1"), 401, "CODE_UNAUTHENTICATED"},
		{"empty", "", nil, 401, "CODE_UNAUTHENTICATED"},
		{"malformed", "%%%", nil, 401, "CODE_UNAUTHENTICATED"},
		{"forged", forged, nil, 401, "CODE_UNAUTHENTICATED"},
		{"another server's", ticket(other), nil, 401, "CODE_UNAUTHENTICATED"},
		{"used", used, nil, 401, "CODE_UNAUTHENTICATED"},
		{"of a room that ended", gone.Ticket, nil, 401, "CODE_UNAUTHENTICATED"},
		{"two", "", set("Sec-WebSocket-Protocol", "tickwire.v1, ticket."+good+", ticket."+used), 401, "CODE_UNAUTHENTICATED"},
		{"in the URL", "", func(r *http.Request) { r.URL.RawQuery = "ticket=" + good }, 401, "CODE_UNAUTHENTICATED"},
		{"a foreign page", good, set("Origin", "https://evil.example"), 403, "CODE_FORBIDDEN"},
		{"not a handshake", good, set("Upgrade", "h2c"), 426, ""},
		{"no key", good, set("Sec-WebSocket-Key", ""), 400, ""},
		{"POST", good, func(r *http.Request) { r.Method = http.MethodPost }, 400, ""},
		{"another protocol", good, set("Sec-WebSocket-Protocol", "ticket."+good), 400, ""},
		{"good, after all that", good, nil, 426, ""},
		{"and used", good, nil, 401, "CODE_UNAUTHENTICATED"},
	} {
		change := c.change
		if change == nil {
			change = func(*http.Request) {}
		}
		w := knock(s, c.ticket, change)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) {
			t.Errorf("%s: %d %s; want %d %s", c.why, w.Code, w.Body, c.status, c.code)
		}
		if c.status != 401 {
			continue
		}
		if refusal == "" {
			refusal = w.Body.String()
		}
		if w.Body.String() != refusal {
			t.Errorf("%s: %s tells more than %s", c.why, w.Body, refusal)
		}
	}
	if a := ask(t, s, "List", `{}`); len(a.Rooms) != 0 {
		t.Errorf("rooms: %+v", a.Rooms)
	}
	s.directory.mu.Lock()
	defer s.directory.mu.Unlock()
	if n := s.directory.rooms[lobbyName].info.Players; n != 1 { // forged's true twin still waits
		t.Errorf("%d seats of the lobby are taken, want 1", n)
	}
}

func TestHandshakeFlood(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	for i := range 50 {
		if w := knock(s, ""); w.Code != 401 {
			t.Fatalf("handshake %d: %d", i, w.Code)
		}
	}
	w := knock(s, "")
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "CODE_TOO_MANY") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

// A seat that nobody comes for is free again after its time, and its ticket is good for nothing.
func TestTicketExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := running(t, Options{})
		early, late := ask(t, s, "Create", `{"game":"duo"}`).Seat, ask(t, s, "Create", `{"game":"duo"}`).Seat
		time.Sleep(15*time.Second - time.Millisecond)
		if w := knock(s, early.Ticket); w.Code != http.StatusUpgradeRequired {
			t.Errorf("just in time: %d %s", w.Code, w.Body)
		}
		time.Sleep(time.Millisecond)
		if w := knock(s, late.Ticket); w.Code != 401 {
			t.Errorf("just too late: %d %s", w.Code, w.Body)
		}
		time.Sleep(time.Second)
		for _, r := range ask(t, s, "List", `{}`).Rooms {
			if r.Players != 0 {
				t.Errorf("%d seats of %s are taken", r.Players, r.ID)
			}
		}
	})
}

// socket is the client's side of a real WebSocket, written by hand.
type socket struct {
	t    *testing.T
	body io.ReadWriteCloser
	read *bufio.Reader
}

// openSocket uses a ticket at a server on the loopback.
func openSocket(t *testing.T, url, ticket string) *socket {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http"+strings.TrimPrefix(url, "ws"), nil)
	if err != nil {
		t.Fatal(err)
	}
	handshakeHeader(req.Header, ticket)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	res, err := transport.RoundTrip(req)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("handshake: %v %v", res, err)
	}
	if got := res.Header.Get("Sec-WebSocket-Protocol"); got != "tickwire.v1" {
		t.Errorf("sub-protocol %q", got)
	}
	body := res.Body.(io.ReadWriteCloser)
	t.Cleanup(func() { _ = body.Close() })
	return &socket{t, body, bufio.NewReader(body)}
}

// say sends one frame, shorter than 126 bytes.
func (s *socket) say(f *tickwirev1.ClientFrame) {
	s.t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.body.Write(append([]byte{0x82, 0x80 | byte(len(b)), 0, 0, 0, 0}, b...)); err != nil {
		s.t.Fatal(err)
	}
}

// hear reads one WebSocket frame.
func (s *socket) hear() (opcode byte, payload []byte) {
	s.t.Helper()
	head := make([]byte, 2)
	s.fill(head)
	n := int(head[1])
	if n == 126 {
		long := make([]byte, 2)
		s.fill(long)
		n = int(binary.BigEndian.Uint16(long))
	}
	payload = make([]byte, n)
	s.fill(payload)
	return head[0] & 15, payload
}

func (s *socket) fill(b []byte) {
	s.t.Helper()
	if _, err := io.ReadFull(s.read, b); err != nil {
		s.t.Fatal(err)
	}
}

// frame reads frames until one with state comes.
func (s *socket) frame() *tickwirev1.ServerFrame {
	s.t.Helper()
	for {
		opcode, b := s.hear()
		if opcode == 8 {
			s.t.Fatalf("closed with %d %s", binary.BigEndian.Uint16(b), b[2:])
		}
		f := &tickwirev1.ServerFrame{}
		if opcode != 2 {
			continue
		}
		if err := proto.Unmarshal(b, f); err != nil {
			s.t.Fatal(err)
		}
		return f
	}
}

func TestConnectAndStop(t *testing.T) {
	t.Parallel()
	s, stop := stoppable(t, Options{})
	web := httptest.NewServer(http.StripPrefix("/below", s))
	defer web.Close()
	below := func(r *http.Request) { r.RequestURI = "/below" + r.RequestURI; r.Host = web.Listener.Addr().String() }
	seat := ask(t, s, "JoinOrCreate", `{"game":"duo","name":"Ada"}`, below).Seat
	c := openSocket(t, seat.URL, seat.Ticket)
	c.say(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	w := c.frame().GetWelcome()
	if w.GetRoomId() != seat.RoomID || w.GetSessionId() != seat.SessionID || w.GetGame() != "duo" {
		t.Errorf("welcome: %v", w)
	}
	began := time.Now()
	stop()
	for {
		opcode, b := c.hear()
		if opcode == 8 {
			if code := binary.BigEndian.Uint16(b); code != uint16(tickwirev1.Code_CODE_STOPPING) {
				t.Errorf("closed with %d", code)
			}
			break
		}
	}
	_ = c.body.Close()
	if err := s.wait(); err != nil {
		t.Errorf("run: %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("stopping took %s", took)
	}
	for name, want := range map[string]string{
		`tickwire_connections`: "0", `tickwire_players`: "0", `tickwire_rooms`: "0",
		`tickwire_connections_ended_total{code="CODE_STOPPING"}`:      "1",
		`tickwire_lobby_calls_total{code="OK",method="JoinOrCreate"}`: "1",
	} {
		if got := metric(t, s.Server, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// metric reads one value from /metrics.
func metric(t *testing.T, s *Server, name string) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			if _, err := strconv.ParseFloat(value, 64); err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	return "absent"
}

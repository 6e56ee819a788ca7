package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"connectrpc.com/connect"
	"github.com/rs/zerolog"
	"google.golang.org/protobuf/encoding/protowire"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// written is a log that a test reads.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *written) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is all that was written.
func (l *written) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// evil ends a line, begins another, turns a terminal red, and is in part not even text.
const (
	evilName = "evil\n{\"level\":\"error\"}\r\x1b[31m\x00\x7f"
	evil     = evilName + "\u009b31m\u2028"
	evilByte = evil + "\xFF"
)

// Nothing that a client sends gets into the log as it is: each line is one JSON object of printable text.
func TestLogInjection(t *testing.T) {
	log := &written{}
	o := patientPilots()
	o.Log = zerolog.New(log).Level(zerolog.TraceLevel)
	o.Authenticate = func(_ context.Context, h http.Header) (server.Identity, error) {
		switch who := h.Get("Authorization"); who {
		case "evil":
			return server.Identity{}, errors.New(evilName + "\xFF")
		case "bad":
			return server.Identity{ID: evilName, Name: evil}, nil
		default:
			return server.Identity{ID: "good" + who}, nil
		}
	}
	s := servertest.StartTCP(t, o)
	injectInCalls(t, s)
	injectInHandshakes(t, s)
	injectInFrames(t, s)
	s.Stop()
	said := log.String()
	if !strings.Contains(said, `"agent":"probe/1"`) || strings.Count(said, "\n") < 20 {
		t.Errorf("little was logged, so little is proved: %d lines", strings.Count(said, "\n"))
	}
	for line := range strings.Lines(said) {
		line = strings.TrimSuffix(line, "\n")
		if !json.Valid([]byte(line)) || !utf8.ValidString(line) {
			t.Errorf("a line is no JSON: %q", line)
		}
		for _, r := range line {
			if !unicode.IsPrint(r) {
				t.Errorf("%q stands in the log: %q", r, line)
				break
			}
		}
	}
}

// injectInCalls puts it into all that a lobby call says.
func injectInCalls(t *testing.T, s *servertest.Server) {
	t.Helper()
	lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
	call := func(who string, do func(header http.Header)) {
		h := http.Header{"User-Agent": {"\xFF\x80"}, "X-Forwarded-For": {"\xFF\x80"}}
		if who != "" {
			h.Set("Authorization", who)
		}
		do(h)
	}
	for _, who := range []string{"", "evil", "bad"} {
		call(who, func(h http.Header) {
			for _, m := range []*tickwirev1.JoinOrCreateRequest{
				{Game: evil, Name: evil},
				{Game: "pilot", Name: evil, Options: map[string]string{evil[:8]: evil}},
				{Game: "pilot", Name: evil, Options: map[string]string{strings.Repeat(evil, 9): evil}},
			} {
				req := connect.NewRequest(m)
				maps.Copy(req.Header(), h)
				_, _ = lobby.JoinOrCreate(t.Context(), req)
			}
			for _, m := range []*tickwirev1.JoinRequest{
				{Room: &tickwirev1.JoinRequest_RoomId{RoomId: evil}, Name: evil},
				{Room: &tickwirev1.JoinRequest_Code{Code: evil[:9]}},
			} {
				req := connect.NewRequest(m)
				maps.Copy(req.Header(), h)
				_, _ = lobby.Join(t.Context(), req)
			}
			create := connect.NewRequest(&tickwirev1.CreateRequest{
				Game: "pilot", Name: evil, Options: map[string]string{"map": evil},
			})
			maps.Copy(create.Header(), h)
			_, _ = lobby.Create(t.Context(), create)
			resume := connect.NewRequest(&tickwirev1.ResumeRequest{Token: evil})
			maps.Copy(resume.Header(), h)
			_, _ = lobby.Resume(t.Context(), resume)
			list := connect.NewRequest(&tickwirev1.ListRequest{Game: evil, Page: evil})
			maps.Copy(list.Header(), h)
			_, _ = lobby.List(t.Context(), list)
		})
	}
	// What generated code would not send: text that is not UTF-8, in a field and instead of a message.
	name := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), []byte(evilByte))
	for kind, body := range map[string][]byte{"application/proto": name, "application/json": []byte(`{"name":"` + evilByte)} {
		res, err := s.HTTPClient().Post(s.URL+"/tickwire.v1.LobbyService/JoinOrCreate", kind, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	s.Expel(evilName, evil)
}

// injectInHandshakes puts it into all that a handshake says, as far as HTTP lets it through.
func injectInHandshakes(t *testing.T, s *servertest.Server) {
	t.Helper()
	for _, lines := range []string{
		"Origin: http://evil\x80\xFF.example", "Origin: evil\tevil\u009b", "Host: \xFF\u2028",
		"Sec-WebSocket-Protocol: tickwire.v1, ticket.\xFF\t\x80",
		"Sec-WebSocket-Key: \xFF", "Sec-WebSocket-Version: \xFF", "X-Forwarded-For: \xFF\u009b31m", "Authorization: \xFF",
	} {
		for _, path := range []string{"/tickwire/v1/connect", "/tickwire/v1/connect?%0a%1b\xFF=%00", "/%0a%1b[31m%ff"} {
			conn, err := s.Dial(t.Context(), "tcp", "")
			if err != nil {
				t.Fatal(err)
			}
			_ = conn.SetDeadline(time.Now().Add(patience))
			_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n"+
				"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n\r\n", path, lines)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}
}

// injectInFrames puts it into all that a connection says.
func injectInFrames(t *testing.T, s *servertest.Server) {
	t.Helper()
	agent := func(text string) []byte {
		hello := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), []byte(text))
		return wsFrame(data, protowire.AppendBytes(protowire.AppendTag(nil, 6, protowire.BytesType), hello))
	}
	say := func(text string) []byte {
		return inFrame(t, &tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte(text)}}}})
	}
	good := agent("probe/1")
	for _, send := range [][]byte{
		agent(evilByte), agent("evil\x1b[31m"), agent(evil[:5]),
		parts(good, closing(1000, evil)), parts(good, closing(1001, evil)), parts(good, closing(4999, evilByte)),
		parts(good, say(evil[:9])), parts(good, say("\xFF")),
		parts(good, wsFrame(data, []byte(evilByte))), parts(good, wsFrame(text, []byte(evilByte))),
		parts(good, wsFrame(ping, []byte(evilByte)), closing(1000, "")),
	} {
		c, status := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
		if status != http.StatusSwitchingProtocols {
			t.Fatalf("status %d", status)
		}
		_ = c.conn.SetDeadline(time.Now().Add(patience))
		c.bytes(send)
		if !bytes.Contains(send, say(evil[:9])) {
			c.end(false)
		} else {
			c.frame() // it may be said: the game's own rules hold
		}
		_ = c.conn.Close()
	}
}

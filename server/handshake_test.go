package server

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/server/link"
)

func TestHandshake(t *testing.T) {
	t.Parallel()
	set := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
	}
	tests := []struct {
		why    string
		change func(*http.Request)
		want   int
	}{
		{"as browsers ask", func(*http.Request) {}, 101},
		{"names in any case, among others", set("Connection", "keep-alive, uPGRADE"), 101},
		{"on several lines", set("Connection", "keep-alive", "Upgrade"), 101},
		{"the sub-protocol in the second line", set("Sec-WebSocket-Protocol", "ticket.x", "tickwire.v1"), 101},
		{"Upgrade in any case", set("Upgrade", "WebSocket"), 101},
		{"extensions are not taken", set("Sec-WebSocket-Extensions", "permessage-deflate"), 101},
		{"a POST", func(r *http.Request) { r.Method = http.MethodPost }, 400},
		{"a body", func(r *http.Request) { r.ContentLength = 1 }, 400},
		{"a body of unknown length", func(r *http.Request) { r.TransferEncoding = []string{"chunked"} }, 400},
		{"HTTP/2", func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 2, 0 }, 426},
		{"HTTP/1.0", func(r *http.Request) { r.ProtoMinor = 0 }, 426},
		{"no Connection", set("Connection"), 426},
		{"a Connection that only looks like it", set("Connection", "XupgradeX"), 426},
		{"no Upgrade", set("Upgrade"), 426},
		{"another Upgrade", set("Upgrade", "h2c"), 426},
		{"an Upgrade that only looks like it", set("Upgrade", "websocket2"), 426},
		{"no version", set("Sec-WebSocket-Version"), 426},
		{"an old version", set("Sec-WebSocket-Version", "8"), 426},
		{"two versions", set("Sec-WebSocket-Version", "13", "13"), 426},
		{"no key", set("Sec-WebSocket-Key"), 400},
		{"an empty key", set("Sec-WebSocket-Key", ""), 400},
		{"a key that is not base64", set("Sec-WebSocket-Key", "x"), 400},
		{"a key of 15 bytes", set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA"), 400},
		{"a key of 17 bytes", set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA="), 400},
		{"two keys", set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="), 400},
		{"no sub-protocol", set("Sec-WebSocket-Protocol"), 400},
		{"another sub-protocol", set("Sec-WebSocket-Protocol", "tickwire.v2, ticket.tickwire.v1"), 400},
		{"sub-protocols are case-sensitive", set("Sec-WebSocket-Protocol", "Tickwire.v1"), 400},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			client, server := link.Pipe(link.Options{})
			defer func() { _ = client.Close() }()
			w, r := &hijacker{httptest.NewRecorder(), server}, handshake()
			tc.change(r)
			if refused := checkHandshake(r); refused != nil {
				refused.answer(w)
				if w.Code != tc.want || (w.Header().Get("Sec-WebSocket-Version") == "13") != (tc.want == 426) {
					t.Errorf("answered %d %v", w.Code, w.Header())
				}
				return
			}
			c, err := upgrade(w, r, testLimits(), zerolog.Nop(), newMetrics())
			if err != nil || tc.want != 101 {
				t.Fatalf("upgrade: %v, want %d", err, tc.want)
			}
			answer, err := http.ReadResponse(bufio.NewReader(client), nil)
			if err != nil || answer.StatusCode != http.StatusSwitchingProtocols ||
				answer.Header.Get("Sec-WebSocket-Protocol") != "tickwire.v1" ||
				answer.Header.Get("Sec-WebSocket-Extensions") != "" {
				t.Fatalf("answered %v, %v", answer, err)
			}
			_ = answer.Body.Close()
			_ = client.Close()
			c.run(&recorder{})
		})
	}
}

// A ResponseWriter whose socket cannot be taken is answered, not ignored.
func TestHandshakeWithoutASocket(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	if _, err := upgrade(w, handshake(), testLimits(), zerolog.Nop(), newMetrics()); err == nil || w.Code != 426 {
		t.Errorf("%v, %d", err, w.Code)
	}
}

// A client that is gone before it is answered leaves nothing behind.
func TestHandshakeOfAClientThatIsGone(t *testing.T) {
	t.Parallel()
	client, server := link.Pipe(link.Options{})
	_ = client.Close()
	w := &hijacker{httptest.NewRecorder(), server}
	if _, err := upgrade(w, handshake(), testLimits(), zerolog.Nop(), newMetrics()); err == nil {
		t.Error("it was upgraded")
	}
	if _, err := server.Read(make([]byte, 1)); err == nil {
		t.Error("the socket is open")
	}
}

// What came together with the request is not lost.
func TestBytesBehindTheHandshake(t *testing.T) {
	t.Parallel()
	ready := make(chan *conn, 1)
	h := &recorder{}
	done := make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := upgrade(w, r, testLimits(), zerolog.Nop(), newMetrics())
		if err != nil {
			t.Error(err)
			return
		}
		ready <- c
		go func() {
			defer close(done)
			c.run(h)
		}()
	}))
	defer web.Close()
	nc, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, nc: nc, read: bufio.NewReader(nc)}
	request := "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tickwire.v1, ticket.x\r\n\r\n"
	p.write(append(append([]byte(request), hello(t)...), closing(1000, "")...))
	answer, err := http.ReadResponse(p.read, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", answer, err)
	}
	_ = answer.Body.Close()
	if code, _, _ := p.farewell(); code != 1000 {
		t.Errorf("told %d", code)
	}
	_ = nc.Close()
	<-done
	if acks, closes := h.got(); len(acks) != 1 || closes[0] != 1000 {
		t.Errorf("%d frames, %v", len(acks), closes)
	}
	if c := <-ready; c.remote() != nc.LocalAddr().String() {
		t.Errorf("remote %q", c.remote())
	}
}

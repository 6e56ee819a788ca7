package server

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lxzan/gws"
	"github.com/rs/zerolog"
)

// subProtocol is the WebSocket sub-protocol that clients must offer.
const subProtocol = "tickwire.v1"

// upgrade answers a request that checkHandshake has found good, and takes the socket from net/http, so that w and r are
// free when it returns. Nothing has been read yet: the caller calls run. On an error w has been answered.
func upgrade(w http.ResponseWriter, r *http.Request, l *Limits, log zerolog.Logger, m *metrics) (*conn, error) {
	nc, read, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refused := &handshakeError{http.StatusUpgradeRequired, "the connection cannot become a WebSocket"}
		refused.answer(w)
		return nil, errors.Join(refused, err)
	}
	early, err := buffered(read.Reader)
	if err != nil {
		_ = nc.Close() // nothing was said yet
		return nil, err
	}
	tune(nc, l)
	if p, ok := nc.(*passage); ok { // only TLS needs it
		nc = p.Conn
	}

	c := &conn{limits: l, metrics: m, log: log, from: strings.Clone(r.RemoteAddr), born: time.Now(), early: early}
	c.wire.nc, c.wire.sent, c.wire.linger = nc, m.bytesOut, l.Linger
	c.guard.wire, c.guard.conn, c.guard.limit = &c.wire, c, uint64(l.HelloSize) //nolint:gosec // positive
	request := &http.Request{Method: http.MethodGet, Header: http.Header{
		"Connection":             {"Upgrade"},
		"Upgrade":                {"websocket"},
		"Sec-Websocket-Version":  {"13"},
		"Sec-Websocket-Key":      r.Header["Sec-Websocket-Key"],
		"Sec-Websocket-Protocol": {subProtocol},
	}}
	c.ws, err = upgrader(l).UpgradeFromConn(&c.guard, bufio.NewReaderSize(&c.guard, bufferSize), request)
	if err != nil {
		return nil, fmt.Errorf("answering the handshake: %w", err)
	}
	c.wire.open()
	return c, nil
}

// bufferSize is the size of the buffer that gws reads from. Filling it is a copy, not a system call, so it may be small.
const bufferSize = 64

// buffered returns what net/http has read beyond the request.
func buffered(r *bufio.Reader) ([]byte, error) {
	n := r.Buffered()
	if n == 0 {
		return nil, nil
	}
	b, err := r.Peek(n)
	return append([]byte(nil), b...), err
}

// tune sets up a socket: what it buffers hides how far behind a client is, so it is little.
func tune(nc net.Conn, l *Limits) {
	if tcp, ok := bottom(nc).(*net.TCPConn); ok {
		_ = tcp.SetNoDelay(true) // all of these only help
		_ = tcp.SetWriteBuffer(l.WriteBuffer)
	}
}

// upgraders are gws.Upgraders by limits: each holds pools, so conns share one.
//
//nolint:gochecknoglobals // it is of no server: all with the same limits share
var upgraders sync.Map

// upgrader returns the gws.Upgrader for conns with these limits.
func upgrader(l *Limits) *gws.Upgrader {
	type key struct {
		size   int
		header time.Duration
	}
	k := key{max(l.MessageSize, l.HelloSize), l.Header}
	if u, ok := upgraders.Load(k); ok {
		return u.(*gws.Upgrader) //nolint:forcetypeassert // the map holds nothing else
	}
	u, _ := upgraders.LoadOrStore(k, gws.NewUpgrader(callbacks{}, &gws.ServerOption{
		ParallelGolimit:    1, // a channel of that size is made for every conn
		ReadMaxPayloadSize: k.size,
		ReadBufferSize:     bufferSize,
		CheckUtf8Enabled:   true, // of close reasons; other text is refused before
		HandshakeTimeout:   k.header,
		SubProtocols:       []string{subProtocol},
		NewSession:         func() gws.SessionStorage { return nil },
	}))
	return u.(*gws.Upgrader) //nolint:forcetypeassert // the map holds nothing else
}

// handshakeError is why a request is not a handshake of our protocol.
type handshakeError struct {
	status int
	text   string
}

// Error implements error.
func (e *handshakeError) Error() string { return e.text }

// answer answers the request.
func (e *handshakeError) answer(w http.ResponseWriter) {
	hangUp(w)
	if e.status == http.StatusUpgradeRequired {
		w.Header().Add("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Sec-WebSocket-Version", "13")
	}
	http.Error(w, e.text, e.status)
}

// hangUp makes net/http close the socket after the answer: who was refused would keep it as long as it likes.
func hangUp(w http.ResponseWriter) { w.Header().Set("Connection", "close") }

// checkHandshake checks all of a request that makes it a handshake.
func checkHandshake(r *http.Request) *handshakeError {
	key, one := only(r.Header, "Sec-Websocket-Key")
	decoded, err := base64.StdEncoding.Strict().DecodeString(key)
	version, oneVersion := only(r.Header, "Sec-Websocket-Version")
	switch {
	case r.ProtoMajor != 1 || r.ProtoMinor < 1:
		return &handshakeError{http.StatusUpgradeRequired, "a WebSocket needs HTTP/1.1"}
	case r.Method != http.MethodGet:
		return &handshakeError{http.StatusBadRequest, "a handshake is a GET"}
	case r.ContentLength != 0 || len(r.TransferEncoding) > 0:
		return &handshakeError{http.StatusBadRequest, "a handshake has no body"}
	case !hasToken(r.Header, "Connection", "upgrade", strings.EqualFold):
		return &handshakeError{http.StatusUpgradeRequired, "this is a WebSocket endpoint: Connection must name Upgrade"}
	case !hasToken(r.Header, "Upgrade", "websocket", strings.EqualFold):
		return &handshakeError{http.StatusUpgradeRequired, "this is a WebSocket endpoint: Upgrade must name websocket"}
	case !oneVersion || version != "13":
		return &handshakeError{http.StatusUpgradeRequired, "Sec-WebSocket-Version must be 13"}
	case !one || err != nil || len(decoded) != 16:
		return &handshakeError{http.StatusBadRequest, "Sec-WebSocket-Key must be 16 bytes in base64"}
	case !hasToken(r.Header, "Sec-Websocket-Protocol", subProtocol, func(a, b string) bool { return a == b }):
		return &handshakeError{http.StatusBadRequest, "the sub-protocol " + subProtocol + " must be offered"}
	}
	return nil
}

// only returns the value of a header that is there once.
func only(h http.Header, name string) (string, bool) {
	values := h[name]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// hasToken says whether a header that is a list of tokens has one, whole.
func hasToken(h http.Header, name, token string, equal func(a, b string) bool) bool {
	for _, line := range h[name] {
		for part := range strings.SplitSeq(line, ",") {
			if equal(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

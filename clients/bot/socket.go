package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"
)

// socketBot is what players of other servers have in common: one WebSocket and the counters of what came over it.
type socketBot struct {
	cfg    *config
	gauges *gauges
	number int
	socket *gws.Conn
	net    net.Conn
	wire   atomic.Int64
	done   chan struct{}

	mu   sync.Mutex // guards all below
	out  bool       // leave was called
	own  totals
	last time.Time // when the frame before came; zero: before it was measured
	lost string
}

// open opens the WebSocket at path and reads it until it ends, on a goroutine of its own that calls handler.
func (s *socketBot) open(ctx context.Context, path string, handler gws.Event) error {
	u, err := url.Parse(s.cfg.url)
	if err != nil {
		return err
	}
	raw, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return err
	}
	s.net = raw
	socket, res, err := gws.NewClientFromConn(handler, &gws.ClientOption{
		Addr: "ws://" + u.Host + path, ReadBufferSize: 2048, RequestHeader: http.Header{},
	}, &counted{Conn: raw, read: &s.wire})
	if res != nil && res.Body != nil {
		_ = res.Body.Close() // empty
	}
	if err != nil {
		return err
	}
	s.socket = socket
	go func() {
		defer close(s.done)
		socket.ReadLoop()
	}()
	return nil
}

// framed counts a frame of so many bytes with so many of state in them. It says whether it is being measured. The caller
// holds mu.
func (s *socketBot) framed(now time.Time, bytes, body int) bool {
	measuring := s.gauges.measuring.Load()
	if measuring && !s.last.IsZero() {
		s.gauges.interval.add(now.Sub(s.last))
	}
	s.last = time.Time{}
	if measuring {
		s.last = now
	}
	s.own.frames++
	s.own.bytes += bytes
	s.own.body += body
	return measuring
}

// send sends a message and counts it. The caller holds mu.
func (s *socketBot) send(b []byte) {
	if s.socket.WriteMessage(gws.OpcodeBinary, b) == nil {
		s.own.sent++
		s.own.bytesSent += len(b)
	}
}

// closed notes why the WebSocket ended.
func (s *socketBot) closed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out {
		return
	}
	s.lost = "LOST"
	if c, ok := errors.AsType[*gws.CloseError](err); ok {
		s.lost = strconv.Itoa(int(c.Code))
	}
}

func (s *socketBot) leave() {
	s.mu.Lock()
	s.out = true
	s.mu.Unlock()
	_ = s.socket.WriteClose(1000, nil) // the connection is to end anyway
	_ = s.net.Close()                  // as above
	<-s.done
}

func (s *socketBot) ended() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

func (s *socketBot) totals() totals {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.own
	t.wire = s.wire.Load()
	if s.lost != "" {
		t.dropped = 1
	}
	return t
}

// Package servertest runs a Tickwire server on an in-memory network: real HTTP, real WebSockets, no ports. Inside a
// testing/synctest bubble minutes of play pass in milliseconds, and every time limit fires at its time exactly. A test
// fails in whose logs or metrics a ticket or a reconnect token stands.
package servertest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/internal/issued"
	"github.com/tickwire/tickwire/server/link"
)

// Server is a running server that only its own Dial reaches.
type Server struct {
	*server.Server
	// URL is the server's address for a client that uses HTTPClient and Dial.
	URL string

	dial dialer
	stop func()
}

// Start runs a server until the test ends, or Stop. A failure of the server to start or to stop fails the test, and so
// does a secret in the metrics, or in the log unless options have a Log of their own.
func Start(tb testing.TB, options server.Options) *Server {
	tb.Helper()
	l := newListener()
	return start(tb, options, l, "http://tickwire.test", l.dial)
}

// StartTCP is Start on a real port of the loopback interface: for what only real sockets do.
func StartTCP(tb testing.TB, options server.Options) *Server {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listen: %v", err)
	}
	address := l.Addr().String()
	return start(tb, options, l, "http://"+address, func(ctx context.Context, o *Options) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil || o == nil {
			return nc, err
		}
		return link.Through(nc, *o), nil
	})
}

// dialer opens a connection, of the given kind or, if that is nil, the quickest.
type dialer func(ctx context.Context, o *Options) (net.Conn, error)

func start(
	tb testing.TB, options server.Options, l net.Listener, url string, dial dialer,
) *Server {
	tb.Helper()
	log := watch(&options)
	s, err := server.New(options)
	if err != nil {
		tb.Fatalf("server: %v", err)
	}
	web := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 8 << 10}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Run(ctx); err != nil {
			tb.Errorf("run: %v", err)
		}
	})
	running.Go(func() {
		if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			tb.Errorf("serve: %v", err)
		}
	})
	stop := sync.OnceFunc(func() {
		cancel()
		_ = web.Close() // closes the listener; that it may be closed already is no matter
		running.Wait()
		for _, leak := range leaks(log, s) {
			tb.Errorf("a secret stands in %s", leak)
		}
	})
	tb.Cleanup(stop)
	select {
	case <-s.Ready():
	case <-time.After(10 * time.Second):
		tb.Fatal("the server does not become ready")
	}
	return &Server{Server: s, URL: url, dial: dial, stop: stop}
}

// watch sees to it that all that a server logs is looked at.
func watch(options *server.Options) *issued.Log {
	issued.Watch()
	log := &issued.Log{}
	if reflect.ValueOf(options.Log).IsZero() {
		options.Log = zerolog.New(log)
	}
	return log
}

// leaks are the places where a secret stands.
func leaks(log *issued.Log, s *server.Server) []string {
	var places []string
	for _, line := range log.Found() {
		places = append(places, "the log: "+line)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/metrics", http.NoBody)
	s.Admin().ServeHTTP(w, r)
	if secret, found := issued.In(w.Body.Bytes()); found {
		places = append(places, "the metrics: "+secret)
	}
	return places
}

// Stop stops the server as SIGTERM would and waits until all that it started has ended.
func (s *Server) Stop() { s.stop() }

// Dial opens a connection to the server, whatever the address.
func (s *Server) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return s.dial(ctx, nil)
}

// HTTPClient returns a client for lobby calls. It keeps no connections, so that none is left when a test ends.
func (s *Server) HTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: s.Dial, DisableKeepAlives: true}}
}

// listener hands the server's ends of in-memory connections to http.Server.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener() *listener {
	return &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *listener) dial(ctx context.Context, o *Options) (net.Conn, error) {
	if o == nil {
		o = &Options{}
	}
	client, srv := link.Pipe(*o)
	select {
	case l.conns <- srv:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return addr{} }

// addr is the one address of the in-memory network.
type addr struct{}

// Network implements net.Addr.
func (addr) Network() string { return "mem" }

// String implements net.Addr.
func (addr) String() string { return "tickwire.test:80" }

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	stdlog "log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/clients/web"
	"github.com/tickwire/tickwire/server"
)

const (
	headerTime  = 5 * time.Second
	headerBytes = 8 << 10
	idleTime    = 60 * time.Second
	// closeTime is how long HTTP requests may take to end once the rooms have.
	closeTime = time.Second
)

// serve runs the server until ctx is done and all that it started has ended.
func serve(ctx context.Context, c *config, stdout, stderr io.Writer) error {
	log := newLog(stderr, c.level)
	s, err := server.New(server.Options{
		Games: c.games, PublicURL: c.PublicURL, Origins: c.Origins, Proxies: c.proxies, Exempt: c.exempt, Log: log,
		Dumps: c.Dumps, Reader: c.reader,
	})
	if err != nil {
		return err
	}
	pages, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/tickwire.v1.LobbyService/", s)
	mux.Handle("/tickwire/", s)
	mux.Handle("/", safe(http.FileServerFS(pages)))
	config, err := tlsConfig(c)
	if err != nil {
		return err
	}
	public, err := listen(ctx, "--addr", c.Addr)
	if err != nil {
		return err
	}
	defer closeQuietly(public)
	doors := []*door{newDoor(public, mux, config, log)}
	if c.Admin != "" {
		admin, err := listen(ctx, "--admin", c.Admin)
		if err != nil {
			return err
		}
		defer closeQuietly(admin)
		doors = append(doors, newDoor(admin, s.Admin(), nil, log))
	}
	return attend(ctx, s, doors, func() {
		_, _ = fmt.Fprintln(stdout, shownURL(public.Addr(), config != nil)) // whoever does not read it does not need it
	})
}

// attend runs a server behind its doors and ends them in order: rooms and players first, then the doors.
func attend(ctx context.Context, s *server.Server, doors []*door, ready func()) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var open sync.WaitGroup
	for _, d := range doors {
		open.Go(func() {
			if err := d.serve(); !errors.Is(err, http.ErrServerClosed) {
				cancel(err)
			}
		})
	}
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	select {
	case <-s.Ready():
		ready()
	case err := <-ran:
		ran <- err
	}
	err := <-ran
	for _, d := range doors {
		d.close(context.WithoutCancel(ctx)) // ctx is done, and closing may take its time
	}
	open.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// door is one listener with what stands behind it.
type door struct {
	http     *http.Server
	listener net.Listener
}

// newDoor makes a door that knows HTTP/1.1 only, which is what WebSockets are opened with.
func newDoor(l net.Listener, h http.Handler, config *tls.Config, log zerolog.Logger) *door {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	if config != nil {
		l = server.Listener(l)
	}
	return &door{listener: l, http: &http.Server{
		Handler: h, TLSConfig: config, Protocols: protocols,
		ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		ErrorLog: stdlog.New(debugWriter{log}, "", 0), // what strangers do wrong is no news
	}}
}

func (d *door) serve() error {
	if d.http.TLSConfig != nil {
		return d.http.ServeTLS(d.listener, "", "")
	}
	return d.http.Serve(d.listener)
}

func (d *door) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	if d.http.Shutdown(ctx) != nil {
		_ = d.http.Close() // the listener is closed already
	}
}

// listen opens a port, or says what to do.
func listen(ctx context.Context, name, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use; end what uses it, or choose another port with %s", addr, name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", name, addr, err)
	}
	return l, nil
}

// closeQuietly closes what may be closed already.
func closeQuietly(c io.Closer) { _ = c.Close() }

// tlsConfig is nil without certificate.
func tlsConfig(c *config) (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil //nolint:nilnil // no TLS is not an error
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}

// shownURL is a URL that works in a browser on this machine.
func shownURL(addr net.Addr, secure bool) string {
	scheme, shown := "http://", addr.String()
	if secure {
		scheme = "https://"
	}
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		shown = fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return scheme + shown
}

// safe adds what every page should say to the browser.
func safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("X-Frame-Options", "SAMEORIGIN")
		w.Header().Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// newLog writes for people on a terminal and JSON elsewhere.
func newLog(w io.Writer, level zerolog.Level) zerolog.Logger {
	if f, ok := w.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		w = zerolog.ConsoleWriter{Out: w, TimeFormat: time.TimeOnly}
	}
	return zerolog.New(zerolog.SyncWriter(w)).Level(level).With().Timestamp().Logger()
}

// debugWriter logs lines of the standard library's log.
type debugWriter struct{ log zerolog.Logger }

// Write implements io.Writer.
func (d debugWriter) Write(p []byte) (int, error) {
	d.log.Debug().Msg(strings.TrimSpace(string(p)))
	return len(p), nil
}

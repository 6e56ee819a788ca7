package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

const (
	subProtocol  = "tickwire.v1"
	ticketPrefix = "ticket."
	lingerTime   = time.Second
	// readBuffer holds several frames of a usual game; a greater one is read past the buffer.
	readBuffer = 2048
)

// dial opens a WebSocket for the room with the seat's ticket. ctx, which has a deadline, bounds all of it and the wait
// for the welcome.
func (r *Room) dial(ctx context.Context, seat *tickwirev1.Seat) (*line, error) {
	raw, err := r.client.dialNet(ctx, seat.GetUrl())
	if err != nil {
		return nil, err
	}
	l := newLine(r, raw)
	l.due, _ = ctx.Deadline()
	header := r.client.opts.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	// The ticket travels as a sub-protocol, so that it stands in no URL and no log; the server chooses the other one.
	header.Set("Sec-WebSocket-Protocol", subProtocol+", "+ticketPrefix+seat.GetTicket())
	// gws waits for its own writer without regard to ctx and leaves it behind at its own time limit, so that limit is
	// put out of reach and ours closes the conn.
	stop := context.AfterFunc(ctx, l.net.kill)
	defer stop()
	defer func() {
		if l.conn == nil {
			l.net.kill() // gws's Close only ends the writing side
		}
	}()
	conn, res, err := gws.NewClientFromConn(l, &gws.ClientOption{
		Addr: seat.GetUrl(), RequestHeader: header, HandshakeTimeout: time.Hour,
		ReadMaxPayloadSize: r.client.opts.MessageSize, ReadBufferSize: readBuffer, Logger: silent{},
	}, l.net)
	if res != nil && res.Body != nil {
		defer func() { _ = res.Body.Close() }() // gws keeps the conn; the body is empty or not wanted
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case res != nil && res.StatusCode != http.StatusSwitchingProtocols:
		return nil, statusError(res.StatusCode)
	case err != nil:
		return nil, unreachable("the WebSocket handshake failed", err)
	case conn.SubProtocol() != subProtocol:
		return nil, newError(codeProtocol, "the server chose no sub-protocol that this client speaks")
	}
	l.conn = conn
	return l, nil
}

// dialNet opens the connection below a WebSocket.
func (c *Client) dialNet(ctx context.Context, address string) (net.Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, newError(codeProtocol, "the seat's URL is not one: "+err.Error())
	}
	port := u.Port()
	switch {
	case u.Scheme != "ws" && u.Scheme != "wss":
		return nil, newError(codeProtocol, "the seat's URL is neither ws:// nor wss://")
	case port == "" && u.Scheme == "ws":
		port = "80"
	case port == "":
		port = "443"
	}
	raw, err := c.opts.Dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, unreachable("no connection", err)
	}
	if u.Scheme == "ws" {
		return raw, nil
	}
	config := c.opts.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	config.NextProtos = []string{"http/1.1"}
	return tls.Client(raw, config), nil
}

// lingerConn closes in two steps. gws closes the conn right after it has written a close frame; if bytes of the server
// are unread then, the kernel resets the connection and the frame is lost. So Close only says that we write no more,
// and the room's goroutine reads on until the server closes too, or for a second.
type lingerConn struct {
	net.Conn

	over atomic.Bool // the server's bytes have come to an end
}

// Read notes the end.
func (c *lingerConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.over.Store(true)
	}
	return n, err
}

// Write refuses after the end: gws tells a server that stopped sending in the middle "close 1000", which is how a player
// leaves, and this one has not left.
func (c *lingerConn) Write(p []byte) (int, error) {
	if c.over.Load() {
		return 0, net.ErrClosed
	}
	return c.Conn.Write(p)
}

// Close ends the writing side.
func (c *lingerConn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return c.Conn.Close()
	}
	return c.SetReadDeadline(time.Now().Add(lingerTime))
}

func (c *lingerConn) kill() { _ = c.Conn.Close() }

// silent keeps gws from writing to standard error.
type silent struct{}

func (silent) Error(...any) {}

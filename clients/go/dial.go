package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/lxzan/gws"
)

const (
	subProtocol  = "tickwire.v1"
	ticketPrefix = "ticket."
	lingerTime   = time.Second
)

// dial opens the room's WebSocket. ctx bounds all of it.
func (r *Room) dial(ctx context.Context) error {
	raw, err := r.dialNet(ctx, r.seat.GetUrl())
	if err != nil {
		return err
	}
	r.net = &lingerConn{Conn: raw}
	header := r.client.opts.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	// The ticket travels as a sub-protocol, so that it stands in no URL and no log; the server chooses the other one.
	header.Set("Sec-WebSocket-Protocol", subProtocol+", "+ticketPrefix+r.seat.GetTicket())
	// gws waits for its own writer without regard to ctx and leaves it behind at its own time limit, so that limit is
	// put out of reach and ours closes the conn.
	stop := context.AfterFunc(ctx, r.net.kill)
	defer stop()
	defer func() {
		if r.conn == nil {
			r.net.kill() // gws's Close only ends the writing side
		}
	}()
	conn, res, err := gws.NewClientFromConn(r, &gws.ClientOption{
		Addr: r.seat.GetUrl(), RequestHeader: header, HandshakeTimeout: time.Hour,
		ReadMaxPayloadSize: r.client.opts.MessageSize, ReadBufferSize: readBuffer, Logger: silent{},
	}, r.net)
	if res != nil && res.Body != nil {
		defer func() { _ = res.Body.Close() }() // gws keeps the conn; the body is empty or not wanted
	}
	switch {
	case ctx.Err() != nil:
		r.net.kill()
		return ctx.Err()
	case res != nil && res.StatusCode != http.StatusSwitchingProtocols:
		return statusError(res.StatusCode)
	case err != nil:
		return newError(CodeLost, "the WebSocket handshake failed: "+err.Error())
	case conn.SubProtocol() != subProtocol:
		r.net.kill()
		return newError(codeProtocol, "the server chose no sub-protocol that this client speaks")
	}
	r.conn = conn
	return nil
}

// readBuffer holds several frames of a usual game; a greater one is read past the buffer.
const readBuffer = 2048

func (r *Room) dialNet(ctx context.Context, address string) (net.Conn, error) {
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
	raw, err := r.client.opts.Dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, newError(CodeLost, "no connection: "+err.Error())
	}
	if u.Scheme == "ws" {
		return raw, nil
	}
	config := r.client.opts.TLS.Clone()
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

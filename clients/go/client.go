package client

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
)

// Codec names how state is written on the wire.
type Codec = tickwirev1.Codec

const (
	// Packed is the bit stream: the default, a fifth of the bytes.
	Packed = tickwirev1.Codec_CODEC_PACKED
	// Plain is ordinary protobuf rows, for debugging.
	Plain = tickwirev1.Codec_CODEC_PLAIN
)

// Options are the choices of a Client. The zero value is a good one.
type Options struct {
	// Name is the player's display name; JoinOptions.Name goes before it. Empty: the server chooses.
	Name string
	// Codec is how state is to be sent. Default Packed.
	Codec Codec
	// Header is added to lobby calls and WebSocket handshakes; Authorization goes here.
	Header http.Header
	// Dial opens connections, for the lobby and for WebSockets. It must return when ctx ends. Default: a net.Dialer with a
	// limit of 10 s.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS is for wss:// and https://. Default: the system's.
	TLS *tls.Config
	// HTTPClient makes the lobby calls. Default: one of the Client's own, over Dial.
	HTTPClient connect.HTTPClient
	// MessageSize is the greatest message the server may send, in bytes. Default 4 MiB.
	MessageSize int
}

// Client finds rooms on one server. It may be used from several goroutines.
type Client struct {
	opts  Options
	lobby tickwirev1connect.LobbyServiceClient
	own   *http.Transport // closed by Close; nil if the caller gave an HTTPClient

	closed atomic.Bool
}

const (
	dialTimeout        = 10 * time.Second
	defaultMessageSize = 4 << 20
)

// New returns a Client of the server at url, "http://host:port" or "https://host". It connects to nothing yet; opts may
// be nil.
func New(url string, opts *Options) *Client {
	c := &Client{}
	if opts != nil {
		c.opts = *opts
	}
	if c.opts.Dial == nil {
		c.opts.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	if c.opts.Codec == tickwirev1.Codec_CODEC_UNSPECIFIED {
		c.opts.Codec = Packed
	}
	if c.opts.MessageSize == 0 {
		c.opts.MessageSize = defaultMessageSize
	}
	if c.opts.HTTPClient == nil {
		c.own = &http.Transport{DialContext: c.opts.Dial, TLSClientConfig: c.opts.TLS, MaxIdleConnsPerHost: 4}
		c.opts.HTTPClient = &http.Client{Transport: c.own}
	}
	c.lobby = tickwirev1connect.NewLobbyServiceClient(c.opts.HTTPClient, url)
	return c
}

// Close drops idle HTTP connections. Rooms live on, and come back if their connection is lost.
func (c *Client) Close() {
	c.closed.Store(true)
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// Info is a public room that can be joined.
type Info struct {
	// ID is what Join takes.
	ID string
	// Game is the game's name.
	Game string
	// Players are in it; MaxPlayers fit.
	Players, MaxPlayers int
	// Options are what its creator chose.
	Options map[string]string
}

// List names the public rooms of a game that have all of the given options, oldest first. An empty game means all
// games; options may be nil.
func (c *Client) List(ctx context.Context, game string, options map[string]string) ([]Info, error) {
	var rooms []Info
	page := ""
	for {
		req := request(c, &tickwirev1.ListRequest{Game: game, Options: options, Page: page})
		res, err := c.lobby.List(ctx, req)
		if err != nil {
			return nil, lobbyError(err)
		}
		for _, r := range res.Msg.GetRooms() {
			rooms = append(rooms, Info{
				ID: r.GetId(), Game: r.GetGame(), Players: int(r.GetPlayers()), MaxPlayers: int(r.GetMaxPlayers()),
				Options: r.GetOptions(),
			})
		}
		if page = res.Msg.GetNextPage(); page == "" {
			return rooms, nil
		}
	}
}

// request wraps a message with the Client's headers.
func request[T any](c *Client, message *T) *connect.Request[T] {
	req := connect.NewRequest(message)
	maps.Copy(req.Header(), c.opts.Header)
	return req
}

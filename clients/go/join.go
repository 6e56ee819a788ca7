package client

import (
	"context"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// JoinOptions are the choices of one join. nil is the zero value.
type JoinOptions struct {
	// Name is the player's display name, at most 32 bytes. Empty: the Client's.
	Name string
	// Options are choices that the game understands. JoinOrCreate takes only rooms that have all of them.
	Options map[string]string
	// Private makes a room of Create unlisted, to be joined by its code.
	Private bool
	// OnFrame is called on the room's goroutine after each frame of state was applied and before it is answered, so
	// that a Send in it travels with the answer. It may be called before the join returns. For bots and other programs
	// that act on every frame; others use Frames.
	OnFrame func(*Room, *Frame)
	// OnBody is called on the room's goroutine with the packed state of each frame, before it is applied: for programs that
	// measure what it consists of, with a game.Meter. tick is that of the frame and base is ServerFrame.base. Body and
	// Replica are to be read only, during the call.
	OnBody func(r *Room, tick, base uint32, body []byte)
	// NoReconnect makes the loss of the connection the end of the room. By default the room comes back by itself, if the
	// server keeps the seat: it tries at random times, at first within half a second, up to 15 s apart, until 5 s after the
	// server's time of grace.
	NoReconnect bool
	// OnDrop is called on the room's goroutine when the connection is lost and the room will try to come back. It is not
	// called for the end of a room, which Done and Err tell. It should return soon: the first try follows it.
	OnDrop func(*Room, *Error)
	// OnReconnect is called on the room's goroutine when the room is back, after the first state was applied and before its
	// OnFrame. Each follows an OnDrop.
	OnReconnect func(*Room, Reconnected)
	// OnClosing is called on the room's goroutine when the server says that it is stopping: the room ends in so many ticks,
	// if its game does not end before. It may be called again, with fewer.
	OnClosing func(r *Room, ticks int)
}

// Create makes a room of a game and joins it.
func (c *Client) Create(ctx context.Context, game string, o *JoinOptions) (*Room, error) {
	o = c.defaults(o)
	res, err := c.lobby.Create(ctx, request(c, &tickwirev1.CreateRequest{
		Game: game, Name: o.Name, Options: o.Options, Private: o.Private,
	}))
	if err != nil {
		return nil, lobbyError(err)
	}
	return c.connect(ctx, res.Msg.GetSeat(), o)
}

// Join joins the public room with the given ID.
func (c *Client) Join(ctx context.Context, roomID string, o *JoinOptions) (*Room, error) {
	o = c.defaults(o)
	return c.join(ctx, &tickwirev1.JoinRequest{
		Room: &tickwirev1.JoinRequest_RoomId{RoomId: roomID}, Name: o.Name,
	}, o)
}

// JoinCode joins the private room with the given code; upper and lower case are the same.
func (c *Client) JoinCode(ctx context.Context, code string, o *JoinOptions) (*Room, error) {
	o = c.defaults(o)
	return c.join(ctx, &tickwirev1.JoinRequest{Room: &tickwirev1.JoinRequest_Code{Code: code}, Name: o.Name}, o)
}

// JoinOrCreate joins a public room of a game that has a free seat and all of the options, or makes one.
func (c *Client) JoinOrCreate(ctx context.Context, game string, o *JoinOptions) (*Room, error) {
	o = c.defaults(o)
	res, err := c.lobby.JoinOrCreate(ctx, request(c, &tickwirev1.JoinOrCreateRequest{
		Game: game, Name: o.Name, Options: o.Options,
	}))
	if err != nil {
		return nil, lobbyError(err)
	}
	return c.connect(ctx, res.Msg.GetSeat(), o)
}

func (c *Client) join(ctx context.Context, req *tickwirev1.JoinRequest, o *JoinOptions) (*Room, error) {
	res, err := c.lobby.Join(ctx, request(c, req))
	if err != nil {
		return nil, lobbyError(err)
	}
	return c.connect(ctx, res.Msg.GetSeat(), o)
}

func (c *Client) defaults(o *JoinOptions) *JoinOptions {
	filled := JoinOptions{}
	if o != nil {
		filled = *o
	}
	if filled.Name == "" {
		filled.Name = c.opts.Name
	}
	return &filled
}

// connect takes the seat: it opens the WebSocket, says hello and waits for the welcome.
func (c *Client) connect(ctx context.Context, seat *tickwirev1.Seat, o *JoinOptions) (*Room, error) {
	r := newRoom(c, seat, o)
	life, end := context.WithCancel(context.WithoutCancel(ctx)) // the room outlives the call
	r.end = end
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	l, err := r.dial(ctx, seat)
	if err != nil {
		end()
		return nil, err
	}
	l.due = l.due.Add(lingerTime) // for here ctx does it
	go r.run(life, l)
	select {
	case <-r.welcomed:
		return r, nil
	case <-r.done:
		return nil, r.err
	case <-ctx.Done():
		r.abandon()
		return nil, ctx.Err()
	}
}

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
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	r := newRoom(c, seat, o)
	if err := r.dial(ctx); err != nil {
		return nil, err
	}
	go r.run()
	if err := r.hello(); err != nil {
		r.abandon()
		return nil, r.ended(err)
	}
	select {
	case <-r.welcomed:
		return r, nil
	case <-r.done:
		return nil, r.ended(newError(CodeLost, "the connection ended before the welcome"))
	case <-ctx.Done():
		r.abandon()
		return nil, r.ended(ctx.Err())
	}
}

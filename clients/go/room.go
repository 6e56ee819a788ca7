package client

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	"github.com/tickwire/tickwire/game"
)

const (
	// deadAfter is how long a server may be silent; it pings every 5 s.
	deadAfter = 12 * time.Second
	// agent is what the server may log about this library.
	agent = "tickwire-go/0.1"
)

// Room is a seat in a room, as long as its connection lasts. Its methods may be called from any goroutine, except where
// they say otherwise; see the package's documentation.
type Room struct {
	client  *Client
	seat    *tickwirev1.Seat
	onFrame func(*Room, *Frame)

	net  *lingerConn
	conn *gws.Conn
	dog  *time.Timer // ends the room when the server is silent

	welcomed chan struct{} // closed when the fields of the next block are set; they never change after it
	player   game.ID
	game     string
	rate     uint32
	codec    Codec
	schema   *game.Schema
	commands []*packer
	events   []*packer
	inputs   *packer // nil if the game takes none

	// The room's goroutine only.
	in         serverFrame
	plain      plainReader
	frame      Frame
	stride     uint32
	behind     bool                    // a Resync was sent; the next state must be whole
	acked      uint32                  // newest tick applied
	resync     tickwirev1.ResyncReason // to be asked for in the next reply
	lead       lead
	lastEvent  uint32
	pingAt     time.Time
	pingID     uint32
	reachedEnd error
	inCallback bool // what is running is the caller's code

	heard   atomic.Int64 // nanoseconds since start
	start   time.Time
	leaving atomic.Bool
	done    chan struct{}
	err     *Error // why the room ended; set before done is closed

	mu      sync.Mutex // guards the block below; held for microseconds, never while anything waits
	replica *game.Replica
	stats   Stats
	lines   *timeline // nil until the first Interpolated
	notes   listeners

	out             sync.Mutex // guards the block below; held while a message is written
	input           input
	seq             uint32
	pending         map[uint32]func(error)
	sent, bytesSent int
	buf             []byte
	values          []int64
	blobs           [][]byte
}

func newRoom(c *Client, seat *tickwirev1.Seat, o *JoinOptions) *Room {
	return &Room{
		client: c, seat: seat, onFrame: o.OnFrame, start: time.Now(),
		welcomed: make(chan struct{}), done: make(chan struct{}), pending: map[uint32]func(error){},
	}
}

// Player is this player's ID in the game.
func (r *Room) Player() game.ID { return r.player }

// RoomID is the room's ID.
func (r *Room) RoomID() string { return r.seat.GetRoomId() }

// SessionID is an identifier of this seat, not a credential.
func (r *Room) SessionID() string { return r.seat.GetSessionId() }

// Code is what invites others into a private room; empty if the room is public.
func (r *Room) Code() string { return r.seat.GetCode() }

// Game is the game's name.
func (r *Room) Game() string { return r.game }

// Rate is in ticks a second.
func (r *Room) Rate() int { return int(r.rate) }

// Schema describes the game's tables and messages. It must not be changed.
func (r *Room) Schema() *game.Schema { return r.schema }

// Replica is the copy of the state itself. It is for callbacks only, on the room's goroutine; elsewhere use TableOf.
func (r *Room) Replica() *game.Replica { return r.replica }

// Done is closed when the room has ended and its goroutine with it.
func (r *Room) Done() <-chan struct{} { return r.done }

// Err says why the room ended; nil while it goes on and after Leave.
func (r *Room) Err() *Error {
	select {
	case <-r.done:
		return r.err
	default:
		return nil
	}
}

// Leave gives the seat back, closes the connection (code 1000) and waits until the room's goroutine has ended. It takes
// at most about a second, however the server behaves. In a callback call it as a goroutine of its own. Leaving a room
// that has ended does nothing; the error is why it had ended, if it was not Leave.
func (r *Room) Leave() error {
	if r.leaving.CompareAndSwap(false, true) {
		kill := time.AfterFunc(lingerTime, r.net.kill)
		defer kill.Stop()
		_ = r.conn.WriteClose(1000, nil) // an error means that the connection is gone: what was wanted
	}
	<-r.done
	if r.err != nil {
		return r.err
	}
	return nil
}

// abandon ends a room that nobody was given.
func (r *Room) abandon() {
	r.net.kill()
	<-r.done
}

// ended is the room's own reason, or the fallback if it gave none.
func (r *Room) ended(fallback error) error {
	if r.err != nil && r.err.Code != CodeLost {
		return r.err
	}
	return fallback
}

// run is the room's goroutine.
func (r *Room) run() {
	defer close(r.done)
	defer r.finish()
	r.heard.Store(int64(time.Since(r.start)))
	r.dog = time.AfterFunc(deadAfter, r.watch)
	defer r.dog.Stop()
	defer func() {
		// gws panics on some frames that no honest server sends. They end the room, not the process.
		if cause := recover(); cause != nil {
			if r.inCallback {
				panic(cause)
			}
			r.reachedEnd = newError(codeProtocol, "the server sent a frame that is not WebSocket")
		}
	}()
	r.conn.ReadLoop()
}

// watch ends the room if nothing was heard for too long.
func (r *Room) watch() {
	rest := deadAfter - r.silence()
	if rest <= 0 {
		r.net.kill()
		return
	}
	r.dog.Reset(rest)
}

// silence is how long nothing was heard from the server.
func (r *Room) silence() time.Duration { return time.Since(r.start) - time.Duration(r.heard.Load()) }

// finish runs last on the room's goroutine.
func (r *Room) finish() {
	r.net.kill()
	r.err = r.verdict()
	err := ErrLeft
	if r.err != nil {
		err = r.err
	}
	r.out.Lock()
	pending := r.pending
	r.pending = nil
	r.out.Unlock()
	for _, answer := range pending {
		answer(err)
	}
	r.mu.Lock()
	r.notes.end()
	r.mu.Unlock()
}

// verdict says why the room ended: what the server said goes before what the socket said.
func (r *Room) verdict() *Error {
	if r.leaving.Load() {
		return nil
	}
	if e, ok := errors.AsType[*Error](r.reachedEnd); ok {
		return e
	}
	if c, ok := errors.AsType[*gws.CloseError](r.reachedEnd); ok && c.Code != 0 {
		return newError(Code(c.Code), string(c.Reason))
	}
	if r.silence() >= deadAfter {
		return newError(tickwirev1.Code_CODE_SILENT, "the server has not been heard for too long")
	}
	return newError(CodeLost, "the connection was lost")
}

// fail ends the room because of what the server sent.
func (r *Room) fail(e *Error) {
	if r.reachedEnd == nil {
		r.reachedEnd = e
	}
	_ = r.conn.WriteClose(uint16(codeProtocol), nil) // the reason is kept here; the server learns only whose fault it was
}

// OnOpen is called by gws.
func (r *Room) OnOpen(*gws.Conn) {}

// OnPong is called by gws.
func (r *Room) OnPong(*gws.Conn, []byte) {}

// OnPing is called by gws. It answers with the payload, as RFC 6455 wants.
func (r *Room) OnPing(c *gws.Conn, payload []byte) {
	r.heard.Store(int64(time.Since(r.start)))
	_ = c.WritePong(payload) // a failed write ends ReadLoop
}

// OnClose is called by gws.
func (r *Room) OnClose(_ *gws.Conn, err error) {
	if c, ok := errors.AsType[*gws.CloseError](err); ok {
		err = &gws.CloseError{Code: c.Code, Reason: append([]byte{}, c.Reason...)}
	}
	if r.reachedEnd == nil {
		r.reachedEnd = err
	}
}

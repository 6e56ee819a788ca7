package client

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	"github.com/tickwire/tickwire/game"
)

// agent is what the server may log about this library.
const agent = "tickwire-go/0.1"

// Room is a seat in a room. It outlives its connection: when that is lost the room makes another and goes on, until it
// ends for good. Its methods may be called from any goroutine, except where they say otherwise; see the package's
// documentation.
type Room struct {
	client *Client
	seat   *tickwirev1.Seat // of the call that gave the room; its ticket is used
	opts   *JoinOptions
	start  time.Time

	welcomed chan struct{} // closed when the fields of the next block are set; they never change after it
	player   game.ID
	game     string
	rate     uint32
	schema   *game.Schema
	commands []*packer
	events   []*packer
	inputs   *packer // nil if the game takes none

	// The room's goroutine only.
	in         serverFrame
	plain      plainReader
	frame      Frame
	stride     uint32                  // written under mu, as Interpolated reads it
	behind     bool                    // a Resync was sent; the next state must be whole
	acked      uint32                  // newest tick applied
	fresh      bool                    // no state has come on this connection yet
	resync     tickwirev1.ResyncReason // to be asked for in the next reply
	lead       lead
	lastEvent  uint32
	joinedLate bool // in a session that had begun, and no event has come yet
	pingAt     time.Time
	pingID     uint32
	away       absence
	inCallback bool // what is running is the caller's code

	leaving atomic.Bool
	end     context.CancelFunc // ends the wait for another connection
	done    chan struct{}
	err     *Error // why the room ended; set before done is closed

	mu      sync.Mutex // guards the block below; held for microseconds, never while anything waits
	token   string
	replica *game.Replica
	stats   Stats
	lines   *timeline // nil until the first Interpolated
	notes   listeners

	out             sync.Mutex // guards the block below; held for microseconds, never while anything waits
	line            *line      // nil while there is none
	up              bool       // the line was welcomed: frames may be sent
	input           input
	pending         pending
	pace            uint32
	sent, bytesSent int
	buf             []byte
	values          []int64
	blobs           [][]byte
}

func newRoom(c *Client, seat *tickwirev1.Seat, o *JoinOptions) *Room {
	return &Room{
		client: c, seat: seat, opts: o, start: time.Now(), welcomed: make(chan struct{}), done: make(chan struct{}),
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

// Replica is the copy of the state itself. It stays the same one over all connections. It is for callbacks only, on the
// room's goroutine; elsewhere use TableOf.
func (r *Room) Replica() *game.Replica { return r.replica }

// Token is the secret with which Client.Resume takes this seat again, for a program that was restarted; empty if the
// session ends with its connection. It changes with every connection, and the one before is void soon after, so a program
// that keeps it does so after the join and in each OnReconnect. It belongs in no log.
func (r *Room) Token() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.token
}

// Done is closed when the room has ended for good and its goroutine with it.
func (r *Room) Done() <-chan struct{} { return r.done }

// Err says why the room ended; nil while it goes on, with or without a connection, and after Leave.
func (r *Room) Err() *Error {
	select {
	case <-r.done:
		return r.err
	default:
		return nil
	}
}

// Leave gives the seat back, closes the connection (code 1000) and waits until the room's goroutine has ended. It takes
// at most about a second, however the server behaves. While the connection is lost there is nobody to give the seat back
// to: Leave then ends the room at once, and the server keeps the seat until its time of grace is over. In a callback call
// it as a goroutine of its own. Leaving a room that has ended does nothing; the error is why it had ended, if it was not
// Leave.
func (r *Room) Leave() error {
	if r.leaving.CompareAndSwap(false, true) {
		if l := r.current(); l != nil {
			l.leave()
		}
		r.end()
	}
	<-r.done
	if r.err != nil {
		return r.err
	}
	return nil
}

// current is the line in use; nil: none.
func (r *Room) current() *line {
	r.out.Lock()
	defer r.out.Unlock()
	return r.line
}

// abandon ends a room that nobody was given.
func (r *Room) abandon() {
	r.leaving.Store(true)
	if l := r.current(); l != nil {
		l.net.kill()
	}
	r.end()
	<-r.done
}

// run is the room's goroutine. It reads one line after the other until there is no more.
func (r *Room) run(life context.Context, l *line) {
	defer close(r.done)
	defer r.finish()
	for l != nil {
		r.hold(l)
		if r.leaving.Load() { // between two lines: Leave has seen none
			l.leave()
		}
		why := l.read(r.hello())
		r.hold(nil)
		l = r.again(life, l, why)
	}
}

// hold makes a line the room's, or takes it away.
func (r *Room) hold(l *line) {
	r.fresh = true
	r.out.Lock()
	defer r.out.Unlock()
	r.line, r.up = l, false
}

// finish runs last on the room's goroutine.
func (r *Room) finish() {
	r.end()
	err := ErrLeft
	if r.err != nil {
		err = r.err
	}
	r.out.Lock()
	asked := r.pending.close(err)
	r.out.Unlock()
	for _, a := range asked {
		a.answer(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes.end()
}

// call runs the caller's code. A panic in it is not ours to catch.
func (r *Room) call(f func()) {
	r.inCallback = true
	f()
	r.inCallback = false
}

package server

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"reflect"
	"time"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
)

// Options says how a Server behaves. Only Games is needed.
type Options struct {
	// Games are the games that rooms can be made of. Names must differ; "lobby" is taken.
	Games []game.Definition
	// PublicURL is where clients find ServeHTTP, for example https://play.example.com/game. Default: what the
	// request of the lobby call says, which is right unless a proxy changes the host or ends TLS.
	PublicURL string
	// Origins are web pages, besides those of the server's own host, whose scripts may use the server: scheme://host
	// or scheme://host:port, exactly as browsers write them.
	Origins []string
	// RequireOrigin refuses WebSockets without an Origin. Browsers always send one, native clients do not.
	RequireOrigin bool
	// Authenticate finds out who calls the lobby, from the headers of the call. An *Error is answered as it is, any
	// other error as CODE_FORBIDDEN without its text. It is called from many goroutines. Default: a guest with a
	// random ID.
	Authenticate func(ctx context.Context, header http.Header) (Identity, error)
	// Secret is the key from which tickets are signed, at least 16 bytes. Nodes that share rooms share it. Default: a
	// random one, so that a restart voids all tickets.
	Secret []byte
	// Proxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none.
	Proxies []netip.Prefix
	// Exempt are addresses to which the limits per address do not apply, but for failed look-ups: load tools and
	// tests. Default: none.
	Exempt []netip.Prefix
	// Limits bound what clients and rooms may take. Zero fields get their defaults.
	Limits Limits
	// Log gets all that the server has to say; tickets never. Default: nothing is logged.
	Log zerolog.Logger
}

// Identity is who a player is, as Authenticate found it.
type Identity struct {
	// ID is the same for the same person. It is not a credential and may be logged.
	ID string
	// Name is the display name. Empty: the one that the client asks for.
	Name string
}

// Limits bound time, rates and sizes. Zero means the default, given with each field; New refuses what is negative, but
// for Idle.
type Limits struct {
	// Header is the time for the body of a lobby call and for the answer 101. The listener's own http.Server should
	// use the same for ReadHeaderTimeout. Default 5 s.
	Header time.Duration
	// FirstMessage is the time between 101 and Hello. Default 5 s.
	FirstMessage time.Duration
	// Seat is how long a seat waits for a connection with its ticket. Default 15 s.
	Seat time.Duration
	// Ping is the silence after which a client is asked for a sign of life. Default 5 s.
	Ping time.Duration
	// Dead is the silence after which a client is given up. Default 12 s.
	Dead time.Duration
	// Write is how long a client may take nothing of a frame that waits for it. One that takes a little now and then may
	// leave it unread five times as long in all. Default 2 s.
	Write time.Duration
	// Linger is how long a closing connection waits for the client, so that the reason arrives. Default 1 s.
	Linger time.Duration
	// Idle is how long a player may do nothing new: no command, and no input that differs from the one before. Negative:
	// for ever. Default 5 min.
	Idle time.Duration
	// EmptyNew is how long a room waits for its first player. Default 300 s.
	EmptyNew time.Duration
	// Empty is how long a room without players stays. Default 60 s.
	Empty time.Duration
	// Drain is how long Run waits for its rooms and connections when it is told to stop. Default 25 s.
	Drain time.Duration

	// MessageSize is the greatest message from a client in bytes. Default 4096.
	MessageSize int
	// HelloSize is the greatest first message in bytes. Default 1024.
	HelloSize int
	// FramesPerSecond is how many WebSocket frames a client may send, control frames included; twice as many at once.
	// Default 120.
	FramesPerSecond int
	// BytesPerSecond is how much a client may send; twice as much at once. Default 32 KiB.
	BytesPerSecond int
	// WriteBuffer is the size of a socket's write buffer in bytes. Default 64 KiB.
	WriteBuffer int

	// Rooms is the greatest number of rooms. Default 1000.
	Rooms int
	// RoomsPerAddress is how many of them one address (IPv6: /64) may have made. Default 64.
	RoomsPerAddress int
	// HandshakesPerSecond is how many WebSockets one address (IPv6: /64) may open; five times as many at once.
	// Default 10.
	HandshakesPerSecond int
	// ConnsPerAddress is how many WebSockets one address (IPv6: /64) may have open. Default 200.
	ConnsPerAddress int
	// CallsPerSecond is how many lobby calls one address (IPv6: /64) may make; five times as many at once. Default 10.
	CallsPerSecond int
	// HeldSeats is how many seats one address (IPv6: /64) may hold with tickets that it has not used. Default 64.
	HeldSeats int
	// Lookups is how many times a minute one address (IPv6: /64) may ask for a room or a code that is not there.
	// Default 20.
	Lookups int
}

// withDefaults returns l with its zero fields filled.
func (l Limits) withDefaults() Limits {
	fill(&l.Header, 5*time.Second)
	fill(&l.FirstMessage, 5*time.Second)
	fill(&l.Seat, 15*time.Second)
	fill(&l.Ping, 5*time.Second)
	fill(&l.Dead, 12*time.Second)
	fill(&l.Write, 2*time.Second)
	fill(&l.Linger, time.Second)
	fill(&l.Idle, 5*time.Minute)
	fill(&l.EmptyNew, 300*time.Second)
	fill(&l.Empty, 60*time.Second)
	fill(&l.Drain, 25*time.Second)
	fill(&l.MessageSize, 4096)
	fill(&l.HelloSize, 1024)
	fill(&l.FramesPerSecond, 120)
	fill(&l.BytesPerSecond, 32<<10)
	fill(&l.WriteBuffer, 64<<10)
	fill(&l.Rooms, 1000)
	fill(&l.RoomsPerAddress, 64)
	fill(&l.HandshakesPerSecond, 10)
	fill(&l.ConnsPerAddress, 200)
	fill(&l.CallsPerSecond, 10)
	fill(&l.HeldSeats, 64)
	fill(&l.Lookups, 20)
	return l
}

// check refuses what is below zero.
func (l Limits) check() error {
	v := reflect.ValueOf(l)
	for field, value := range v.Fields() {
		if value.Int() < 0 && field.Name != "Idle" {
			return errors.New("server: Limits." + field.Name + " is negative")
		}
	}
	return nil
}

// fill sets a field that was left zero.
func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

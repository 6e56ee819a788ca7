package server

import (
	"errors"
	"reflect"
	"strconv"
	"time"
)

// Limits bound time, rates and sizes. Zero means the default, given with each field; New refuses what is negative, but
// for Idle. An address is one of IPv4, or the /64 of one of IPv6. The metric limits_total counts by the names of these
// fields how often each was reached.
type Limits struct {
	// Header is the time for the body of a lobby call and for the answer 101. The listener's own http.Server should
	// use the same for ReadHeaderTimeout, and have an IdleTimeout. Default 5 s.
	Header time.Duration
	// FirstMessage is the time between 101 and Hello. Default 5 s.
	FirstMessage time.Duration
	// Confirm is the time between Hello and the first acknowledged frame. Until then the reconnect token of the
	// connection before stays good, so that a lost Welcome costs nobody the seat. Default 10 s.
	Confirm time.Duration
	// Message is the time for one message to arrive, from its first byte to its last, fragments included. Default 5 s.
	Message time.Duration
	// Seat is how long a seat waits for a connection with its ticket. Default 15 s.
	Seat time.Duration
	// Ping is the silence after which a client is asked for a sign of life. Default 5 s.
	Ping time.Duration
	// Dead is the silence after which a client is given up. Default 12 s.
	Dead time.Duration
	// Write is how long a client may take nothing of a frame that waits for it. One that takes a little now and then may
	// leave it unread five times as long in all. Default 2 s.
	Write time.Duration
	// Ack is how long a client may acknowledge none of the frames that it was sent. Default 10 s.
	Ack time.Duration
	// Session is the greatest age of a connection, and of a reconnect token. The player may resume at once. Default 12 h.
	Session time.Duration
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
	// TickWarn is how long one tick of a game may take before the log shows where it hangs. Default 2 s.
	TickWarn time.Duration
	// TickLost is how long one tick of a game may take before its room is given up. Default 10 s.
	TickLost time.Duration

	// MessageSize is the greatest message from a client in bytes. Default 4096.
	MessageSize int
	// HelloSize is the greatest first message in bytes. Default 1024.
	HelloSize int
	// FramesPerSecond is how many WebSocket frames a client may send, control frames included; twice as many at once.
	// Default 120.
	FramesPerSecond int
	// PingsPerSecond is how many WebSocket pings a client may send; five times as many at once. Default 1.
	PingsPerSecond int
	// Fragments is in how many fragments a message may come, at most 8. They count as one message for Message and
	// MessageSize. Default 0: fragments are refused.
	Fragments int
	// CommandsPerSecond is how many commands a player may send; twice as many at once. Default 10.
	CommandsPerSecond int
	// BytesPerSecond is how much a client may send; twice as much at once. Default 32 KiB.
	BytesPerSecond int
	// FrameBytesPerSecond is how many bytes of frames a client is sent, so that a player with much to see costs no more than
	// that. What a View names and does not fit waits by its importance; where all see all, frames come less often. Events,
	// answers to commands and rows that a View names one by one never wait, and count. Default 32 KiB.
	FrameBytesPerSecond int
	// FrameBurst is how many of these bytes a client is sent at once, after it was sent less for a while, and the greatest
	// frame that is made of what can wait. A client that comes gets four such frames at once. Default 16 KiB.
	FrameBurst int
	// WriteBuffer is the size of a socket's write buffer in bytes. Default 64 KiB.
	WriteBuffer int

	// Rooms is the greatest number of rooms. Default 1000.
	Rooms int
	// RoomsPerAddress is how many of them one address may have made. Default 64.
	RoomsPerAddress int
	// HandshakesPerSecond is how many WebSockets one address may open; five times as many at once. Default 10.
	HandshakesPerSecond int
	// HandshakesAll is how many WebSockets may be opened a second on the whole node; twice as many at once. Default 500.
	HandshakesAll int
	// Greeting is how many WebSockets of one address may be open before their Hello. Default 64.
	Greeting int
	// GreetingAll is how many WebSockets may be open before their Hello on the whole node. Default 1000.
	GreetingAll int
	// ConnsPerAddress is how many WebSockets one address may have open. Default 200.
	ConnsPerAddress int
	// CallsPerSecond is how many lobby calls one address may make; five times as many at once. Default 10.
	CallsPerSecond int
	// HeldSeats is how many seats one address may hold with tickets that it has not used. Default 64.
	HeldSeats int
	// Lookups is how many times a minute one address may ask for a room or a code that is not there. Default 20.
	Lookups int
	// FailedCalls is how many calls a minute of one address may show a wrong token or identity. After that many, all its
	// calls that show one, right or wrong, are refused for a minute. Default 10.
	FailedCalls int
	// JoinsPerSecond is how many seats one identity may ask for, if there is an Authenticate; five times as many at once.
	// Default 1.
	JoinsPerSecond int
}

// withDefaults returns l with its zero fields filled.
func (l Limits) withDefaults() Limits {
	fill(&l.Header, 5*time.Second)
	fill(&l.FirstMessage, 5*time.Second)
	fill(&l.Confirm, 10*time.Second)
	fill(&l.Message, 5*time.Second)
	fill(&l.Seat, 15*time.Second)
	fill(&l.Ping, 5*time.Second)
	fill(&l.Dead, 12*time.Second)
	fill(&l.Write, 2*time.Second)
	fill(&l.Ack, 10*time.Second)
	fill(&l.Session, 12*time.Hour)
	fill(&l.Linger, time.Second)
	fill(&l.Idle, 5*time.Minute)
	fill(&l.EmptyNew, 300*time.Second)
	fill(&l.Empty, 60*time.Second)
	fill(&l.Drain, 25*time.Second)
	fill(&l.TickWarn, 2*time.Second)
	fill(&l.TickLost, 10*time.Second)
	fill(&l.MessageSize, 4096)
	fill(&l.HelloSize, 1024)
	fill(&l.FramesPerSecond, 120)
	fill(&l.PingsPerSecond, 1)
	fill(&l.CommandsPerSecond, 10)
	fill(&l.BytesPerSecond, 32<<10)
	fill(&l.FrameBytesPerSecond, 32<<10)
	fill(&l.FrameBurst, 16<<10)
	fill(&l.WriteBuffer, 64<<10)
	fill(&l.Rooms, 1000)
	fill(&l.RoomsPerAddress, 64)
	fill(&l.HandshakesPerSecond, 10)
	fill(&l.HandshakesAll, 500)
	fill(&l.Greeting, 64)
	fill(&l.GreetingAll, 1000)
	fill(&l.ConnsPerAddress, 200)
	fill(&l.CallsPerSecond, 10)
	fill(&l.HeldSeats, 64)
	fill(&l.Lookups, 20)
	fill(&l.FailedCalls, 10)
	fill(&l.JoinsPerSecond, 1)
	return l
}

// maxFragments is the greatest value of Limits.Fragments: each costs a frame header and a call.
const maxFragments = 8

// check refuses what is out of range.
func (l Limits) check() error {
	v := reflect.ValueOf(l)
	for field, value := range v.Fields() {
		if value.Int() < 0 && field.Name != "Idle" {
			return errors.New("server: Limits." + field.Name + " is negative")
		}
	}
	if l.Fragments > maxFragments {
		return errors.New("server: Limits.Fragments is more than " + strconv.Itoa(maxFragments))
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

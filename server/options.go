package server

import (
	"context"
	"net/http"
	"net/netip"

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
	// Secret is the key from which tickets and reconnect tokens are signed, at least 16 bytes. Nodes that share rooms
	// share it. Default: a random one, so that a restart voids all of them.
	Secret []byte
	// OldSecrets are earlier values of Secret, at least 16 bytes each: what was signed with them stays good, nothing new
	// is. To change the secret put the old one here, and take it out again after Limits.Session and five minutes. Default:
	// none.
	OldSecrets [][]byte
	// Proxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none.
	Proxies []netip.Prefix
	// Exempt are addresses to which the limits per address do not apply, but for failed look-ups: load tools and
	// tests. The limits of the whole node apply to them too. Default: none.
	Exempt []netip.Prefix
	// Dumps is a folder that gets one file for each room that fails, from which its last ticks can be run again. It must
	// exist. The files hold what players sent, so only the operator should read them. Default: none are written.
	Dumps string
	// Reader is who reads the sockets of players. Default: ReaderAuto.
	Reader Reader
	// Limits bound what clients and rooms may take. Zero fields get their defaults.
	Limits Limits
	// Log gets all that the server has to say; tickets and tokens never. Default: nothing is logged.
	Log zerolog.Logger

	cores int // for tests: so many share the work even of a small room
}

// Reader is who reads the sockets of players. It changes what a server costs, not what it does.
type Reader uint8

const (
	// ReaderAuto lets a room read its sockets itself in every tick, where the system can (all but Windows) and the room
	// has at least 10 ticks a second: that saves a goroutine for each socket and most of what waking it costs. TLS
	// sockets must have come through Listener. All other sockets have goroutines.
	ReaderAuto Reader = iota
	// ReaderGoroutine gives each socket a goroutine of its own.
	ReaderGoroutine
)

// Identity is who a player is, as Authenticate found it.
type Identity struct {
	// ID is the same for the same person: UTF-8 of at most 128 bytes, else the call is refused. It is not a credential and
	// may be logged. Empty, for somebody who is not known: a guest gets a random one that begins with "guest-".
	ID string
	// Name is the display name. Empty: the one that the client asks for.
	Name string
}

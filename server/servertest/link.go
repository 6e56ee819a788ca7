package servertest

import (
	"net"

	"github.com/tickwire/tickwire/server/link"
)

// Options say what an in-memory connection is like: its buffers, latency and bandwidth. The zero value is a fast one.
type Options = link.Options

// Pipe returns the two ends of an in-memory connection that behaves as TCP does: finite buffers, half close, deadlines.
// It can be used inside a testing/synctest bubble, if it was made there.
func Pipe(o Options) (client, server net.Conn) {
	return link.Pipe(o)
}

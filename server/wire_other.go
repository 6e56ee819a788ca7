//go:build !unix

package server

import "net"

// newRawWriter returns nil: sockets of this system are written to through a mailbox.
func newRawWriter(net.Conn) tryWriter { return nil }

//go:build !unix

package server

import (
	"errors"
	"net"
)

// descriptor does not exist on this system: sockets are read by goroutines.
type descriptor struct{}

// take takes nothing.
func (*descriptor) take(net.Conn) bool { return false }

func (*descriptor) read([]byte) (int, error) { return 0, errors.ErrUnsupported }

// TryWrite implements tryWriter.
func (*descriptor) TryWrite([]byte) (int, error) { return 0, errors.ErrUnsupported }

func (*descriptor) shut() error { return errors.ErrUnsupported }
func (*descriptor) close()      {}

//go:build unix

package server

import (
	"errors"
	"net"
	"syscall"
)

// rawWriter writes to a socket with one system call that does not wait. It uses no deadlines. The caller sees to it that
// there is one call at a time.
type rawWriter struct {
	raw   syscall.RawConn
	write func(fd uintptr) bool // made once: a closure per call would be garbage

	p   []byte
	n   int
	err error
}

// newRawWriter returns a writer for a TCP or Unix socket, nil for anything else.
func newRawWriter(nc net.Conn) tryWriter {
	var raw syscall.RawConn
	var err error
	switch c := nc.(type) {
	case *net.TCPConn:
		raw, err = c.SyscallConn()
	case *net.UnixConn:
		raw, err = c.SyscallConn()
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	w := &rawWriter{raw: raw}
	w.write = w.call
	return w
}

// TryWrite implements tryWriter.
func (w *rawWriter) TryWrite(p []byte) (int, error) {
	w.p, w.n, w.err = p, 0, nil
	err := w.raw.Write(w.write)
	w.p = nil
	if err != nil {
		return 0, err
	}
	return w.n, w.err
}

// call writes. It always reports true: false would mean to wait until the socket takes more.
func (w *rawWriter) call(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), w.p)
		switch {
		case err == nil:
			w.n = n
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
		default:
			w.err = err
		}
		return true
	}
}

//go:build unix

package server

import (
	"io"
	"net"
	"syscall"
)

// descriptor is a socket outside Go's netpoller: its calls never wait, and no thread wakes when bytes come. Read and close
// are for whoever feeds its conn; TryWrite and shut are for whoever holds the lock of its wire. So a number is closed by
// the one who reads it, and is never another socket's under somebody's feet.
type descriptor struct{ fd int }

// take takes a TCP or Unix socket out of the netpoller: nc is closed, its connection goes on. False for anything else, and
// if the system has no descriptor left; then nc is as it was. The caller sees to it that nobody uses nc.
func (d *descriptor) take(nc net.Conn) bool {
	socket, ok := nc.(syscall.Conn)
	if !ok || !pollable(nc) {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	d.fd = -1
	err = raw.Control(func(fd uintptr) { d.fd = duplicate(int(fd)) })
	if err != nil || d.fd < 0 {
		return false
	}
	_ = nc.Close() // the duplicate keeps the connection, and that it does not block
	return true
}

// pollable says whether nc is a plain socket.
func pollable(nc net.Conn) bool {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		return true
	default:
		return false
	}
}

// duplicate returns another number for what fd is, which no program that is started inherits; negative: there is none.
func duplicate(fd int) int {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	other, err := syscall.Dup(fd)
	if err != nil {
		return -1
	}
	syscall.CloseOnExec(other)
	return other
}

// read reads what is there into p. Nothing and no error: nothing is there.
func (d *descriptor) read(p []byte) (int, error) {
	for {
		switch n, err := readSocket(d.fd, p); err {
		case 0:
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		case syscall.EINTR:
		case syscall.EAGAIN:
			return 0, nil
		default:
			return 0, err
		}
	}
}

// TryWrite implements tryWriter.
func (d *descriptor) TryWrite(p []byte) (int, error) {
	for {
		switch n, err := writeSocket(d.fd, p); err {
		case 0:
			return n, nil
		case syscall.EINTR:
		case syscall.EAGAIN:
			return 0, nil
		default:
			return 0, err
		}
	}
}

// shut closes the writing half.
func (d *descriptor) shut() error { return syscall.Shutdown(d.fd, syscall.SHUT_WR) }

// close closes the socket.
func (d *descriptor) close() { _ = syscall.Close(d.fd) } // the number is free, whatever it says

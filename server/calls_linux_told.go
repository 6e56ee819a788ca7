//go:build linux && !(amd64 || arm64)

package server

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// socketInfo is what the system knows of a TCP socket.
func socketInfo(fd int) (unix.TCPInfo, syscall.Errno) {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return unix.TCPInfo{}, errno(err)
	}
	return *info, 0
}

// setOption sets a number that a TCP socket has.
func setOption(fd, option int, value uint32) syscall.Errno {
	return errno(unix.SetsockoptInt(fd, unix.IPPROTO_TCP, option, int(value)))
}

// setTimer sets a timerfd.
func setTimer(fd int, at *unix.ItimerSpec) syscall.Errno {
	return errno(unix.TimerfdSettime(fd, 0, at, nil))
}

// readTimer reads how often a timerfd that does not block has run out.
func readTimer(fd int, times *[8]byte) syscall.Errno {
	_, err := unix.Read(fd, times[:])
	return errno(err)
}

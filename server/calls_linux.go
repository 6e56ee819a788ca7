//go:build amd64 || arm64

package server

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Go's scheduler is not told of these calls, as they never wait. Told of one, it keeps a thread awake for milliseconds to
// take over from calls that might: a tenth of the server's time, if each tick makes one. recvfrom and sendto are a little
// shorter than read and write.

// readSocket reads from a descriptor that does not block.
func readSocket(fd int, p []byte) (int, syscall.Errno) {
	n, _, err := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), //nolint:gosec // for the time of the call
		syscall.MSG_DONTWAIT, 0, 0)
	return int(n), err
}

// writeSocket writes to a descriptor that does not block.
func writeSocket(fd int, p []byte) (int, syscall.Errno) {
	n, _, err := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), //nolint:gosec // for the time of the call
		syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
	return int(n), err
}

// socketInfo is what the system knows of a TCP socket.
func socketInfo(fd int) (info unix.TCPInfo, err syscall.Errno) {
	size := uint32(unix.SizeofTCPInfo)
	_, _, err = syscall.RawSyscall6(syscall.SYS_GETSOCKOPT, uintptr(fd), unix.IPPROTO_TCP, unix.TCP_INFO,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0) //nolint:gosec // for the time of the call
	return info, err
}

// setOption sets a number that a TCP socket has.
func setOption(fd, option int, value uint32) syscall.Errno {
	_, _, err := syscall.RawSyscall6(syscall.SYS_SETSOCKOPT, uintptr(fd), unix.IPPROTO_TCP, uintptr(option),
		uintptr(unsafe.Pointer(&value)), unsafe.Sizeof(value), 0) //nolint:gosec // for the time of the call
	return err
}

// setTimer sets a timerfd.
func setTimer(fd int, at *unix.ItimerSpec) syscall.Errno {
	_, _, err := syscall.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(fd), 0,
		uintptr(unsafe.Pointer(at)), 0, 0, 0) //nolint:gosec // for the time of the call
	return err
}

// readTimer reads how often a timerfd that does not block has run out.
func readTimer(fd int, times *[8]byte) syscall.Errno {
	_, _, err := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd),
		uintptr(unsafe.Pointer(times)), uintptr(len(times))) //nolint:gosec // for the time of the call
	return err
}

//go:build amd64 || arm64

package server

import (
	"syscall"
	"unsafe"
)

// Go's scheduler is not told of these calls, as they never wait. Told of thousands a second it keeps threads awake to take
// over from those that might: a tenth of the server's time. recvfrom and sendto are a little shorter than read and write.

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

//go:build linux && rawsyscall

package server

import (
	"syscall"
	"unsafe"
)

// The scheduler is not told of these calls: they do not wait, for the descriptor does not block.

// readSocket reads from a descriptor that does not block.
func readSocket(fd int, p []byte) (int, syscall.Errno) {
	n, _, err := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	return int(n), err
}

// writeSocket writes to a descriptor that does not block.
func writeSocket(fd int, p []byte) (int, syscall.Errno) {
	n, _, err := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	return int(n), err
}

//go:build unix && !(linux && (amd64 || arm64))

package server

import "syscall"

// readSocket reads from a descriptor that does not block.
func readSocket(fd int, p []byte) (int, syscall.Errno) {
	n, err := syscall.Read(fd, p)
	return n, errno(err)
}

// writeSocket writes to a descriptor that does not block.
func writeSocket(fd int, p []byte) (int, syscall.Errno) {
	n, err := syscall.Write(fd, p)
	return n, errno(err)
}

// errno is the number of an error of a system call; 0: there was none.
func errno(err error) syscall.Errno {
	if err == nil {
		return 0
	}
	if number, ok := err.(syscall.Errno); ok { //nolint:errorlint // package syscall wraps nothing
		return number
	}
	return syscall.EIO
}

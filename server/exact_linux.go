package server

import (
	"context"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// exactTimer is a timer of Linux that wakes a goroutine as exactly as the system can. Go waits for its own in epoll_wait,
// which counts milliseconds.
type exactTimer struct {
	fd      int
	file    *os.File // has the descriptor in Go's netpoller
	raw     syscall.RawConn
	at      unix.ItimerSpec
	times   [8]byte
	over    func(uintptr) bool // reads whether it has run out; made once
	err     syscall.Errno      // of reading
	release func() bool
}

// newExactTimer returns a timer whose wait ends when ctx is done too; nil if the system has no descriptor left.
func newExactTimer(ctx context.Context) *exactTimer {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil
	}
	t := &exactTimer{fd: fd, file: os.NewFile(uintptr(fd), "timer")}
	if t.raw, err = t.file.SyscallConn(); err != nil {
		_ = t.file.Close()
		return nil
	}
	t.over = func(uintptr) bool {
		t.err = readTimer(t.fd, &t.times)
		return t.err != syscall.EAGAIN
	}
	t.release = context.AfterFunc(ctx, func() { _ = t.file.SetReadDeadline(longAgo) })
	return t
}

// wait returns true after d. False: ctx is done, or the system cannot.
func (t *exactTimer) wait(d time.Duration) bool {
	t.at.Value = unix.NsecToTimespec(max(1, d.Nanoseconds())) // 0 would be never
	if setTimer(t.fd, &t.at) != 0 {
		return false
	}
	return t.raw.Read(t.over) == nil && t.err == 0
}

// close gives the descriptor back.
func (t *exactTimer) close() {
	t.release()
	_ = t.file.Close()
}

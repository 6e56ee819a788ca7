package server

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// exactTimer is a timer of Linux that wakes a goroutine as exactly as the system can. Go waits for its own in epoll_wait,
// which counts milliseconds.
type exactTimer struct {
	fd      int
	file    *os.File
	count   [8]byte
	release func() bool
}

// newExactTimer returns a timer whose wait ends when ctx is done too; nil if the system has no descriptor left.
func newExactTimer(ctx context.Context) *exactTimer {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil
	}
	t := &exactTimer{fd: fd, file: os.NewFile(uintptr(fd), "timer")}
	t.release = context.AfterFunc(ctx, func() { _ = t.file.SetReadDeadline(longAgo) })
	return t
}

// wait returns true after d. False: ctx is done, or the system cannot.
func (t *exactTimer) wait(d time.Duration) bool {
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(max(1, d.Nanoseconds()))} // 0 would be never
	if err := unix.TimerfdSettime(t.fd, 0, &at, nil); err != nil {
		return false
	}
	_, err := t.file.Read(t.count[:])
	return err == nil
}

// close gives the descriptor back.
func (t *exactTimer) close() {
	t.release()
	_ = t.file.Close()
}

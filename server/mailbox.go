package server

import (
	"net"
	"sync"
	"time"
)

// mailbox writes to a transport that can only be written to by waiting, such as TLS: it takes one frame at a time and
// has a goroutine that waits. The goroutine belongs to the conn's run.
type mailbox struct {
	nc   net.Conn
	next func() // called when a frame was written
	fail func() // called when one could not be

	wake chan struct{} // there is mail, or the end has come
	done chan struct{} // closed when the goroutine has ended
	err  error         // of the last write; read after done

	mu      sync.Mutex
	mail    []byte // its memory is used again
	full    bool
	since   time.Time // when mail came
	stopped bool
}

// newMailbox returns a mailbox in which nobody works yet.
func newMailbox(nc net.Conn, next, fail func()) *mailbox {
	return &mailbox{nc: nc, next: next, fail: fail, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// TryWrite implements tryWriter: all is taken, or nothing while a frame is being written.
func (b *mailbox) TryWrite(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.full {
		return 0, nil
	}
	b.mail, b.full, b.since = append(b.mail[:0], p...), true, time.Now()
	b.signal()
	return len(p), nil
}

// waiting says since when a frame has been waiting, zero if there is none.
func (b *mailbox) waiting() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.full {
		return time.Time{}
	}
	return b.since
}

// stop makes the goroutine end after what it has to write. A deadline bounds how long that takes.
func (b *mailbox) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	b.signal()
}

// signal wakes the goroutine.
func (b *mailbox) signal() {
	select {
	case b.wake <- struct{}{}:
	default: // it is to wake already
	}
}

// run is the goroutine.
func (b *mailbox) run() {
	defer close(b.done)
	for range b.wake {
		b.mu.Lock()
		mail, full, stopped := b.mail, b.full, b.stopped
		b.mu.Unlock()
		if full {
			if _, b.err = b.nc.Write(mail); b.err != nil {
				b.fail()
				return
			}
			b.mu.Lock()
			b.full = false
			b.mu.Unlock()
			b.next()
		}
		if stopped {
			return
		}
	}
}

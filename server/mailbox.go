package server

import (
	"net"
	"sync"
	"time"
)

// maxRecord is how much a mailbox writes at once: what passes is seen after each, so it is that of TLS.
const maxRecord = 16 << 10

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
	mail    []byte // its memory is used again, if it is little
	full    bool
	stall   stall // of mail
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
	now := time.Now()
	b.mail, b.full, b.stall = append(b.mail[:0], p...), true, stall{began: now, moved: now}
	b.signal()
	return len(p), nil
}

// waiting says how long a frame has been waiting.
func (b *mailbox) waiting() stall {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stall
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
			if b.err = b.write(mail); b.err != nil {
				b.fail()
				return
			}
			b.next()
		}
		if stopped {
			return
		}
	}
}

// write writes mail and makes place for the next.
func (b *mailbox) write(mail []byte) error {
	for len(mail) > 0 {
		n, err := b.nc.Write(mail[:min(len(mail), maxRecord)])
		if err != nil {
			return err
		}
		mail = mail[n:]
		b.mu.Lock()
		b.stall.moved = time.Now()
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.full, b.stall = false, stall{}
	if cap(b.mail) > maxRecord {
		b.mail = nil // a whole state, mostly: the next one is far
	}
	return nil
}

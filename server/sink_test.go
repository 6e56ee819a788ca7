package server

import (
	"io"
	"net"
	"sync"
	"time"
)

// sink is the server's end of a connection of which tests control what it takes. Reads end at once.
type sink struct {
	mu     sync.Mutex
	limit  int      // bytes that TryWrite takes; negative: nothing at all. 0: no limit
	writes [][]byte // what each TryWrite was given
	taken  []byte   // what it took
	closes int
	fail   error // what TryWrite answers
}

func (s *sink) TryWrite(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return 0, s.fail
	}
	s.writes = append(s.writes, append([]byte(nil), p...))
	n := len(p)
	if s.limit != 0 {
		n = min(n, max(0, s.limit))
		if s.limit -= n; s.limit == 0 {
			s.limit = -1
		}
	}
	s.taken = append(s.taken, p[:n]...)
	return n, nil
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, p...)
	return len(p), nil
}

func (s *sink) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closes++
	return nil
}

func (*sink) Read([]byte) (int, error)         { return 0, io.EOF }
func (*sink) LocalAddr() net.Addr              { return nil }
func (*sink) RemoteAddr() net.Addr             { return nil }
func (*sink) SetDeadline(time.Time) error      { return nil }
func (*sink) SetReadDeadline(time.Time) error  { return nil }
func (*sink) SetWriteDeadline(time.Time) error { return nil }

package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// Five hundred sockets that never come to the end of their handshake are all closed in time, and whoever means it gets in
// as fast as ever. A busy machine is slow now and then, so the best of several tries counts.
func TestHalfOpenHandshakes(t *testing.T) {
	const tries = 4
	s := servertest.StartTCP(t, server.Options{
		Games:  []game.Definition{{Name: "pilot", New: newPilot, MaxPlayers: 1000}},
		Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	w := watch(t, s)
	for n := 1; ; n++ {
		var slow halfOpen
		toll := tollOf(t, s, func() { slow = holdOpen(t, s) })
		for _, f := range w.take(1) {
			w.follow(f)
		}
		t.Logf("%d sockets, closed after %v to %v; %d handshakes meanwhile, p99 %v; ticks p99 %v, %v slips",
			slow.sockets, slow.first, slow.last, slow.handshakes, slow.p99, toll.p99, toll.slips)
		if slow.last <= 6*time.Second && slow.p99 <= 100*time.Millisecond && toll.slips == 0 {
			return
		}
		if n == tries {
			t.Error("want all closed after 6 s, handshakes in 100 ms, and no slips")
			return
		}
	}
}

// halfOpen is what came of sockets in the middle of their handshakes, and of handshakes beside them.
type halfOpen struct {
	sockets, handshakes int
	first, last, p99    time.Duration
}

// holdOpen opens sockets, some that say nothing, some that stop, and most that drip, until the server has closed all.
func holdOpen(t *testing.T, s *servertest.Server) (h halfOpen) {
	t.Helper()
	h.sockets = 500
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a := newAttacker(s.URL, "pilot", "")
	ends := make(chan time.Duration, h.sockets)
	for n := range h.sockets {
		go func() { ends <- drippingHandshake(ctx, a, n) }()
	}
	fair := time.NewTicker(10 * time.Millisecond)
	defer fair.Stop()
	var took []time.Duration
	for closed := 0; closed < h.sockets; {
		select {
		case end := <-ends:
			closed++
			if h.last = max(h.last, end); h.first == 0 || end < h.first {
				h.first = end
			}
		case <-fair.C:
			took = append(took, handshakeTime(t, s, a))
		}
	}
	slices.Sort(took)
	h.handshakes, h.p99 = len(took), took[len(took)*99/100]
	return h
}

// drippingHandshake sends a request that never ends and returns how long the server bore it.
func drippingHandshake(ctx context.Context, a *attacker, n int) time.Duration {
	start := time.Now()
	conn, err := a.dial(ctx)
	if err != nil {
		return time.Hour
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(start.Add(patience))
	drip := time.NewTicker(time.Second)
	defer drip.Stop()
	all := request("none")
	closed := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, conn)
		closed <- err
	}()
	for at := 0; ; at++ {
		switch {
		case n%4 == 0: // it says nothing
		case n%4 == 1 && at > 0: // it stops
		default:
			_, _ = io.WriteString(conn, all[at:at+1])
		}
		select {
		case <-drip.C:
		case err := <-closed:
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return time.Hour
			}
			return time.Since(start)
		}
	}
}

// handshakeTime is how long it takes to open a WebSocket with a ticket.
func handshakeTime(t *testing.T, s *servertest.Server, a *attacker) time.Duration {
	t.Helper()
	ticket := seatIn(t, s).GetTicket()
	start := time.Now()
	m, status, err := a.shake(t.Context(), ticket)
	took := time.Since(start)
	if err != nil || status != http.StatusSwitchingProtocols {
		t.Fatalf("a handshake meanwhile: %d, %v", status, err)
	}
	m.leave()
	return took
}

// Whoever is refused keeps no socket: it is closed after the answer, although a client that is silent would leave it open
// for ever.
func TestRefusedHandshakesHoldNoSocket(t *testing.T) {
	t.Parallel()
	good := request("none")
	for _, tc := range []struct {
		why, request string
		status       int
	}{
		{"a ticket that is none", good, http.StatusUnauthorized},
		{"a foreign page", strings.Replace(good, "\r\n\r\n", "\r\nOrigin: https://evil.example\r\n\r\n", 1), http.StatusForbidden},
		{"no handshake", "GET /tickwire/v1/connect HTTP/1.1\r\nHost: x\r\n\r\n", http.StatusUpgradeRequired},
		{"a short key", strings.Replace(good, "dGhlIHNhbXBsZSBub25jZQ==", "eA==", 1), http.StatusBadRequest},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, pilots())
				conn, err := s.Dial(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = conn.Close() }()
				start := time.Now()
				_ = conn.SetDeadline(start.Add(time.Hour))
				_, _ = io.WriteString(conn, tc.request)
				r := bufio.NewReader(conn)
				res, err := http.ReadResponse(r, nil)
				if err != nil || res.StatusCode != tc.status {
					t.Fatalf("%v, %v, want %d", res, err, tc.status)
				}
				if _, err := io.Copy(io.Discard, res.Body); err != nil {
					t.Error(err)
				}
				_ = res.Body.Close()
				if _, err = r.ReadByte(); !errors.Is(err, io.EOF) || since(start) > 6*time.Second {
					t.Errorf("the socket was open for %v: %v", since(start), err)
				}
			})
		})
	}
}

// Headers without an end cost a few kilobytes and no more.
func TestEndlessHeaders(t *testing.T) {
	s := servertest.StartTCP(t, pilots())
	play(t, s).frame()
	before := heap()
	var open sync.WaitGroup
	for range 20 {
		open.Go(func() {
			conn, err := s.Dial(t.Context(), "tcp", "")
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(patience))
			sent := endlessHeader(conn)
			if answer, _ := io.ReadAll(conn); len(answer) > 0 && !bytes.HasPrefix(answer, []byte("HTTP/1.1 431 ")) {
				t.Errorf("answered %.40q", answer)
			}
			if sent >= 64<<20 {
				t.Errorf("%d bytes of headers were taken", sent)
			}
		})
	}
	open.Wait()
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d KiB", before>>10, after>>10)
	}
}

// endlessHeader sends a request with up to 64 MiB of headers, and returns how much was taken.
func endlessHeader(conn net.Conn) int {
	sent, err := io.WriteString(conn, "GET /tickwire/v1/connect HTTP/1.1\r\nHost: x\r\nX-Long: ")
	for long := bytes.Repeat([]byte{'x'}, 64<<10); err == nil && sent < 64<<20; {
		var n int
		n, err = conn.Write(long)
		sent += n
	}
	return sent
}

//go:build !race

// The race detector keeps books of its own about all memory, so what is measured here is measured without it.

package server_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// strangers is how many connections are measured at once, and maxStranger how much each may cost.
const (
	strangers   = 200
	maxStranger = 20 << 10
)

// claim is a frame header that claims a length, and a mask.
func claim(length uint64) []byte {
	b := []byte{0x80 | opBinary, 0x80 | 127}
	if length < 1<<16 {
		return append(binary.BigEndian.AppendUint16([]byte{b[0], 0x80 | 126}, uint16(length)), 0, 0, 0, 0)
	}
	return append(binary.BigEndian.AppendUint64(b, length), 0, 0, 0, 0)
}

// A connection that has not said hello costs little, whatever it sends: the session, the socket, the goroutine, all.
func TestMemoryBeforeHello(t *testing.T) {
	fragments := [][]byte{wsFrame(opBinary, make([]byte, 1000))}
	for range 6 {
		fragments = append(fragments, wsFrame(0, make([]byte, 3)))
	}
	for _, tc := range []struct {
		why   string
		bytes []byte
	}{
		{"nothing", nil},
		{"half a header", []byte{0x80 | opBinary, 0x80 | 126, 4}},
		{"a header that claims 1 KiB", claim(1024)},
		{"1 KiB, all but its last byte", append(claim(1024), make([]byte, 1023)...)},
		{"1 KiB in fragments, all but the last", bytes.Join(fragments, nil)},
		{"a claim of 16 MiB", claim(16 << 20)},
		{"a claim of 2^62", claim(1 << 62)},
		{"a negative claim", claim(1<<64 - 1)},
		{"five pings, whose answers it does not read", bytes.Repeat(wsFrame(0x80|opPing, make([]byte, 125)), 5)},
		{"as many pongs as are allowed", bytes.Repeat(wsFrame(0x80|opPong, nil), 240)},
		{"64 KiB of pongs: too many", bytes.Repeat(wsFrame(0x80|opPong, make([]byte, 125)), 500)},
	} {
		t.Run(tc.why, func(t *testing.T) {
			o := server.Options{
				Games:  []game.Definition{{Name: "pilot", New: newPilot, MaxPlayers: strangers + 1}},
				Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
				Limits: server.Limits{FirstMessage: time.Hour, Message: time.Hour, Linger: time.Hour, Fragments: 8},
			}
			s := servertest.StartTCP(t, o)
			play(t, s).frame() // what is there once is there
			before := footprint()
			conns := make([]net.Conn, strangers)
			for i := range conns {
				conns[i] = stranger(t, s, tc.bytes)
			}
			calm(t, s)
			each := (footprint() - before) / strangers
			t.Logf("%d B each", each)
			if each > maxStranger {
				t.Errorf("%d B for each connection, want at most %d", each, maxStranger)
			}
			for _, c := range conns {
				_ = c.Close()
			}
		})
	}
}

// stranger opens a WebSocket with a ticket of its own and sends bytes. It keeps nothing but the socket.
func stranger(t *testing.T, s *servertest.Server, b []byte) net.Conn {
	t.Helper()
	c, err := s.Dial(t.Context(), "tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(c, "GET /tickwire/v1/connect HTTP/1.1\r\nHost: tickwire.test\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+
		"Sec-WebSocket-Protocol: tickwire.v1, ticket.%s\r\n\r\n", seatIn(t, s).GetTicket())
	if err != nil {
		t.Fatal(err)
	}
	var answer [512]byte
	n, err := c.Read(answer[:])
	if err != nil || !bytes.HasPrefix(answer[:n], []byte("HTTP/1.1 101 ")) {
		t.Fatalf("%q, %v", answer[:n], err)
	}
	_, _ = c.Write(b) // the server may have closed already
	return c
}

// calm waits until the server has read what was sent: until no more comes for a while.
func calm(t *testing.T, s *servertest.Server) {
	t.Helper()
	for last, same := -1.0, 0; same < 5; {
		time.Sleep(10 * time.Millisecond) // real sockets, real time
		now := metric(t, s, "bytes_in_total")
		if same++; now != last {
			last, same = now, 0
		}
	}
}

// footprint is the memory in use, heap and stacks.
func footprint() int64 {
	for range 3 {
		runtime.GC() // twice empties the pools
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

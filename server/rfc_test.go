package server_test

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// patience bounds what a test waits for on a real socket.
const patience = 20 * time.Second

// rfc is something that a client may send on a connection that plays, and what it gets for it.
type rfc struct {
	section string // of RFC 6455
	why     string
	send    []byte
	code    tickwirev1.Code // the connection ends with; 0: it lives
	pongs   []string        // it gets, in order
	taken   bool            // the message in send has reached the game's room
	split   bool            // the server takes fragments, up to eight
}

// rfcServer runs pilots for the tests of frames, with as many ticks as there can be, for each may have to wait for some.
func rfcServer(t *testing.T, start starter, limits server.Limits) *servertest.Server {
	t.Helper()
	return start(t, server.Options{
		Games:  []game.Definition{{Name: "pilot", New: newPilot, MaxPlayers: 1000, Rate: 128}},
		Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Limits: limits,
	})
}

// Every rule of RFC 6455 that a server can be put to the test with, over real sockets: what it must refuse gets the right
// close code, what it must take is taken, and nothing follows the close frame.
func TestRFC6455(t *testing.T) { eachReader(t, playRFC6455) }

func playRFC6455(t *testing.T, start starter) {
	t.Helper()
	whole := rfcServer(t, start, server.Limits{PingsPerSecond: 10})
	split := rfcServer(t, start, server.Limits{PingsPerSecond: 10, Fragments: 8})
	all := slices.Concat(framing(), messages(), controls())
	t.Logf("%d cases", len(all))
	t.Run("cases", func(t *testing.T) {
		for _, tc := range all {
			t.Run(tc.section+" "+tc.why, func(t *testing.T) {
				t.Parallel()
				s := whole
				if tc.split {
					s = split
				}
				tc.check(t, s)
			})
		}
	})
	for _, s := range []*servertest.Server{whole, split} {
		if n := metric(t, s, `connections_ended_total{code="INTERNAL"}`); n != 0 {
			t.Errorf("%v connections ended because the server failed", n)
		}
	}
}

// check sends and compares.
func (tc rfc) check(t *testing.T, s *servertest.Server) {
	t.Helper()
	c := play(t, s)
	c.frame()
	_ = c.conn.SetDeadline(time.Now().Add(patience))
	send, want := tc.send, tc.pongs
	if tc.code == 0 {
		send, want = parts(send, wsFrame(ping, []byte("it lives"))), append(slices.Clone(want), "it lives")
	}
	c.mute = true // nothing but what the case sends
	c.bytes(send)
	var got heardOf
	for tc.code == 0 && (len(got.pongs) < len(want) || tc.taken && !got.taken) && !got.ended {
		got.hear(c)
	}
	if tc.code == 0 && !got.ended {
		c.bytes(closing(1000, ""))
	}
	for !got.ended {
		got.hear(c)
	}
	if code := max(tc.code, 1000); got.code != code {
		t.Errorf("close code %d %q, want %d", got.code, got.reason, code)
	}
	if !slices.Equal(got.pongs, want) || got.taken != tc.taken {
		t.Errorf("pongs %q, want %q; the message was taken: %v, want %v", got.pongs, want, got.taken, tc.taken)
	}
	if strings.Contains(got.reason, "127.0.0.1") || strings.Contains(got.reason, "gws") {
		t.Errorf("the reason tells of the server's inside: %q", got.reason)
	}
	if rest, err := io.ReadAll(c.r); len(rest) != 0 || err != nil {
		t.Errorf("after the close frame: % x, %v", rest, err)
	}
}

// heardOf is what a client was told.
type heardOf struct {
	pongs  []string
	taken  bool
	ended  bool
	code   tickwirev1.Code // 1005: a close frame without one; 0: no close frame
	reason string
}

// hear takes in one frame.
func (h *heardOf) hear(c *raw) {
	c.t.Helper()
	op, payload, err := c.next()
	switch {
	case err != nil:
		h.ended = true
		c.t.Errorf("no close frame: %v", err)
	case op == opPong:
		h.pongs = append(h.pongs, string(payload))
	case op == opClose && len(payload) < 2:
		h.ended, h.code = true, 1005
	case op == opClose:
		h.ended, h.code, h.reason = true, tickwirev1.Code(binary.BigEndian.Uint16(payload)), string(payload[2:])
	case op == opBinary:
		if p := c.take(payload).GetPong(); p != nil {
			h.taken = h.taken || p.GetId() == mark
		}
	}
}

// tally counts what a client has sent.
type tally struct {
	net.Conn

	n int
}

// Write implements io.Writer.
func (c *tally) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.n += n
	return n, err
}

// A frame means the same wherever the network cuts it in two: the server has read the first part before the second is sent.
func TestFramesCutAnywhere(t *testing.T) { eachReader(t, cutFrames) }

func cutFrames(t *testing.T, start starter) {
	t.Helper()
	for _, tc := range []struct {
		why   string
		frame []byte
	}{
		{"a ping", masked(ping, []byte("ping"))},
		{"a short message", masked(data, marked(0))},
		{"a length of two bytes", masked(data, marked(130))},
		{"three fragments with a ping between", parts(
			masked(opBinary, marked(0)[:1]), masked(0, nil), wsFrame(ping, []byte("p")), masked(fin, marked(0)[1:]))},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s := rfcServer(t, start, server.Limits{Fragments: 8, PingsPerSecond: 10_000, FramesPerSecond: 10_000})
			c, _ := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
			sent := &tally{Conn: c.conn}
			c.conn, c.mute = sent, true
			_ = c.conn.SetDeadline(time.Now().Add(patience))
			c.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
			for cut := 1; cut < len(tc.frame); cut++ {
				c.bytes(tc.frame[:cut])
				for start := time.Now(); int(metric(t, s, "bytes_in_total")) != sent.n; { // it has not read it yet
					if since(start) > patience {
						t.Fatalf("cut at %d: the server does not read", cut)
					}
				}
				c.bytes(parts(tc.frame[cut:], wsFrame(ping, []byte{byte(cut)})))
				for pong := ""; pong != string([]byte{byte(cut)}); {
					op, payload, err := c.next()
					if err != nil || op == opClose {
						t.Fatalf("cut at %d: %d %q, %v", cut, op, payload, err)
					}
					if op == opPong {
						pong = string(payload)
					}
				}
			}
		})
	}
}

package server_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/servertest"
)

// inFrame encodes a ClientFrame as a masked binary frame.
func inFrame(t *testing.T, f *tickwirev1.ClientFrame) []byte {
	t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return wsFrame(0x80|opBinary, b)
}

// hostileFrame is what a player may send, and with what code its connection may end for it.
type hostileFrame struct {
	why  string
	send []byte
	want []tickwirev1.Code // nil: it goes on
}

func hostileFrames(t *testing.T) []hostileFrame {
	t.Helper()
	hello := &tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}}
	command := func(seq, kind uint32, text string) *tickwirev1.ClientFrame {
		return &tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: seq, Type: kind, Blobs: [][]byte{[]byte(text)}}}}
	}
	input := func(values ...int64) *tickwirev1.ClientFrame {
		return &tickwirev1.ClientFrame{First: 1, Inputs: []*tickwirev1.Input{{Values: values}}}
	}
	unmasked := func(b []byte) []byte {
		b[1] &^= 0x80
		return slices.Delete(b, 2, 6)
	}
	length := func(n uint64) []byte {
		return append(binary.BigEndian.AppendUint64([]byte{0x82, 0x80 | 127}, n), 0, 0, 0, 0)
	}
	notText := bytes.Replace(inFrame(t, command(1, 0, "abc")), []byte("abc"), []byte("a\xffc"), 1)
	return []hostileFrame{
		{"a text frame", wsFrame(0x80|opText, []byte("hi")), []tickwirev1.Code{1003}},
		{"an unmasked frame", unmasked(wsFrame(0x80|opBinary, []byte{1})), []tickwirev1.Code{1002}},
		{"reserved bit 1", wsFrame(0xC0|opBinary, nil), []tickwirev1.Code{1002}},
		{"reserved bit 3", wsFrame(0x90|opBinary, nil), []tickwirev1.Code{1002}},
		{"an unknown opcode", wsFrame(0x83, nil), []tickwirev1.Code{1002}},
		{"the first fragment of a message", wsFrame(opBinary, []byte{8}), []tickwirev1.Code{1002, 1003}},
		{"a continuation of nothing", wsFrame(0x80, []byte{8}), []tickwirev1.Code{1002, 1003}},
		{"a fragmented ping", wsFrame(opPing, nil), []tickwirev1.Code{1002}},
		{"a ping of 126 bytes", wsFrame(0x80|opPing, make([]byte, 126)), []tickwirev1.Code{1002}},
		{"a message one byte too long", wsFrame(0x80|opBinary, make([]byte, 4097)), []tickwirev1.Code{1009}},
		{"a claim of 16 MiB", length(16 << 20), []tickwirev1.Code{1009}},
		{"a length with the top bit set", length(1<<63 | 5), []tickwirev1.Code{1002, 1009}},
		{"all ones as length", length(1<<64 - 1), []tickwirev1.Code{1002, 1009}},
		{"a close frame of one byte", wsFrame(0x80|opClose, []byte{3}), []tickwirev1.Code{1002}},
		{"a close code that may not be sent", wsFrame(0x80|opClose, []byte{0x03, 0xed}), []tickwirev1.Code{1002}},
		{"garbage for protobuf", wsFrame(0x80|opBinary, []byte("\xff\xff\xff\xff\xff\xff")), []tickwirev1.Code{4400}},
		{"an empty message where none is needed", wsFrame(0x80|opBinary, nil), nil},
		{"a second hello", inFrame(t, hello), []tickwirev1.Code{4400}},
		{"an unknown command", inFrame(t, command(1, 9, "x")), []tickwirev1.Code{4422}},
		{"a command out of turn", inFrame(t, command(5, 0, "x")), []tickwirev1.Code{4400}},
		{"a text longer than the schema allows", inFrame(t, command(1, 0, "seventeen letters")), []tickwirev1.Code{4422}},
		{"text that is not UTF-8", notText, []tickwirev1.Code{4422}},
		{"an input out of range", inFrame(t, input(2, 0)), []tickwirev1.Code{4422}},
		{"an input with more values than fields", inFrame(t, input(0, 0, 0)), []tickwirev1.Code{4422}},
		{"10,000 frames at once", bytes.Repeat(inFrame(t, &tickwirev1.ClientFrame{Ack: 1}), 10_000), []tickwirev1.Code{4429}},
		{"10,000 pings at once", bytes.Repeat(wsFrame(0x80|opPing, nil), 10_000), []tickwirev1.Code{4429}},
		{"a megabyte of messages", bytes.Repeat(wsFrame(0x80|opBinary, make([]byte, 4000)), 256), []tickwirev1.Code{4400, 4429}},
	}
}

// Whatever a client sends, it alone gets the code for it; another player of the same room gets every frame at its time.
func TestHostileFrames(t *testing.T) {
	t.Parallel()
	for _, tc := range hostileFrames(t) {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, pilots())
				w := watch(t, s)
				tc.play(t, s)
				const interval = time.Second / 30
				frames := w.take(3) // what it sent may tell later
				for i, f := range frames {
					if w.follow(f) != 1 {
						t.Errorf("the witness got base %d, want chain frames only", f.base)
					}
					if i > 0 && f.at.Sub(frames[i-1].at).Round(time.Millisecond) != interval.Round(time.Millisecond) {
						t.Errorf("the witness waited %v for a frame", f.at.Sub(frames[i-1].at))
					}
				}
			})
		})
	}
}

// The codes arrive over real sockets too, whatever the kernel makes of input that nobody has read.
func TestHostileFramesOverTCP(t *testing.T) { eachReader(t, playHostileFrames) }

func playHostileFrames(t *testing.T, start starter) {
	t.Helper()
	s := start(t, pilots())
	w := watch(t, s)
	for _, tc := range hostileFrames(t) {
		t.Run(tc.why, func(t *testing.T) { tc.play(t, s) })
	}
	for _, f := range w.take(1) {
		w.follow(f)
	}
}

// play joins, sends the frame, and checks how that ends.
func (h *hostileFrame) play(t *testing.T, s *servertest.Server) {
	t.Helper()
	c := play(t, s)
	c.frame()
	c.bytes(h.send)
	if h.want == nil {
		c.frame()
		_ = c.conn.Close()
		return
	}
	if code, _ := c.end(true); !slices.Contains(h.want, code) {
		t.Errorf("close code %d, want one of %v", code, h.want)
	}
}

// Before hello a message may be small only, and must be hello.
func TestHostileFirstFrames(t *testing.T) {
	unknown := &tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{Codecs: []tickwirev1.Codec{77}}}
	tests := []struct {
		why  string
		send []byte
		want tickwirev1.Code
	}{
		{"inputs before hello", inFrame(t, &tickwirev1.ClientFrame{First: 1, Inputs: []*tickwirev1.Input{{}}}), 4400},
		{"an empty first message", wsFrame(0x80|opBinary, nil), 4400},
		{"a first message one byte too long", wsFrame(0x80|opBinary, make([]byte, 1025)), 1009},
		{"only unknown codecs", inFrame(t, unknown), 4400},
	}
	eachReader(t, func(t *testing.T, start starter) {
		t.Helper()
		s := start(t, pilots())
		for _, tc := range tests {
			t.Run(tc.why, func(t *testing.T) {
				c, _ := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
				c.bytes(tc.send)
				if code, _ := c.end(true); code != tc.want {
					t.Errorf("close code %d, want %d", code, tc.want)
				}
			})
		}
	})
}

// Who may not come in is refused before 101.
func TestHandshakeRefusals(t *testing.T) {
	t.Parallel()
	used := func(t *testing.T, s *servertest.Server) string {
		t.Helper()
		ticket := seatIn(t, s).GetTicket()
		upgrade(t, s, ticket, nil)
		return ticket
	}
	tampered := func(t *testing.T, s *servertest.Server) string {
		t.Helper()
		ticket := []byte(seatIn(t, s).GetTicket())
		ticket[len(ticket)/2] ^= 1
		return string(ticket)
	}
	fresh := func(t *testing.T, s *servertest.Server) string {
		t.Helper()
		return seatIn(t, s).GetTicket()
	}
	tests := []struct {
		why    string
		ticket func(t *testing.T, s *servertest.Server) string
		header http.Header
		status int
	}{
		{"no ticket", func(*testing.T, *servertest.Server) string { return "" }, nil, 401},
		{"a ticket that was used", used, nil, 401},
		{"a ticket that was changed", tampered, nil, 401},
		{"garbage for a ticket", func(*testing.T, *servertest.Server) string { return strings.Repeat("A", 100) }, nil, 401},
		{"a foreign Origin", fresh, http.Header{"Origin": {"https://evil.example"}}, 403},
		{"the null Origin", fresh, http.Header{"Origin": {"null"}}, 403},
		{"a wrong version", fresh, http.Header{"Sec-Websocket-Version": {"12"}}, 426},
		{"a short key", fresh, http.Header{"Sec-Websocket-Key": {"eA=="}}, 400},
		{"a Connection that only looks right", fresh, http.Header{"Connection": {"XUpgradeX"}}, 426},
		{"all as it should be", fresh, http.Header{"Origin": {"http://tickwire.test"}}, 101},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			s := servertest.Start(t, pilots())
			if _, status := upgrade(t, s, tc.ticket(t, s), tc.header); status != tc.status {
				t.Errorf("status %d, want %d", status, tc.status)
			}
		})
	}
}

func TestExpiredTicket(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why    string
		after  time.Duration
		status int
	}{
		{"just in time", 14 * time.Second, 101},
		{"too late", 15 * time.Second, 401},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, pilots())
				ticket := seatIn(t, s).GetTicket()
				<-time.After(tc.after)
				if _, status := upgrade(t, s, ticket, nil); status != tc.status {
					t.Errorf("status %d, want %d", status, tc.status)
				}
			})
		})
	}
}

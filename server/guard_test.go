package server

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/tickwire/tickwire/server/link"
)

// hostile are bytes that a client may send after its hello, and the code that the connection ends with.
var hostile = []struct {
	why   string
	bytes []byte
	want  Code // what the client is told
}{
	{"text frames are not taken", raw(0x80|opText, []byte("hi")), 1003},
	{"a text fragment neither", raw(opText, []byte("hi")), 1003},
	{"nor binary fragments", raw(opBinary, []byte("hi")), 1003},
	{"a continuation must continue something", raw(0x80|opContinuation, []byte("hi")), 1002},
	{"an empty continuation too", raw(opContinuation, nil), 1002},
	{"frames must be masked", []byte{0x80 | opBinary, 2, 1, 2}, 1002},
	{"RSV1 is compression, which was not agreed", raw(0xC0|opBinary, []byte("hi")), 1002},
	{"RSV2 means nothing", raw(0xA0|opBinary, []byte("hi")), 1002},
	{"RSV3 means nothing", raw(0x90|opBinary, []byte("hi")), 1002},
	{"RSV on control frames", raw(0xC0|opPing, nil), 1002},
	{"data opcode 3 is reserved", raw(0x83, nil), 1002},
	{"data opcode 7 is reserved", raw(0x87, nil), 1002},
	{"control opcode B is reserved", raw(0x8B, nil), 1002},
	{"control opcode F is reserved", raw(0x8F, nil), 1002},
	{"a ping must be whole", raw(opPing, nil), 1002},
	{"a close must be whole", raw(opClose, nil), 1002},
	{"a ping has at most 125 bytes", raw(0x80|opPing, make([]byte, 126)), 1002},
	{"a close has at most 125 bytes", raw(0x80|opClose, make([]byte, 126)), 1002},
	{"a control frame with a long length", []byte{0x80 | opPing, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 1}, 1002},
	{"a negative length", []byte{0x80 | opBinary, 0x80 | 127, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}, 1002},
	{"the least negative length", []byte{0x80 | opBinary, 0x80 | 127, 128, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, 1002},
	{"the greatest length", []byte{0x80 | opBinary, 0x80 | 127, 127, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4}, 1009},
	{"16 MiB are claimed", []byte{0x80 | opBinary, 0x80 | 127, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4}, 1009},
	{"one byte over the limit", raw(0x80|opBinary, padded(4097)), 1009},
	{"a length of 125 in two bytes", []byte{0x80 | opBinary, 0x80 | 126, 0, 125, 1, 2, 3, 4}, 1002},
	{"a length of 4096 in eight bytes", []byte{0x80 | opBinary, 0x80 | 127, 0, 0, 0, 0, 0, 0, 16, 0, 1, 2, 3, 4}, 1002},
	{"bytes that are no message", raw(0x80|opBinary, []byte{0xFF, 0xFF, 0xFF}), 4400},
	{"a group", raw(0x80|opBinary, []byte{0x0B, 0x0C}), 4400},
	{"more inputs than 32", raw(0x80|opBinary, bytes.Repeat([]byte{0x1A, 0}, 33)), 4400},
	{"pings without end", bytes.Repeat(raw(0x80|opPing, nil), 100), 4429},
	{"pongs without end", bytes.Repeat(raw(0x80|opPong, nil), 1000), 4429},
	{"frames without end", bytes.Repeat(raw(0x80|opBinary, nil), 10_000), 4429},
	{"bytes without end", bytes.Repeat(raw(0x80|opBinary, padded(4096)), 40), 4429},
	{"a close without a code", raw(0x80|opClose, nil), 1005},
	{"a close with half a code", raw(0x80|opClose, []byte{3}), 1002},
	{"a proper close", closing(1000, "bye"), 1000},
	{"code 0", closing(0, ""), 1002},
	{"code 999", closing(999, ""), 1002},
	{"code 1004 is reserved", closing(1004, ""), 1002},
	{"code 1005 is never sent", closing(1005, ""), 1002},
	{"code 1006 is never sent", closing(1006, ""), 1002},
	{"code 1015 is never sent", closing(1015, ""), 1002},
	{"code 1016 is unassigned", closing(1016, ""), 1002},
	{"code 2999 is unassigned", closing(2999, ""), 1002},
	{"code 5000 is none", closing(5000, ""), 1002},
	{"code 65535 is none", closing(65535, ""), 1002},
	{"a reason that is not UTF-8", closing(1000, "\xFF\xFE"), 1007},
}

// closing is a client's close frame.
func closing(code uint16, reason string) []byte {
	return raw(0x80|opClose, append(binary.BigEndian.AppendUint16(nil, code), reason...))
}

// Whatever a client sends, it is told why the connection ends, although it sent more than was read, and the server lives.
func TestHostileBytes(t *testing.T) {
	t.Parallel()
	for _, tc := range hostile {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			client, server := tcp(t)
			p := attach(t, client, server, testLimits(), &recorder{})
			defer p.close()
			p.write(append(hello(t), tc.bytes...))
			code, reason, bye := p.farewell()
			if code != tc.want {
				t.Errorf("told %d %q, want %d", code, reason, tc.want)
			}
			if (bye.GetCode() != 0) != (tc.want >= 4200) || bye != nil && bye.GetCode() != tc.want {
				t.Errorf("bye %v before code %d", bye, code)
			}
			_ = p.nc.Close()
			<-p.over
			if acks, closes := p.h.got(); len(acks) == 0 || len(closes) != 1 || closes[0] != tc.want {
				t.Errorf("the handler got %d frames and was closed with %v, want its hello and %d", len(acks), closes, tc.want)
			}
		})
	}
}

// The same bytes mean the same however they are cut into reads.
func TestHostileBytesSplitAnywhere(t *testing.T) {
	t.Parallel()
	for _, tc := range hostile {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			good := append(append(hello(t), raw(0x80|opPing, []byte("p"))...), ack(t, 7)...)
			all := append(bytes.Clone(good), tc.bytes...)
			for cut := range min(len(all), len(good)+40) {
				h := &recorder{}
				c := fed(t, h)
				now := c.born
				if c.feed(all[:cut], now) {
					for rest := all[cut:]; len(rest) > 0 && c.feed(rest[:min(len(rest), readSize)], now); {
						rest = rest[min(len(rest), readSize):]
					}
				}
				c.finish()
				acks, closes := h.got()
				if len(acks) < 2 || acks[1] != 7 || len(closes) != 1 || closes[0] != tc.want {
					t.Fatalf("cut at %d: acks %v, closed with %v, want %d", cut, acks, closes, tc.want)
				}
			}
		})
	}
}

// fed is a conn that the test feeds itself; what it writes is thrown away.
func fed(tb testing.TB, h handler) *conn {
	tb.Helper()
	c := open(tb, &sink{}, testLimits())
	c.start(h)
	return c
}

func TestMessageSizes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why   string
		bytes [][]byte
		want  int // frames that arrive
		code  Code
	}{
		{"1024 bytes may come before hello", [][]byte{raw(0x82, padded(1024))}, 1, codeLost},
		{"1025 may not", [][]byte{raw(0x82, padded(1025))}, 0, codeTooBig},
		{"4096 may come after hello", [][]byte{hello(t), raw(0x82, padded(4096))}, 2, codeLost},
		{"4097 may not", [][]byte{hello(t), raw(0x82, padded(4097))}, 1, codeTooBig},
		{"a message that does not greet changes nothing", [][]byte{ack(t, 1), raw(0x82, padded(1025))}, 1, codeTooBig},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			h := &recorder{}
			c := fed(t, h)
			for _, b := range tc.bytes {
				c.feed(b, c.born)
			}
			c.finish()
			if acks, closes := h.got(); len(acks) != tc.want || closes[0] != tc.code {
				t.Errorf("%d frames, code %d, want %d, %d", len(acks), closes[0], tc.want, tc.code)
			}
		})
	}
}

// Rates are exact: what is allowed is let through, one more ends the connection, and time brings the allowance back.
func TestRates(t *testing.T) {
	t.Parallel()
	ping, pong, full := raw(0x80|opPing, nil), raw(0x80|opPong, nil), raw(0x82, padded(4090))
	const fullSize = 4096 // with the header that is charged
	tests := []struct {
		why   string
		frame []byte
		burst int           // how many may come at once
		after time.Duration // when one more may
	}{
		{"240 frames at once, control frames included, 120 a second", pong, 240, time.Second/120 + time.Nanosecond},
		{"5 pings at once, 1 a second", ping, 5, time.Second},
		{"64 KiB at once, 32 a second", full, 64 << 10 / fullSize, time.Second * fullSize / (32 << 10)},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			for _, early := range []time.Duration{0, time.Millisecond} {
				g := &guard{conn: &conn{limits: testLimits()}, limit: 4096, now: time.Hour}
				for n := range tc.burst {
					if _, refused := g.scan(tc.frame); refused != nil {
						t.Fatalf("frame %d of %d was refused: %v", n+1, tc.burst, refused)
					}
				}
				g.now += tc.after - early
				_, refused := g.scan(tc.frame)
				if early == 0 && refused != nil {
					t.Errorf("%v later one more was refused: %v", tc.after, refused)
				}
				if early > 0 && (refused == nil || refused.Code != errFlood.Code) {
					t.Errorf("%v later one more was not refused: %v", tc.after-early, refused)
				}
			}
		})
	}
}

// FuzzGuard checks that no bytes, however cut, make a conn fail, take more than the limit, or mean something else.
func FuzzGuard(f *testing.F) {
	for _, tc := range hostile {
		f.Add(tc.bytes[:min(len(tc.bytes), 200)], uint16(3))
	}
	f.Add(append(raw(0x82, padded(200)), raw(0x82, []byte{8, 1})...), uint16(205))
	f.Add(bytes.Join(cutUp(padded(200), 3, 50), nil), uint16(8<<8|20))
	f.Fuzz(func(t *testing.T, data []byte, cut uint16) {
		fragments := int(cut>>8) % (maxFragments + 1)
		whole, wholeSaw := fuzzFeed(t, data, len(data), fragments)
		split, splitSaw := fuzzFeed(t, data, int(cut)%(len(data)+1), fragments)
		if whole.outbox.code != split.outbox.code || !bytes.Equal(wholeSaw, splitSaw) {
			t.Fatalf("whole: %d after %v, split: %d after %v", whole.outbox.code, wholeSaw, split.outbox.code, splitSaw)
		}
		if whole.outbox.code == codeInternal {
			t.Fatal("the conn failed")
		}
	})
}

// fuzzFeed feeds data in two parts and returns the conn and what its handler saw.
func fuzzFeed(t *testing.T, data []byte, cut, fragments int) (*conn, []byte) {
	t.Helper()
	h := &recorder{}
	c := open(t, &sink{}, limitsOf(func(l *Limits) { l.Fragments = fragments }))
	c.start(h)
	if c.feed(data[:cut], c.born) {
		c.feed(data[cut:], c.born)
	}
	if c.guard.left > c.guard.limit || c.guard.size > c.guard.limit || c.guard.fragments > fragments {
		t.Fatalf("a payload of %d bytes was let through", c.guard.left)
	}
	c.finish()
	acks, closes := h.got()
	if len(closes) != 1 {
		t.Fatalf("closed %d times", len(closes))
	}
	var saw []byte
	for _, a := range acks {
		saw = binary.LittleEndian.AppendUint32(saw, a)
	}
	return c, saw
}

// A guard's errors end the read loop, whatever gws makes of them.
func TestGuardEndsReading(t *testing.T) {
	t.Parallel()
	p := linked(t, link.Options{}, testLimits(), &recorder{})
	defer p.close()
	p.write(raw(0x80|opText, nil))
	if code, _, _ := p.farewell(); code != codeUnsupported {
		t.Errorf("code %d", code)
	}
	if n, err := p.conn.guard.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("a closed guard reads %d, %v", n, err)
	}
}

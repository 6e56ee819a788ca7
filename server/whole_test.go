package server

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// came is all that comes of bytes that are fed.
func came(tb testing.TB, parts ...[]byte) string {
	tb.Helper()
	h := &recorder{}
	c := fed(tb, h)
	more := 0
	for _, p := range parts {
		if !c.feed(bytes.Clone(p), c.born.Add(time.Second)) {
			break
		}
		more++
	}
	heard := c.heard().Sub(c.born)
	c.finish()
	acks, closes := h.got()
	return fmt.Sprintf("acks %d, closed with %d, heard at %v, ended %t, told %x",
		acks, closes, heard, more < len(parts), c.wire.nc.(*sink).taken)
}

// singly is p byte for byte: whoever gets them takes no frame whole.
func singly(p []byte) [][]byte {
	var all [][]byte
	for i := range p {
		all = append(all, p[i:i+1])
	}
	return all
}

// streams are what clients may send, right and wrong.
func streams(tb testing.TB) map[string][]byte {
	tb.Helper()
	long := raw(0x82, padded(130))
	join := func(frames ...[]byte) []byte { return bytes.Join(append([][]byte{hello(tb)}, frames...), nil) }
	return map[string][]byte{
		"messages":                           join(ack(tb, 1), ack(tb, 2), ack(tb, 3)),
		"a message with a long length":       join(long, ack(tb, 1)),
		"an empty message":                   join(raw(0x82, nil), ack(tb, 1)),
		"the greatest message":               join(raw(0x82, padded(4096)), ack(tb, 1)),
		"a message too great":                join(ack(tb, 1), raw(0x82, padded(4097)), ack(tb, 2)),
		"a great first message":              raw(0x82, padded(1025)),
		"a message that is none":             join(ack(tb, 1), raw(0x82, []byte{0xFF}), ack(tb, 2)),
		"pongs between":                      join(raw(0x8A, nil), ack(tb, 1), raw(0x8A, []byte("pong")), ack(tb, 2)),
		"pings between":                      join(ack(tb, 1), raw(0x89, []byte("ping")), ack(tb, 2), raw(0x89, nil), ack(tb, 3)),
		"a ping too long":                    join(ack(tb, 1), raw(0x89, make([]byte, 126)), ack(tb, 2)),
		"a pong too long":                    join(ack(tb, 1), raw(0x8A, make([]byte, 126)), ack(tb, 2)),
		"a close behind messages":            join(ack(tb, 1), ack(tb, 2), closing(1000, "enough"), ack(tb, 3)),
		"text":                               join(ack(tb, 1), raw(0x81, []byte("text")), ack(tb, 2)),
		"reserved bits":                      join(ack(tb, 1), raw(0xC2, []byte{8, 1}), ack(tb, 2)),
		"a reserved opcode":                  join(ack(tb, 1), raw(0x83, nil), ack(tb, 2)),
		"a fragment":                         join(ack(tb, 1), raw(0x02, []byte{8, 1}), raw(0x80, nil)),
		"a continuation of nothing":          join(ack(tb, 1), raw(0x80, []byte{8, 1})),
		"a length that could be shorter":     join(ack(tb, 1), []byte{0x82, 0xFE, 0, 2, 1, 2, 3, 4, 8, 1}, ack(tb, 2)),
		"a length of eight bytes":            join(ack(tb, 1), []byte{0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4, 8, 1}),
		"a length that is negative":          join(ack(tb, 1), []byte{0x82, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4, 8, 1}),
		"no mask":                            join(ack(tb, 1), []byte{0x82, 2, 8, 1}, ack(tb, 2)),
		"half a header at the end":           join(ack(tb, 1), ack(tb, 2)[:4]),
		"half a message at the end":          join(ack(tb, 1), ack(tb, 2)[:7]),
		"half a long header at the end":      join(ack(tb, 1), long[:3]),
		"more frames than a client may send": bytes.Repeat(ack(tb, 1), 300),
		"more bytes than a client may send":  join(bytes.Repeat(raw(0x82, padded(4000)), 20)),
	}
}

// A frame that is there in one piece means what gws makes of it when it comes byte by byte, right or wrong, and so does all
// that follows it.
func TestWholeFramesMeanTheSame(t *testing.T) {
	t.Parallel()
	for why, stream := range streams(t) {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			want := came(t, singly(stream)...)
			if got := came(t, stream); got != want {
				t.Errorf("at once: %s\nin bytes: %s", got, want)
			}
			for cut := 1; cut < min(len(stream), 200); cut++ {
				if got := came(t, stream[:cut], stream[cut:]); got != want {
					t.Fatalf("cut at %d: %s\nin bytes: %s", cut, got, want)
				}
			}
		})
	}
}

// FuzzWholes is the same for any bytes.
func FuzzWholes(f *testing.F) {
	for _, stream := range streams(f) {
		f.Add(stream, uint16(len(stream)/2))
	}
	f.Fuzz(func(t *testing.T, stream []byte, cut uint16) {
		want := came(t, singly(stream)...)
		at := min(int(cut), len(stream))
		if got := came(t, stream[:at], stream[at:]); got != want {
			t.Errorf("cut at %d: %s\nin bytes: %s", at, got, want)
		}
	})
}

package server

import (
	"testing"
	"time"
)

// limitsOf are the default limits, changed.
func limitsOf(change func(*Limits)) *Limits {
	l := testLimits()
	change(l)
	return l
}

// cutUp makes fragments of a message: of the sizes given, and one of what is left.
func cutUp(message []byte, sizes ...int) (frames [][]byte) {
	first := byte(opBinary)
	for _, n := range sizes {
		frames = append(frames, raw(first, message[:n]))
		first, message = opContinuation, message[n:]
	}
	return append(frames, raw(0x80|first, message))
}

// join puts frames, and what comes between them, into one.
func join(parts ...[][]byte) (all [][]byte) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// A message of as many fragments as are allowed is one message to every limit; one fragment more ends the connection.
func TestFragments(t *testing.T) {
	t.Parallel()
	greeting := [][]byte{hello(t)}
	ping, half := [][]byte{raw(0x80|opPing, []byte("p"))}, [][]byte{raw(opBinary, []byte{8})}
	big := padded(4096)
	for _, tc := range []struct {
		why       string
		fragments int
		frames    [][]byte
		messages  int // that arrive
		code      Code
	}{
		{"none are allowed", 0, join(greeting, cutUp(big, 1)), 1, codeUnsupported},
		{"one is no fragment", 1, join(greeting, cutUp(big, 1)), 1, codeUnsupported},
		{"whole messages still come", 1, join(greeting, [][]byte{ack(t, 7)}), 2, codeLost},
		{"two of two", 2, join(greeting, cutUp(big, 1)), 2, codeLost},
		{"three of two", 2, join(greeting, cutUp(big, 1, 1)), 1, codeUnsupported},
		{"eight of eight", 8, join(greeting, cutUp(big, 1, 2, 3, 0, 5, 6, 7)), 2, codeLost},
		{"nine of eight", 8, join(greeting, cutUp(big, 1, 2, 3, 4, 5, 6, 7, 8)), 1, codeUnsupported},
		{"two messages are counted apart", 2, join(greeting, cutUp(big, 1), cutUp(big, 2)), 3, codeLost},
		{"a whole message after one in fragments", 2, join(greeting, cutUp(big, 1), [][]byte{ack(t, 7)}), 3, codeLost},
		{"pings may come between", 2, join(greeting, cutUp(big, 1)[:1], ping, cutUp(big, 1)[1:]), 2, codeLost},
		{"all are empty", 2, join(greeting, cutUp(nil, 0)), 2, codeLost},
		{"another message may not", 8, join(greeting, half, [][]byte{ack(t, 7)}), 1, codeProtocol},
		{"nor another's first fragment", 8, join(greeting, half, half), 1, codeProtocol},
		{"nothing is left to continue", 8, join(greeting, cutUp(big, 1), cutUp(big, 1)[1:]), 2, codeProtocol},
		{"text fragments are text", 8, join(greeting, [][]byte{raw(opText, []byte("hi"))}), 1, codeUnsupported},
		{"fragments of controls are not taken", 8, join(greeting, half, [][]byte{raw(opPing, nil)}), 1, codeProtocol},
		{"4096 bytes together", 8, join(greeting, cutUp(big, 4000, 50)), 2, codeLost},
		{"4097 bytes together", 8, join(greeting, cutUp(padded(4097), 4000, 50)), 1, codeTooBig},
		{"the second is too big by itself", 8, join(greeting, half, [][]byte{raw(opContinuation, padded(4097))}), 1, codeTooBig},
		{"1024 bytes together before hello", 8, cutUp(padded(1024), 1000), 1, codeLost},
		{"1025 bytes together before hello", 8, cutUp(padded(1025), 1000), 0, codeTooBig},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			h := &recorder{}
			c := open(t, &sink{}, limitsOf(func(l *Limits) { l.Fragments = tc.fragments }))
			c.start(h)
			for _, f := range tc.frames {
				if !c.feed(f, c.born) {
					break
				}
			}
			c.finish()
			if acks, closes := h.got(); len(acks) != tc.messages || closes[0] != tc.code {
				t.Errorf("%d messages, code %d, want %d, %d", len(acks), closes[0], tc.messages, tc.code)
			}
		})
	}
}

// A message has so long from its first byte to its last, whatever comes between; at the limit it is taken, after it the
// conn ends when the next byte comes, and whoever asks meanwhile is told.
func TestMessageTime(t *testing.T) {
	t.Parallel()
	const limit = 5 * time.Second
	message := raw(0x80|opBinary, padded(200))
	fragments := cutUp(padded(200), 100)
	between := raw(0x80|opPing, nil)
	for _, tc := range []struct {
		why   string
		parts [][]byte // the second comes when the last one does, unless there are three: then half-way
	}{
		{"it stops in its first byte", [][]byte{message[:1], message[1:]}},
		{"in its length", [][]byte{message[:3], message[3:]}},
		{"in its mask", [][]byte{message[:6], message[6:]}},
		{"before its payload", [][]byte{message[:8], message[8:]}},
		{"before its last byte", [][]byte{message[:len(message)-1], message[len(message)-1:]}},
		{"it drips", [][]byte{message[:10], message[10:20], message[20:]}},
		{"a ping stops", [][]byte{between[:2], between[2:]}},
		{"between two fragments", [][]byte{fragments[0], fragments[1]}},
		{"in a fragment", [][]byte{fragments[0], fragments[1][:9], fragments[1][9:]}},
		{"a whole ping between is no end", [][]byte{fragments[0], between, fragments[1]}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			for _, late := range []time.Duration{0, time.Nanosecond} {
				h := &recorder{}
				c := open(t, &sink{}, limitsOf(func(l *Limits) { l.Fragments = 2 }))
				c.start(h)
				start := c.born.Add(time.Hour) // silence before is no message
				c.feed(hello(t), c.born)
				if c.drips(start) {
					t.Error("it drips before it began")
				}
				c.feed(tc.parts[0], start)
				for _, p := range tc.parts[1 : len(tc.parts)-1] {
					c.feed(p, start.Add(limit/2))
				}
				if at := start.Add(limit + late); c.drips(at) != (late > 0) {
					t.Errorf("%v after its first byte it drips: %v", limit+late, late == 0)
				}
				c.feed(tc.parts[len(tc.parts)-1], start.Add(limit+late))
				if late == 0 && c.drips(start.Add(time.Hour)) {
					t.Error("it drips although it is complete")
				}
				c.finish()
				want := codeLost
				if late > 0 {
					want = errDrip.Code
				}
				if _, closes := h.got(); closes[0] != want {
					t.Errorf("%v late: closed with %d, want %d", late, closes[0], want)
				}
			}
		})
	}
}

// The rate of pings is an option; five seconds' worth come at once.
func TestPingRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{1, 4, 20} {
		g := &guard{conn: &conn{limits: limitsOf(func(l *Limits) { l.PingsPerSecond = rate })}, limit: 4096, now: time.Hour}
		ping := raw(0x80|opPing, nil)
		for n := range 5 * rate {
			if _, refused := g.scan(ping); refused != nil {
				t.Fatalf("%d a second: ping %d was refused: %v", rate, n+1, refused)
			}
		}
		if _, refused := g.scan(ping); refused != errPings {
			t.Errorf("%d a second: one more: %v", rate, refused)
		}
	}
}

// What the guard refuses for a limit is counted under that limit's name.
func TestGuardCountsLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why   string
		bytes [][]byte
		want  limit
	}{
		{"frames", [][]byte{hello(t), repeated(raw(0x80|opPong, nil), 300)}, limitFrames},
		{"bytes", [][]byte{hello(t), repeated(raw(0x82, padded(4096)), 20)}, limitBytes},
		{"pings", [][]byte{hello(t), repeated(raw(0x80|opPing, nil), 6)}, limitPings},
		{"fragments", [][]byte{hello(t), raw(opBinary, nil)}, limitFragments},
		{"a big hello", [][]byte{raw(0x82, padded(1025))}, limitHelloSize},
		{"a big message", [][]byte{hello(t), raw(0x82, padded(4097))}, limitMessageSize},
		{"wrong bytes are no limit", [][]byte{hello(t), raw(0x83, nil)}, ""},
	} {
		c := fed(t, &recorder{})
		for _, b := range tc.bytes {
			for len(b) > 0 && c.feed(b[:min(len(b), readSize)], c.born) {
				b = b[min(len(b), readSize):]
			}
		}
		c.finish()
		for l, n := range reached(t, c.metrics) {
			if (n == 1) != (l == tc.want) {
				t.Errorf("%s: %s was reached %v times", tc.why, l, n)
			}
		}
	}
}

// repeated is a frame again and again.
func repeated(frame []byte, times int) (all []byte) {
	for range times {
		all = append(all, frame...)
	}
	return all
}

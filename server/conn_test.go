package server

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/rs/zerolog"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/link"
)

// What a handler does wrong ends its connection only, with a code that says whose fault it was.
func TestHandlersFail(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why   string
		react func(c *conn, f *clientFrame) error
		want  Code
		text  string
	}{
		{"an Error is the client's", func(*conn, *clientFrame) error {
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "no such thing")
		}, tickwirev1.Code_CODE_OUT_OF_RANGE, "no such thing"},
		{"a wrapped Error too", func(*conn, *clientFrame) error {
			return errors.Join(errors.New("secret"), errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "no such thing"))
		}, tickwirev1.Code_CODE_OUT_OF_RANGE, "no such thing"},
		{"another error is the server's, and its text is not told", func(*conn, *clientFrame) error {
			return errors.New("secret")
		}, codeInternal, "the server failed"},
		{"so is a panic", func(*conn, *clientFrame) error { panic("secret") }, codeInternal, "the server failed"},
		{"a handler may end the connection itself", func(c *conn, _ *clientFrame) error {
			c.end(tickwirev1.Code_CODE_OVER, "done")
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "too late")
		}, tickwirev1.Code_CODE_OVER, "done"},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := &recorder{react: tc.react}
				p := linked(t, link.Options{}, testLimits(), h)
				defer p.close()
				p.write(append(hello(t), ack(t, 1)...))
				if code, reason, _ := p.farewell(); code != tc.want || reason != tc.text {
					t.Errorf("told %d %q, want %d %q", code, reason, tc.want, tc.text)
				}
				_ = p.nc.Close()
				<-p.over
				if acks, closes := h.got(); len(acks) != 1 || len(closes) != 1 || closes[0] != tc.want {
					t.Errorf("%d frames, closed with %v: frames after the end must not come", len(acks), closes)
				}
			})
		})
	}
}

// closing panics are the server's own; they must not take the process with them.
type broken struct{ recorder }

func (*broken) closed(*conn, Code) { panic("broken") }

func TestPanicInClosed(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := &sink{}
	c := open(t, s, testLimits())
	c.log = zerolog.New(&log)
	c.run(&broken{})
	if s.closes != 1 || !strings.Contains(log.String(), "broken") {
		t.Errorf("closed %d times, log %q", s.closes, log.String())
	}
}

// A panic inside gws comes out of feed as the end of this conn.
func TestPanicInTheReadLoop(t *testing.T) {
	t.Parallel()
	h := &recorder{}
	c := fed(t, h)
	c.feed(hello(t), c.born)
	limits := c.limits
	c.limits = nil // whatever it is that fails
	if c.feed(ack(t, 1), c.born) {
		t.Error("a conn that failed wants more")
	}
	c.limits = limits
	c.finish()
	if _, closes := h.got(); len(closes) != 1 || closes[0] != codeInternal {
		t.Errorf("closed with %v", closes)
	}
}

// Any goroutine may feed, one at a time: that is what lets a room's tick do it.
func TestFeedersChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &recorder{}
		c := fed(t, h)
		for tick := range uint32(20) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				b := ack(t, tick+1)
				c.feed(b[:3], time.Now())
				c.feed(b[3:], time.Now())
			}()
			<-done
		}
		c.finish()
		if acks, _ := h.got(); len(acks) != 20 || acks[19] != 20 {
			t.Errorf("got %v", acks)
		}
	})
}

func TestHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := linked(t, link.Options{}, testLimits(), &recorder{})
		defer p.close()
		born := time.Now()
		for _, tc := range []struct {
			why   string
			bytes []byte
			want  time.Duration
		}{
			{"nothing yet", nil, 0},
			{"a message", hello(t), time.Second},
			{"half a header is nothing", []byte{0x82}, time.Second},
			{"a whole one is a sign of life", ack(t, 1)[1:6], 3 * time.Second},
			{"payload without end is not", ack(t, 1)[6:7], 3 * time.Second},
			{"a pong", append(ack(t, 1)[7:], raw(0x8A, nil)...), 5 * time.Second},
		} {
			if len(tc.bytes) > 0 {
				p.write(tc.bytes)
			}
			synctest.Wait()
			if got := p.conn.heard().Sub(born); got != tc.want {
				t.Errorf("%s: heard after %v, want %v", tc.why, got, tc.want)
			}
			time.Sleep(time.Second)
		}
	})
}

// A ping of the server reaches the client; a pong carries what the ping said.
func TestPings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := linked(t, link.Options{}, testLimits(), &recorder{})
		defer p.close()
		p.conn.ping()
		if op, b, err := p.frame(); op != opPing || len(b) != 0 || err != nil {
			t.Errorf("%d %q %v", op, b, err)
		}
		p.write(raw(0x89, []byte("hello")))
		if op, b, err := p.frame(); op != opPong || string(b) != "hello" || err != nil {
			t.Errorf("%d %q %v", op, b, err)
		}
	})
}

// Words that a game has cut in the middle of a letter do not cost the client its Bye.
func TestReasonsAreUTF8(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := linked(t, link.Options{}, testLimits(), &recorder{})
		defer p.close()
		p.conn.end(tickwirev1.Code_CODE_KICKED, "caf\xc3")
		code, why, bye := p.farewell()
		if code != tickwirev1.Code_CODE_KICKED || why != "caf\uFFFD" || bye.GetMessage() != why {
			t.Errorf("told %d %q, bye %v", code, why, bye)
		}
	})
}

func TestCloseReason(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ why, message string }{
		{"none", ""},
		{"a short one is kept", "the room has ended"},
		{"a long one is cut", strings.Repeat("x", 200)},
		{"not in the middle of a letter", strings.Repeat("ä", 100)},
		{"nor of a wide one", "x" + strings.Repeat("😀", 50)},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			got := closeReason(tc.message)
			if len(got) > 123 || !utf8.Valid(got) || !strings.HasPrefix(tc.message, string(got)) {
				t.Errorf("%q", got)
			}
			if len(got) < min(len(tc.message), 120) {
				t.Errorf("only %d bytes are left", len(got))
			}
		})
	}
}

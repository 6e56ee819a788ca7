package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/link"
)

// Each frame is written with one call, those of gws too. wire counts on it: frames keep their order, and a tail belongs to
// one frame.
func TestEveryWriteIsAWholeFrame(t *testing.T) {
	t.Parallel()
	s := &sink{}
	c := open(t, s, testLimits())
	for _, size := range []int{0, 1, 125, 126, 1000, 65535, 65536, 1 << 20} {
		if got := c.send(make([]byte, size)); got != sent {
			t.Fatalf("%d bytes: %d", size, got)
		}
	}
	c.ping()
	c.end(tickwirev1.Code_CODE_KICKED, "enough")
	if len(s.writes) != 11 { // 8 frames, ping, bye, close
		t.Errorf("%d writes for 11 frames", len(s.writes))
	}
	for i, w := range s.writes {
		p := &peer{}
		p.read = newReader(w)
		if _, _, err := p.frame(); err != nil || p.read.Buffered() != 0 {
			t.Errorf("write %d of %d bytes is not one frame: %v", i, len(w), err)
		}
	}
}

// Nothing follows a close frame, even if who wrote it has not yet closed the wire.
func TestNothingFollowsACloseFrame(t *testing.T) {
	t.Parallel()
	s := &sink{}
	c := open(t, s, testLimits())
	if _, err := c.wire.Write([]byte{0x80 | opClose, 0}); err != nil {
		t.Fatal(err)
	}
	if got := c.send([]byte("late")); got != cut || c.ws.WritePong(nil) == nil || len(s.writes) != 1 {
		t.Errorf("%d, and %d writes", got, len(s.writes))
	}
}

// Nothing that a room may call waits for a client that does not read, and a stalled client costs one frame.
func TestAStalledClientHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := linked(t, link.Options{Buffer: 1000}, testLimits(), &recorder{})
		defer p.close()
		start := time.Now()
		frame := make([]byte, 600)
		got := make([]outcome, 0, 100)
		for range 100 {
			got = append(got, p.conn.send(frame))
			p.conn.ping()
			p.conn.flush(time.Now())
		}
		if got[0] != sent || got[1] != sent || !p.conn.busy() {
			t.Errorf("the buffer takes one frame and a part of the next: %v", got)
		}
		for i, o := range got[2:] {
			if o != skipped {
				t.Errorf("frame %d was not skipped: %d", i+2, o)
			}
		}
		if n := len(p.conn.wire.rest); n == 0 || n > len(frame)+4 {
			t.Errorf("%d bytes wait", n)
		}
		if passed := time.Since(start); passed != 0 {
			t.Errorf("the calls took %v", passed)
		}

		// The client reads on: what waited comes whole, and frames are taken again.
		for range 2 {
			if b, err := p.data(); err != nil || len(b) != len(frame) {
				t.Fatalf("%d bytes, %v", len(b), err)
			}
			p.conn.flush(time.Now())
		}
		if p.conn.busy() || p.conn.send(frame) != sent {
			t.Error("the client reads and is still skipped")
		}
	})
}

// A client that takes nothing for the time of the write limit is cut, and only then; the code reaches one that reads on
// within the linger time.
func TestWriteLimitCuts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		read time.Duration // when it reads on; 0: never
		want Code
	}{
		{"a client that never reads again is gone", 0, codeLost},
		{"one that reads on while the connection lingers is told", 2500 * time.Millisecond, tickwirev1.Code_CODE_SLOW},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := &recorder{}
				p := linked(t, link.Options{Buffer: 100}, testLimits(), h)
				start := time.Now()
				for p.conn.send(make([]byte, 150)) != cut {
					time.Sleep(50 * time.Millisecond)
					p.conn.flush(time.Now())
				}
				if passed := time.Since(start); passed != 2*time.Second {
					t.Errorf("cut after %v", passed)
				}
				synctest.Wait()
				if _, closes := h.got(); len(closes) != 1 || closes[0] != tickwirev1.Code_CODE_SLOW {
					t.Errorf("the handler was told %v, at once", closes)
				}
				if tc.read > 0 {
					time.Sleep(tc.read - time.Since(start))
					if code, _, bye := p.farewell(); code != tc.want || bye.GetCode() != tc.want {
						t.Errorf("the client was told %d, %v, want %d", code, bye, tc.want)
					}
					_ = p.nc.Close()
				}
				<-p.over
				if passed := time.Since(start); passed > 3*time.Second {
					t.Errorf("the socket was open for %v", passed)
				}
				_ = p.nc.Close()
			})
		})
	}
}

// Progress, however slow, is not a stall; but nobody is five times the write limit busy with one frame.
func TestASlowReader(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		wrap func(net.Conn) net.Conn
		size int // of a frame
		read int // a second
	}{
		{"a socket takes what fits", func(nc net.Conn) net.Conn { return nc }, 10_000, 50},
		{"a mailbox writes in pieces", func(nc net.Conn) net.Conn { return ordinary{nc} }, 20 * maxRecord, maxRecord},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, server := link.Pipe(link.Options{Buffer: 100})
				p := attach(t, client, tc.wrap(server), testLimits(), &recorder{})
				start := time.Now()
				p.conn.send(make([]byte, tc.size))
				for p.conn.outbox.reason() == 0 && time.Since(start) < time.Minute {
					time.Sleep(time.Second)
					if _, err := io.ReadFull(p.read, make([]byte, tc.read)); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					p.conn.flush(time.Now())
				}
				if passed := time.Since(start); p.conn.outbox.reason() != tickwirev1.Code_CODE_SLOW || passed != 10*time.Second {
					t.Errorf("ended with %d after %v, want 10 s", p.conn.outbox.reason(), passed)
				}
				p.close()
			})
		})
	}
}

// Control frames wait behind the rest of a frame, within bounds; a second data frame never does.
func TestTheRestIsBounded(t *testing.T) {
	t.Parallel()
	s := &sink{limit: -1}
	c := open(t, s, testLimits())
	if c.send(make([]byte, 5000)) != sent || c.send(nil) != skipped {
		t.Error("the first frame is kept, the next skipped")
	}
	pongs := 0
	for c.ws.WritePong(make([]byte, 100)) == nil {
		pongs++
	}
	if n := len(c.wire.rest); pongs < 30 || n > 5000+4+maxControl {
		t.Errorf("%d pongs, %d bytes wait", pongs, n)
	}
	if c.send(nil) != cut {
		t.Error("a client that only pings goes on")
	}
}

// What waits goes out first, although the transport would take more.
func TestNothingOvertakesTheRest(t *testing.T) {
	t.Parallel()
	s := &sink{limit: 3}
	c := open(t, s, testLimits())
	from := len(s.taken) // behind the answer to the handshake
	c.send([]byte("frame"))
	s.limit = 0
	if c.ws.WritePong([]byte("pong")) != nil || c.send(nil) != skipped {
		t.Error("a pong is kept, a frame skipped")
	}
	c.flush(time.Now())
	p := &peer{read: newReader(s.taken[from:])}
	for _, want := range []string{"frame", "pong"} {
		if _, b, err := p.frame(); err != nil || string(b) != want {
			t.Errorf("%q, %v, want %q", b, err, want)
		}
	}
}

// A client that is gone without a word is not told either.
func TestNobodyIsToldWhenTheClientIsGone(t *testing.T) {
	t.Parallel()
	client, server := link.Pipe(link.Options{})
	p := attach(t, client, server, testLimits(), &recorder{})
	p.write(hello(t))
	_ = client.CloseWrite()
	if b, err := io.ReadAll(p.read); len(b) > 0 || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	p.close()
	if _, closes := p.h.got(); len(closes) != 1 || closes[0] != codeLost {
		t.Errorf("closed with %v", closes)
	}
}

// Whoever ends a connection while others send: after the close frame there is nothing, before it all frames are whole.
func TestNothingFollowsTheCloseFrame(t *testing.T) {
	t.Parallel()
	for range 20 {
		s := &sink{}
		c := open(t, s, testLimits())
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for c.send([]byte("frame")) != cut {
					c.ping()
				}
			})
		}
		all.Go(func() { c.end(tickwirev1.Code_CODE_KICKED, "enough") })
		all.Go(func() { c.end(tickwirev1.Code_CODE_IDLE, "bored") })
		all.Wait()
		last := s.writes[len(s.writes)-1]
		if last[0] != 0x80|opClose {
			t.Fatalf("the last frame begins with %#x", last[0])
		}
		before := s.writes[len(s.writes)-2]
		for i := len(s.writes) - 2; before[0] != 0x80|opBinary; i-- { // pings may stand between
			before = s.writes[i]
		}
		if !bytes.Contains(before, []byte("enough")) && !bytes.Contains(before, []byte("bored")) {
			t.Errorf("the last data frame is no bye: %q", before)
		}
		if s.closes != 0 {
			t.Error("the socket was closed by somebody who does not feed")
		}
		run(c, &recorder{})
	}
}

// run runs a conn whose socket is at its end.
func run(c *conn, h handler) { c.run(h) }

// However a connection ends, the handler is told once and the socket is closed once.
func TestEveryEndIsOneEnd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why  string
		play func(t *testing.T, c *conn)
		want Code
	}{
		{"the client is gone", func(*testing.T, *conn) {}, codeLost},
		{"the server ends it before it is run", func(_ *testing.T, c *conn) {
			c.end(tickwirev1.Code_CODE_OVER, "")
			c.end(tickwirev1.Code_CODE_KICKED, "")
		}, tickwirev1.Code_CODE_OVER},
		{"writing fails", func(t *testing.T, c *conn) {
			t.Helper()
			c.wire.nc.(*sink).fail = errors.New("broken")
			for range 2 {
				if c.send(nil) != cut {
					t.Error("a broken socket takes frames")
				}
			}
		}, codeLost},
		{"the client's frame is refused", func(t *testing.T, c *conn) {
			t.Helper()
			c.early = raw(0x81, nil)
		}, codeUnsupported},
		{"the client closes", func(t *testing.T, c *conn) {
			t.Helper()
			c.early = append(closing(1001, ""), closing(1000, "")...)
		}, 1001},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			s, h := &sink{}, &recorder{}
			c := open(t, s, testLimits())
			tc.play(t, c)
			c.run(h)
			if _, closes := h.got(); len(closes) != 1 || closes[0] != tc.want {
				t.Errorf("closed with %v, want %d", closes, tc.want)
			}
			if s.closes != 1 {
				t.Errorf("the socket was closed %d times", s.closes)
			}
			if c.send(nil) != cut {
				t.Error("a closed conn takes frames")
			}
			c.end(tickwirev1.Code_CODE_OVER, "") // harmless
			c.flush(time.Now())
			c.ping()
		})
	}
}

// A connection that was told to end goes away by itself when the client answers, and within the linger time if not.
func TestLinger(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why   string
		noise int           // bytes that the client sends and nobody reads
		after time.Duration // when the client closes
		want  time.Duration // when the socket is closed
	}{
		{"a client that closes at once", 0, 0, 0},
		{"a client that closes soon", 0, 300 * time.Millisecond, 300 * time.Millisecond},
		{"a client that never closes", 0, time.Hour, time.Second},
		{"a client that goes on sending", maxDrain / 2, time.Hour, time.Second},
		{"a client that sends more than is drained", maxDrain * 2, time.Hour, 0},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := &recorder{}
				p := linked(t, link.Options{Buffer: 4 * maxDrain}, testLimits(), h)
				start := time.Now()
				p.conn.end(tickwirev1.Code_CODE_KICKED, "enough")
				if tc.noise > 0 {
					p.write(make([]byte, tc.noise))
				}
				if code, reason, bye := p.farewell(); code != tickwirev1.Code_CODE_KICKED || reason != "enough" ||
					bye.GetMessage() != "enough" || bye.GetCode() != code {
					t.Errorf("told %d %q, %v", code, reason, bye)
				}
				if _, closes := h.got(); len(closes) != 1 || time.Since(start) != 0 {
					t.Errorf("the handler was told %v after %v", closes, time.Since(start))
				}
				go func() {
					select {
					case <-time.After(tc.after):
						_ = p.nc.Close()
					case <-p.over:
					}
				}()
				<-p.over
				if passed := time.Since(start); passed != tc.want {
					t.Errorf("closed after %v, want %v", passed, tc.want)
				}
				_ = p.nc.Close()
			})
		})
	}
}

// The code arrives although the client keeps sending: the kernel must not reset the connection for unread input.
func TestTheCodeArrivesInMidTraffic(t *testing.T) {
	t.Parallel()
	eachSocket(t, func(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver) {
		codesInMidTraffic(t, pair, d)
	})
}

func codesInMidTraffic(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver) {
	t.Helper()
	for range 10 {
		client, server := pair(t)
		p := attachTo(t, d, client, server, testLimits(), &recorder{})
		p.write(hello(t))
		var traffic sync.WaitGroup
		traffic.Go(func() {
			for range 200 { // fewer than the allowed burst
				if _, err := client.Write(ack(t, 1)); err != nil {
					return
				}
			}
		})
		p.conn.end(tickwirev1.Code_CODE_KICKED, "enough")
		if code, _, _ := p.farewell(); code != tickwirev1.Code_CODE_KICKED {
			t.Errorf("told %d", code)
		}
		traffic.Wait()
		p.close()
	}
}

// A stalled client over TCP leaves others unmoved and holds one frame.
func TestStalledOverTCP(t *testing.T) {
	t.Parallel()
	eachSocket(t, func(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver) { stalledOver(t, pair, d) })
}

func stalledOver(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver) {
	t.Helper()
	l := testLimits()
	l.Write, l.WriteBuffer = time.Hour, 4096
	stalledClient, stalledServer := pair(t)
	stalled := attachTo(t, d, stalledClient, stalledServer, l, &recorder{})
	fineClient, fineServer := pair(t)
	fine := attachTo(t, d, fineClient, fineServer, l, &recorder{})
	frame := make([]byte, 4000)
	clog(t, stalled.conn, frame)
	var slowest time.Duration
	for range 200 {
		start := time.Now()
		stalled.conn.send(frame)
		stalled.conn.flush(start)
		slowest = max(slowest, time.Since(start))
		if fine.conn.send(frame) != sent {
			t.Fatal("the other client is skipped")
		}
		if _, b, err := fine.frame(); err != nil || len(b) != len(frame) {
			t.Fatal(err)
		}
	}
	if n := waits(stalled.conn); n == 0 || n > 2*(len(frame)+100) {
		t.Errorf("%d bytes wait", n)
	}
	if slowest > time.Second {
		t.Errorf("a call took %v", slowest)
	}
	stalled.conn.end(tickwirev1.Code_CODE_SLOW, "")
	<-stalled.over // it does not read: only the linger time ends it
	_ = stalledClient.Close()
	fine.close()
}

// clog sends frames until the client's system has taken none for a while: a socket that is full for a moment is not stalled.
func clog(t *testing.T, c *conn, frame []byte) {
	t.Helper()
	begin := time.Now()
	for took := begin; time.Since(took) < 100*time.Millisecond; c.flush(time.Now()) {
		if c.send(frame) == sent {
			took = time.Now()
		}
		if took.Sub(begin) > 10*time.Second {
			t.Fatal("the client never stalls")
		}
	}
}

// Over any transport a connection is opened, used and ended with a code.
func TestTransports(t *testing.T) {
	t.Parallel()
	t.Run("net.Pipe", func(t *testing.T) {
		t.Parallel()
		transport(t, func(testing.TB) (net.Conn, net.Conn) { return net.Pipe() }, byGoroutine())
	})
	eachSocket(t, func(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver) { transport(t, pair, d) })
}

func transport(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver) {
	t.Helper()
	client, server := pair(t)
	h := &recorder{react: func(c *conn, f *clientFrame) error {
		if f.ack == 9 {
			return errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "nine")
		}
		c.send([]byte("answer"))
		return nil
	}}
	p := attachTo(t, d, client, server, testLimits(), h)
	p.write(hello(t))
	if _, b, err := p.frame(); err != nil || string(b) != "answer" {
		t.Fatalf("%q, %v", b, err)
	}
	p.write(raw(0x80|opPing, []byte("ping")))
	if op, b, err := p.frame(); err != nil || op != opPong || string(b) != "ping" {
		t.Fatalf("%d %q, %v", op, b, err)
	}
	p.write(ack(t, 9))
	op, b, err := p.frame()
	if op == opBinary { // the bye, unless the pong was still on its way
		op, b, err = p.frame()
	}
	if err != nil || op != opClose || !bytes.HasSuffix(b, []byte("nine")) {
		t.Errorf("%d %q, %v", op, b, err)
	}
	p.close()
}

// A write on a socket costs no memory: not one allocation beside gws's own.
func TestRawWritesDoNotAllocate(t *testing.T) {
	client, server := tcp(t)
	defer func() { _ = client.Close() }()
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(io.Discard, client) }()
	out := newTryWriter(server)
	if out == nil {
		t.Skip("sockets of this system are written to through a mailbox")
	}
	frame := make([]byte, 320)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := out.TryWrite(frame); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a write", n)
	}
}

// The only library that speaks to the wire is gws, and it speaks through guard.
var (
	_ net.Conn  = (*guard)(nil)
	_ gws.Event = callbacks{}
)

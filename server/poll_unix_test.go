//go:build unix

package server

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/link"
)

// hasDescriptors says whether sockets can leave the netpoller.
const hasDescriptors = true

// polled is a conn over a real socket that the test polls itself.
type polled struct {
	*conn

	t       *testing.T
	client  *net.TCPConn
	read    *bufio.Reader // of client
	h       *recorder
	over    chan struct{}
	leaving farewells
	scratch []byte
}

// pollOver opens such a conn.
func pollOver(t *testing.T, l *Limits) *polled {
	t.Helper()
	client, server := tcp(t)
	p := &polled{
		conn: open(t, server, l), t: t, client: client.(*net.TCPConn), h: &recorder{},
		over: make(chan struct{}), scratch: make([]byte, 8<<10),
	}
	if !p.wire.detach() {
		t.Fatal("the socket stays in the netpoller")
	}
	p.conn.over = func() { close(p.over) }
	p.start(p.h)
	p.read = bufio.NewReader(client)
	answer, err := http.ReadResponse(p.read, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return p
}

// look polls once.
func (p *polled) look() { p.poll(p.scratch, time.Now(), time.Now()) }

// until polls until something holds.
func (p *polled) until(why string, holds func() bool) {
	p.t.Helper()
	for start := time.Now(); !holds(); time.Sleep(time.Millisecond) { // real sockets, real time
		if p.look(); time.Since(start) > patience {
			p.t.Fatalf("it never comes that %s", why)
		}
	}
}

// leave polls until the conn has ended and its socket is closed. It returns what the handler was told.
func (p *polled) leave() []Code {
	p.t.Helper()
	p.until("the conn ends", func() bool { return p.spent })
	p.leaving.say(p.conn)
	<-p.over
	_ = p.client.Close()
	_, closes := p.h.got()
	return closes
}

// isOpen says whether a descriptor is.
func isOpen(fd int) bool {
	var s syscall.Stat_t
	return syscall.Fstat(fd, &s) == nil
}

// However the conn of a room ends, its handler is told once, and its descriptor is closed by whoever has polled it, not
// before.
func TestEveryPolledEndIsOneEnd(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		play func(p *polled)
		want Code
	}{
		{"the client is gone", func(p *polled) { _ = p.client.Close() }, codeLost},
		{"the client sends no more", func(p *polled) { _ = p.client.CloseWrite() }, codeLost},
		{"the client resets", func(p *polled) { _ = p.client.SetLinger(0); _ = p.client.Close() }, codeLost},
		{"the client closes", func(p *polled) { p.send(closing(1001, "")) }, 1001},
		{"the client closes and is gone", func(p *polled) { p.send(closing(1000, "")); _ = p.client.Close() }, codeNormal},
		{"the client closes behind messages", func(p *polled) { p.send(ack(p.t, 1), ack(p.t, 2), closing(1000, "")) }, codeNormal},
		{"the client's frame is refused", func(p *polled) { p.send(raw(0x81, nil)) }, codeUnsupported},
		{"the client's message is refused", func(p *polled) { p.send(raw(0x82, []byte{0xFF})) }, tickwirev1.Code_CODE_MALFORMED},
		{"what comes with the handshake is refused", func(p *polled) { p.early = raw(0x81, nil) }, codeUnsupported},
		{"the server ends it before it is polled", func(p *polled) {
			p.end(tickwirev1.Code_CODE_OVER, "")
			p.end(tickwirev1.Code_CODE_KICKED, "")
		}, tickwirev1.Code_CODE_OVER},
		{"the server ends it in play", func(p *polled) {
			p.send(hello(p.t))
			p.until("it plays", func() bool { acks, _ := p.h.got(); return len(acks) == 1 })
			p.end(tickwirev1.Code_CODE_KICKED, "enough")
		}, tickwirev1.Code_CODE_KICKED},
		{"the room ends without a word", func(p *polled) { p.spent = true }, codeLost},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			p := pollOver(t, testLimits())
			fd := p.wire.fd.fd
			go func() { _, _ = io.Copy(io.Discard, p.client); _ = p.client.Close() }() // as clients do
			tc.play(p)
			if !isOpen(fd) {
				t.Error("somebody who does not poll has closed the descriptor")
			}
			if closes := p.leave(); len(closes) != 1 || closes[0] != tc.want {
				t.Errorf("closed with %v, want %d", closes, tc.want)
			}
			if p.conn.send(nil) != cut {
				t.Error("a closed conn takes frames")
			}
			p.end(tickwirev1.Code_CODE_OVER, "") // harmless, and so are these
			p.flush(time.Now())
			p.ping()
		})
	}
}

// send writes as the client.
func (p *polled) send(frames ...[]byte) {
	p.t.Helper()
	for _, b := range frames {
		if _, err := p.client.Write(b); err != nil {
			p.t.Error(err)
		}
	}
}

// One look reads what scratch memory holds and no more: the rest of a flood stays in the kernel.
func TestALookIsBounded(t *testing.T) {
	t.Parallel()
	p := pollOver(t, testLimits())
	one := raw(0x82, padded(1000))
	p.send(hello(t))
	for range 20 {
		p.send(one)
	}
	total := 0
	for total < len(hello(t))+20*len(one) {
		n := p.poll(p.scratch[:1500], time.Now(), time.Now())
		if total += n; n > 1500 || p.spent {
			t.Fatalf("%d bytes, ended %t", n, p.spent)
		}
	}
	_ = p.client.Close()
	p.leave()
	if acks, _ := p.h.got(); len(acks) != 21 {
		t.Errorf("%d messages came", len(acks))
	}
}

// A client that takes nothing is cut after the write limit, and its socket closed after the linger time; nobody waits for
// it.
func TestAStalledClientIsPolled(t *testing.T) {
	t.Parallel()
	l := testLimits()
	l.Write, l.Linger, l.WriteBuffer = 100*time.Millisecond, 50*time.Millisecond, 4096
	p := pollOver(t, l)
	frame := make([]byte, 4000)
	for p.conn.send(frame) == sent {
		continue
	}
	start := p.wire.stall.began
	var slowest time.Duration
	p.until("it is cut", func() bool {
		at := time.Now()
		p.conn.send(frame)
		p.ping()
		slowest = max(slowest, time.Since(at))
		return p.outbox.reason() != 0
	})
	passed := time.Since(start)
	if code := p.outbox.reason(); code != tickwirev1.Code_CODE_SLOW || passed < l.Write {
		t.Errorf("ended with %d after %v", code, passed)
	}
	if n := waits(p.conn); n > 2*(len(frame)+100) {
		t.Errorf("%d bytes wait", n)
	}
	at := time.Now()
	p.look()
	p.leaving.say(p.conn)
	slowest = max(slowest, time.Since(at))
	<-p.over
	if passed := time.Since(at); passed < l.Linger {
		t.Errorf("the socket was closed after %v", passed)
	}
	if slowest > 50*time.Millisecond { // it takes microseconds, the machine may not
		t.Errorf("a call took %v", slowest)
	}
	_ = p.client.Close()
}

// Who is kicked hears why at once, and has a while to go; the room has gone on long before.
func TestAKickIsQuick(t *testing.T) {
	t.Parallel()
	l := testLimits()
	l.Linger = 200 * time.Millisecond
	p := pollOver(t, l)
	c := &peer{t: t, nc: p.client, read: p.read}
	p.look()
	start := time.Now()
	p.end(tickwirev1.Code_CODE_KICKED, "enough")
	took := time.Since(start)
	if p.look(); !p.spent { // whether the client says anything or not
		t.Error("a conn that was kicked goes on")
	}
	p.leaving.say(p.conn)
	if passed := time.Since(start); took > 20*time.Millisecond || passed > 50*time.Millisecond {
		t.Errorf("end took %v, all of it %v", took, passed)
	}
	if code, why, bye := c.farewell(); code != tickwirev1.Code_CODE_KICKED || why != "enough" || bye.GetCode() != code {
		t.Errorf("told %d %q, %v", code, why, bye)
	}
	<-p.over // the client does not close
	if passed := time.Since(start); passed < l.Linger {
		t.Errorf("the socket was closed after %v", passed)
	}
	_ = p.client.Close()
}

// Somebody who keeps sending after the end is not listened to for ever.
func TestALeaverWhoKeepsSending(t *testing.T) {
	t.Parallel()
	l := testLimits()
	l.Linger = time.Hour
	p := pollOver(t, l)
	p.end(tickwirev1.Code_CODE_KICKED, "enough")
	p.look()
	p.leaving.say(p.conn)
	junk := make([]byte, 64<<10)
	for n := 0; ; n += len(junk) {
		if _, err := p.client.Write(junk); err != nil {
			break
		}
		if n > 64*maxDrain {
			t.Fatal("all is taken")
		}
	}
	<-p.over
	_ = p.client.Close()
}

// Whatever goroutines send, kick, and look at the same time: the descriptor is closed once, by the one who looks, and
// nothing is written after that.
func TestEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		p := pollOver(t, testLimits())
		go func() { _, _ = io.Copy(io.Discard, p.client); _ = p.client.Close() }()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for p.conn.send([]byte("frame")) != cut {
					p.ping()
					p.flush(time.Now())
				}
			})
		}
		all.Go(func() { p.end(tickwirev1.Code_CODE_KICKED, "enough") })
		p.send(hello(t), ack(t, 1))
		if closes := p.leave(); len(closes) != 1 || closes[0] != tickwirev1.Code_CODE_KICKED {
			t.Errorf("closed with %v", closes)
		}
		all.Wait()
	}
}

// What is not a plain socket, or TLS on one that a Listener has accepted, stays as it is.
func TestWhatCannotBePolled(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		pair func() (client, server net.Conn)
		want bool
	}{
		{"a TCP socket can", func() (net.Conn, net.Conn) { return tcp(t) }, true},
		{"TLS on a Listener's can", func() (net.Conn, net.Conn) { return overTLS(t) }, true},
		{"TLS on another's cannot", func() (net.Conn, net.Conn) {
			client, server := tcp(t)
			return withTLS(t, client, server)
		}, false},
		{"memory cannot", func() (net.Conn, net.Conn) { return link.Pipe(link.Options{}) }, false},
		{"TLS on memory cannot", func() (net.Conn, net.Conn) {
			client, server := link.Pipe(link.Options{})
			return withTLS(t, client, &passage{server})
		}, false},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			client, server := tc.pair()
			got := make(chan bool, 1)
			d := byGoroutine()
			d.prepare = func(c *conn) {
				can := c.wire.detach()
				if got <- can; can {
					c.over = func() {}
					c.start(&recorder{})
					c.spent = true
					(&farewells{}).say(c)
				}
			}
			d.run = func(c *conn, h handler) {
				if c.wire.fd == nil {
					c.run(h)
				}
			}
			p := attachTo(t, d, client, server, testLimits(), &recorder{})
			if can := <-got; can != tc.want {
				t.Errorf("%v", can)
			}
			p.close()
		})
	}
}

// A descriptor says what becomes of its peer.
func TestDescriptor(t *testing.T) {
	t.Parallel()
	client, server := tcp(t)
	var d descriptor
	if !d.take(server) {
		t.Fatal("no descriptor")
	}
	if _, err := server.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the socket is still Go's: %v", err)
	}
	b := make([]byte, 10)
	if n, err := d.read(b); n != 0 || err != nil {
		t.Errorf("nothing is there: %d, %v", n, err)
	}
	if n, err := d.TryWrite([]byte("hello")); n != 5 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if err := d.shut(); err != nil {
		t.Error(err)
	}
	if all, err := io.ReadAll(client); string(all) != "hello" || err != nil {
		t.Errorf("%q, %v", all, err)
	}
	if _, err := d.TryWrite([]byte("x")); err == nil {
		t.Error("the writing half is closed")
	}
	_ = client.Close()
	for start := time.Now(); ; {
		if n, err := d.read(b); errors.Is(err, io.EOF) {
			break
		} else if n != 0 || err != nil || time.Since(start) > patience {
			t.Fatalf("%d, %v", n, err)
		}
	}
	d.close()
}

// Several cores may read the sockets of a room, each some of them: all that clients say arrives, in the order of each.
func TestManyCoresLook(t *testing.T) {
	t.Parallel()
	const players, cores, messages = 64, 4, 50
	c := &crew{least: 1}
	s := &sockets{}
	for range cores {
		s.scratch = append(s.scratch, make([]byte, 8<<10))
	}
	all := make([]*polled, players)
	for i := range all {
		all[i] = pollOver(t, testLimits())
		s.add(all[i].conn)
	}
	var sending sync.WaitGroup
	for _, p := range all {
		sending.Go(func() {
			p.send(hello(t))
			for n := range messages {
				p.send(ack(t, uint32(n+1)))
			}
			_ = p.client.Close()
		})
	}
	leaving := &farewells{}
	for start := time.Now(); len(s.take()) > 0; {
		if time.Since(start) > patience {
			t.Fatalf("%d are left", len(s.all))
		}
		s.look(time.Now(), time.Millisecond)
		c.run(s, len(s.all), cores)
		s.let(leaving)
	}
	sending.Wait()
	for i, p := range all {
		<-p.over
		acks, closes := p.h.got()
		if len(acks) != messages+1 || acks[messages] != messages || len(closes) != 1 || closes[0] != codeLost {
			t.Errorf("%d: %d messages, closed with %v", i, len(acks), closes)
		}
	}
}

// When bytes came is known better than when they were read, where the system can tell.
func TestWhenBytesCame(t *testing.T) {
	t.Parallel()
	p := pollOver(t, testLimits())
	if _, ok := p.wire.fd.since(); !ok {
		t.Skip("the system cannot tell")
	}
	came := make(chan time.Duration, 1)
	p.h.react = func(c *conn, _ *clientFrame) error {
		came <- time.Since(c.cameAt())
		return nil
	}
	const wait, grain = 60 * time.Millisecond, 15 * time.Millisecond // the system counts in jiffies
	look := func(message []byte, since time.Duration) time.Duration {
		p.send(message)
		<-time.After(wait)
		now := time.Now()
		p.poll(p.scratch, now.Add(-since/2), now)
		return <-came
	}
	if ago := look(hello(t), wait); ago < wait-grain {
		t.Errorf("they came %v ago, it was %v", ago, wait)
	}
	if ago := look(ack(t, 1), wait/6); ago > wait-grain {
		t.Errorf("they came %v ago, before the last look", ago)
	}
	_ = p.client.Close()
	p.leave()
}

//go:build unix

package server

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

// sealed is pollOver with TLS. The client's end is returned, past the handshakes.
func sealed(t *testing.T, l *Limits) (p *polled, client *tls.Conn) {
	t.Helper()
	outer, server := overTLS(t)
	client = outer.(*tls.Conn)
	p = &polled{t: t, h: &recorder{}, over: make(chan struct{}), scratch: make([]byte, 8<<10), read: bufio.NewReader(client)}
	answered := make(chan error, 1)
	go func() {
		answer, err := http.ReadResponse(p.read, nil)
		if err == nil {
			err = answer.Body.Close()
		}
		answered <- err
	}()
	p.conn = open(t, server, l)
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	if !p.wire.detach() {
		t.Fatal("the socket stays in the netpoller")
	}
	p.conn.over = func() { close(p.over) }
	p.start(p.h)
	return p, client
}

// However the network cuts records, and however little is read at a time, what they hold arrives.
func TestRecordsCutAnywhere(t *testing.T) {
	t.Parallel()
	for _, size := range []int{2, 3, 7, 64, 500, 8 << 10} { // half of it is for what TLS makes of the other
		p, client := sealed(t, testLimits())
		p.scratch = p.scratch[:size]
		for _, b := range [][]byte{hello(t), raw(0x82, padded(3000)), ack(t, 3), raw(0x89, []byte("ping")), ack(t, 4)} {
			if _, err := client.Write(b); err != nil {
				t.Fatal(err)
			}
		}
		for start := time.Now(); len(p.h.acksOnly()) < 4; p.look() {
			if p.spent || time.Since(start) > patience {
				t.Fatalf("%d bytes at a time: %v came, ended %t", size, p.h.acksOnly(), p.spent)
			}
		}
		c := &peer{t: t, nc: client, read: p.read}
		if op, b, err := c.frame(); op != opPong || string(b) != "ping" || err != nil {
			t.Errorf("%d %q, %v", op, b, err)
		}
		_ = client.Close()
		p.until("the conn ends", func() bool { return p.spent })
		p.leaving.say(p.conn)
		<-p.over
		if _, closes := p.h.got(); len(closes) != 1 || closes[0] != codeLost {
			t.Errorf("closed with %v", closes)
		}
	}
}

// acksOnly is what the recorder got.
func (h *recorder) acksOnly() []uint32 {
	acks, _ := h.got()
	return acks
}

// Bytes that are no record end the conn.
func TestNoRecord(t *testing.T) {
	t.Parallel()
	p, client := sealed(t, testLimits())
	if _, err := client.NetConn().Write([]byte("what is this?")); err != nil {
		t.Fatal(err)
	}
	p.until("the conn ends", func() bool { return p.spent })
	p.leaving.say(p.conn)
	<-p.over
	_ = client.NetConn().Close()
	if _, closes := p.h.got(); len(closes) != 1 || closes[0] != codeLost {
		t.Errorf("closed with %v", closes)
	}
}

// A client that does not read costs one frame and some control frames, and what TLS has to say by itself is bounded too.
func TestASealIsBounded(t *testing.T) {
	t.Parallel()
	l := testLimits()
	l.WriteBuffer = 4096
	p, client := sealed(t, l)
	frame := make([]byte, 40_000) // three records
	for p.conn.send(frame) == sent {
		continue
	}
	if n := waits(p.conn); !p.busy() || n == 0 || n > len(frame)+1000 {
		t.Errorf("%d bytes wait, busy %t", n, p.busy())
	}
	s := p.wire.seal
	alerts := 0
	for ; alerts < 1000; alerts++ {
		if _, err := s.Write(make([]byte, 100)); err != nil {
			break
		}
	}
	if n := waits(p.conn); alerts < 30 || alerts == 1000 || n > len(frame)+1000+maxControl {
		t.Errorf("%d alerts, %d bytes wait", alerts, n)
	}
	p.flush(time.Now())
	p.look()
	if p.look(); !p.spent {
		t.Error("a conn that cannot say what it must goes on")
	}
	p.leaving.say(p.conn)
	<-p.over
	_ = client.NetConn().Close()
}

// What waits goes out when the client reads, in order and whole.
func TestASealDrains(t *testing.T) {
	t.Parallel()
	l := testLimits()
	l.WriteBuffer = 4096
	p, client := sealed(t, l)
	n := 0
	for frame := make([]byte, 40_000); p.conn.send(frame) == sent; n++ {
		continue
	}
	p.ping()                              // left out: the client has enough to read
	_ = p.ws.WritePong([]byte("control")) // waits behind the frame
	done := make(chan error, 1)
	go func() {
		c := &peer{t: t, nc: client, read: p.read}
		for range n {
			if op, b, err := c.frame(); op != opBinary || len(b) != 40_000 {
				done <- errors.Join(err, io.ErrUnexpectedEOF)
				return
			}
		}
		op, b, err := c.frame()
		if op != opPong || string(b) != "control" {
			err = errors.Join(err, io.ErrUnexpectedEOF)
		}
		done <- err
	}()
	p.until("nothing waits", func() bool { return !p.busy() })
	if err := <-done; err != nil {
		t.Error(err)
	}
	if waits(p.conn) != 0 || p.conn.send(nil) != sent {
		t.Error("something waits still")
	}
	_ = client.Close()
	p.until("the conn ends", func() bool { return p.spent })
	p.leaving.say(p.conn)
	<-p.over
}

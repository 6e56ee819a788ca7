package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/link"
)

// ordinary hides that a conn can be written to without waiting, as transports are that cannot.
type ordinary struct{ net.Conn }

// CloseWrite lets a half close through, as TLS does in its way.
func (p ordinary) CloseWrite() error {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// The promises hold for transports that can only wait: a mailbox stands between.
func TestMailboxKeepsThePromises(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &recorder{}
		client, server := link.Pipe(link.Options{Buffer: 1000})
		p := attach(t, client, ordinary{server}, testLimits(), h)
		start := time.Now()
		frame := make([]byte, 600)
		sends := 0
		for p.conn.send(frame) == sent {
			sends++
			synctest.Wait() // the mailbox writes what it can
		}
		if sends < 2 || sends > 4 {
			t.Errorf("%d frames fit into a buffer of one and a half, a mailbox and a rest", sends)
		}
		if time.Since(start) != 0 {
			t.Error("send waited")
		}
		for range sends {
			if _, b, err := p.frame(); err != nil || len(b) != len(frame) {
				t.Fatalf("%d bytes, %v", len(b), err)
			}
			synctest.Wait()
		}
		if p.conn.busy() {
			t.Error("everything was read and it is busy")
		}

		for p.conn.send(frame) != cut {
			time.Sleep(50 * time.Millisecond)
			p.conn.flush(time.Now())
		}
		if passed := time.Since(start); passed < 2*time.Second || passed > 2200*time.Millisecond {
			t.Errorf("cut after %v", passed)
		}
		<-p.over
		if passed := time.Since(start); passed > 3300*time.Millisecond {
			t.Errorf("open for %v", passed)
		}
		if _, closes := h.got(); len(closes) != 1 || closes[0] != tickwirev1.Code_CODE_SLOW {
			t.Errorf("closed with %v", closes)
		}
		_ = client.Close()
	})
}

// One frame in the mailbox and nothing more to send: it is noticed all the same.
func TestMailboxNoticesASingleStalledFrame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		p := attach(t, client, server, testLimits(), &recorder{})
		p.conn.send([]byte("frame"))
		start := time.Now()
		for !p.conn.wire.closing.Load() {
			time.Sleep(100 * time.Millisecond)
			p.conn.flush(time.Now())
		}
		if passed := time.Since(start); passed != 2*time.Second {
			t.Errorf("cut after %v", passed)
		}
		<-p.over
		_ = client.Close()
	})
}

// A great frame's memory is not kept for the small ones that follow.
func TestMailboxKeepsLittleMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := link.Pipe(link.Options{Buffer: 1 << 20})
		p := attach(t, client, ordinary{server}, testLimits(), &recorder{})
		defer p.close()
		for _, size := range []int{100_000, 100} {
			p.conn.send(make([]byte, size))
			synctest.Wait()
			if n := cap(p.conn.wire.box.mail); n > maxRecord {
				t.Errorf("after a frame of %d bytes %d are kept", size, n)
			}
		}
	})
}

// tardy takes five seconds to close its half, as TLS may whose peer does not read.
type tardy struct{ ordinary }

// CloseWrite waits for the peer.
func (p tardy) CloseWrite() error {
	_ = p.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_, err := p.Write(make([]byte, 1<<20))
	return err
}

// NetConn says what is below, as TLS does.
func (p tardy) NetConn() net.Conn { return p.Conn }

// A closing TLS connection ends in the linger time, whatever its client does. In real time: whoever waits for a lock
// inside TLS stops the time of a bubble.
func TestTLSEndsInTheLingerTime(t *testing.T) {
	t.Parallel()
	const buffer = 8 << 10
	// A record that cannot be deciphered, which the server answers; when all is written the server has read that much.
	garbage := append([]byte{0x17, 3, 3, 0, 32}, make([]byte, 32+buffer)...)
	for _, tc := range []struct {
		why   string
		send  int    // bytes of a frame that the client does not read
		spoil []byte // what it sends then, below TLS
		wrap  func(testing.TB, net.Conn, net.Conn) (net.Conn, net.Conn)
	}{
		{"a client that does not read", 1 << 20, nil, withTLS},
		{"one that makes the server answer as well", 1 << 20, garbage, withTLS},
		{"one that reads all but the goodbye", 0, nil, func(_ testing.TB, client, server net.Conn) (net.Conn, net.Conn) {
			return client, tardy{ordinary{server}}
		}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			l := testLimits()
			l.Linger = 50 * time.Millisecond
			below, server := link.Pipe(link.Options{Buffer: buffer})
			client, wrapped := tc.wrap(t, below, server)
			p := attach(t, client, wrapped, l, &recorder{})
			p.write(hello(t))
			p.conn.send(make([]byte, tc.send))
			if tc.send > 0 { // wait until the server writes; it cannot finish
				if _, err := io.ReadFull(below, make([]byte, buffer/2)); err != nil {
					t.Error(err)
				}
			}
			if _, err := below.Write(tc.spoil); err != nil {
				t.Error(err)
			}
			start := time.Now()
			p.conn.end(tickwirev1.Code_CODE_SLOW, "enough")
			select {
			case <-p.over:
			case <-time.After(patience):
			}
			if passed := time.Since(start); passed > 2*time.Second { // TLS itself would wait for five
				t.Errorf("it ended after %v", passed)
			}
			_ = below.Close()
			<-p.over
		})
	}
}

// overTLS returns the ends of a TLS connection over loopback.
func overTLS(tb testing.TB) (client, server net.Conn) {
	tb.Helper()
	client, server = tcp(tb)
	return withTLS(tb, client, &passage{server})
}

// withTLS puts TLS over the ends of a connection.
func withTLS(tb testing.TB, client, server net.Conn) (net.Conn, net.Conn) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"tickwire.test"}, NotAfter: time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Client(client, &tls.Config{RootCAs: roots, ServerName: "tickwire.test", MinVersion: tls.VersionTLS13}),
		tls.Server(server, &tls.Config{
			Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}, MinVersion: tls.VersionTLS13,
		})
}

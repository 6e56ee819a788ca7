package servertest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/link"
)

// tlsName is whose the certificate is.
const tlsName = "tickwire.test"

// StartTLS is StartTCP with TLS below HTTP. Dial speaks it, so that its users need not: for them the URL is one without.
func StartTLS(tb testing.TB, options server.Options) *Server {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listen: %v", err)
	}
	address := l.Addr().String()
	if options.PublicURL == "" {
		options.PublicURL = "http://" + address
	}
	ours, theirs := certificate(tb)
	return start(tb, options, tls.NewListener(server.Listener(l), ours), "http://"+address,
		func(ctx context.Context, o *Options) (net.Conn, error) {
			nc, err := new(net.Dialer).DialContext(ctx, "tcp", address)
			if err != nil {
				return nil, err
			}
			if o != nil {
				nc = link.Through(nc, *o)
			}
			return tls.Client(nc, theirs), nil
		})
}

// certificate makes a certificate, and returns what a server and its clients need of it.
func certificate(tb testing.TB) (ours, theirs *tls.Config) {
	tb.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatalf("key: %v", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{tlsName}, NotAfter: time.Now().Add(24 * time.Hour),
	}
	b, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		tb.Fatalf("certificate: %v", err)
	}
	parsed, err := x509.ParseCertificate(b)
	if err != nil {
		tb.Fatalf("certificate: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	ours = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{b}, PrivateKey: private}}, MinVersion: tls.VersionTLS13,
	}
	return ours, &tls.Config{RootCAs: roots, ServerName: tlsName, MinVersion: tls.VersionTLS13}
}

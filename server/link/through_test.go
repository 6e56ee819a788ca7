package link

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

type tcp = *net.TCPConn

// sockets returns the client's end of a TCP connection behind a link, and the server's end.
func sockets(t *testing.T, o Options) (*Conn, *net.TCPConn) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	raw, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	client := Through(raw, o)
	t.Cleanup(func() {
		_ = client.Close()
		_ = server.Close()
	})
	_ = server.SetDeadline(time.Now().Add(10 * time.Second))
	_ = client.SetDeadline(time.Now().Add(10 * time.Second))
	return client, server.(*net.TCPConn)
}

// Each case leaves it to goleak to find a goroutine that did not end.
func TestThrough(t *testing.T) {
	slow := Options{Latency: 30 * time.Millisecond}
	for _, c := range []struct {
		why  string
		opts Options
		play func(*testing.T, *Conn, tcp)
	}{
		{"both ways, half close, and the addresses of the socket", Options{}, func(t *testing.T, client *Conn, server tcp) {
			mustWrite(t, client, "question")
			_ = client.CloseWrite()
			wantAll(t, server, "question", nil)
			mustWrite(t, server, "answer")
			_ = server.CloseWrite()
			wantAll(t, client, "answer", nil)
			if client.RemoteAddr().String() != server.LocalAddr().String() ||
				client.LocalAddr().String() != server.RemoteAddr().String() {
				t.Errorf("%v -> %v", client.LocalAddr(), client.RemoteAddr())
			}
		}},
		{"what was written before a close arrives", slow, func(t *testing.T, client *Conn, server tcp) {
			mustWrite(t, client, "last words")
			_ = client.Close()
			wantAll(t, server, "last words", nil)
		}},
		{"the server closes, the client is told and closes", Options{}, func(t *testing.T, client *Conn, server tcp) {
			mustWrite(t, server, "bye")
			_ = server.Close()
			wantAll(t, client, "bye", nil)
		}},
		{"a cut resets both", Options{}, func(t *testing.T, client *Conn, server tcp) {
			client.Link().Cut()
			wantAll(t, server, "", syscall.ECONNRESET)
			wantAll(t, client, "", syscall.ECONNRESET)
		}},
		{"a cut while the server does not read", Options{}, func(t *testing.T, client *Conn, server tcp) {
			_ = client.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
			if _, err := client.Write(make([]byte, 64<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("64 MiB that nobody read ended with %v", err)
			}
			client.Link().Cut()
			for err := error(nil); err == nil; {
				if _, err = server.Write(make([]byte, 1<<20)); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("the server's writing was not reset")
				}
			}
		}},
		{"the server's reset is the client's", Options{}, func(t *testing.T, client *Conn, server tcp) {
			_ = server.SetLinger(0)
			_ = server.Close()
			wantAll(t, client, "", syscall.ECONNRESET)
		}},
		{"half open: the server is not told, and ends it", Options{}, func(t *testing.T, client *Conn, server tcp) {
			client.Link().Half()
			mustWrite(t, client, "lost")
			_ = client.Close()
			_ = server.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			wantAll(t, server, "", os.ErrDeadlineExceeded)
			mustWrite(t, server, "are you there")
			_ = server.Close()
		}},
		{"held: the server ends it after the client has", Options{}, func(t *testing.T, client *Conn, server tcp) {
			client.Link().Hold(Both)
			mustWrite(t, client, "late")
			_ = client.Close()
			_ = server.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			wantAll(t, server, "", os.ErrDeadlineExceeded)
			_ = server.SetReadDeadline(time.Now().Add(10 * time.Second))
			_ = server.CloseWrite()
			wantAll(t, server, "late", nil)
		}},
		{"latency counts both ways", slow, func(t *testing.T, client *Conn, server tcp) {
			start := time.Now()
			mustWrite(t, client, "x")
			if _, err := io.CopyN(server, server, 1); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(client, make([]byte, 1)); err != nil || time.Since(start) < 60*time.Millisecond {
				t.Errorf("a round trip took %v, %v", time.Since(start), err)
			}
		}},
		{"many bytes", Options{Jitter: time.Millisecond, Buffer: 10000}, func(t *testing.T, client *Conn, server tcp) {
			go func() {
				mustWrite(t, client, string(make([]byte, 300000)))
				_ = client.CloseWrite()
			}()
			if n, err := io.Copy(io.Discard, server); n != 300000 || err != nil {
				t.Errorf("%d bytes, %v", n, err)
			}
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			client, server := sockets(t, c.opts)
			c.play(t, client, server)
		})
	}
}

func wantAll(t *testing.T, from io.Reader, want string, end error) {
	t.Helper()
	if got, err := io.ReadAll(from); string(got) != want || !errors.Is(err, end) {
		t.Errorf("read %q, %v; want %q, %v", got, err, want, end)
	}
}

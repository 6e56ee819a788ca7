package link

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestBuffersAreFinite(t *testing.T) {
	t.Parallel()
	client, server := Pipe(Options{Buffer: 10})
	n, err := server.TryWrite([]byte("123456789012"))
	if n != 10 || err != nil {
		t.Fatalf("TryWrite into 10 bytes of room: %d, %v", n, err)
	}
	if n, err = server.TryWrite([]byte("x")); n != 0 || err != nil {
		t.Fatalf("TryWrite into a full buffer: %d, %v", n, err)
	}
	if _, err = io.ReadFull(client, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	if n, err = server.TryWrite([]byte("123456789012")); n != 4 || err != nil {
		t.Fatalf("TryWrite after 4 bytes were read: %d, %v", n, err)
	}
}

func TestWriteWaitsForTheReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Options{Buffer: 3})
		go func() {
			if n, err := server.Write([]byte("abcdefgh")); n != 8 || err != nil {
				t.Errorf("write: %d, %v", n, err)
			}
			_ = server.CloseWrite()
		}()
		time.Sleep(time.Second)
		got, err := io.ReadAll(client)
		if string(got) != "abcdefgh" || err != nil {
			t.Errorf("read %q, %v", got, err)
		}
	})
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Options{Buffer: 1})
		start := time.Now()
		_ = client.SetReadDeadline(start.Add(time.Second))
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("read ended with %v after %v", err, time.Since(start))
		}
		_ = server.SetWriteDeadline(start.Add(3 * time.Second))
		n, err := server.Write([]byte("ab"))
		if n != 1 || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("write ended with %d, %v after %v", n, err, time.Since(start))
		}
		_ = client.SetReadDeadline(time.Time{})
		if n, err := client.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Errorf("read without a deadline: %d, %v", n, err)
		}
		go func() {
			time.Sleep(time.Second)
			_ = client.SetDeadline(time.Unix(1, 0))
		}()
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 4*time.Second {
			t.Errorf("a deadline in the past ended a waiting read with %v after %v", err, time.Since(start))
		}
	})
}

func TestHalfClose(t *testing.T) {
	t.Parallel()
	client, server := Pipe(Options{})
	mustWrite(t, server, "bye")
	_ = server.CloseWrite()
	mustWrite(t, client, "still here")
	if got, err := io.ReadAll(client); string(got) != "bye" || err != nil {
		t.Errorf("client read %q, %v", got, err)
	}
	_ = client.Close()
	if got, err := io.ReadAll(server); string(got) != "still here" || err != nil {
		t.Errorf("server read %q, %v", got, err)
	}
	if _, err := server.Write([]byte("x")); err == nil {
		t.Error("a write after CloseWrite succeeded")
	}
	if _, err := client.Read(make([]byte, 1)); err == nil {
		t.Error("a read after Close succeeded")
	}
}

func TestPeerIsGone(t *testing.T) {
	t.Parallel()
	client, server := Pipe(Options{})
	_ = client.Close()
	if _, err := server.TryWrite([]byte("x")); err == nil {
		t.Error("a write to a closed peer succeeded")
	}
	if _, err := server.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("a read from a closed peer: %v", err)
	}
}

func TestLatencyAndBandwidth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Options{Latency: 100 * time.Millisecond, Bandwidth: 1000})
		start := time.Now()
		mustWrite(t, server, string(bytes.Repeat([]byte{1}, 500)))
		mustWrite(t, server, string(bytes.Repeat([]byte{2}, 500)))
		_ = server.Close()
		buf := make([]byte, 2000)
		for _, want := range []time.Duration{600 * time.Millisecond, 1100 * time.Millisecond} {
			if n, err := client.Read(buf); n != 500 || err != nil || time.Since(start) != want {
				t.Errorf("read %d, %v after %v, want 500 after %v", n, err, time.Since(start), want)
			}
		}
		if _, err := client.Read(buf); !errors.Is(err, io.EOF) {
			t.Errorf("read after the last byte: %v", err)
		}
	})
}

func mustWrite(t *testing.T, w io.Writer, s string) {
	t.Helper()
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
}

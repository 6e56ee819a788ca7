package link

import (
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A server writes a byte every 100 ms for 2 s while something happens to the link after 450 ms. What the client gets, what
// the server is told, and when.
func TestFaults(t *testing.T) {
	const (
		ms    = time.Millisecond
		reset = syscall.ECONNRESET
	)
	for _, c := range []struct {
		why   string
		fault func(*Link)
		early int           // bytes that the client has at 1 s
		gap   time.Duration // the longest between two of them
		all   int           // bytes that the client has in the end
		read  error         // how the client's reading ends
		write error         // how the server's writing ends
	}{
		{"nothing happens", func(*Link) {}, 10, 100 * ms, 20, io.EOF, nil},
		{"a stall delays, and then all comes at once", func(l *Link) { l.Stall(Down, 800*ms) }, 4, 850 * ms, 20, io.EOF, nil},
		{"a stall of the other direction is not seen", func(l *Link) { l.Stall(Up, 800*ms) }, 10, 100 * ms, 20, io.EOF, nil},
		{"held bytes arrive on release", func(l *Link) {
			l.Hold(Both)
			time.AfterFunc(1000*ms, func() { l.Release(Down) })
		}, 4, 1050 * ms, 20, io.EOF, nil},
		{"held for good, the end included", func(l *Link) { l.Hold(Down) }, 4, 100 * ms, 4, os.ErrDeadlineExceeded, nil},
		{"a cut resets both", (*Link).Cut, 4, 100 * ms, 4, reset, reset},
		{"a cut after 3 bytes", func(l *Link) { l.CutAfter(Down, 3) }, 7, 100 * ms, 7, reset, reset},
		{"a cut after no byte", func(l *Link) { l.CutAfter(Up, 0) }, 4, 100 * ms, 4, reset, reset},
		{"bytes of the other direction do not count", func(l *Link) { l.CutAfter(Up, 3) }, 10, 100 * ms, 20, io.EOF, nil},
		{"half open: nobody is told", (*Link).Half, 4, 100 * ms, 4, os.ErrDeadlineExceeded, nil},
		{"a release does not mend a half open link", func(l *Link) {
			l.Half()
			l.Release(Both)
		}, 4, 100 * ms, 4, os.ErrDeadlineExceeded, nil},
		{"a cut ends a half open link", func(l *Link) {
			l.Half()
			l.Cut()
		}, 4, 100 * ms, 4, reset, reset},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := Pipe(Options{})
				start := time.Now()
				time.AfterFunc(450*ms, func() { c.fault(client.Link()) })
				wrote := make(chan error, 1)
				go func() { wrote <- every(server, 100*ms, 20) }()
				got := arrivals(client, start.Add(4*time.Second))
				early, gap, before := 0, time.Duration(0), start
				for _, at := range got.at {
					if at.Sub(start) <= 1000*ms {
						early++
					}
					gap, before = max(gap, at.Sub(before)), at
				}
				if early != c.early || gap != c.gap || len(got.at) != c.all || !errors.Is(got.err, c.read) {
					t.Errorf("%d bytes at 1 s, gap %v, %d in all, then %v", early, gap, len(got.at), got.err)
				}
				if n := client.Link().Delivered(Down); n != int64(len(got.at)) || client.Link().Delivered(Both) != n {
					t.Errorf("delivered %d", n)
				}
				if err := <-wrote; !errors.Is(err, c.write) {
					t.Errorf("the server's writing ended with %v", err)
				}
				_ = client.Close()
				_ = server.Close()
			})
		})
	}
}

// every writes n single bytes at intervals, and closes.
func every(w *Conn, interval time.Duration, n int) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for range n {
		<-tick.C
		if _, err := w.Write([]byte{'x'}); err != nil {
			return err
		}
	}
	return w.Close()
}

// delivery is what arrived, when, and what ended it.
type delivery struct {
	at  []time.Time // one per byte
	err error
}

func arrivals(c *Conn, until time.Time) delivery {
	var d delivery
	_ = c.SetReadDeadline(until)
	buf := make([]byte, 4<<10)
	for {
		n, err := c.Read(buf)
		for range n {
			d.at = append(d.at, time.Now())
		}
		if err != nil {
			d.err = err
			return d
		}
	}
}

// A held link takes no more than its buffer, and a cut frees a writer that waits.
func TestHeldBuffersAreFinite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Options{Buffer: 100})
		l := client.Link()
		l.Hold(Down)
		if n, err := server.TryWrite(make([]byte, 200)); n != 100 || err != nil {
			t.Errorf("a held link took %d bytes, %v", n, err)
		}
		ended := make(chan error, 1)
		go func() {
			_, err := server.Write(make([]byte, 10))
			ended <- err
		}()
		synctest.Wait()
		select {
		case err := <-ended:
			t.Fatalf("a write into a full buffer ended with %v", err)
		default:
		}
		l.Cut()
		if err := <-ended; !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("a cut ended the write with %v", err)
		}
		l.Cut()
	})
}

// A cut after so many bytes lets exactly these through, of however many that have arrived.
func TestCutAfterIsExact(t *testing.T) {
	for limit := range int64(12) {
		client, server := Pipe(Options{})
		client.Link().CutAfter(Both, limit)
		_, _ = server.Write([]byte("0123456789"))
		_ = server.CloseWrite()
		want := error(nil)
		if limit <= 10 {
			want = syscall.ECONNRESET
		}
		if got, err := io.ReadAll(client); len(got) != int(min(limit, 10)) || !errors.Is(err, want) {
			t.Errorf("%d bytes of %d, %v", len(got), limit, err)
		}
	}
}

// Who writes to a peer that has closed learns it when the news had time to arrive, not before.
func TestCloseTakesTime(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		why    string
		opts   Options
		change func(*Conn)
		known  time.Duration
	}{
		{"no latency", Options{}, func(*Conn) {}, 0},
		{"latency", Options{Latency: 100 * ms}, func(*Conn) {}, 100 * ms},
		{"a stall", Options{Latency: 100 * ms}, func(c *Conn) { c.Link().Stall(Up, 300*ms) }, 300 * ms},
		{"bytes before it that were lost once", Options{Latency: 100 * ms, Hiccup: 1}, func(c *Conn) {
			_, _ = c.Write([]byte("x"))
		}, 340 * ms},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := Pipe(c.opts)
				c.change(client)
				start := time.Now()
				_ = client.Close()
				if c.known > 0 {
					time.Sleep(c.known - 1)
					if _, err := server.Write([]byte("x")); err != nil {
						t.Errorf("a write after %v ended with %v", time.Since(start), err)
					}
				}
				if _, err := io.ReadAll(server); err != nil || time.Since(start) != c.known {
					t.Errorf("reading ended with %v after %v", err, time.Since(start))
				}
				if _, err := server.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
					t.Errorf("a write after it ended with %v", err)
				}
			})
		})
	}
}

// Bytes that can be late are all there, in order, whatever is asked for.
func TestOrderIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Options{
			Latency: time.Millisecond, Jitter: 100 * time.Millisecond, Hiccup: 0.3, Buffer: 9 << 10, Bandwidth: 1 << 20, Seed: 5,
		})
		var want strings.Builder
		for i := range 3000 {
			want.WriteString(strings.Repeat(string(rune('a'+i%26)), i%97))
		}
		go func() {
			_, _ = server.Write([]byte(want.String()))
			_ = server.Close()
		}()
		got, err := io.ReadAll(client)
		if string(got) != want.String() || err != nil {
			t.Errorf("%d bytes of %d, %v", len(got), want.Len(), err)
		}
		if n := client.Link().Hiccups(Down); n < 10 || client.Link().Hiccups(Both) != n {
			t.Errorf("%d hiccups", n)
		}
	})
}

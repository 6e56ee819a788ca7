package server

import (
	"io"
	"net"
	"net/http/httptest"
	"testing"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// void is a socket that takes everything and remembers nothing.
type void struct{ sink }

func (*void) TryWrite(p []byte) (int, error) { return len(p), nil }
func (*void) Write(p []byte) (int, error)    { return len(p), nil }

// quiet is a handler that does nothing.
type quiet struct{}

func (q quiet) frame(c *conn, f *clientFrame) error {
	if f.hasHello {
		c.greet(q)
	}
	return nil
}
func (quiet) closed(*conn, Code) {}

// steering is an input as clients send it every tick: 14 bytes with its header.
func steering(tb testing.TB) []byte {
	tb.Helper()
	return binaryFrame(tb, &tickwirev1.ClientFrame{Ack: 90, Inputs: []*tickwirev1.Input{{Values: []int64{1, 1}}}})
}

// BenchmarkFeed is an input's way from the socket's bytes to the handler.
func BenchmarkFeed(b *testing.B) {
	l := testLimits()
	l.FramesPerSecond, l.BytesPerSecond = 1e9, 1<<40
	c := open(b, &void{}, l)
	c.start(quiet{})
	input, now := steering(b), c.born
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(1e6)
		if !c.feed(input, now) {
			b.Fatal("the conn ended")
		}
	}
	c.finish()
}

// BenchmarkGuard is what following the headers costs.
func BenchmarkGuard(b *testing.B) {
	g := &guard{conn: &conn{limits: testLimits()}, limit: 4096}
	input := steering(b)
	b.ReportAllocs()
	for b.Loop() {
		g.now += 1e8
		if n, refused := g.scan(input); n != len(input) || refused != nil {
			b.Fatal(n, refused)
		}
	}
}

// BenchmarkSend is a frame's way to the socket, without the system call.
func BenchmarkSend(b *testing.B) {
	c := open(b, &void{}, testLimits())
	frame := make([]byte, 320)
	b.ReportAllocs()
	for b.Loop() {
		if c.send(frame) != sent {
			b.Fatal("not sent")
		}
	}
	c.run(quiet{})
}

// endless gives the same frame again and again.
type endless struct {
	void

	frame []byte
	at    int
	left  int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, e.frame[e.at:])
	if e.at += n; e.at == len(e.frame) {
		e.at = 0
		e.left--
	}
	return n, nil
}

// bare is a gws server's end without anything of ours.
func bare(tb testing.TB, nc net.Conn, h gws.Event) *gws.Conn {
	tb.Helper()
	u := gws.NewUpgrader(h, &gws.ServerOption{ReadMaxPayloadSize: 4096})
	ws, err := u.Upgrade(&hijacker{httptest.NewRecorder(), nc}, handshake())
	if err != nil {
		tb.Fatal(err)
	}
	return ws
}

// closeOnly is gws's handler with messages given back.
type closeOnly struct{ gws.BuiltinEventHandler }

func (closeOnly) OnMessage(_ *gws.Conn, m *gws.Message) { _ = m.Close() }

// BenchmarkGwsRead is the read loop alone, for comparison with BenchmarkFeed.
func BenchmarkGwsRead(b *testing.B) {
	e := &endless{frame: steering(b), left: b.N}
	ws := bare(b, e, closeOnly{})
	b.SetBytes(int64(len(e.frame)))
	b.ReportAllocs()
	b.ResetTimer()
	ws.ReadLoop()
}

// BenchmarkGwsWrite is gws's write alone, for comparison with BenchmarkSend.
func BenchmarkGwsWrite(b *testing.B) {
	ws := bare(b, &void{}, closeOnly{})
	frame := make([]byte, 320)
	b.ReportAllocs()
	for b.Loop() {
		if ws.WriteMessage(gws.OpcodeBinary, frame) != nil {
			b.Fatal("not written")
		}
	}
}

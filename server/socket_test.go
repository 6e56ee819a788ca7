package server

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/link"
)

// recorder is a handler that remembers what it got. It greets, as a session does.
type recorder struct {
	react func(c *conn, f *clientFrame) error // nil: nothing

	mu     sync.Mutex
	acks   []uint32
	closes []Code
}

func (h *recorder) frame(c *conn, f *clientFrame) error {
	h.mu.Lock()
	h.acks = append(h.acks, f.ack)
	h.mu.Unlock()
	if f.hasHello {
		c.greet(h)
	}
	if h.react != nil {
		return h.react(c, f)
	}
	return nil
}

func (h *recorder) closed(_ *conn, code Code) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closes = append(h.closes, code)
}

func (h *recorder) got() ([]uint32, []Code) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]uint32(nil), h.acks...), append([]Code(nil), h.closes...)
}

// hijacker is a ResponseWriter whose socket can be taken.
type hijacker struct {
	*httptest.ResponseRecorder

	nc net.Conn
}

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.nc, bufio.NewReadWriter(bufio.NewReader(h.nc), bufio.NewWriter(h.nc)), nil
}

// handshake is a request that may be upgraded.
func handshake() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://tickwire.test/tickwire/v1/connect", nil)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	r.Header.Set("Sec-WebSocket-Protocol", "tickwire.v1, ticket.x")
	return r
}

// testLimits are the default limits.
func testLimits() *Limits {
	l := Limits{}.withDefaults()
	return &l
}

// open upgrades the server's end of a connection, which must not need its other end to be read.
func open(tb testing.TB, nc net.Conn, l *Limits) *conn {
	tb.Helper()
	c, err := upgrade(&hijacker{httptest.NewRecorder(), nc}, handshake(), l, zerolog.Nop(), newMetrics())
	if err != nil {
		tb.Fatalf("upgrade: %v", err)
	}
	return c
}

// peer is the client's end of a conn that is being run: raw frames, no library.
type peer struct {
	t    testing.TB
	nc   net.Conn
	read *bufio.Reader
	conn *conn
	h    *recorder
	over chan struct{} // closed when run has returned
}

// driver is a way to run a conn.
type driver struct {
	name    string
	prepare func(*conn) // before anybody else knows of the conn
	run     func(*conn, handler)
}

// byGoroutine reads with a goroutine of the conn's own.
func byGoroutine() driver {
	return driver{"read by a goroutine", func(*conn) {}, (*conn).run}
}

// attach upgrades the server's end and runs it with h until the test ends.
func attach(tb testing.TB, client, server net.Conn, l *Limits, h *recorder) *peer {
	tb.Helper()
	return attachTo(tb, byGoroutine(), client, server, l, h)
}

// attachTo is attach with any driver.
func attachTo(tb testing.TB, d driver, client, server net.Conn, l *Limits, h *recorder) *peer {
	tb.Helper()
	p := &peer{t: tb, nc: client, read: bufio.NewReader(client), h: h, over: make(chan struct{})}
	ready := make(chan *conn, 1)
	go func() {
		defer close(p.over)
		c, err := upgrade(&hijacker{httptest.NewRecorder(), server}, handshake(), l, zerolog.Nop(), newMetrics())
		if err != nil {
			tb.Errorf("upgrade: %v", err)
			close(ready)
			return
		}
		d.prepare(c)
		ready <- c
		d.run(c, h)
	}()
	answer, err := http.ReadResponse(p.read, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		tb.Fatalf("handshake: %v, %v", answer, err)
	}
	_ = answer.Body.Close()
	if got := answer.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		tb.Errorf("accept key %q", got)
	}
	if got := answer.Header.Get("Sec-WebSocket-Protocol"); got != "tickwire.v1" {
		tb.Errorf("sub-protocol %q", got)
	}
	p.conn = <-ready
	return p
}

// linked connects over an in-memory link.
func linked(tb testing.TB, o link.Options, l *Limits, h *recorder) *peer {
	tb.Helper()
	client, server := link.Pipe(o)
	return attach(tb, client, server, l, h)
}

// close ends the peer and waits until nothing of the conn is left.
func (p *peer) close() {
	_ = p.nc.Close()
	<-p.over
}

func (p *peer) write(b []byte) {
	p.t.Helper()
	if _, err := p.nc.Write(b); err != nil {
		p.t.Errorf("client's write: %v", err)
	}
}

// frame reads one frame of the server.
func (p *peer) frame() (byte, []byte, error) {
	var h [2]byte
	if _, err := io.ReadFull(p.read, h[:]); err != nil {
		return 0, nil, err
	}
	if h[0]&0x70 != 0 || h[0]&0x80 == 0 || h[1]&0x80 != 0 {
		return 0, nil, errors.New("a server's frame is whole, plain and not masked")
	}
	size := uint64(h[1])
	var long [8]byte
	switch size {
	case 126:
		if _, err := io.ReadFull(p.read, long[6:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(long[:])
	case 127:
		if _, err := io.ReadFull(p.read, long[:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(long[:])
	}
	b := make([]byte, size)
	_, err := io.ReadFull(p.read, b)
	return h[0] & 0xF, b, err
}

// data reads the payload of the next binary frame.
func (p *peer) data() ([]byte, error) {
	for {
		if op, b, err := p.frame(); err != nil || op == opBinary {
			return b, err
		}
	}
}

// farewell reads until the close frame and then the end. It returns the code of the close frame (1005: none, 1006: no
// close frame), its reason, and the Bye before it.
func (p *peer) farewell() (Code, string, *tickwirev1.Bye) {
	p.t.Helper()
	var bye *tickwirev1.Bye
	for {
		op, b, err := p.frame()
		if err != nil {
			return codeLost, "", bye
		}
		switch op {
		case opBinary:
			f := &tickwirev1.ServerFrame{}
			if proto.Unmarshal(b, f) == nil {
				bye = f.GetBye()
			}
		case opClose:
			if n, err := io.Copy(io.Discard, p.read); n > 0 || err != nil {
				p.t.Errorf("after the close frame: %d bytes, %v", n, err)
			}
			if len(b) < 2 {
				return codeNoStatus, "", bye
			}
			return Code(binary.BigEndian.Uint16(b)), string(b[2:]), bye
		}
	}
}

// newReader reads bytes that are there.
func newReader(b []byte) *bufio.Reader {
	return bufio.NewReaderSize(bytes.NewReader(b), max(16, len(b)+1))
}

// mask is the key of all frames that tests send: the protocol asks for a mask, not for a good one.
var mask = [4]byte{0x12, 0x34, 0x56, 0x78}

// raw makes a client's frame, first is its first byte.
func raw(first byte, payload []byte) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, mask[:]...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	return b
}

// binaryFrame makes a binary frame of a message.
func binaryFrame(tb testing.TB, m *tickwirev1.ClientFrame) []byte {
	tb.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	return raw(0x80|opBinary, b)
}

// hello is a binary frame that greets.
func hello(tb testing.TB) []byte {
	tb.Helper()
	return binaryFrame(tb, &tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{Agent: "test/1"}})
}

// ack is a binary frame that acknowledges a tick.
func ack(tb testing.TB, tick uint32) []byte {
	tb.Helper()
	return binaryFrame(tb, &tickwirev1.ClientFrame{Ack: tick})
}

// padded is a valid message of exactly n bytes: an unknown field fills it.
func padded(n int) []byte {
	const field, kind = 100, 2
	b := []byte{field&0xF<<3 | kind | 0x80, field >> 4}
	size := n - len(b) - 2
	b = append(b, byte(size&0x7F)|0x80, byte(size>>7))
	return append(b, bytes.Repeat([]byte{'x'}, size)...)
}

// patience bounds tests that use the real network, where a fault would otherwise show only at the test time-out.
const patience = 10 * time.Second

// tcp returns the two ends of a loopback connection.
func tcp(tb testing.TB) (client, server net.Conn) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	client, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		tb.Fatal(err)
	}
	_ = client.SetDeadline(time.Now().Add(patience))
	return client, server
}

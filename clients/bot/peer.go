package main

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"
)

// What the bare server in peers/gws reads and writes.
const (
	peerHeader       = 8
	peerInput        = 4
	peerFrameDefault = 100
	peerInputDefault = 14
	peerRate         = 30
	peerRoom         = 64
	peerGws          = "gws"
)

// peerBot is a player of the bare gws server: it answers each frame with one input.
type peerBot struct {
	gws.BuiltinEventHandler

	cfg    *config
	gauges *gauges
	number int
	socket *gws.Conn
	net    net.Conn
	wire   atomic.Int64
	done   chan struct{}
	out    bool // leave was called; set before the close frame is sent

	mu   sync.Mutex // guards all below
	own  totals
	tick uint32
	last time.Time
	seq  uint32
	mark mark
	lost string
	in   []byte
}

func newPeerBot(cfg *config, g *gauges, number int) player {
	size := cfg.inputBytes
	if size == 0 {
		size = peerInputDefault
	}
	return &peerBot{cfg: cfg, gauges: g, number: number, done: make(chan struct{}), in: make([]byte, size)}
}

func (p *peerBot) join(ctx context.Context) error {
	u, err := url.Parse(p.cfg.url)
	if err != nil {
		return err
	}
	raw, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return err
	}
	p.net = raw
	socket, res, err := gws.NewClientFromConn(p, &gws.ClientOption{
		Addr: "ws://" + u.Host + "/", ReadBufferSize: 2048, RequestHeader: http.Header{},
	}, &counted{Conn: raw, read: &p.wire})
	if res != nil && res.Body != nil {
		_ = res.Body.Close() // empty
	}
	if err != nil {
		return err
	}
	p.socket = socket
	go func() {
		defer close(p.done)
		socket.ReadLoop()
	}()
	return nil
}

// OnMessage takes a frame and answers it.
func (p *peerBot) OnMessage(socket *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }() // it only gives memory back
	now := time.Now()
	b := m.Bytes()
	if len(b) < peerHeader {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	tick, applied := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	measuring := p.gauges.measuring.Load()
	if measuring && !p.last.IsZero() {
		p.gauges.interval.add(now.Sub(p.last))
	}
	p.last = time.Time{}
	if measuring {
		p.last = now
	}
	if p.tick != 0 {
		p.own.ticks += uint64(tick - p.tick)
	}
	p.tick = tick
	p.own.frames++
	p.own.bytes += len(b)
	p.own.body += len(b)
	p.follow(applied, now, measuring)
	p.seq++
	binary.LittleEndian.PutUint32(p.in, p.seq)
	if socket.WriteMessage(gws.OpcodeBinary, p.in) == nil {
		p.own.sent++
		p.own.bytesSent += len(p.in)
	}
}

// follow measures input to state as bot.follow does.
func (p *peerBot) follow(applied uint32, now time.Time, measuring bool) {
	m := &p.mark
	if m.set && applied >= m.tick {
		if measuring {
			p.gauges.input.add(now.Sub(m.at))
		}
		*m = mark{rest: markEvery}
	}
	if m.rest--; !m.set && m.rest <= 0 {
		*m = mark{set: true, at: time.Now(), tick: p.seq + 1}
	}
}

// OnClose notes why.
func (p *peerBot) OnClose(_ *gws.Conn, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out {
		return
	}
	p.lost = "LOST"
	if c, ok := errors.AsType[*gws.CloseError](err); ok {
		p.lost = strconv.Itoa(int(c.Code))
	}
}

func (p *peerBot) leave() {
	p.mu.Lock()
	p.out = true
	p.mu.Unlock()
	_ = p.socket.WriteClose(1000, nil) // the connection is to end anyway
	_ = p.net.Close()                  // as above
	<-p.done
}

func (p *peerBot) ended() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

func (p *peerBot) totals() totals {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.own
	t.wire = p.wire.Load()
	if p.lost != "" {
		t.dropped = 1
	}
	return t
}

func (p *peerBot) about() (room string, rate int) { return strconv.Itoa(p.number / peerRoom), peerRate }

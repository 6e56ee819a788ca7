package main

import (
	"context"
	"encoding/binary"
	"strconv"
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
)

// The servers of other makers that --peer names.
const (
	peerGws      = "gws"
	peerColyseus = "colyseus"
)

// peerBot is a player of the bare gws server: it answers each frame with one input.
type peerBot struct {
	gws.BuiltinEventHandler
	socketBot

	tick uint32
	seq  uint32
	mark mark
	in   []byte
}

func newPeerBot(cfg *config, g *gauges, number int) player {
	size := cfg.inputBytes
	if size == 0 {
		size = peerInputDefault
	}
	return &peerBot{
		socketBot: socketBot{cfg: cfg, gauges: g, number: number, done: make(chan struct{})},
		in:        make([]byte, size),
	}
}

func (p *peerBot) join(ctx context.Context) error { return p.open(ctx, "/", p) }

// OnMessage takes a frame and answers it.
func (p *peerBot) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }() // it only gives memory back
	now := time.Now()
	b := m.Bytes()
	if len(b) < peerHeader {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	tick, applied := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	measuring := p.framed(now, len(b), len(b))
	if p.tick != 0 {
		p.own.ticks += uint64(tick - p.tick)
	}
	p.tick = tick
	p.follow(applied, now, measuring)
	p.seq++
	binary.LittleEndian.PutUint32(p.in, p.seq)
	p.send(p.in)
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
func (p *peerBot) OnClose(_ *gws.Conn, err error) { p.closed(err) }

func (p *peerBot) about() (room string, rate int) { return strconv.Itoa(p.number / peerRoom), peerRate }

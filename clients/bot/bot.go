package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// bot is a player of a Tickwire server. All but join, leave and totals happens on its room's goroutine.
type bot struct {
	cfg    *config
	gauges *gauges
	number int
	client *client.Client
	room   *client.Room
	net    *network
	wire   atomic.Int64

	brain brain
	last  time.Time // when the frame before came; zero: before it was measured
	mark  mark

	mu    sync.Mutex  // guards the counters, which the fleet reads
	meter *game.Meter // with --profile
	own   totals      // rows, shots, samples, commands, refused, ticks
	tick  uint32
}

// mark follows one input from when it was decided on to the state that has it.
type mark struct {
	set  bool
	at   time.Time
	sent uint32 // newest input before it
	tick uint32 // the tick it was sent for; 0: not sent yet
	rest int    // frames until the next one
}

// markEvery is how many frames lie between two marks.
const markEvery = 5

func newBot(cfg *config, g *gauges, number int) player {
	b := &bot{cfg: cfg, gauges: g, number: number}
	b.net = newNetwork(cfg, uint64(number), g.cutting.Load) //nolint:gosec // numbers are not negative
	opts := &client.Options{HTTPClient: g.http, Dial: b.dial, Name: fmt.Sprintf("bot-%d", number)}
	if cfg.codec == "plain" {
		opts.Codec = client.Plain
	}
	b.client = client.New(cfg.url, opts)
	return b
}

// dial opens the WebSocket's connection and counts what comes down on it.
func (b *bot) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := b.net.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &counted{Conn: conn, read: &b.wire}, nil
}

// counted is a connection that counts what is read.
type counted struct {
	net.Conn
	read *atomic.Int64
}

// Read counts.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

// CloseWrite closes the writing side, if the connection has sides.
func (c *counted) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

func (b *bot) join(ctx context.Context) error {
	opts := &client.JoinOptions{
		Options: b.cfg.options, OnFrame: b.frame, OnDrop: b.dropped, OnReconnect: b.resumed,
	}
	if b.cfg.profiling {
		opts.OnBody = b.body
	}
	room, err := b.client.JoinOrCreate(ctx, b.cfg.game, opts)
	if err != nil {
		b.net.end()
	}
	b.room = room
	return err
}

// dropped is called by the room when the connection is lost.
func (b *bot) dropped(*client.Room, *client.Error) { b.mark = mark{rest: markEvery} }

// resumed is called by the room when it is back. How long it was away is a measurement of its own, not one of frames.
func (b *bot) resumed(_ *client.Room, back client.Reconnected) {
	b.last = time.Time{}
	b.gauges.resume.add(back.Took)
}

// frame is called by the room for each state.
func (b *bot) frame(r *client.Room, f *client.Frame) {
	if b.brain == nil {
		b.brain = newBrain(b, r)
	}
	measuring := b.gauges.measuring.Load()
	if measuring && !b.last.IsZero() {
		b.gauges.interval.add(f.At.Sub(b.last))
	}
	b.last = time.Time{}
	if measuring {
		b.last = f.At
	}
	b.follow(r, f, measuring)
	b.brain.frame(r, f)
	b.count(r, f)
}

// follow measures input to state: the marked input is the one that the brain sets in this frame or has set before, and it
// is there when the newest input in the state is at least as new.
func (b *bot) follow(r *client.Room, f *client.Frame, measuring bool) {
	m := &b.mark
	if m.set && m.tick == 0 {
		if sent := r.InputTick(); sent > m.sent {
			m.tick = sent
		}
	}
	if m.set && m.tick != 0 && f.Applied >= m.tick {
		if measuring {
			b.gauges.input.add(f.At.Sub(m.at))
		}
		*m = mark{rest: markEvery}
	}
	if m.rest--; !m.set && m.rest <= 0 && r.Schema().Input != nil {
		*m = mark{set: true, at: time.Now(), sent: r.InputTick()}
	}
}

func (b *bot) count(r *client.Room, f *client.Frame) {
	rows, shots, hasShots := 0, 0, false
	for i, t := range r.Schema().Tables {
		n := r.Replica().Len(i)
		rows += n
		if t.Name == "shots" {
			shots, hasShots = n, true
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.own.rows, b.own.shots, b.own.samples = b.own.rows+rows, b.own.shots+shots, b.own.samples+1
	b.own.hasShots = hasShots
	if b.tick != 0 {
		b.own.ticks += uint64(f.Tick - b.tick)
	}
	b.tick = f.Tick
}

// answered counts a command's answer.
func (b *bot) answered(sent time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.own.commands++
	if _, ok := errors.AsType[*client.Refused](err); ok {
		b.own.refused++
	}
	if b.gauges.measuring.Load() {
		b.gauges.command.add(time.Since(sent))
	}
}

func (b *bot) leave() {
	b.net.end()
	_ = b.room.Leave() // why it ended before is counted by ended
}

func (b *bot) ended() string {
	if err := b.room.Err(); err != nil {
		return tickwireCode(err)
	}
	return ""
}

func (b *bot) totals() totals {
	s := b.room.Stats()
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.own
	t.frames, t.rings, t.wholes, t.bytes, t.body = s.Frames, s.Rings, s.Wholes, s.Bytes, s.BodyBytes
	t.sent, t.bytesSent, t.wire = s.Sent, s.BytesSent, b.wire.Load()
	t.desyncs, t.badFrames, t.rtt, t.lead = s.Desyncs, s.BadFrames, s.RTT, s.Lead
	t.dropped, t.resumed, t.eventsLost = s.Dropped, s.Resumed, s.EventsLost
	return t
}

func (b *bot) about() (room string, rate int) { return b.room.RoomID(), b.room.Rate() }

// tickwireCode is the name of an error's code, without its prefix.
func tickwireCode(err error) string {
	var e *client.Error
	if !errors.As(err, &e) {
		return "OTHER"
	}
	if e.Code == client.CodeLost {
		return "LOST"
	}
	name := e.Code.String()
	const prefix = "CODE_"
	if len(name) > len(prefix) && name[:len(prefix)] == prefix {
		return name[len(prefix):]
	}
	return strconv.Itoa(int(e.Code))
}

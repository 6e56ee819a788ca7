// Gws is the floor under Tickwire's socket path: the least server that can be written with the same WebSocket library. Per
// room it sends every client one frame of fixed size at a fixed rate and reads one input a tick from each. It has no
// game, no lobby and no limits, so what it costs is what the sockets cost.
//
// Its frames: little-endian uint32 tick, uint32 number of the client's newest input, zeros. An input: uint32 number, zeros.
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/lxzan/gws"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gws:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("gws", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:0", "where to listen; the address is the first line of output")
	rate := flags.Int("rate", 30, "frames a second")
	size := flags.Int("frame-bytes", 100, "bytes of a frame, at least 8")
	seats := flags.Int("room", 64, "clients of a room")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *rate < 1 || *size < 8 || *seats < 1 {
		return errors.New("--rate and --room must be at least 1, --frame-bytes at least 8")
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, listener.Addr()); err != nil {
		return err
	}
	s := &server{ctx: ctx, interval: time.Second / time.Duration(*rate), size: *size, seats: *seats}
	s.upgrader = gws.NewUpgrader(s, nil)
	web := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = web.Close() }) // Serve says so
	err = web.Serve(listener)
	s.rooms.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// server accepts clients and puts them into rooms in the order in which they come.
type server struct {
	gws.BuiltinEventHandler

	ctx         context.Context //nolint:containedctx // the program's own
	upgrader    *gws.Upgrader
	interval    time.Duration
	size, seats int
	rooms       sync.WaitGroup

	mu   sync.Mutex
	room *room // the one that is being filled
}

// room is the clients of one ticking goroutine.
type room struct {
	mu      sync.Mutex
	clients []*client
	taken   int
}

type client struct {
	socket *gws.Conn
	newest atomic.Uint32
	gone   atomic.Bool
}

// ServeHTTP makes any request a WebSocket.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	socket, err := s.upgrader.Upgrade(w, r)
	if err != nil {
		return // the upgrader has answered
	}
	c := &client{socket: socket}
	socket.Session().Store("client", c)
	s.seat(c)
	go socket.ReadLoop()
}

// seat puts a client into the newest room, or opens one.
func (s *server) seat(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.room == nil || s.room.taken == s.seats {
		s.room = &room{}
		room := s.room
		s.rooms.Go(func() { room.run(s.ctx, s.interval, s.size) })
	}
	s.room.taken++
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.room.clients = append(s.room.clients, c)
}

// OnMessage takes an input.
func (s *server) OnMessage(socket *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }() // it only gives memory back
	value, _ := socket.Session().Load("client")
	c, ok := value.(*client)
	if b := m.Bytes(); ok && len(b) >= 4 {
		c.newest.Store(binary.LittleEndian.Uint32(b))
	}
}

// OnClose marks the client.
func (s *server) OnClose(socket *gws.Conn, _ error) {
	value, _ := socket.Session().Load("client")
	if c, ok := value.(*client); ok {
		c.gone.Store(true)
	}
}

// run sends frames until ctx ends or the room is empty.
func (r *room) run(ctx context.Context, interval time.Duration, size int) {
	frame := make([]byte, size)
	start := time.Now()
	for tick := uint32(1); ; tick++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(start.Add(time.Duration(tick) * interval))):
		}
		binary.LittleEndian.PutUint32(frame, tick)
		if !r.send(frame) {
			return
		}
	}
}

// send writes to all clients, one after the other, and forgets those who have gone; false if nobody is left.
func (r *room) send(frame []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.clients[:0]
	for _, c := range r.clients {
		if c.gone.Load() {
			continue
		}
		binary.LittleEndian.PutUint32(frame[4:], c.newest.Load())
		_ = c.socket.WriteMessage(gws.OpcodeBinary, frame) // OnClose will tell
		kept = append(kept, c)
	}
	r.clients = kept
	return len(kept) > 0
}

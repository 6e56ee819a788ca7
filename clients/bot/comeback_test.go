package main

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// guest is a player among bots whose connection is lost again and again, and who notes what coming back costs.
type guest struct {
	conn  atomic.Pointer[net.Conn]
	until atomic.Int64 // before this time, in Unix nanoseconds, there is no network
	back  bool         // the next frame is the first one after an absence
	sizes map[client.FrameKind][]int
}

// lose takes the network away for so long.
func (g *guest) lose(d time.Duration) {
	g.until.Store(time.Now().Add(d).UnixNano())
	_ = (*g.conn.Load()).Close()
}

// mean is the mean size of the states of a kind that it came back to.
func (g *guest) mean(kind client.FrameKind) int {
	sum := 0
	for _, n := range g.sizes[kind] {
		sum += n
	}
	return sum / max(1, len(g.sizes[kind]))
}

// Among 63 bots that play the arena, who comes back after a second gets about a third of a whole state.
func TestComingBackAmongBots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, server.Options{
			Games: samples.All(), Limits: server.Limits{CallsPerSecond: 1000, HandshakesPerSecond: 1000},
		})
		cfg, err := parse([]string{"--url=" + s.URL, "--game=arena", "--clients=63", "--duration=140s", "--ramp=100"}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		cfg.dial = s.Dial
		played := make(chan error, 1)
		go func() {
			_, err := measure(t.Context(), cfg, io.Discard)
			played <- err
		}()
		<-time.After(10 * time.Second)
		g := &guest{sizes: map[client.FrameKind][]int{}}
		c := client.New(s.URL, &client.Options{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			<-time.After(time.Until(time.Unix(0, g.until.Load())))
			conn, err := s.Dial(ctx, network, address)
			g.conn.Store(&conn)
			return conn, err
		}})
		defer c.Close()
		room, err := c.JoinOrCreate(t.Context(), "arena", &client.JoinOptions{
			OnFrame: func(_ *client.Room, f *client.Frame) {
				if g.back {
					g.back = false
					g.sizes[f.Kind] = append(g.sizes[f.Kind], f.Body)
				}
			},
			OnReconnect: func(*client.Room, client.Reconnected) { g.back = true },
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			<-time.After(4 * time.Second) // longer, and the next loss is a new one
			away := time.Second
			if i%4 == 3 {
				away = 3 * time.Second // beyond what the ring holds
			}
			g.lose(away)
			<-time.After(away + 500*time.Millisecond)
		}
		stats := room.Stats()
		_ = room.Leave()
		if err := <-played; err != nil {
			t.Error(err)
		}
		back, whole := g.mean(client.Ring), g.mean(client.Whole)
		t.Logf("%d times after a second: %d bytes of state; %d times whole: %d; %.1f %%; %d desyncs",
			len(g.sizes[client.Ring]), back, len(g.sizes[client.Whole]), whole, 100*float64(back)/float64(whole), stats.Desyncs)
		if len(g.sizes[client.Ring]) < 10 || len(g.sizes[client.Whole]) < 3 || stats.Desyncs != 0 || back*100 > whole*35 {
			t.Errorf("%v, %+v", g.sizes, stats)
		}
	})
}

package server_test

import (
	"context"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/link"
	"github.com/tickwire/tickwire/server/servertest"
)

// noise is a game whose state nobody can foresee, so that every frame is as large as its rows.
type noise struct{ rows *game.Table[static] }

// static is a row of it.
type static struct{ A, B, C, D int32 }

func (g *noise) Tick(t *game.Tick) error {
	for _, row := range g.rows.All() {
		r := t.Rand()
		row.A, row.B, row.C, row.D = int32(r.Uint32()), int32(r.Uint32()), int32(r.Uint32()), int32(r.Uint32())
	}
	return nil
}

// noises are the options for a room that sends rows of 20 bytes and a bit.
func noises(rate, rows, players int) server.Options {
	return server.Options{Games: []game.Definition{{
		Name: "noise", Rate: rate, MaxPlayers: players, New: func(w *game.World) game.Game {
			g := &noise{game.NewTable[static](w, "rows")}
			for range rows {
				g.rows.Add(static{})
			}
			return g
		},
	}}}
}

// A link carries half of what the room has to say. The client's state is never old, because nothing queues.
func TestASlowLinkCarriesFreshState(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, tc := range []struct {
		why     string
		options link.Options
		rows    int // at 20 frames a second
	}{
		{"10 KB/s for 20 KB/s, near", link.Options{Bandwidth: 10_000, Latency: 10 * ms}, 42},
		{"10 KB/s for 20 KB/s, far", link.Options{Bandwidth: 10_000, Latency: 60 * ms}, 42},
		{"10 KB/s for 12 KB/s", link.Options{Bandwidth: 10_000, Latency: 20 * ms}, 25},
		{"10 KB/s for 20 KB/s, unsteady", link.Options{Bandwidth: 10_000, Latency: 10 * ms, Jitter: 20 * ms}, 42},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			if oldest, _ := overLink(t, noises(20, tc.rows, 2), tc.options); oldest > 500*ms {
				t.Errorf("the state was %v old", oldest)
			}
		})
	}
}

// Distance, jitter and loss do not cost a client its frames: what is on its way fills the round trip, and nothing that
// comes late once is taken for a queue.
func TestRatesOnNetworks(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]float64{ // frames a second, of 30
		"perfect": 29.9, "lan": 29.9, "wifi": 29.5, "mobile": 29, "bad": 22, "satellite": 22, "slow": 22,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := link.ProfileByName(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, rate := overLink(t, noises(30, 4, 2), p.Options); rate < least {
				t.Errorf("%.1f frames a second, want at least %.1f", rate, least)
			}
		})
	}
}

// overLink plays the noise for a minute over a link, beside a client without one. It returns how old the state on the
// screen was at the most, and the frames a second.
func overLink(t *testing.T, options server.Options, o link.Options) (oldest time.Duration, rate float64) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, options)
		ctx, cancel := context.WithTimeout(t.Context(), 62*time.Second)
		defer cancel()
		near := watchTicks(ctx, t, s, link.Options{})
		far := watchTicks(ctx, t, s, o)
		<-near.done
		<-far.done
		start := far.at[0].at.Add(2 * time.Second) // the first frame is a whole state
		var ages []time.Duration
		for i, f := range far.at {
			if f.at.Before(start) {
				continue
			}
			if born, ok := near.born[f.tick]; ok {
				ages = append(ages, f.at.Sub(born))
			}
			if born, ok := near.born[far.at[i-1].tick]; ok { // until this frame came, the one before was on the screen
				oldest = max(oldest, f.at.Sub(born))
			}
		}
		slices.Sort(ages)
		rate = float64(len(ages)) / 60
		stats := far.room.Stats()
		t.Logf("%.1f frames a second, age when they come p50 %v p99 %v, oldest on the screen %v; %d KB", rate,
			ages[len(ages)/2].Round(time.Millisecond), ages[len(ages)*99/100].Round(time.Millisecond),
			oldest.Round(time.Millisecond), stats.Bytes>>10)
		if stats.Desyncs != 0 || stats.BadFrames != 0 || stats.Dropped != 0 {
			t.Errorf("%+v", stats)
		}
	})
	return oldest, rate
}

// ticker is a client that notes when each tick's state comes.
type ticker struct {
	room *client.Room
	at   []seen
	born map[uint32]time.Time
	done chan struct{}
}

type seen struct {
	tick uint32
	at   time.Time
}

// watchTicks joins the noise over a link, until ctx is done.
func watchTicks(ctx context.Context, t *testing.T, s *servertest.Server, o link.Options) *ticker {
	t.Helper()
	w := &ticker{born: map[uint32]time.Time{}, done: make(chan struct{})}
	c := client.New(s.URL, &client.Options{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := s.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return link.Through(conn, o), nil
	}})
	t.Cleanup(func() {
		c.Close()
		<-time.After(time.Second) // what is on its way must arrive before time stops
	})
	room, err := c.JoinOrCreate(ctx, "noise", &client.JoinOptions{OnFrame: func(_ *client.Room, f *client.Frame) {
		w.at = append(w.at, seen{f.Tick, time.Now()})
		w.born[f.Tick] = time.Now()
	}})
	if err != nil {
		t.Fatalf("join: %v", err)
	}
	w.room = room
	go func() {
		defer close(w.done)
		<-ctx.Done()
		_ = room.Leave()
	}()
	return w
}

package server_test

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// stormTime is how long players come and go in a storm, stormPlayers how many at a time.
const (
	stormTime    = 1200 * time.Millisecond
	stormPlayers = 16
)

// stormOptions are for rooms that have many players, and little patience.
func stormOptions() server.Options {
	const many, short = 1 << 20, 300 * time.Millisecond
	return server.Options{
		Games:  []game.Definition{{Name: "pilot", New: newPilot, Rate: 60, MaxPlayers: 64, Grace: 1}},
		Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Limits: server.Limits{
			FirstMessage: short, Ping: short, Dead: 2 * short, Linger: short, HandshakesAll: many, GreetingAll: many,
		},
	}
}

// gust is one way to go.
type gust struct {
	why string
	do  func(ctx context.Context, a *attacker, m *mob) (code uint16)
	// codes are those that the server may end with; 0: no close frame
	codes []uint16
}

// gusts are all of them.
func gusts() []gust {
	const tooMany = uint16(tickwirev1.Code_CODE_TOO_MANY)
	after := func(b []byte) func(context.Context, *attacker, *mob) uint16 {
		return func(_ context.Context, _ *attacker, m *mob) uint16 {
			_, _ = m.Write(b)
			return m.rest()
		}
	}
	return []gust{
		{"leaves", after(closing(1000, "")), []uint16{1000}},
		{"goes away", after(closing(1001, "")), []uint16{1000, 1001}},
		{"breaks the rules", after(wsFrame(text, []byte("hi"))), []uint16{1003}},
		{"is kicked", func(_ context.Context, _ *attacker, m *mob) uint16 {
			m.say(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte("kick")}}}})
			return m.rest()
		}, []uint16{uint16(tickwirev1.Code_CODE_KICKED)}},
		{"floods", func(_ context.Context, _ *attacker, m *mob) uint16 {
			var writing sync.WaitGroup
			writing.Go(func() {
				for range 2000 {
					if _, err := m.Write(wsFrame(data, nil)); err != nil {
						return
					}
				}
			})
			defer writing.Wait()
			defer m.leave()
			return m.rest()
		}, []uint16{tooMany}},
		{"pings and does not read", func(_ context.Context, _ *attacker, m *mob) uint16 {
			for range 20 {
				_, _ = m.Write(wsFrame(ping, make([]byte, 125)))
			}
			return m.rest()
		}, []uint16{tooMany}},
		{"stalls", func(_ context.Context, _ *attacker, m *mob) uint16 {
			return m.rest() // acknowledges nothing, and answers no ping
		}, []uint16{uint16(tickwirev1.Code_CODE_SILENT)}},
		{"sends no more", func(_ context.Context, _ *attacker, m *mob) uint16 {
			if half, ok := m.Conn.(interface{ CloseWrite() error }); ok {
				_ = half.CloseWrite()
			}
			return m.rest()
		}, []uint16{0}},
		{"resets", func(_ context.Context, _ *attacker, m *mob) uint16 {
			_, _ = m.Write(wsFrame(data, marked(0)))
			_ = plain(m.Conn).SetLinger(0)
			_ = plain(m.Conn).Close()
			return 0
		}, []uint16{0}},
		{"is cut in the middle of a frame", func(_ context.Context, _ *attacker, m *mob) uint16 {
			_, _ = m.Write(wsFrame(data, marked(0))[:5])
			m.leave()
			return 0
		}, []uint16{0}},
		{"gives its seat to another connection", func(ctx context.Context, a *attacker, m *mob) uint16 {
			c := &churn{a: a}
			next := &mob{token: m.token, forget: func() bool { return true }, Conn: m.Conn, r: m.r}
			if err := c.comeBack(ctx, &next); err != nil {
				return 1
			}
			defer next.leave()
			_, _ = next.Write(closing(1000, ""))
			return next.rest()
		}, []uint16{1000}},
	}
}

// plain is the socket below TLS.
func plain(nc net.Conn) *net.TCPConn {
	if sealed, ok := nc.(*tls.Conn); ok {
		nc = sealed.NetConn()
	}
	return nc.(*net.TCPConn)
}

// However players go, many at a time, by whomever their sockets are read: each hears the code that is his, those who stay
// get every frame right, and nothing is left.
func TestStorm(t *testing.T) {
	storm := func(t *testing.T, start starter, o server.Options) {
		t.Helper()
		goroutines, descriptors := runtime.NumGoroutine(), descriptorsOpen()
		s := start(t, o)
		stays := readPilot(t, s)
		weather(t, s)
		if stats := stays.Stats(); stats.Desyncs != 0 || stats.BadFrames != 0 || stats.Dropped != 0 || stats.Frames == 0 {
			t.Errorf("of one who stays: %+v", stats)
		}
		if n := metric(t, s, `connections_ended_total{code="INTERNAL"}`); n != 0 {
			t.Errorf("%v connections ended because the server failed", n)
		}
		if n := waitMetric(t, s, "connections", 1); n != 1 {
			t.Errorf("%v connections are open", n)
		}
		if n := waitMetric(t, s, "players", 1); n != 1 {
			t.Errorf("%v players are there", n)
		}
		_ = stays.Leave()
		s.Stop()
		for begin := time.Now(); since(begin) < patience; time.Sleep(5 * time.Millisecond) { // what the test itself has started
			if runtime.NumGoroutine() <= goroutines && descriptorsOpen() <= descriptors {
				return
			}
		}
		t.Errorf("%d goroutines, before %d; %d descriptors, before %d",
			runtime.NumGoroutine(), goroutines, descriptorsOpen(), descriptors)
	}
	eachReader(t, func(t *testing.T, start starter) {
		t.Helper()
		storm(t, start, stormOptions())
	})
	t.Run("ticks, many cores", func(t *testing.T) {
		storm(t, servertest.StartTCP, server.WithCores(stormOptions(), 4))
	})
}

// descriptorsOpen is how many this process has; 0 where that cannot be told.
func descriptorsOpen() int {
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

// weather is the storm.
func weather(t *testing.T, s *servertest.Server) {
	t.Helper()
	a := &attacker{
		"pilot", func(ctx context.Context) (net.Conn, error) { return s.Dial(ctx, "", "") },
		tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL),
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	all, start, blown := gusts(), time.Now(), atomic.Int64{}
	var blowing sync.WaitGroup
	for n := range stormPlayers {
		rnd := rand.New(rand.NewPCG(1, uint64(n)))
		blowing.Go(func() {
			for since(start) < stormTime {
				if err := all[rnd.IntN(len(all))].blow(ctx, a, rnd); err != nil {
					t.Error(err)
					return
				}
				blown.Add(1)
			}
		})
	}
	blowing.Wait()
	t.Logf("%d players came and went in %v", blown.Load(), since(start).Round(time.Millisecond))
}

// blow joins, plays for a while, and goes.
func (g *gust) blow(ctx context.Context, a *attacker, rnd *rand.Rand) error {
	m, err := a.join(ctx)
	if err != nil {
		return err
	}
	defer m.leave()
	if rnd.IntN(4) > 0 {
		if err := m.play(time.Duration(rnd.Int64N(int64(50 * time.Millisecond)))); err != nil {
			return errors.Join(errors.New("playing"), err)
		}
	}
	if m.token == "" && g.why == "gives its seat to another connection" {
		return nil
	}
	code := g.do(ctx, a, m)
	if slices.Contains(g.codes, code) {
		return nil
	}
	return errors.Join(errors.New(g.why), closedError(code))
}

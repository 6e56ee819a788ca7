package server_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// spy is one player of it, who looks at every frame and every byte.
type spy struct {
	t      *testing.T
	truth  *truth
	scarce bool // what is near may be missing

	mu     sync.Mutex
	bytes  []byte           // all that its sockets ever got
	nearby map[game.ID]bool // bodies that it may have seen
	conns  []net.Conn
	frames int
	words  int
	most   int // rows seen at once
}

// dial opens connections that keep what they get.
func (y *spy) dial(s *servertest.Server) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		nc, err := s.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		y.mu.Lock()
		defer y.mu.Unlock()
		y.conns = append(y.conns, nc)
		return &tapped{nc, y}, nil
	}
}

type tapped struct {
	net.Conn

	spy *spy
}

func (c *tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.spy.mu.Lock()
	defer c.spy.mu.Unlock()
	c.spy.bytes = append(c.spy.bytes, p[:n]...)
	return n, err
}

// look compares the client's copy with what really was: nothing that is far is there, all that is there is right, and what
// is near is there, if there were bytes enough.
func (y *spy) look(room *client.Room, f *client.Frame) {
	y.truth.mu.Lock()
	bodies, purses := y.truth.ticks[f.Tick], y.truth.gold[f.Tick]
	y.truth.mu.Unlock()
	y.mu.Lock()
	defer y.mu.Unlock()
	y.frames++
	me, r := room.Player(), room.Replica()
	own, ok := bodies[me]
	if !ok {
		return // it has left
	}
	y.most = max(y.most, r.Len(0))
	for row, id := range r.IDs(0) {
		b, exists := bodies[id]
		cells := r.Cells(0, row)
		slack := int64(0)
		if y.scarce && id != me {
			slack = 4 * 120 // it may be told in every fourth frame only
		}
		off := max(abs(int64(cells[0])-int64(b.X)), abs(int64(cells[1])-int64(b.Y)))
		if !exists || off > slack || r.Texts(0, row)[0] != b.Sign {
			y.t.Errorf("tick %d: player %d has body %d at %v, it is %+v, there: %v", f.Tick, me, id, cells, b, exists)
		}
		if id != me && far(own, b) > veilLeave*veilLeave {
			y.t.Errorf("tick %d: player %d sees body %d, which is far", f.Tick, me, id)
		}
	}
	for id, b := range bodies {
		near := id == me || far(own, b) <= veilEnter*veilEnter
		y.nearby[id] = y.nearby[id] || far(own, b) <= veilLeave*veilLeave
		if _, there := r.Find(0, id); near && !there && (id == me || !y.scarce) {
			y.t.Errorf("tick %d: player %d does not see body %d, which is near", f.Tick, me, id)
		}
	}
	if row, there := r.Find(1, me); r.Len(1) != 1 || !there || uint32(r.Cells(1, row)[0]) != purses[me].Gold {
		y.t.Errorf("tick %d: player %d has %d purses, its own: %v", f.Tick, me, r.Len(1), there)
	}
}

func abs(n int64) int64 { return max(n, -n) }

// far is the square of the distance of two bodies.
func far(a, b veilBody) int64 {
	dx, dy := int64(a.X)-int64(b.X), int64(a.Y)-int64(b.Y)
	return dx*dx + dy*dy
}

// holds reports whether some words stand in bytes, at whatever bit.
func holds(b []byte, words string) bool {
	if bytes.Contains(b, []byte(words)) {
		return true
	}
	for shift := 1; shift < 8; shift++ {
		var inner []byte
		for i := 1; i < len(words); i++ {
			inner = append(inner, words[i-1]>>(8-shift)|words[i]<<shift)
		}
		if bytes.Contains(b, inner) {
			return true
		}
	}
	return false
}

// check looks for what must not be, and for what must be, in all the bytes.
func (y *spy) check(me game.Player) {
	y.t.Helper()
	y.mu.Lock()
	defer y.mu.Unlock()
	if !holds(y.bytes, note(me)) || !holds(y.bytes, sign(me)) {
		y.t.Errorf("player %d: its own words are not found in its %d bytes", me, len(y.bytes))
	}
	for id := game.ID(1); id < 100; id++ {
		if id != me && holds(y.bytes, note(id)) {
			y.t.Errorf("player %d was sent the purse of %d", me, id)
		}
		if !y.nearby[id] && id != me && holds(y.bytes, sign(id)) {
			y.t.Errorf("player %d was sent the body %d, which it never was near", me, id)
		}
	}
}

// Each player's copy is what its View names, at every frame, and what it does not name is in no byte that it gets: through
// joins, lost connections, resumes, frames skipped by clients that want few, a kick, with bytes enough and with few, in
// both codecs.
func TestWhatIsHiddenIsNeverSent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why    string
		budget int
		cores  int // that share the work; 0: one
	}{
		{"bytes enough", 1 << 20, 0},
		{"bytes enough, many cores", 1 << 20, 3},
		{"few bytes", 900, 0},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &truth{ticks: map[uint32]map[game.ID]veilBody{}, gold: map[uint32]map[game.ID]veilPurse{}}
				s := servertest.Start(t, server.WithCores(server.Options{
					Games:  []game.Definition{veilOf(seen)},
					Limits: server.Limits{FrameBytesPerSecond: tc.budget, FrameBurst: 2 * tc.budget},
				}, tc.cores))
				var playing sync.WaitGroup
				for i, name := range []string{"packed", "plain", "out", "drops", "drops in plain", "slow"} {
					playing.Go(func() {
						time.Sleep(time.Duration(i) * 700 * time.Millisecond)
						spyOn(t, s, &spy{t: t, truth: seen, scarce: tc.budget < 1<<20, nearby: map[game.ID]bool{}}, name)
					})
				}
				playing.Wait()
				if n := metric(t, s, "desyncs_total"); n != 0 {
					t.Errorf("%v desyncs", n)
				}
				short := metric(t, s, `limits_total{limit="FrameBytesPerSecond"}`)
				if scarce := tc.budget < 1<<20; (short > 0) != scarce {
					t.Errorf("the budget was short %v times", short)
				}
			})
		})
	}
}

// spyOn plays for half a minute.
func spyOn(t *testing.T, s *servertest.Server, y *spy, name string) {
	t.Helper()
	codec := client.Packed
	if strings.Contains(name, "plain") {
		codec = client.Plain
	}
	c := client.New(s.URL, &client.Options{Dial: y.dial(s), Codec: codec})
	defer c.Close()
	room, err := c.JoinOrCreate(t.Context(), "veil", &client.JoinOptions{Name: name, OnFrame: y.look})
	if err != nil {
		t.Errorf("join: %v", err)
		return
	}
	if _, err := client.OnEvent(room, "farewell", func(uint32, veilWord) { y.words++ }); err != nil {
		t.Error(err)
	}
	if name == "slow" {
		if err := room.Pace(3); err != nil {
			t.Error(err)
		}
	}
	for range 6 {
		select {
		case <-room.Done():
		case <-time.After(4 * time.Second):
		}
		if strings.Contains(name, "drops") {
			y.mu.Lock()
			_ = y.conns[len(y.conns)-1].Close()
			y.mu.Unlock()
		}
	}
	stats := room.Stats()
	if stats.Desyncs != 0 || stats.BadFrames != 0 || y.frames < 50 {
		t.Errorf("%s: %+v", name, stats)
	}
	if strings.Contains(name, "drops") && stats.Resumed == 0 {
		t.Errorf("%s: it never came back", name)
	}
	if name == "out" && (room.Err() == nil || y.words != 1) {
		t.Errorf("%s ended with %v, %d words of farewell", name, room.Err(), y.words)
	}
	_ = room.Leave()
	y.check(room.Player())
	t.Logf("%s: %d frames, %d bytes, at most %d bodies, resumed %d", name, y.frames, len(y.bytes), y.most, stats.Resumed)
}

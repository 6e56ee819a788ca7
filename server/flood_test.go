package server_test

import (
	"bytes"
	"net/netip"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// A flood does not move the other players' ticks. A machine that is busy with other things moves them too, so one that
// does is flooded at another server as well: only if that leaves the ticks alone, the room has done the flood's work.
func TestFloodLeavesOthersAlone(t *testing.T) {
	const rate = 20 // what so many floods at once may cost, under the race detector too, is less than one tick of it
	s, other := servertest.StartTCP(t, crowd(rate, newPilot)), servertest.StartTCP(t, crowd(rate, newPilot))
	w := watch(t, s)
	const rounds, enough = 10, 2
	clean, elsewhere := 0, 0
	for range rounds {
		if w.unmoved(s, s) {
			if clean++; clean == enough {
				return
			}
		} else if w.unmoved(s, other) {
			elsewhere++
		}
	}
	if clean > 0 || elsewhere < enough {
		t.Skip("the machine is too busy to tell")
	}
	t.Errorf("none of %d floods left the ticks alone, but %d floods of another server did", rounds, elsewhere)
}

// unmoved floods a server and reports whether the witness, who plays on s, got one frame for each tick at its time.
func (w *witness) unmoved(s, flooded *servertest.Server) bool {
	w.t.Helper()
	others := metric(w.t, flooded, "players")
	players := many(w.t, flooded)
	for _, f := range w.take(1) {
		w.follow(f)
	}
	slips := metric(w.t, s, "tick_slips_total")
	flood(2_000, players...)
	frames := w.take(1)
	for metric(w.t, flooded, "players") != others {
		frames = append(frames, w.take(1)...)
	}
	frames = append(frames, w.take(3)...) // what the last of it cost shows in the ticks after
	ticks := 0
	for _, f := range frames {
		ticks += w.follow(f)
	}
	slips = metric(w.t, s, "tick_slips_total") - slips
	w.t.Logf("%d frames for %d ticks, %v slips, flooded itself: %t", len(frames), ticks, slips, s == flooded)
	return len(frames) == ticks && slips == 0
}

// A flood leaves no memory behind, and takes next to none while it lasts.
func TestFloodTakesNoMemory(t *testing.T) {
	most := &atomic.Uint64{}
	s := servertest.StartTCP(t, crowd(30, func(w *game.World) game.Game {
		return &weighed{pilot: newPilot(w).(*pilot), most: most}
	}))
	w := watch(t, s)
	weigh := func() (during, after uint64) {
		players := many(t, s)
		w.take(1)
		most.Store(0)
		for _, c := range players { // one by one: a room keeps the memory for as much as came between two ticks
			flood(10_000, c)
			w.take(1)
		}
		during = most.Load()
		for metric(t, s, "players") != 1 || metric(t, s, "connections") != 1 {
			w.take(1)
		}
		return during, heap()
	}
	_, first := weigh()
	during, second := weigh()
	t.Logf("first %d KiB, during %+d KiB, second %+d KiB", first>>10, int64(during-first)>>10, int64(second-first)>>10)
	if second > first+256<<10 {
		t.Errorf("the heap grew from %d to %d KiB", first>>10, second>>10)
	}
	if during > first+768<<10 {
		t.Errorf("the heap grew from %d to %d KiB for a while", first>>10, during>>10)
	}
}

// many joins some players.
func many(t *testing.T, s *servertest.Server) []*raw {
	t.Helper()
	players := make([]*raw, 20)
	for i := range players {
		players[i] = play(t, s)
	}
	for _, c := range players {
		c.frame()
	}
	return players
}

// flood lets players send many more frames than they may, all at once, and checks that each is cut for it.
func flood(frames int, players ...*raw) {
	t := players[0].t
	t.Helper()
	junk := bytes.Repeat(inFrame(t, &tickwirev1.ClientFrame{Ack: 1, First: 9, Inputs: []*tickwirev1.Input{{}}}), frames)
	for _, c := range players {
		c.bytes(junk)
	}
	for _, c := range players {
		_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if code, _ := c.end(true); code != tickwirev1.Code_CODE_TOO_MANY {
			t.Errorf("close code %d", code)
		}
		_ = c.conn.Close()
	}
}

// weighed is a pilot that weighs the heap at each tick, when the room has in its hands what came since the last one.
type weighed struct {
	*pilot

	most *atomic.Uint64
}

func (g *weighed) Tick(t *game.Tick) error {
	now := heap()
	g.most.Store(max(g.most.Load(), now))
	return g.pilot.Tick(t)
}

// heap is what is in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what pools hold survives one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// crowd has room for many players, and keeps nothing of one who is gone.
func crowd(rate int, pilots func(*game.World) game.Game) server.Options {
	return server.Options{
		Games:  []game.Definition{{Name: "pilot", New: pilots, Rate: rate, MaxPlayers: 64, Grace: -1}},
		Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
}

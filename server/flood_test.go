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

// A flood does not move the other players' ticks. A machine that is busy with other things moves them now and then; work
// that a flood gives to the room would do so in every round.
func TestFloodLeavesOthersAlone(t *testing.T) {
	s := servertest.StartTCP(t, crowd(newPilot))
	w := watch(t, s)
	const rounds, enough = 10, 2
	clean := 0
	for range rounds {
		players := many(t, s)
		for _, f := range w.take(1) {
			w.follow(f)
		}
		slips := metric(t, s, "tick_slips_total")
		flood(players...)
		frames := w.take(1)
		for metric(t, s, "players") != 1 {
			frames = append(frames, w.take(1)...)
		}
		frames = append(frames, w.take(3)...) // what the last of it cost shows in the ticks after
		ticks := 0
		for _, f := range frames {
			ticks += w.follow(f)
		}
		slips = metric(t, s, "tick_slips_total") - slips
		t.Logf("%d frames for %d ticks, %v slips", len(frames), ticks, slips)
		if len(frames) != ticks || slips != 0 {
			continue
		}
		if clean++; clean == enough {
			return
		}
	}
	t.Errorf("%d of %d floods left the ticks alone, want %d", clean, rounds, enough)
}

// A flood leaves no memory behind, and takes next to none while it lasts.
func TestFloodTakesNoMemory(t *testing.T) {
	most := &atomic.Uint64{}
	s := servertest.StartTCP(t, crowd(func(w *game.World) game.Game {
		return &weighed{pilot: newPilot(w).(*pilot), most: most}
	}))
	w := watch(t, s)
	weigh := func() (during, after uint64) {
		players := many(t, s)
		w.take(1)
		most.Store(0)
		for _, c := range players { // one by one: a room keeps the memory for as much as came between two ticks
			flood(c)
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
		players[i].frame()
	}
	return players
}

// flood lets players send far more than they may, all at once, and checks that each is cut for it.
func flood(players ...*raw) {
	t := players[0].t
	t.Helper()
	junk := bytes.Repeat(inFrame(t, &tickwirev1.ClientFrame{Ack: 1, First: 9, Inputs: []*tickwirev1.Input{{}}}), 10_000)
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
func crowd(pilots func(*game.World) game.Game) server.Options {
	return server.Options{
		Games:  []game.Definition{{Name: "pilot", New: pilots, MaxPlayers: 64, Grace: -1}},
		Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
}

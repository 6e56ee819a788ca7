//go:build !race

// What costs others nothing is told by their frames' times, which mean nothing under the race detector.

package server_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// reader is a client in the noise that can stop reading: its only goroutine stands still, as a page does that is busy.
type reader struct {
	room *client.Room

	mu     sync.Mutex
	hold   chan struct{} // not nil: the next frame waits for it
	last   time.Time
	gaps   []time.Duration
	hashes map[uint32]uint32 // of its copy, by tick
	newest uint32
}

// readNoise joins the noise.
func readNoise(t *testing.T, s *servertest.Server) *reader {
	t.Helper()
	r := &reader{hashes: map[uint32]uint32{}}
	c := client.New(s.URL, &client.Options{Dial: s.Dial})
	t.Cleanup(c.Close)
	room, err := c.JoinOrCreate(t.Context(), "noise", &client.JoinOptions{OnFrame: r.frame})
	if err != nil {
		t.Fatalf("join: %v", err)
	}
	r.room = room
	t.Cleanup(func() { _ = room.Leave() })
	return r
}

func (r *reader) frame(room *client.Room, f *client.Frame) {
	r.mu.Lock()
	now := time.Now()
	if !r.last.IsZero() {
		r.gaps = append(r.gaps, now.Sub(r.last))
	}
	r.last, r.newest = now, f.Tick
	r.hashes[f.Tick] = room.Replica().Hash()
	hold := r.hold
	r.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

// stop makes it stop reading until the returned function is called.
func (r *reader) stop() (wake func()) {
	hold := make(chan struct{})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hold = hold
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.hold = nil
		close(hold)
	}
}

// p99 returns the 99th percentile of the gaps between frames since the last call.
func p99(readers []*reader) time.Duration {
	var gaps []time.Duration
	for _, r := range readers {
		r.mu.Lock()
		gaps = append(gaps, r.gaps...)
		r.gaps = nil
		r.mu.Unlock()
	}
	slices.Sort(gaps)
	if len(gaps) == 0 {
		return 0
	}
	return gaps[len(gaps)*99/100]
}

// tick is the newest tick it has.
func (r *reader) tick() uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.newest
}

// wrong counts the ticks at which two copies differ.
func wrong(a, b *reader) (same, differ int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for tick, hash := range a.hashes {
		switch other, ok := b.hashes[tick]; {
		case !ok:
		case other == hash:
			same++
		default:
			differ++
		}
	}
	return same, differ
}

// A client stops reading for 5 s in a room that sends it 11 KB every 10 ms. It costs nobody anything, and when it wakes its
// copy is right at once.
func TestAStallOfFiveSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 12 s of real time")
	}
	o := noises(100, 530, 8)
	o.Limits.FrameBytesPerSecond = 4 << 20 // it is much, and it is wanted
	s := servertest.StartTCP(t, o)
	var others []*reader
	for range 3 {
		others = append(others, readNoise(t, s))
	}
	stalled := readNoise(t, s)
	wait := func(d time.Duration) { <-time.After(d) }
	wait(time.Second)
	p99(append(others, stalled))
	twice := func(pick func(...time.Duration) time.Duration) time.Duration { // the machine does other things too
		wait(2400 * time.Millisecond)
		first := p99(others)
		wait(2400 * time.Millisecond)
		return pick(first, p99(others))
	}
	before, heldBefore := twice(func(d ...time.Duration) time.Duration { return max(d[0], d[1]) }), heap()
	p99([]*reader{stalled})

	wake := stalled.stop()
	during, held := twice(func(d ...time.Duration) time.Duration { return min(d[0], d[1]) }), heap()
	slept, ahead := stalled.tick(), others[0].tick()
	wake()
	woke := time.Now()
	for stalled.tick() < ahead && since(woke) < 5*time.Second {
		wait(time.Millisecond)
	}
	back := since(woke)
	wait(time.Second)
	stats := stalled.room.Stats()
	same, differ := wrong(others[0], stalled)
	t.Logf("%d bytes a frame; the others' p99 %v before, %v meanwhile; it slept %d ticks and was right %v after it woke; "+
		"%d KiB of heap more; %d of its copies are right, %d wrong; %d drops",
		stats.BodyBytes/stats.Frames, before.Round(10*time.Microsecond), during.Round(10*time.Microsecond), ahead-slept, back,
		(int64(held)-int64(heldBefore))>>10, same, differ, stats.Dropped)
	if ahead-slept < 300 {
		t.Errorf("it slept %d ticks only", ahead-slept)
	}
	if differ != 0 || stats.Desyncs != 0 || stats.BadFrames != 0 || same < 300 {
		t.Errorf("%d copies right, %d wrong, %+v", same, differ, stats)
	}
	if back > 100*time.Millisecond {
		t.Errorf("it was right %v after it woke", back)
	}
	if grown := int64(held) - int64(heldBefore); grown > 256<<10 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
	if slips := metric(t, s, "tick_slips_total"); slips == 0 && during > before*11/10+time.Millisecond {
		t.Errorf("the others' p99 went from %v to %v", before, during)
	}
}

// 50 of 200 clients stop reading and do not wake. The others do not feel it; all that sleep are cut soon after the limit,
// and when they wake they come back to their seats.
func TestFiftyOfTwoHundredStall(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 15 s of real time")
	}
	o := noises(20, 90, 200)
	o.Limits = server.Limits{Ack: 3 * time.Second, Dead: 3 * time.Second, Ping: time.Second}
	o.Limits.HandshakesPerSecond, o.Limits.CallsPerSecond, o.Limits.ConnsPerAddress = 1000, 1000, 1000
	o.Limits.FrameBytesPerSecond = 4 << 20 // it is much, and it is wanted
	s := servertest.StartTCP(t, o)
	var all []*reader
	for range 200 {
		all = append(all, readNoise(t, s))
	}
	sleepers, others := all[:50], all[50:]
	<-time.After(time.Second)
	p99(all)
	<-time.After(3 * time.Second)
	before := p99(others)
	var wake []func()
	for _, r := range sleepers {
		wake = append(wake, r.stop())
	}
	start := time.Now()
	gone := func() float64 {
		const ended = `connections_ended_total{code=`
		return metric(t, s, ended+`"CODE_SLOW"}`) + metric(t, s, ended+`"CODE_SILENT"}`)
	}
	for gone() < 50 && since(start) < 10*time.Second {
		<-time.After(10 * time.Millisecond)
	}
	took := since(start)
	during := p99(others)
	for _, f := range wake {
		f()
	}
	woke := time.Now()
	back := func() (n int) {
		for _, r := range sleepers {
			n += r.room.Stats().Resumed
		}
		return n
	}
	for back() < 50 && since(woke) < 10*time.Second {
		<-time.After(10 * time.Millisecond)
	}
	const ms = time.Millisecond
	t.Logf("all 50 were cut %v after they stopped; the others' p99 %v before, %v meanwhile; all were back %v after they woke",
		took.Round(ms), before.Round(ms/10), during.Round(ms/10), since(woke).Round(ms))
	if n := gone(); n != 50 || took > 6*time.Second {
		t.Errorf("%v were cut after %v", n, took)
	}
	if n := back(); n != 50 {
		t.Errorf("%d are back", n)
	}
	if n := metric(t, s, "players"); n != 200 {
		t.Errorf("%v players", n)
	}
	if slips := metric(t, s, "tick_slips_total"); slips == 0 && during > before*11/10+time.Millisecond {
		t.Errorf("the others' p99 went from %v to %v", before, during)
	}
	if n := metric(t, s, "desyncs_total"); n != 0 {
		t.Errorf("%v desyncs", n)
	}
}

package server_test

import (
	"context"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// afterwards is how many ticks a player plays on after a fault: more than from one hash to the next, twice.
const afterwards = 150

// toxicWait bounds all that these tests wait for. They run in real time, since the proxy and its sockets do.
const toxicWait = 25 * time.Second

// proxied starts a proxy on the loopback interface that leads to the server.
func proxied(t *testing.T, s *servertest.Server, name string) (p *toxiproxy.Proxy, url string) {
	t.Helper()
	log := zerolog.Nop()
	p = toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), log), name, "127.0.0.1:0",
		strings.TrimPrefix(s.URL, "http://"))
	if err := p.Start(); err != nil {
		panic(err) // this may not be the test's goroutine, and nothing can be tested
	}
	t.Cleanup(p.Stop)
	return p, "http://" + p.Listen
}

// loopback are ledgers for many players from one address.
func loopback(rate int) server.Options {
	o := ledgers()
	o.Games[0].Rate = rate
	o.Exempt = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	return o
}

// Players sit behind a proxy that harms their connections while they play. Afterwards each has the same seat; nothing that
// was sent is lost or happened twice; and the state is, tick by tick, that of a player who was left in peace.
func TestToxics(t *testing.T) {
	if testing.Short() {
		t.Skip("real sockets take real time: 20 s")
	}
	s := servertest.StartTCP(t, loopback(30))
	witness := newToxicated(t)
	witness.join(s.URL)
	defer witness.leave()
	for range 24 { // so that there is something to send
		p := newToxicated(t)
		p.join(s.URL)
		defer p.leave()
	}
	var playing sync.WaitGroup // not parallel subtests: there would be as few at once as there are processors
	for _, c := range []struct {
		why    string
		toxics []string
		drops  int // how often the connection is lost before the harm ends; 0: never, it lasts for 100 frames
	}{
		{"latency and jitter", []string{
			`{"type":"latency","stream":"downstream","attributes":{"latency":60,"jitter":40}}`,
			`{"type":"latency","stream":"upstream","attributes":{"latency":60,"jitter":40}}`,
		}, 0},
		{"10 KB a second", []string{
			`{"type":"bandwidth","stream":"downstream","attributes":{"rate":10}}`,
			`{"type":"bandwidth","stream":"upstream","attributes":{"rate":10}}`,
		}, 0},
		{"1 KB a second, less than is to be sent", []string{
			`{"type":"bandwidth","stream":"downstream","attributes":{"rate":1}}`,
		}, 0},
		{"frames in slices", []string{
			`{"type":"slicer","stream":"downstream","attributes":{"average_size":9,"size_variation":8,"delay":300}}`,
			`{"type":"slicer","stream":"upstream","attributes":{"average_size":5,"size_variation":4,"delay":300}}`,
		}, 0},
		{"a reset, and no way back for a while", []string{
			`{"type":"reset_peer","stream":"downstream","attributes":{"timeout":0}}`,
			`{"type":"reset_peer","stream":"upstream","attributes":{"timeout":0}}`,
		}, 1},
		{"a black hole, both ways", []string{
			`{"type":"timeout","stream":"downstream","attributes":{"timeout":0}}`,
			`{"type":"timeout","stream":"upstream","attributes":{"timeout":0}}`,
		}, 1},
		{"the end in the middle of a frame, again and again", []string{
			`{"type":"limit_data","stream":"downstream","attributes":{"bytes":1201}}`,
		}, 3},
	} {
		playing.Go(func() { poison(t, s, witness, c.why, c.toxics, c.drops) })
	}
	playing.Wait()
}

func poison(t *testing.T, s *servertest.Server, witness *toxicated, why string, toxics []string, drops int) {
	t.Helper()
	proxy, url := proxied(t, s, why)
	p := newToxicated(t)
	p.join(url)
	seat, player := p.room.SessionID(), p.room.Player()
	ctx, stop := context.WithTimeout(t.Context(), 2*toxicWait)
	defer stop()
	var paying sync.WaitGroup
	paying.Go(func() { p.pay(ctx) })
	p.frames(15)
	for _, toxic := range toxics {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Errorf("%s: %v", why, err)
		}
	}
	start := time.Now()
	if drops == 0 {
		p.frames(100)
	}
	for range drops {
		p.drop()
	}
	if drops > 0 {
		witness.ticks(30) // the first attempts to come back are harmed too
	}
	took := time.Since(start)
	proxy.Toxics.ResetToxics(ctx)
	p.frames(1) // it may be far ahead of the one before
	p.ticks(afterwards)
	stats := p.room.Stats()
	stop()
	paying.Wait()
	p.frames(3)
	p.leave()
	t.Logf("%s: %v, %d frames, %d ring and %d whole, %d dropped, back in %v", why, took.Round(time.Millisecond),
		stats.Frames, stats.Rings, stats.Wholes, stats.Dropped, p.back)
	if stats.Dropped < drops || drops == 0 && stats.Dropped > 0 || stats.Resumed != stats.Dropped {
		t.Errorf("%s: %d dropped, %d resumed; want %d", why, stats.Dropped, stats.Resumed, drops)
	}
	if p.room.SessionID() != seat || p.room.Player() != player {
		t.Errorf("%s: seat %s of player %d was %s of %d", why, p.room.SessionID(), p.room.Player(), seat, player)
	}
	p.check(why)
	p.compare(witness, why)
}

// Two hundred connections end at once, because the proxy does, and it is back right away. All players are soon back in
// their seats.
func TestAllConnectionsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("real sockets take real time: 10 s")
	}
	players, most := 200, 3*time.Second
	if raced() {
		players, most = 50, 10*time.Second // the detector makes all of it ten times slower
	}
	s := servertest.StartTCP(t, loopback(10))
	proxy, url := proxied(t, s, "all")
	all := make([]*toxicated, players)
	for i := range all {
		all[i] = newToxicated(t)
	}
	inParallel(all, func(p *toxicated) { p.join(url) })
	seats := map[string]game.ID{}
	for _, p := range all {
		seats[p.room.SessionID()] = p.room.Player()
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*toxicWait)
	defer stop()
	var paying sync.WaitGroup
	for _, p := range all {
		paying.Go(func() { p.pay(ctx) })
	}
	inParallel(all, func(p *toxicated) { p.frames(10) })
	start := time.Now()
	proxy.Stop()
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	inParallel(all, func(p *toxicated) {
		p.drop()
		p.frames(1)
	})
	gone := time.Since(start)
	inParallel(all, func(p *toxicated) { p.ticks(70) })
	stop()
	paying.Wait()
	inParallel(all, func(p *toxicated) { p.frames(3) })
	var back []time.Duration
	for _, p := range all {
		stats := p.room.Stats()
		if stats.Dropped != 1 || stats.Resumed != 1 || stats.Desyncs+stats.BadFrames+stats.EventsLost > 0 {
			t.Errorf("stats %+v", stats)
		}
		if seats[p.room.SessionID()] != p.room.Player() {
			t.Errorf("player %d of seat %s had another number", p.room.Player(), p.room.SessionID())
		}
	}
	inParallel(all, (*toxicated).leave)
	for _, p := range all {
		back = append(back, p.back...)
		p.check("one of many")
	}
	slices.Sort(back)
	t.Logf("%d players back in %v, half of them in %v; each by itself in at most %v", players,
		gone.Round(time.Millisecond), back[players/2], back[players-1])
	if len(seats) != players || gone > most {
		t.Errorf("%d seats of %d; all are back after %v, at most %v", len(seats), players, gone, most)
	}
	if n := metric(t, s, "desyncs_total"); n != 0 {
		t.Errorf("%v desyncs", n)
	}
}

// raced says whether the race detector is on.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

func inParallel(all []*toxicated, do func(*toxicated)) {
	var doing sync.WaitGroup
	for _, p := range all {
		doing.Go(func() { do(p) })
	}
	doing.Wait()
}

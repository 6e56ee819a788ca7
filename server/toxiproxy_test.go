package server_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// afterwards is how many ticks a player plays on after a fault: more than from one hash to the next, twice.
const afterwards = 150

// toxicWait bounds all that these tests wait for. They run in real time, since the proxy and its sockets do.
const toxicWait = 25 * time.Second

// proxied starts a proxy on the loopback interface that leads to the server.
func proxied(t *testing.T, s *servertest.Server) (p *toxiproxy.Proxy, url string) {
	t.Helper()
	log := zerolog.Nop()
	p = toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), log), t.Name(), "127.0.0.1:0",
		strings.TrimPrefix(s.URL, "http://"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
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
	t.Run("with", func(t *testing.T) { // waits for the parallel ones
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
				`{"type":"limit_data","stream":"downstream","attributes":{"bytes":2001}}`,
			}, 3},
		} {
			t.Run(c.why, func(t *testing.T) {
				t.Parallel()
				poison(t, s, witness, c.toxics, c.drops)
			})
		}
	})
}

func poison(t *testing.T, s *servertest.Server, witness *toxicated, toxics []string, drops int) {
	t.Helper()
	proxy, url := proxied(t, s)
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
			t.Fatal(err)
		}
	}
	start := time.Now()
	if drops == 0 {
		p.frames(100)
	}
	for range drops {
		p.drop()
	}
	took := time.Since(start)
	proxy.Toxics.ResetToxics(ctx)
	p.ticks(afterwards)
	stats := p.room.Stats()
	stop()
	paying.Wait()
	p.frames(3)
	p.leave()
	t.Logf("harm of %v: %d frames, %d of them ring and %d whole, %d dropped, back in %v", took.Round(time.Millisecond),
		stats.Frames, stats.Rings, stats.Wholes, stats.Dropped, p.back)
	if stats.Dropped < drops || drops == 0 && stats.Dropped > 0 || stats.Resumed != stats.Dropped {
		t.Errorf("%d dropped, %d resumed; want %d", stats.Dropped, stats.Resumed, drops)
	}
	if p.room.SessionID() != seat || p.room.Player() != player {
		t.Errorf("seat %s of player %d was %s of %d", p.room.SessionID(), p.room.Player(), seat, player)
	}
	p.check(t.Name())
	p.compare(witness)
}

// Two hundred connections end at once, because the proxy does, and it is back right away. All players are soon back in
// their seats.
func TestAllConnectionsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("real sockets take real time: 10 s")
	}
	const players, most = 200, 3 * time.Second
	s := servertest.StartTCP(t, loopback(10))
	proxy, url := proxied(t, s)
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

func inParallel(all []*toxicated, do func(*toxicated)) {
	var doing sync.WaitGroup
	for _, p := range all {
		doing.Go(func() { do(p) })
	}
	doing.Wait()
}

// toxicated is a payer on a real socket, who remembers what it saw.
type toxicated struct {
	payer

	back []time.Duration // how long each absence took

	mu      sync.Mutex // guards the block below
	changed *sync.Cond
	seen    map[uint32]uint64 // hash of the state by tick
	newest  uint32
	drops   int // that drop has not taken
	over    bool
}

func newToxicated(t *testing.T) *toxicated {
	t.Helper()
	p := &toxicated{payer: payer{t: t}, seen: map[uint32]uint64{}}
	p.changed = sync.NewCond(&p.mu)
	return p
}

func (p *toxicated) join(url string) {
	c := client.New(url, nil)
	p.t.Cleanup(c.Close)
	room, err := c.JoinOrCreate(p.t.Context(), "ledger", &client.JoinOptions{
		OnFrame:     p.saw,
		OnDrop:      func(*client.Room, *client.Error) { p.note(func() { p.drops++ }) },
		OnReconnect: func(_ *client.Room, r client.Reconnected) { p.back = append(p.back, r.Took) },
	})
	if err != nil {
		panic(err) // not on the test's goroutine, and nothing can be tested
	}
	p.room = room
	for name, to := range map[string]*[]uint32{"paid": &p.paid, "hour": &p.hours} {
		if _, err := client.OnEvent(room, name, func(_ uint32, v payment) { *to = append(*to, v.N) }); err != nil {
			p.t.Error(err)
		}
	}
}

func (p *toxicated) leave() {
	if err := p.room.Leave(); err != nil {
		p.t.Errorf("leave: %v", err)
	}
}

func (p *toxicated) saw(r *client.Room, f *client.Frame) {
	p.frame(r, f)
	hash := uint64(1)
	add := func(v int64) { hash = hash*0x100000001b3 ^ uint64(v) } //nolint:gosec // bits, not a number
	for i := range r.Schema().Tables {
		for row, id := range r.Replica().IDs(i) {
			add(int64(id))
			for _, cell := range r.Replica().Cells(i, row) {
				add(int64(cell))
			}
		}
	}
	p.note(func() { p.seen[f.Tick], p.newest = hash, f.Tick })
}

func (p *toxicated) note(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
	p.changed.Broadcast()
}

// wait waits until something is so.
func (p *toxicated) wait(what string, is func() bool) {
	p.t.Helper()
	limit := time.AfterFunc(toxicWait, func() { p.note(func() { p.over = true }) })
	defer limit.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !is() {
		if p.over {
			p.t.Errorf("waited in vain for %s; %d frames seen", what, len(p.seen))
			return
		}
		p.changed.Wait()
	}
}

// frames waits for so many more.
func (p *toxicated) frames(n int) {
	p.t.Helper()
	p.mu.Lock()
	n += len(p.seen)
	p.mu.Unlock()
	p.wait("frames", func() bool { return len(p.seen) >= n })
}

// ticks waits until the state is so many ticks on.
func (p *toxicated) ticks(n uint32) {
	p.t.Helper()
	p.mu.Lock()
	n += p.newest
	p.mu.Unlock()
	p.wait("ticks", func() bool { return p.newest >= n })
}

// drop waits until the connection was lost, once for each time it was.
func (p *toxicated) drop() {
	p.t.Helper()
	p.wait("the loss of the connection", func() bool { return p.drops > 0 })
	p.note(func() { p.drops-- })
}

// compare demands that both saw the same state in each tick that both saw.
func (p *toxicated) compare(other *toxicated) {
	p.t.Helper()
	other.mu.Lock()
	defer other.mu.Unlock()
	both := 0
	for tick, hash := range p.seen {
		if seen, ok := other.seen[tick]; ok {
			if both++; seen != hash {
				p.t.Errorf("the state of tick %d was another one", tick)
			}
		}
	}
	if both < afterwards {
		p.t.Errorf("only %d ticks were seen by both", both)
	}
}

package server_test

import (
	"sync"
	"testing"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
)

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
		panic(err) // as in proxied
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
	add := func(v int64) { hash = hash*0x100000001b3 ^ uint64(v) }
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
func (p *toxicated) compare(other *toxicated, why string) {
	p.t.Helper()
	other.mu.Lock()
	defer other.mu.Unlock()
	both := 0
	for tick, hash := range p.seen {
		if seen, ok := other.seen[tick]; ok {
			if both++; seen != hash {
				p.t.Errorf("%s: the state of tick %d was another one", why, tick)
			}
		}
	}
	if both < afterwards {
		p.t.Errorf("%s: only %d ticks were seen by both", why, both)
	}
}

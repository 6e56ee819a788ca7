package main

import (
	"context"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/tickwire/tickwire/server/link"
)

// network is what lies between one client and the server: a link of the profile, and hands that cut it now and then. The
// same seed gives a client the same delays and cuts, as far as the server and the system do.
type network struct {
	cfg     *config
	profile link.Options
	cutting func() bool // nil: it is never cut

	mu    sync.Mutex
	rng   *rand.Rand
	conn  net.Conn // the newest one
	timer *time.Timer
	ended bool
}

// lobbyNetwork is the number of the network that all lobby calls use. Those of the clients are their numbers.
const lobbyNetwork = 1 << 32

func newNetwork(cfg *config, number uint64, cutting func() bool) *network {
	n := &network{cfg: cfg, rng: rand.New(rand.NewPCG(cfg.netSeed, number))} //nolint:gosec // not a secret
	if p, err := link.ProfileByName(cfg.profile); err == nil {
		n.profile = p.Options
	}
	if cfg.cutEvery > 0 {
		n.cutting = cutting
	}
	return n
}

// dial opens a connection over the network.
func (n *network) dial(ctx context.Context, network, address string) (net.Conn, error) {
	nc, err := n.cfg.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cfg.profile != "" {
		o := n.profile
		o.Seed = n.rng.Uint64()
		nc = link.Through(nc, o)
	}
	if n.cutting != nil && !n.ended {
		n.conn = nc
		n.arm()
	}
	return nc, nil
}

// arm sets when the connection is cut: after half to one and a half times --cut-every.
func (n *network) arm() {
	if n.timer != nil {
		n.timer.Stop()
	}
	every := int64(n.cfg.cutEvery)
	nc := n.conn
	n.timer = time.AfterFunc(time.Duration(every/2+n.rng.Int64N(every+1)), func() { n.cut(nc) })
}

// cut cuts a connection, if it is still the one in use and the time for it.
func (n *network) cut(nc net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.ended || n.conn != nc:
	case !n.cutting():
		n.arm()
	default:
		link.Reset(nc)
	}
}

// end ends the cutting.
func (n *network) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ended, n.conn = true, nil
	if n.timer != nil {
		n.timer.Stop()
	}
}

func profileNames() string {
	profiles := link.Profiles()
	names := make([]string, 0, len(profiles))
	for _, p := range profiles {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

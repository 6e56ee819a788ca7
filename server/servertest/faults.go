package servertest

import (
	"context"
	"crypto/tls"
	"net"
	"sync"

	"github.com/tickwire/tickwire/server/link"
)

// Network opens connections of one kind to a Server and keeps the handles by which a test makes them fail: give its Dial to
// a client, and then hold, cut or stall what it opened. All methods may be called by any goroutine.
type Network struct {
	server  *Server
	options Options

	mu     sync.Mutex
	dialed uint64
	links  []*link.Link
	up     chan struct{} // closed when the network is up again; nil: it is up
}

// Network returns a network to the server of which all connections have these options. The first has their seed, each
// further one the next.
func (s *Server) Network(o Options) *Network {
	return &Network{server: s, options: o}
}

// Dial opens a connection to the server, whatever the address. While the network is down it waits.
func (n *Network) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	n.mu.Lock()
	up := n.up
	n.mu.Unlock()
	if up != nil {
		select {
		case <-up:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	n.mu.Lock()
	o := n.options
	o.Seed += n.dialed
	n.dialed++
	n.mu.Unlock()
	nc, err := n.server.dial(ctx, &o)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	below := nc
	if sealed, ok := nc.(*tls.Conn); ok {
		below = sealed.NetConn()
	}
	n.links = append(n.links, below.(*link.Conn).Link()) //nolint:forcetypeassert // with options all are
	return nc, nil
}

// Down makes all that is dialed from now on wait, as for a host that does not answer, until Up. What is open stays as it
// is.
func (n *Network) Down() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.up == nil {
		n.up = make(chan struct{})
	}
}

// Up ends Down.
func (n *Network) Up() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.up != nil {
		close(n.up)
		n.up = nil
	}
}

// Links are the connections that were opened, oldest first, those that have ended included.
func (n *Network) Links() []*link.Link {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]*link.Link(nil), n.links...)
}

// Newest is the connection opened last; nil: none was.
func (n *Network) Newest() *link.Link {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.links) == 0 {
		return nil
	}
	return n.links[len(n.links)-1]
}

// Cut cuts all connections at once.
func (n *Network) Cut() {
	for _, l := range n.Links() {
		l.Cut()
	}
}

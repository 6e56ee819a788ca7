package server

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// maxAddresses bounds the table of addresses; the one that was silent longest gives way.
const maxAddresses = 1 << 16

// addressBurst is how many seconds' worth an address may use at once.
const addressBurst = 5

// address is what limits per address count by: an IPv4 address, or the /64 of an IPv6 address, since that is what one
// customer gets. The zero value stands for all that has no IP address.
type address = netip.Prefix

// addresses knows how much each address has used. It is safe for use by many goroutines.
type addresses struct {
	limits  Limits
	proxies []netip.Prefix
	exempt  []netip.Prefix

	mu    sync.Mutex
	table *simplelru.LRU[address, *buckets]
}

// buckets are what one address may still do.
type buckets struct{ handshakes, calls, lookups *rate.Limiter }

func newAddresses(o *Options) (*addresses, error) {
	table, err := simplelru.NewLRU[address, *buckets](maxAddresses, nil)
	if err != nil {
		return nil, err
	}
	return &addresses{limits: o.Limits, proxies: o.Proxies, exempt: o.Exempt, table: table}, nil
}

// handshake counts one WebSocket handshake and reports whether it may go on.
func (a *addresses) handshake(by asker, now time.Time) bool {
	return by.exempt || a.of(by.from).handshakes.AllowN(now, 1)
}

// call counts one lobby call and reports whether it may go on.
func (a *addresses) call(by asker, now time.Time) bool {
	return by.exempt || a.of(by.from).calls.AllowN(now, 1)
}

// mayLookUp reports whether an address may ask for a room, before it is known whether that room is there. Nobody is
// exempt: who asks for rooms that are not there is guessing.
func (a *addresses) mayLookUp(from address, now time.Time) bool {
	return a.of(from).lookups.TokensAt(now) >= 1
}

// failedLookUp counts a room that was not there.
func (a *addresses) failedLookUp(from address, now time.Time) {
	a.of(from).lookups.AllowN(now, 1)
}

// of returns the buckets of an address.
func (a *addresses) of(from address) *buckets {
	a.mu.Lock()
	defer a.mu.Unlock()
	b, ok := a.table.Get(from)
	if !ok {
		l := &a.limits
		b = &buckets{
			handshakes: rate.NewLimiter(rate.Limit(l.HandshakesPerSecond), l.HandshakesPerSecond*addressBurst),
			calls:      rate.NewLimiter(rate.Limit(l.CallsPerSecond), l.CallsPerSecond*addressBurst),
			lookups:    rate.NewLimiter(rate.Limit(float64(l.Lookups)/60), l.Lookups),
		}
		a.table.Add(from, b)
	}
	return b
}

// asker is who sent a request.
func (a *addresses) asker(r *http.Request) asker {
	ip := a.ip(r)
	return asker{addressOf(ip), within(a.exempt, ip)}
}

// ip is the address of who sent a request: the nearest hop that is not one of our own proxies.
func (a *addresses) ip(r *http.Request) netip.Addr {
	ip, _ := peerIP(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(a.proxies, ip); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop.Unmap().WithZone("")
	}
	return ip
}

// addressOf is what the limits count an IP address by.
func addressOf(ip netip.Addr) address {
	length := 64
	if ip.Is4() {
		length = 32
	}
	prefix, err := ip.Prefix(length)
	if err != nil {
		return address{}
	}
	return prefix
}

// secure is the scheme of HTTP over TLS.
const secure = "https"

// scheme is http or https, as the client used it.
func (a *addresses) scheme(r *http.Request) string {
	if r.TLS != nil {
		return secure
	}
	if ip, ok := peerIP(r); ok && within(a.proxies, ip) && r.Header.Get("X-Forwarded-Proto") == secure {
		return secure
	}
	return "http"
}

// peerIP is the other end of the socket.
func peerIP(r *http.Request) (netip.Addr, bool) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return at.Addr().Unmap().WithZone(""), err == nil
}

func within(prefixes []netip.Prefix, ip netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

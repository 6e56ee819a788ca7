package server

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// maxAddresses bounds the table of addresses; the one that was silent longest gives way.
const maxAddresses = 1 << 16

// maxIdentities bounds the table of identities in the same way.
const maxIdentities = 1 << 16

// addressBurst is how many seconds' worth an address or an identity may use at once, nodeBurst all together.
const (
	addressBurst = 5
	nodeBurst    = 2
)

// barredFor is how long an address is refused that was wrong too often.
const barredFor = time.Minute

// address is what limits per address count by: an IPv4 address, or the /64 of an IPv6 address, since that is what one
// customer gets. The zero value stands for all that has no IP address.
type address = netip.Prefix

// addresses knows how much each address has used, each identity, and all together. It is safe for use by many
// goroutines.
type addresses struct {
	limits  Limits
	proxies []netip.Prefix
	exempt  []netip.Prefix
	metrics *metrics
	all     *rate.Limiter // handshakes
	seed    maphash.Seed

	mu       sync.Mutex
	table    *simplelru.LRU[address, *buckets]
	joins    *simplelru.LRU[uint64, *rate.Limiter] // by the hash of an identity, which may be long
	greeting map[address]int                       // sockets that have not said hello; not of exempt addresses
	greetAll int                                   // of all addresses
}

// buckets are what one address may still do.
type buckets struct {
	handshakes, calls, lookups, fails *rate.Limiter

	barred time.Time // until when its calls are refused that show a token or an identity
}

func newAddresses(o *Options, m *metrics) (*addresses, error) {
	table, err := simplelru.NewLRU[address, *buckets](maxAddresses, nil)
	if err != nil {
		return nil, err
	}
	joins, err := simplelru.NewLRU[uint64, *rate.Limiter](maxIdentities, nil)
	if err != nil {
		return nil, err
	}
	l := o.Limits
	return &addresses{
		limits: l, proxies: o.Proxies, exempt: o.Exempt, metrics: m,
		all:  rate.NewLimiter(rate.Limit(l.HandshakesAll), nodeBurst*l.HandshakesAll),
		seed: maphash.MakeSeed(), table: table, joins: joins, greeting: map[address]int{},
	}, nil
}

// handshake counts one WebSocket handshake and says why it may not go on, nil if it may. What an address may not do does
// not count against the node, so that one address cannot use up what all have.
func (a *addresses) handshake(by asker, now time.Time) *Error {
	if !by.exempt && !a.of(by.from).handshakes.AllowN(now, 1) {
		a.metrics.reached(limitHandshakes)
		return errorf(tickwirev1.Code_CODE_TOO_MANY, "too many connections from this address")
	}
	if !a.all.AllowN(now, 1) {
		a.metrics.reached(limitHandshakeAll)
		return errorf(tickwirev1.Code_CODE_BUSY, "too many players connect at once")
	}
	return nil
}

// call counts one lobby call and reports whether it may go on.
func (a *addresses) call(by asker, now time.Time) bool {
	if by.exempt || a.of(by.from).calls.AllowN(now, 1) {
		return true
	}
	a.metrics.reached(limitCalls)
	return false
}

// join counts one seat that an identity asks for, and reports whether it may. Only identities that Authenticate gave
// are worth counting: guests have a new one each time.
func (a *addresses) join(identity string, now time.Time) bool {
	key := maphash.String(a.seed, identity)
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.joins.Get(key)
	if !ok {
		l = rate.NewLimiter(rate.Limit(a.limits.JoinsPerSecond), a.limits.JoinsPerSecond*addressBurst)
		a.joins.Add(key, l)
	}
	if l.AllowN(now, 1) {
		return true
	}
	a.metrics.reached(limitJoins)
	return false
}

// mayFail says why an address may not show a token or an identity, nil if it may, before it is known whether what it
// shows is right.
func (a *addresses) mayFail(by asker, now time.Time) *Error {
	if by.exempt {
		return nil
	}
	b := a.of(by.from)
	a.mu.Lock()
	barred := b.barred.Sub(now)
	a.mu.Unlock()
	if barred <= 0 {
		return nil
	}
	a.metrics.reached(limitFailedCalls)
	refused := errorf(tickwirev1.Code_CODE_TOO_MANY, "too many calls of this address have failed")
	refused.wait = barred
	return refused
}

// failed counts a token or an identity that was wrong.
func (a *addresses) failed(by asker, now time.Time) {
	if by.exempt {
		return
	}
	b := a.of(by.from)
	b.fails.AllowN(now, 1)
	if b.fails.TokensAt(now) >= 1 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b.barred = now.Add(barredFor)
}

// mayLookUp reports whether an address may ask for a room, before it is known whether that room is there. Nobody is
// exempt: who asks for rooms that are not there is guessing.
func (a *addresses) mayLookUp(from address, now time.Time) bool {
	if a.of(from).lookups.TokensAt(now) >= 1 {
		return true
	}
	a.metrics.reached(limitLookups)
	return false
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
			fails:      rate.NewLimiter(rate.Limit(float64(l.FailedCalls)/60), l.FailedCalls),
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
	if !within(a.proxies, ip) {
		return ip // what it says of others is not believed
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(a.proxies, ip); i-- {
		hop, ok := hopIP(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		ip = hop
	}
	return ip
}

// hopIP reads one entry of X-Forwarded-For, to which some proxies add the port.
func hopIP(text string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		var at netip.AddrPort
		at, err = netip.ParseAddrPort(text)
		ip = at.Addr()
	}
	return ip.Unmap().WithZone(""), err == nil
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

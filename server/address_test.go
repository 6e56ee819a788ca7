package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

func testAddresses(t *testing.T, o Options) *addresses {
	t.Helper()
	o.Limits = o.Limits.withDefaults()
	a, err := newAddresses(&o, newMetrics())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAddressOfRequest(t *testing.T) {
	t.Parallel()
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	a := testAddresses(t, Options{Proxies: ours})
	for _, c := range []struct{ why, remote, forwarded, want string }{
		{"IPv4", "192.0.2.1:5", "", "192.0.2.1/32"},
		{"IPv6: the customer's network", "[2001:db8:1:2:3:4:5:6]:5", "", "2001:db8:1:2::/64"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.1]:5", "", "192.0.2.1/32"},
		{"a zone", "[fe80::1%eth0]:5", "", "fe80::/64"},
		{"a stranger who claims to be another", "192.0.2.1:5", "198.51.100.1", "192.0.2.1/32"},
		{"our proxy", "10.0.0.1:5", "198.51.100.1", "198.51.100.1/32"},
		{"our proxy on IPv6", "[::1]:5", "198.51.100.1", "198.51.100.1/32"},
		{"our proxy, without the header", "10.0.0.1:5", "", "10.0.0.1/32"},
		{"what the client wrote stands left", "10.0.0.1:5", "1.1.1.1, 198.51.100.1", "198.51.100.1/32"},
		{"two proxies of ours", "10.0.0.1:5", "198.51.100.1, 10.0.0.2", "198.51.100.1/32"},
		{"the client claims to be our proxy", "10.0.0.1:5", "10.9.9.9, 198.51.100.1", "198.51.100.1/32"},
		{"nonsense", "10.0.0.1:5", "198.51.100.1, x", "10.0.0.1/32"},
		{"nonsense before our other proxy", "10.0.0.1:5", "198.51.100.1, x, 10.0.0.2", "10.0.0.2/32"},
		{"an empty entry", "10.0.0.1:5", "198.51.100.1, ", "10.0.0.1/32"},
		{"a proxy's own words for a secret", "10.0.0.1:5", "unknown", "10.0.0.1/32"},
		{"IPv6 behind our proxy: the customer's network", "10.0.0.1:5", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"IPv4 in IPv6 behind our proxy", "10.0.0.1:5", "::ffff:198.51.100.1", "198.51.100.1/32"},
		{"with a port", "10.0.0.1:5", "198.51.100.1:4711", "198.51.100.1/32"},
		{"IPv6 with a port", "10.0.0.1:5", "[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"},
		{"with a zone", "10.0.0.1:5", "fe80::1%eth0", "fe80::/64"},
		{"IPv6, a stranger who claims to be another", "[2001:db8:1:2::1]:5", "198.51.100.1", "2001:db8:1:2::/64"},
		{"a neighbour of our proxy is a stranger", "[::2]:5", "198.51.100.1", "::/64"},
		{"our proxy's address in IPv6 is our proxy", "[::ffff:10.0.0.1]:5", "198.51.100.1", "198.51.100.1/32"},
		{"only our proxies", "10.0.0.1:5", "10.0.0.3, 10.0.0.2", "10.0.0.3/32"},
		{"no IP address at all", "pipe", "198.51.100.1", "invalid Prefix"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := a.asker(r).from.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

// Exempt is of addresses, and the limits are of networks: a neighbour is not exempt.
func TestExemptAddresses(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{Exempt: []netip.Prefix{
		netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("2001:db8:1:2::/128"), netip.MustParsePrefix("10.0.0.0/8"),
	}})
	for _, c := range []struct {
		why, remote string
		want        bool
	}{
		{"the loopback of IPv6", "[::1]:5", true},
		{"one address of a network", "[2001:db8:1:2::]:5", true},
		{"its neighbour", "[2001:db8:1:2:dead:beef::1]:5", false},
		{"IPv4", "10.1.2.3:5", true},
		{"IPv4 in IPv6", "[::ffff:10.1.2.3]:5", true},
		{"another", "192.0.2.1:5", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		if got := a.asker(r).exempt; got != c.want {
			t.Errorf("%s: exempt %v, want %v", c.why, got, c.want)
		}
	}
}

// Two X-Forwarded-For headers are one list, and what a client wrote into the first does not count.
func TestAddressOfTwoHeaders(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "10.0.0.1:5"
	r.Header["X-Forwarded-For"] = []string{"192.0.2.7", "198.51.100.1, 10.0.0.2"}
	r.Header.Set("Forwarded", "for=192.0.2.8")
	r.Header.Set("X-Real-Ip", "192.0.2.9")
	if got := a.asker(r).from.String(); got != "198.51.100.1/32" {
		t.Errorf("%s", got)
	}
}

func TestAddressLimits(t *testing.T) {
	t.Parallel()
	one, other := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	six, exempt := netip.MustParsePrefix("2001:db8:1:2::/64"), netip.MustParsePrefix("127.0.0.1/32")
	a := testAddresses(t, Options{Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	now := time.Unix(1_800_000_000, 0)
	handshake := func(by asker, at time.Time) bool { return a.handshake(by, at) == nil }
	join := func(by asker, at time.Time) bool { return a.join(by.from.String(), at) }
	look := func(by asker, at time.Time) bool {
		ok := a.mayLookUp(by.from, at)
		if ok {
			a.failedLookUp(by.from, at)
		}
		return ok
	}
	fail := func(by asker, at time.Time) bool {
		ok := a.mayFail(by, at) == nil
		if ok {
			a.failed(by, at)
		}
		return ok
	}
	for _, c := range []struct {
		why  string
		from address
		at   time.Duration
		may  func(asker, time.Time) bool
		want int // of 100
	}{
		{"a burst of handshakes", one, 0, handshake, 50},
		{"more at once", one, 0, handshake, 0},
		{"a second later", one, time.Second, handshake, 10},
		{"another address", other, time.Second, handshake, 50},
		{"a network of IPv6", six, time.Second, handshake, 50},
		{"calls are counted apart", one, time.Second, a.call, 50},
		{"an exempt address", exempt, 0, handshake, 100},
		{"an exempt address's calls", exempt, 0, a.call, 100},
		{"a burst of failed look-ups", one, 0, look, 20},
		{"two seconds later", one, 2 * time.Second, look, 0},
		{"three seconds later", one, 3 * time.Second, look, 1},
		{"a minute after that", one, 63 * time.Second, look, 20},
		{"nobody is exempt from guessing rooms", exempt, 0, look, 20},
		{"ten failed calls", one, 0, fail, 10},
		{"none for a minute", one, time.Minute - time.Nanosecond, fail, 0},
		{"all again after it", one, time.Minute, fail, 10},
		{"another address meanwhile", other, 0, fail, 10},
		{"an exempt address", exempt, 0, fail, 100},
		{"an identity's joins", one, 0, join, 5},
		{"almost a second later", one, time.Second - time.Millisecond, join, 0},
		{"a second later", one, time.Second, join, 1},
		{"another identity", other, 0, join, 5},
	} {
		n := 0
		for range 100 {
			if c.may(asker{c.from, c.from == exempt}, now.Add(c.at)) {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%s: %d, want %d", c.why, n, c.want)
		}
	}
	counts := reached(t, a.metrics)
	for l, want := range map[limit]float64{
		limitHandshakes: 50 + 100 + 90 + 50 + 50, limitCalls: 50, limitJoins: 95 + 100 + 99 + 95,
		limitLookups: 80 + 100 + 99 + 80 + 80, limitFailedCalls: 90 + 100 + 90 + 90, limitHandshakeAll: 0,
	} {
		if got := counts[l]; got != want {
			t.Errorf("%s was reached %v times, want %v", l, got, want)
		}
	}
}

// Failed calls spread over time bar nobody, and whoever is barred is told for how long.
func TestFailedCalls(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{})
	by, now := asker{from: netip.MustParsePrefix("192.0.2.1/32")}, time.Unix(1_800_000_000, 0)
	for range 100 {
		if refused := a.mayFail(by, now); refused != nil {
			t.Fatalf("one wrong call in six seconds: %v", refused)
		}
		a.failed(by, now)
		now = now.Add(6 * time.Second)
	}
	for range 10 {
		a.failed(by, now)
	}
	now = now.Add(29500 * time.Millisecond)
	refused := a.mayFail(by, now)
	if refused == nil || refused.Code != tickwirev1.Code_CODE_TOO_MANY {
		t.Fatalf("refused with %v", refused)
	}
	if got := refused.connectError().Meta().Get("Retry-After"); got != "31" {
		t.Errorf("Retry-After: %s, want 31: a client that comes earlier comes in vain", got)
	}
}

// The whole node takes so many handshakes a second, whoever makes them; those that an address may not make do not count.
func TestHandshakesOfAll(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{})
	now := time.Unix(1_800_000_000, 0)
	greedy := asker{from: netip.MustParsePrefix("192.0.2.1/32")}
	for range 10_000 {
		_ = a.handshake(greedy, now) // 50 of these are let through
	}
	ip, let := netip.MustParseAddr("10.0.0.0"), 50
	var refused *Error
	for ; refused == nil && let < 10_000; let++ {
		ip = ip.Next()
		refused = a.handshake(asker{from: netip.PrefixFrom(ip, 32)}, now)
	}
	if let--; let != 1000 || refused == nil || refused.Code != tickwirev1.Code_CODE_BUSY || refused.status() != 503 {
		t.Errorf("%d were let through, then %v", let, refused)
	}
	if refused := a.handshake(asker{greedy.from, true}, now); refused == nil || refused.Code != tickwirev1.Code_CODE_BUSY {
		t.Errorf("an exempt address: %v", refused)
	}
	for n := range 501 {
		ip = ip.Next()
		refused := a.handshake(asker{from: netip.PrefixFrom(ip, 32)}, now.Add(time.Second))
		if (refused != nil) != (n == 500) {
			t.Fatalf("number %d of the next second: %v", n+1, refused)
		}
	}
	header := http.Header{}
	refused.retryAfter(header)
	if got := header.Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After: %q", got)
	}
}

// Every table that strangers can fill has a bound, and forgets who was silent longest.
func TestAddressTablesAreBounded(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{})
	now := time.Unix(1_800_000_000, 0)
	ip := netip.MustParseAddr("10.0.0.0")
	for n := range maxAddresses + 100 {
		by := asker{from: netip.PrefixFrom(ip, 32)}
		_ = a.handshake(by, now)
		a.call(by, now)
		_ = a.mayFail(by, now)
		a.failed(by, now)
		a.mayLookUp(by.from, now)
		a.failedLookUp(by.from, now)
		a.join("player-"+strconv.Itoa(n), now)
		_, _ = a.greet(by) // nobody says hello
		ip = ip.Next()
	}
	if n := a.table.Len(); n != maxAddresses {
		t.Errorf("%d addresses, want %d", n, maxAddresses)
	}
	if n := a.joins.Len(); n != maxIdentities {
		t.Errorf("%d identities, want %d", n, maxIdentities)
	}
	if n := len(a.greeting); n != a.limits.GreetingAll {
		t.Errorf("%d addresses have sockets before hello, want %d", n, a.limits.GreetingAll)
	}
	if _, old := a.table.Peek(netip.MustParsePrefix("10.0.0.0/32")); old {
		t.Error("the address that was silent longest is still there")
	}
}

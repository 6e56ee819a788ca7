package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func testAddresses(t *testing.T, o Options) *addresses {
	t.Helper()
	o.Limits = o.Limits.withDefaults()
	a, err := newAddresses(&o)
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

func TestAddressLimits(t *testing.T) {
	t.Parallel()
	one, other := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	exempt := netip.MustParsePrefix("127.0.0.1/32")
	a := testAddresses(t, Options{Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	now := time.Unix(1_800_000_000, 0)
	count := func(from address, at time.Time, may func(asker, time.Time) bool) (n int) {
		for range 100 {
			if may(asker{from, from == exempt}, at) {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		why  string
		from address
		at   time.Duration
		may  func(asker, time.Time) bool
		want int
	}{
		{"a burst of handshakes", one, 0, a.handshake, 50},
		{"more at once", one, 0, a.handshake, 0},
		{"a second later", one, time.Second, a.handshake, 10},
		{"another address", other, time.Second, a.handshake, 50},
		{"calls are counted apart", one, time.Second, a.call, 50},
		{"an exempt address", exempt, 0, a.handshake, 100},
		{"an exempt address's calls", exempt, 0, a.call, 100},
	} {
		if got := count(c.from, now.Add(c.at), c.may); got != c.want {
			t.Errorf("%s: %d, want %d", c.why, got, c.want)
		}
	}
	fail := func(by asker, at time.Time) bool {
		from := by.from
		if !a.mayLookUp(from, at) {
			return false
		}
		a.failedLookUp(from, at)
		return true
	}
	for _, c := range []struct {
		why  string
		from address
		at   time.Duration
		want int
	}{
		{"a burst of failed look-ups", one, 0, 20},
		{"two seconds later", one, 2 * time.Second, 0},
		{"three seconds later", one, 3 * time.Second, 1},
		{"a minute after that", one, 63 * time.Second, 20},
		{"nobody is exempt", exempt, 0, 20},
	} {
		if got := count(c.from, now.Add(c.at), fail); got != c.want {
			t.Errorf("%s: %d, want %d", c.why, got, c.want)
		}
	}
}

func TestAddressTableIsBounded(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{})
	now := time.Unix(1_800_000_000, 0)
	ip := netip.MustParseAddr("10.0.0.0")
	for range maxAddresses + 100 {
		a.handshake(asker{from: netip.PrefixFrom(ip, 32)}, now)
		ip = ip.Next()
	}
	if n := a.table.Len(); n != maxAddresses {
		t.Errorf("%d addresses, want %d", n, maxAddresses)
	}
}

package server

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	const page = "https://good.example"
	for _, c := range []struct {
		why, origin, host string
		options           Options
		tls, want         bool
	}{
		{why: "same host", origin: "http://play.example:8080", host: "play.example:8080", want: true},
		{why: "same host, own port left out", origin: "https://play.example", host: "play.example:443", want: true},
		{why: "same host in capitals", origin: "http://PLAY.example", host: "play.EXAMPLE", want: true},
		{why: "TLS ended by a proxy", origin: "https://play.example", host: "play.example", want: true},
		{why: "another port", origin: "http://play.example:8081", host: "play.example:8080"},
		{why: "another host", origin: "http://evil.example", host: "play.example"},
		{why: "a page without TLS, a server with", origin: "http://play.example", host: "play.example", tls: true},
		{why: "listed", origin: page, want: true},
		{why: "listed, in capitals", origin: "HTTPS://Good.Example", want: true},
		{why: "listed, own port written", origin: "https://good.example:443", want: true},
		{why: "listed, another port", origin: "https://good.example:444"},
		{why: "listed, another scheme", origin: "http://good.example"},
		{why: "suffix", origin: "https://good.example.evil"},
		{why: "prefix", origin: "https://evilgood.example"},
		{why: "subdomain", origin: "https://www.good.example"},
		{why: "dot at the end", origin: "https://good.example."},
		{why: "userinfo", origin: "https://good.example@evil.example"},
		{why: "userinfo before the right host", origin: "https://evil@good.example"},
		{why: "path", origin: "https://good.example/"},
		{why: "query", origin: "https://good.example?"},
		{why: "fragment", origin: "https://good.example#"},
		{why: "null", origin: "null"},
		{why: "null, although the host is", origin: "null", host: "null"},
		{why: "a file", origin: "file://"},
		{why: "not http", origin: "ftp://good.example"},
		{why: "letters that only look the same", origin: "https://goоd.example"},
		{why: "percent", origin: "https://good%2eexample"},
		{why: "an IDN as browsers write it", origin: "https://xn--bcher-kva.example", want: true},
		{why: "an IDN as people write it", origin: "https://bücher.example"},
		{why: "an empty port", origin: "https://good.example:"},
		{why: "two in one", origin: "https://good.example https://evil.example"},
		{why: "an IPv6 host", origin: "http://[::1]:8080", host: "[::1]:8080", want: true},
		{why: "missing", want: true},
		{why: "missing, and required", options: Options{RequireOrigin: true}},
		{why: "the public URL's", origin: "https://a.example", options: Options{PublicURL: "https://a.example/x"}, want: true},
		{
			why: "the host's, but there is a public URL", origin: "http://b.example", host: "b.example",
			options: Options{PublicURL: "https://a.example/x"},
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			t.Parallel()
			c.options.Origins = []string{page, "https://xn--bcher-kva.example"}
			rule, err := newOrigins(&c.options, (&addresses{}).scheme)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, socketPath, nil)
			if r.Host = c.host; c.host == "" {
				r.Host = "play.example"
			}
			if c.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			if got := rule.allow(r); got != c.want {
				t.Errorf("%q at %q: %v, want %v", c.origin, r.Host, got, c.want)
			}
		})
	}
}

func TestTwoOrigins(t *testing.T) {
	t.Parallel()
	rule, err := newOrigins(&Options{}, (&addresses{}).scheme)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "http://play.example/", nil)
	r.Header["Origin"] = []string{"http://play.example", "http://evil.example"}
	if rule.allow(r) {
		t.Error("accepted, although it is not clear whose page it is")
	}
}

func TestOriginOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{Origins: []string{"good.example"}},
		{Origins: []string{"https://good.example/path"}},
		{Origins: []string{"*"}},
		{Origins: []string{"https://bücher.example"}},
		{PublicURL: "play.example"},
		{PublicURL: "https://user@play.example"},
		{PublicURL: "ws://play.example"},
		{PublicURL: "https://play.example/?x=1"},
	} {
		if _, err := newOrigins(&o, (&addresses{}).scheme); err == nil {
			t.Errorf("%q %q: accepted", o.Origins, o.PublicURL)
		}
	}
}

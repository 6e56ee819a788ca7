package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/rs/cors"
)

// origins decides which web pages may use the server: the same answer for CORS and for WebSockets.
type origins struct {
	allowed map[string]bool // canonical
	own     string          // canonical origin of Options.PublicURL; empty: the host of each request
	require bool
	proxied func(*http.Request) string // the scheme the client used
}

// newOrigins reads the origins of o.
func newOrigins(o *Options, scheme func(*http.Request) string) (*origins, error) {
	rule := &origins{allowed: map[string]bool{}, require: o.RequireOrigin, proxied: scheme}
	for _, text := range o.Origins {
		origin, ok := canonicalOrigin(text)
		if !ok {
			return nil, errors.New("server: Options.Origins: " + text +
				" is not of the form https://host or https://host:port (write other alphabets as browsers do: xn--…)")
		}
		rule.allowed[origin] = true
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil {
			return nil, errors.New("server: Options.PublicURL is not a URL")
		}
		own, ok := canonicalOrigin(u.Scheme + "://" + u.Host)
		if !ok || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, errors.New("server: Options.PublicURL is not of the form https://host/path")
		}
		rule.own = own
	}
	return rule, nil
}

// allow reports whether a request's Origin may use the server. Native clients send none.
func (o *origins) allow(r *http.Request) bool {
	values := r.Header.Values("Origin")
	switch len(values) {
	case 0:
		return !o.require
	case 1:
		return o.allowOrigin(r, values[0])
	default:
		return false
	}
}

// allowOrigin reports whether a page of the given origin may use the server.
func (o *origins) allowOrigin(r *http.Request, text string) bool {
	origin, ok := canonicalOrigin(text)
	if !ok {
		return false
	}
	if o.allowed[origin] || o.own != "" {
		return o.allowed[origin] || origin == o.own
	}
	scheme, _, _ := strings.Cut(origin, "://")
	if scheme == "http" && o.proxied(r) == secure {
		return false // a page that anybody on the way could have written
	}
	host, ok := canonicalOrigin(scheme + "://" + r.Host)
	return ok && origin == host
}

// canonicalOrigin writes an origin as browsers do: lower case, without the scheme's own port. It refuses "null", and
// whatever browsers do not write.
func canonicalOrigin(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery ||
		u.Fragment != "" || strings.HasSuffix(text, "#") {
		return "", false
	}
	for _, c := range []byte(u.Host) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`%"'<>\^{|}*,;`, c) >= 0 {
			return "", false
		}
	}
	own := map[string]string{"http": ":80", secure: ":443"}[u.Scheme]
	if own == "" || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	return u.Scheme + "://" + strings.TrimSuffix(strings.ToLower(u.Host), own), true
}

// cors lets the pages that the rule allows call the lobby.
func (o *origins) cors(next http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginVaryRequestFunc: func(r *http.Request, origin string) (bool, []string) {
			return o.allowOrigin(r, origin), nil
		},
		AllowedMethods: []string{http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Connect-Protocol-Version", "Connect-Timeout-Ms"},
		ExposedHeaders: []string{"Retry-After"},
		MaxAge:         600,
	}).Handler(next)
}

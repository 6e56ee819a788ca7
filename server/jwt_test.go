package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// issuer makes access tokens with all kinds of keys; JWT is told of two secrets and two public keys of them.
type issuer struct {
	secret, old, foreign          []byte
	private, before, someone      ed25519.PrivateKey
	public, beforeKey, someoneKey ed25519.PublicKey
	rsa                           *rsa.PrivateKey
	ecdsa                         *ecdsa.PrivateKey
}

func newIssuer(tb testing.TB) *issuer {
	tb.Helper()
	i := &issuer{secret: make([]byte, 32), old: make([]byte, 32), foreign: make([]byte, 32)}
	for _, b := range [][]byte{i.secret, i.old, i.foreign} {
		_, _ = rand.Read(b)
	}
	var errs [5]error
	i.public, i.private, errs[0] = ed25519.GenerateKey(rand.Reader)
	i.beforeKey, i.before, errs[1] = ed25519.GenerateKey(rand.Reader)
	i.someoneKey, i.someone, errs[2] = ed25519.GenerateKey(rand.Reader)
	i.rsa, errs[3] = rsa.GenerateKey(rand.Reader, 2048)
	i.ecdsa, errs[4] = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(errs[:]...); err != nil {
		tb.Fatal(err)
	}
	return i
}

func (i *issuer) options() JWTOptions {
	return JWTOptions{Secrets: [][]byte{i.secret, i.old}, PublicKeys: []ed25519.PublicKey{i.public, i.beforeKey}}
}

// sign makes the header of a call with a token.
func sign(tb testing.TB, method jwt.SigningMethod, key any, claims jwt.MapClaims) http.Header {
	tb.Helper()
	text, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		tb.Fatal(err)
	}
	return authorization("Bearer " + text)
}

func authorization(values ...string) http.Header { return http.Header{"Authorization": values} }

// ada is a token's claims, changed by pairs of name and value; nil takes one away.
func ada(changes ...any) jwt.MapClaims {
	claims := jwt.MapClaims{"sub": "user-7", "name": "Ada", "exp": time.Now().Add(time.Hour).Unix()}
	for c := range slices.Chunk(changes, 2) {
		if c[1] == nil {
			delete(claims, c[0].(string))
		} else {
			claims[c[0].(string)] = c[1]
		}
	}
	return claims
}

// Only a token of a known key, of that key's algorithm, in its time, is believed; all else gets one answer.
func TestJWT(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	synctest.Test(t, func(t *testing.T) { checkJWTs(t, is) })
}

func checkJWTs(t *testing.T, is *issuer) {
	t.Helper()
	hs, ed, now := jwt.SigningMethodHS256, jwt.SigningMethodEdDSA, time.Now()
	good, long := sign(t, hs, is.secret, ada()).Get("Authorization"), strings.Repeat("u", 128)
	withHeader := func(name string, value any) http.Header {
		token := jwt.NewWithClaims(hs, ada())
		token.Header[name] = value
		text, err := token.SignedString(is.secret)
		if err != nil {
			t.Fatal(err)
		}
		return authorization("Bearer " + text)
	}
	bound := is.options()
	bound.Audience, bound.Issuer = "play", "https://id.example"
	onlySecrets, onlyPublic := JWTOptions{Secrets: bound.Secrets}, JWTOptions{PublicKeys: bound.PublicKeys}
	ids := func(aud, iss any) http.Header { return sign(t, hs, is.secret, ada("aud", aud, "iss", iss)) }
	tests := []struct {
		why    string
		header http.Header
		o      JWTOptions
		want   string // the identity; "": refused
	}{
		{"HS256", authorization(good), is.options(), "user-7"},
		{"EdDSA", sign(t, ed, is.private, ada()), is.options(), "user-7"},
		{"the older secret", sign(t, hs, is.old, ada()), is.options(), "user-7"},
		{"the older key", sign(t, ed, is.before, ada()), is.options(), "user-7"},
		{"the scheme's case does not matter", authorization("bearer" + good[len("Bearer"):]), is.options(), "user-7"},
		{"a name is not needed", sign(t, hs, is.secret, ada("name", nil)), is.options(), "user-7"},
		{"an identity of 128 bytes", sign(t, hs, is.secret, ada("sub", long)), is.options(), long},

		{"no header", http.Header{}, is.options(), ""},
		{"two headers", authorization(good, good), is.options(), ""},
		{"no token", authorization("Bearer"), is.options(), ""},
		{"an empty token", authorization("Bearer "), is.options(), ""},
		{"another scheme", authorization("Basic" + good[len("Bearer"):]), is.options(), ""},
		{"no scheme", authorization(good[len("Bearer "):]), is.options(), ""},
		{"more than a token", authorization(good + " x"), is.options(), ""},
		{"two parts", authorization(good[:strings.LastIndexByte(good, '.')]), is.options(), ""},
		{"no signature", authorization(good[:strings.LastIndexByte(good, '.')+1]), is.options(), ""},
		{"more than 4 KiB", sign(t, hs, is.secret, ada("x", strings.Repeat("x", 4<<10))), is.options(), ""},

		{"a foreign secret", sign(t, hs, is.foreign, ada()), is.options(), ""},
		{"a foreign key", sign(t, ed, is.someone, ada()), is.options(), ""},
		{"alg none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, ada()), is.options(), ""},
		{"alg none in capitals", authorization("Bearer " + forged("NONE") + "."), is.options(), ""},
		{"the public key as a secret", sign(t, hs, []byte(is.public), ada()), is.options(), ""},
		{"the public key as a secret, no secret is known", sign(t, hs, []byte(is.public), ada()), onlyPublic, ""},
		{"HS256, which has no key here", authorization(good), onlyPublic, ""},
		{"EdDSA, which has no key here", sign(t, ed, is.private, ada()), onlySecrets, ""},
		{"HS384 with the right secret", sign(t, jwt.SigningMethodHS384, is.secret, ada()), is.options(), ""},
		{"HS512 with the right secret", sign(t, jwt.SigningMethodHS512, is.secret, ada()), is.options(), ""},
		{"RS256", sign(t, jwt.SigningMethodRS256, is.rsa, ada()), is.options(), ""},
		{"ES256", sign(t, jwt.SigningMethodES256, is.ecdsa, ada()), is.options(), ""},
		{"a header that must be understood", withHeader("crit", []string{"b64"}), is.options(), ""},
		{"a key brought along", withHeader("jwk", map[string]any{"kty": "oct"}), is.options(), "user-7"}, // not looked at

		{"without exp", sign(t, hs, is.secret, ada("exp", nil)), is.options(), ""},
		{"expired within the leeway", sign(t, hs, is.secret, ada("exp", now.Unix()-59)), is.options(), "user-7"},
		{"expired", sign(t, hs, is.secret, ada("exp", now.Unix()-60)), is.options(), ""},
		{"exp is a string", sign(t, hs, is.secret, ada("exp", "tomorrow")), is.options(), ""},
		{"not yet, but within the leeway", sign(t, hs, is.secret, ada("nbf", now.Unix()+60)), is.options(), "user-7"},
		{"not yet", sign(t, hs, is.secret, ada("nbf", now.Unix()+61)), is.options(), ""},
		{"without sub", sign(t, hs, is.secret, ada("sub", nil)), is.options(), ""},
		{"an empty sub", sign(t, hs, is.secret, ada("sub", "")), is.options(), ""},
		{"sub is a number", sign(t, hs, is.secret, ada("sub", 7)), is.options(), ""},
		{"an identity of 129 bytes", sign(t, hs, is.secret, ada("sub", long+"u")), is.options(), ""},
		{"name is a list", sign(t, hs, is.secret, ada("name", []string{"Ada"})), is.options(), ""},

		{"the right audience and issuer", ids("play", "https://id.example"), bound, "user-7"},
		{"one of several audiences", ids([]string{"shop", "play"}, "https://id.example"), bound, "user-7"},
		{"another audience", ids("shop", "https://id.example"), bound, ""},
		{"no audience", ids(nil, "https://id.example"), bound, ""},
		{"another issuer", ids("play", "https://id.example.evil"), bound, ""},
		{"no issuer", ids("play", nil), bound, ""},
	}
	for _, tc := range tests {
		authenticate, err := JWT(tc.o)
		if err != nil {
			t.Fatal(err)
		}
		checkJWT(t, tc.why, authenticate, tc.header, tc.want)
	}
}

// checkJWT checks who a call is of, and that a refusal tells nothing.
func checkJWT(
	t *testing.T, why string, authenticate func(context.Context, http.Header) (Identity, error), header http.Header,
	want string,
) {
	t.Helper()
	who, err := authenticate(t.Context(), header)
	if who.ID != want {
		t.Errorf("%s: identity %q, want %q (%v)", why, who.ID, want, err)
	}
	refused, typed := errors.AsType[*Error](err)
	if want != "" {
		if err != nil || who.Name != "" && who.Name != "Ada" {
			t.Errorf("%s: name %q, %v", why, who.Name, err)
		}
		return
	}
	if !typed || refused.Code != tickwirev1.Code_CODE_UNAUTHENTICATED ||
		refused.Message != "the access token is missing, forged or expired" || who != (Identity{}) {
		t.Errorf("%s: refused with %v, %+v", why, err, who)
	}
}

// forged is the beginning of a token that claims an algorithm.
func forged(algorithm string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"`+algorithm+`","typ":"JWT"}`)) + "." + encode([]byte(`{"sub":"user-7","exp":4102444800}`))
}

// The leeway is exact: a token is good until a minute after its time, and not at that minute.
func TestJWTLeeway(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	synctest.Test(t, func(t *testing.T) {
		authenticate, err := JWT(is.options())
		if err != nil {
			t.Fatal(err)
		}
		header := sign(t, jwt.SigningMethodHS256, is.secret, ada("exp", time.Now().Add(time.Hour).Unix()))
		time.Sleep(time.Hour + time.Minute - time.Nanosecond)
		checkJWT(t, "just in time", authenticate, header, "user-7")
		time.Sleep(time.Nanosecond)
		checkJWT(t, "too late", authenticate, header, "")
	})
}

// A bit changed anywhere in a token makes it worthless, even one of those at the end that mean nothing.
func TestJWTTampered(t *testing.T) {
	t.Parallel()
	is := newIssuer(t)
	authenticate, err := JWT(is.options())
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, jwt.SigningMethodHS256, is.secret, ada()).Get("Authorization")
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := len("Bearer "); i < len(good); i++ {
		bad := []byte(good)
		bad[i] = alphabet[(strings.IndexByte(alphabet, bad[i])+1)%len(alphabet)] // the lowest bit, or the dot
		if who, err := authenticate(t.Context(), authorization(string(bad))); err == nil {
			t.Errorf("byte %d changed: %+v", i, who)
		}
	}
}

func TestJWTOptions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why string
		o   JWTOptions
		ok  bool
	}{
		{"no key", JWTOptions{Audience: "play"}, false},
		{"a short secret", JWTOptions{Secrets: [][]byte{make([]byte, 31)}}, false},
		{"a secret of 32 bytes", JWTOptions{Secrets: [][]byte{make([]byte, 32)}}, true},
		{"the second is short", JWTOptions{Secrets: [][]byte{make([]byte, 32), {}}}, false},
		{"half a public key", JWTOptions{PublicKeys: []ed25519.PublicKey{make([]byte, 16)}}, false},
		{"a private key", JWTOptions{PublicKeys: []ed25519.PublicKey{make([]byte, ed25519.PrivateKeySize)}}, false},
		{"a public key", JWTOptions{PublicKeys: []ed25519.PublicKey{make([]byte, 32)}}, true},
	} {
		if _, err := JWT(tc.o); (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.why, err)
		}
	}
}

// FuzzJWT checks that no header makes the hook fail otherwise than with its one answer.
func FuzzJWT(f *testing.F) {
	is := newIssuer(f)
	authenticate, err := JWT(is.options())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sign(f, jwt.SigningMethodHS256, is.foreign, ada()).Get("Authorization"))
	f.Add(sign(f, jwt.SigningMethodEdDSA, is.someone, ada()).Get("Authorization"))
	f.Add("Bearer " + forged("none") + ".")
	f.Add("Bearer ..")
	f.Fuzz(func(t *testing.T, value string) { checkJWT(t, value, authenticate, authorization(value), "") })
}

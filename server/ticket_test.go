package server

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

// mustSigner makes a signer that signs with the first secret and believes all.
func mustSigner(tb testing.TB, secret string, old ...string) *signer {
	tb.Helper()
	var bytes [][]byte
	for _, o := range old {
		bytes = append(bytes, []byte(o))
	}
	s, err := newSigner([]byte(secret), bytes)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestTicketRoundTrip(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 123_456_789)
	s := mustSigner(t, "0123456789abcdef")
	want := newTicket("ROOM", "SESSION", 7, now.Add(15*time.Second))
	text := s.seal(want)
	got, err := s.open(text, now)
	if err != nil || !got.equal(&want) {
		t.Fatalf("open: %+v, %v; want %+v", got, err, want)
	}
	if strings.ContainsAny(text, "+/=,; \"") {
		t.Errorf("%q is not a token for a header", text)
	}
	if other := s.seal(newTicket("ROOM", "SESSION", 7, want.expires)); other == text {
		t.Error("two tickets are the same")
	}
	if _, err := s.open(text, want.expires.Add(-time.Millisecond)); err != nil {
		t.Errorf("just before it expires: %v", err)
	}
	if _, err := s.open(text, want.expires); err == nil {
		t.Error("good at the moment it expires")
	}
}

// The longest names fit, and their lengths fill the byte that holds them.
func TestTicketOfLongNames(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(t, "0123456789abcdef")
	want := newTicket(strings.Repeat("r", 255), strings.Repeat("s", 255), 1, now.Add(time.Minute))
	if got, err := s.open(s.seal(want), now); err != nil || !got.equal(&want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTicketTampered(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(t, "0123456789abcdef")
	good, err := base64.RawURLEncoding.DecodeString(s.seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute))))
	if err != nil {
		t.Fatal(err)
	}
	if n := 1 + 1 + 4 + 1 + 7 + 4 + 8 + secretSize + macSize; len(good) != n {
		t.Fatalf("%d bytes, want %d", len(good), n)
	}
	for i := range good {
		for bit := range 8 {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << bit
			if _, err := s.open(base64.RawURLEncoding.EncodeToString(bad), now); err == nil {
				t.Errorf("byte %d bit %d: accepted", i, bit)
			}
		}
	}
}

func TestTicketRefused(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(t, "0123456789abcdef")
	good := s.seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute)))
	for _, c := range []struct{ why, text string }{
		{"missing", ""},
		{"not base64", "!!!"},
		{"padded", good + "="},
		{"with a line break", good[:9] + "\n" + good[9:]},
		{"cut", good[:len(good)-1]},
		{"longer", good + "AAAA"},
		{"far too long", strings.Repeat("A", 1<<20)},
		{"only a kid", base64.RawURLEncoding.EncodeToString([]byte{s.tickets[0].kid})},
		{"another key", mustSigner(t, "0123456789abcdeX").seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute)))},
		{"a random key", mustRandomSigner(t).seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute)))},
		{"signed, but nothing in it", sealBytes(s.tickets[0], []byte{s.tickets[0].kid})},
		{"signed, with a length that lies", sealBytes(s.tickets[0], []byte{s.tickets[0].kid, 200, 'x'})},
	} {
		if _, err := s.open(c.text, now); err == nil {
			t.Errorf("%s: accepted", c.why)
		}
	}
}

func mustRandomSigner(t *testing.T) *signer {
	t.Helper()
	s, err := newSigner(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sealBytes signs whatever it is given.
func sealBytes(k key, b []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(b, k.sum(b)...))
}

func TestShortSecrets(t *testing.T) {
	t.Parallel()
	const good = "0123456789abcdef"
	for _, c := range []struct {
		why, secret string
		old         []string
		ok          bool
	}{
		{"long enough", good, []string{good}, true},
		{"short", good[1:], nil, false},
		{"a short old one", good, []string{good, good[1:]}, false},
		{"an empty old one", good, []string{""}, false},
	} {
		var old [][]byte
		for _, o := range c.old {
			old = append(old, []byte(o))
		}
		if _, err := newSigner([]byte(c.secret), old); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// After a change of the secret what was signed before is good, until the old secret is taken out.
func TestSecretsChange(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	const first, second, third = "the first secret", "the second secret", "the third secret"
	old := mustSigner(t, first)
	ticketText := old.seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute)))
	tokenText := old.sealToken(newToken("SESSION", now, time.Hour))
	for _, c := range []struct {
		why  string
		s    *signer
		good bool
	}{
		{"the same", mustSigner(t, first), true},
		{"the next one, which knows the old", mustSigner(t, second, first), true},
		{"the one after, which knows both", mustSigner(t, third, second, first), true},
		{"one that does not know it: an unknown kid", mustSigner(t, third, second), false},
		{"a random one that knows the old", &signer{
			append(mustRandomSigner(t).tickets, old.tickets...), append(mustRandomSigner(t).tokens, old.tokens...),
		}, true},
	} {
		if _, err := c.s.open(ticketText, now); (err == nil) != c.good {
			t.Errorf("ticket, %s: %v", c.why, err)
		}
		if _, err := c.s.openToken(tokenText, now); (err == nil) != c.good {
			t.Errorf("token, %s: %v", c.why, err)
		}
	}
	if _, err := old.open(mustSigner(t, second, first).seal(newTicket("R", "S", 1, now.Add(time.Minute))), now); err == nil {
		t.Error("an old secret was used to sign")
	}
	if _, err := old.openToken(mustSigner(t, second, first).sealToken(newToken("S", now, time.Hour)), now); err == nil {
		t.Error("an old secret was used to sign a token")
	}
}

// Two secrets may happen to have the same kid; both are tried.
func TestSecretsOfEqualKid(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	old, s := mustSigner(t, "the first secret"), mustSigner(t, "the second secret", "the first secret")
	old.tickets[0].kid, s.tickets[0].kid, s.tickets[1].kid = 7, 7, 7
	for _, by := range []*signer{old, s} {
		if _, err := s.open(by.seal(newTicket("R", "S", 1, now.Add(time.Minute))), now); err != nil {
			t.Error(err)
		}
	}
}

func FuzzTicket(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(f, "0123456789abcdef")
	f.Add(s.seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute))))
	f.Add("")
	f.Add(sealBytes(s.tickets[0], []byte{s.tickets[0].kid, 3, 'a'}))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := s.open(text, now)
		if err == nil && s.seal(got) != text {
			t.Errorf("%q is another way to write a ticket", text)
		}
	})
}

package server

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

func mustSigner(tb testing.TB, secret string) *signer {
	tb.Helper()
	s, err := newSigner([]byte(secret))
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
	if err != nil || !got.equal(want) {
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
	if got, err := s.open(s.seal(want), now); err != nil || !got.equal(want) {
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
	if n := 1 + 1 + 4 + 1 + 7 + 4 + 8 + nonceSize + macSize; len(good) != n {
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
		{"cut", good[:len(good)-1]},
		{"longer", good + "AAAA"},
		{"far too long", strings.Repeat("A", 1<<20)},
		{"only a kid", base64.RawURLEncoding.EncodeToString([]byte{s.kid})},
		{"another key", mustSigner(t, "0123456789abcdeX").seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute)))},
		{"a random key", mustRandomSigner(t).seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute)))},
		{"signed, but nothing in it", sealBytes(s, []byte{s.kid})},
		{"signed, with a length that lies", sealBytes(s, []byte{s.kid, 200, 'x'})},
	} {
		if _, err := s.open(c.text, now); err == nil {
			t.Errorf("%s: accepted", c.why)
		}
	}
}

func mustRandomSigner(t *testing.T) *signer {
	t.Helper()
	s, err := newSigner(nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sealBytes(s *signer, b []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(b, s.mac(b)...))
}

func TestShortSecret(t *testing.T) {
	t.Parallel()
	if _, err := newSigner([]byte("short")); err == nil {
		t.Error("a short secret was accepted")
	}
}

func FuzzTicket(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(f, "0123456789abcdef")
	f.Add(s.seal(newTicket("ROOM", "SESSION", 1, now.Add(time.Minute))))
	f.Add("")
	f.Add(sealBytes(s, []byte{s.kid, 3, 'a'}))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := s.open(text, now)
		if err == nil && s.seal(got) != text {
			t.Errorf("%q is another way to write a ticket", text)
		}
	})
}

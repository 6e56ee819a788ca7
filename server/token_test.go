package server

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

// aToken is a token of generation 7 that was made at a time.
func aToken(now time.Time) token {
	t := newToken("SESSION", now, 12*time.Hour)
	t.room, t.generation = "ROOM", 7
	return t
}

func TestTokenRoundTrip(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 123_456_789)
	s := mustSigner(t, "0123456789abcdef")
	want := aToken(now)
	text := s.sealToken(want)
	got, err := s.openToken(text, now)
	if err != nil || !(*ticket)(&got).equal((*ticket)(&want)) {
		t.Fatalf("open: %+v, %v; want %+v", got, err, want)
	}
	if !strings.HasPrefix(text, "rt1.") || strings.ContainsAny(text, "+/=,; \"") {
		t.Errorf("%q is not what a token looks like", text)
	}
	if s.sealToken(aToken(now)) == text {
		t.Error("two tokens are the same")
	}
}

// A token lives as long as a connection may, the longest grace after it, and by how much clocks may differ.
func TestTokenExpires(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(t, "0123456789abcdef")
	text := s.sealToken(aToken(now))
	life := 12*time.Hour + 5*time.Minute + time.Minute
	if _, err := s.openToken(text, now.Add(life-time.Millisecond)); err != nil {
		t.Errorf("just before: %v", err)
	}
	if _, err := s.openToken(text, now.Add(life)); !errors.Is(err, errToken) {
		t.Errorf("at its end: %v", err)
	}
	if _, err := s.openToken(text, now.Add(-time.Hour)); err != nil {
		t.Errorf("on a node whose clock is behind: %v", err)
	}
}

// Case: a bit tampered in each field, at every place.
func TestTokenTampered(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(t, "0123456789abcdef")
	good, err := base64.RawURLEncoding.DecodeString(s.sealToken(aToken(now))[len(tokenPrefix):])
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
			if _, err := s.openToken(tokenPrefix+base64.RawURLEncoding.EncodeToString(bad), now); !errors.Is(err, errToken) {
				t.Errorf("byte %d bit %d: %v", i, bit, err)
			}
		}
	}
}

// Cases: truncated, oversized, an unknown key, and all that is no token.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(t, "0123456789abcdef")
	good := s.sealToken(aToken(now))
	ours := s.tokens[0]
	for _, c := range []struct{ why, text string }{
		{"missing", ""},
		{"only a prefix", "rt1."},
		{"without the prefix", good[4:]},
		{"of another format", "rt2." + good[4:]},
		{"the prefix twice", "rt1." + good},
		{"in other letters", "RT1." + good[4:]},
		{"a space before", " " + good},
		{"a line after", good + "\n"},
		{"not base64", "rt1.!!!"},
		{"padded", good + "="},
		{"one character cut off", good[:len(good)-1]},
		{"half", good[:len(good)/2]},
		{"longer", good + "AAAA"},
		{"oversized", "rt1." + strings.Repeat("A", 1<<20)},
		{"a ticket", "rt1." + s.seal(ticket(aToken(now)))},
		{"an unknown key", mustSigner(t, "0123456789abcdeX").sealToken(aToken(now))},
		{"a random key", mustRandomSigner(t).sealToken(aToken(now))},
		{"signed, but nothing in it", "rt1." + sealBytes(ours, []byte{ours.kid})},
		{"signed, with a length that lies", "rt1." + sealBytes(ours, []byte{ours.kid, 200, 'x'})},
		{"signed, with something after it", "rt1." + sealBytes(ours, append([]byte{ours.kid}, make([]byte, 40)...))},
	} {
		if _, err := s.openToken(c.text, now); !errors.Is(err, errToken) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	if _, err := s.open(good[4:], now); err == nil {
		t.Error("a token was taken for a ticket")
	}
}

// What the server keeps of a token is not enough to make it.
func TestTokenHash(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	one, other := aToken(now), aToken(now)
	again := one
	if one.hash() == other.hash() || one.hash() != again.hash() {
		t.Error("the hash does not tell tokens apart")
	}
	if hash := one.hash(); bytes.Contains(hash[:], one.secret[:]) {
		t.Error("the hash holds the secret")
	}
}

func FuzzToken(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	s := mustSigner(f, "0123456789abcdef", "an old secret of ours")
	f.Add(s.sealToken(aToken(now)))
	f.Add(mustSigner(f, "an old secret of ours").sealToken(aToken(now)))
	f.Add("")
	f.Add("rt1.")
	f.Add("rt1." + sealBytes(s.tokens[0], []byte{s.tokens[0].kid, 3, 'a'}))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := s.openToken(text, now)
		if err != nil {
			return
		}
		old := &signer{tickets: s.tickets[1:], tokens: s.tokens[1:]}
		if s.sealToken(got) != text && old.sealToken(got) != text {
			t.Errorf("%q is another way to write a token", text)
		}
	})
}

package server

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, name, want string }{
		{"plain", "Ada", "Ada"},
		{"other alphabets", "Åsa Ψ", "Åsa Ψ"},
		{"spaces outside", "  Ada \t", "Ada"},
		{"spaces inside", "Ada \n\t  L", "Ada L"},
		{"line breaks, which would forge log lines", "a\r\nb", "a b"},
		{"escape sequences", "a\x1b[31mb", "a[31mb"},
		{"invalid UTF-8", "a\xff\xc3b", "ab"},
		{"zero bytes", "a\x00b", "ab"},
		{"text that runs backwards", "a\u202eb", "ab"},
		{"nothing to see", "\u200b\u200d\u2060", ""},
		{"empty", "", ""},
		{"exactly the limit", strings.Repeat("a", 32), strings.Repeat("a", 32)},
		{"too long", strings.Repeat("a", 33), strings.Repeat("a", 32)},
		{"cut between runes", strings.Repeat("a", 31) + "é", strings.Repeat("a", 31)},
		{"cut after a space", strings.Repeat("a", 31) + " b", strings.Repeat("a", 31)},
		{"huge", strings.Repeat("\u200b", 1<<20) + "a", ""},
		{"the mark of bad bytes", "a\ufffdb", "ab"},
	} {
		if got := cleanName(c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("Ada")
	f.Add("a\xff\u202e\n")
	f.Fuzz(func(t *testing.T, name string) {
		got := cleanName(name)
		if len(got) > maxName || !utf8.ValidString(got) || strings.TrimSpace(got) != got || cleanName(got) != got {
			t.Errorf("%q became %q", name, got)
		}
	})
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	known := errorf(tickwirev1.Code_CODE_UNAUTHENTICATED, "log in again")
	for _, c := range []struct {
		why          string
		authenticate func(context.Context, http.Header) (Identity, error)
		wanted       string
		id, name     string // patterns
		code         Code
	}{
		{why: "a guest with a name", wanted: "Ada", id: `^guest-[A-Z2-7]{26}$`, name: `^Ada$`},
		{why: "a guest without", wanted: "\u200b", id: `^guest-`, name: `^guest-\d{4}$`},
		{
			why: "known, without a name", wanted: "Ada", id: `^u1$`, name: `^Ada$`,
			authenticate: func(_ context.Context, h http.Header) (Identity, error) { return Identity{ID: h.Get("X-User")}, nil },
		},
		{
			why: "known by name, asks for another's", wanted: "Eve", id: `^u1$`, name: `^Ada$`,
			authenticate: func(context.Context, http.Header) (Identity, error) { return Identity{"u1", "Ada\n"}, nil },
		},
		{
			why: "refused by a typed error", code: known.Code,
			authenticate: func(context.Context, http.Header) (Identity, error) { return Identity{}, known },
		},
		{
			why: "refused by another error", code: tickwirev1.Code_CODE_FORBIDDEN,
			authenticate: func(context.Context, http.Header) (Identity, error) {
				return Identity{}, errors.New("ldap at 10.0.0.7 says no")
			},
		},
		{
			why: "not known, but let in", wanted: "Ada", id: `^guest-[A-Z2-7]{26}$`, name: `^Ada$`,
			authenticate: func(context.Context, http.Header) (Identity, error) { return Identity{}, nil },
		},
		{
			why: "the longest identity", wanted: "Ada", id: `^a{128}$`, name: `^Ada$`,
			authenticate: func(context.Context, http.Header) (Identity, error) {
				return Identity{ID: strings.Repeat("a", 128)}, nil
			},
		},
		{
			why: "an identity that is too long: cut off it would be another's", code: tickwirev1.Code_CODE_FORBIDDEN,
			authenticate: func(context.Context, http.Header) (Identity, error) {
				return Identity{ID: strings.Repeat("a", 129)}, nil
			},
		},
		{
			why: "an identity that is no text", code: tickwirev1.Code_CODE_FORBIDDEN,
			authenticate: func(context.Context, http.Header) (Identity, error) { return Identity{ID: "a\xff"}, nil },
		},
	} {
		s, err := New(Options{Authenticate: c.authenticate})
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.WithValue(t.Context(), callKey{}, &call{})
		who, err := s.identify(ctx, http.Header{"X-User": {"u1"}}, c.wanted)
		if c.code != 0 {
			var e *Error
			if !errors.As(err, &e) || e.Code != c.code || strings.Contains(e.Message, "10.0.0.7") {
				t.Errorf("%s: %v, want %v", c.why, err, c.code)
			}
			continue
		}
		if err != nil || !regexp.MustCompile(c.id).MatchString(who.ID) || !regexp.MustCompile(c.name).MatchString(who.Name) {
			t.Errorf("%s: %+v, %v", c.why, who, err)
		}
	}
}

// Who shows wrong identities too often is refused for a while without being asked again. What is not the caller's fault
// does not count.
func TestFailedAuthenticate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why  string
		err  error
		want Code // of a call after many
	}{
		{"an error", errors.New("no"), tickwirev1.Code_CODE_TOO_MANY},
		{"log in", errorf(tickwirev1.Code_CODE_UNAUTHENTICATED, "log in"), tickwirev1.Code_CODE_TOO_MANY},
		{"go away", errorf(tickwirev1.Code_CODE_FORBIDDEN, "go away"), tickwirev1.Code_CODE_TOO_MANY},
		{"come later", errorf(tickwirev1.Code_CODE_BUSY, "come later"), tickwirev1.Code_CODE_BUSY},
	} {
		asked := 0
		s := running(t, Options{
			Limits: Limits{CallsPerSecond: 100, FailedCalls: 3},
			Authenticate: func(_ context.Context, h http.Header) (Identity, error) {
				asked++
				if h.Get("Authorization") != "" {
					return Identity{ID: "ada"}, nil
				}
				return Identity{}, c.err
			},
		})
		for range 3 {
			if a := ask(t, s, "Create", `{"game":"duo"}`); a.status == http.StatusOK || a.code == tickwirev1.Code_CODE_TOO_MANY {
				t.Errorf("%s: %d %v", c.why, a.status, a.code)
			}
		}
		before := asked
		if a := ask(t, s, "JoinOrCreate", `{"game":"duo"}`); a.code != c.want {
			t.Errorf("%s: then %v, want %v", c.why, a.code, c.want)
		}
		if limited := asked == before; limited != (c.want == tickwirev1.Code_CODE_TOO_MANY) {
			t.Errorf("%s: asked %d times", c.why, asked)
		}
		elsewhere := func(r *http.Request) {
			r.RemoteAddr = "[2001:db8::1]:5"
			r.Header.Set("Authorization", "yes")
		}
		if a := ask(t, s, "Create", `{"game":"duo"}`, elsewhere); a.status != http.StatusOK {
			t.Errorf("%s: another address: %d %v", c.why, a.status, a.code)
		}
	}
}

package issued

import (
	"strings"
	"testing"
)

func TestSecretsAreFound(t *testing.T) {
	t.Parallel()
	ticket, token := strings.Repeat("Ab-_9", 12), "rt1."+strings.Repeat("xY0-_", 12)
	Watch()
	Note(ticket)
	Note(token)
	if Count() != 2 {
		t.Fatalf("%d secrets are known", Count())
	}
	for _, c := range []struct {
		why, text string
		found     bool
	}{
		{"a ticket alone", ticket, true},
		{"in JSON", `{"session":"s","ticket":"` + ticket + `"}`, true},
		{"as a sub-protocol", "tickwire.v1, ticket." + ticket, true},
		{"at the end of a sentence", "the token was " + token + ".", true},
		{"in a URL", "/connect?token=" + token + "&x=1", true},
		{"a token without its prefix", token[4:], true},
		{"nothing", "", false},
		{"another secret", strings.Repeat("zz", 30), false},
		{"a session", "session " + ticket[:26], false},
	} {
		var l Log
		if _, err := l.Write([]byte("before")); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Write([]byte(c.text)); err != nil {
			t.Fatal(err)
		}
		if found := len(l.Found()) == 1; found != c.found {
			t.Errorf("%s: found %v, want %v", c.why, found, c.found)
		}
	}
}

package server

import (
	"net/netip"
	"sync"
	"testing"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Sockets that have not said hello are counted by address and in all; the limit is let in, one more is not, and a place
// that is given back is free once.
func TestGreeting(t *testing.T) {
	t.Parallel()
	a := testAddresses(t, Options{Limits: Limits{Greeting: 3, GreetingAll: 7}})
	one, other := asker{from: netip.MustParsePrefix("192.0.2.1/32")}, asker{from: netip.MustParsePrefix("192.0.2.2/32")}
	exempt := asker{netip.MustParsePrefix("127.0.0.1/32"), true}
	var taken []*greeting
	for _, c := range []struct {
		why  string
		by   asker
		want Code // 0: a place
		back int  // which place is given back before; -1: none
	}{
		{"the first", one, 0, -1},
		{"the second", one, 0, -1},
		{"the limit", one, 0, -1},
		{"one more", one, tickwirev1.Code_CODE_TOO_MANY, -1},
		{"another address", other, 0, -1},
		{"a place was given back", one, 0, 0},
		{"the same was given back again", one, tickwirev1.Code_CODE_TOO_MANY, 0},
		{"an exempt address", exempt, 0, -1},
		{"again", exempt, 0, -1},
		{"the limit of all", exempt, 0, -1},
		{"one more than all", exempt, tickwirev1.Code_CODE_BUSY, -1},
		{"nor another address", other, tickwirev1.Code_CODE_BUSY, -1},
		{"an exempt one gave back", other, 0, 5},
	} {
		if c.back >= 0 {
			taken[c.back].over()
		}
		g, refused := a.greet(c.by)
		switch {
		case c.want == 0 && (refused != nil || g == nil):
			t.Errorf("%s: %v", c.why, refused)
		case c.want != 0 && (refused == nil || g != nil || refused.Code != c.want):
			t.Errorf("%s: %v, want %v", c.why, refused, c.want)
		}
		if g != nil {
			taken = append(taken, g)
		}
	}
	var all sync.WaitGroup
	for _, g := range taken {
		all.Go(g.over)
		all.Go(g.over)
	}
	all.Wait()
	if a.greetAll != 0 || len(a.greeting) != 0 {
		t.Errorf("%d places, %d addresses are left", a.greetAll, len(a.greeting))
	}
	(*greeting)(nil).over()
}

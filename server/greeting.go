package server

import tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

// greet takes one of the places for sockets that have not said hello. The caller gives it back.
func (a *addresses) greet(by asker) (*greeting, *Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case !by.exempt && a.greeting[by.from] >= a.limits.Greeting:
		a.metrics.reached(limitGreeting)
		return nil, errorf(tickwirev1.Code_CODE_TOO_MANY, "too many connections of this address have not said hello")
	case a.greetAll >= a.limits.GreetingAll:
		a.metrics.reached(limitGreetingAll)
		return nil, errorf(tickwirev1.Code_CODE_BUSY, "too many connections have not said hello")
	}
	a.greetAll++
	if !by.exempt {
		a.greeting[by.from]++
	}
	return &greeting{of: a, by: by}, nil
}

// greeting is the place of one socket that has not said hello. Nil is no place.
type greeting struct {
	of   *addresses
	by   asker
	done bool // it was given back; guarded by of
}

// over gives the place back. Any goroutine may call it, as often as it likes.
func (g *greeting) over() {
	if g == nil {
		return
	}
	a := g.of
	a.mu.Lock()
	defer a.mu.Unlock()
	if g.done {
		return
	}
	g.done = true
	a.greetAll--
	if g.by.exempt {
		return
	}
	if a.greeting[g.by.from]--; a.greeting[g.by.from] == 0 {
		delete(a.greeting, g.by.from)
	}
}

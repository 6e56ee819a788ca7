package server

import (
	"net"
	"testing"
	"time"
)

// byTicks reads as a room does that has nothing else to do.
func byTicks(tb testing.TB) driver {
	tb.Helper()
	prepare := func(c *conn) {
		if !c.wire.detach() {
			tb.Error("the socket stays in the netpoller")
		}
	}
	return driver{"read by ticks", prepare, func(c *conn, h handler) {
		over := make(chan struct{})
		c.over = func() { close(over) }
		c.start(h)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		scratch := make([]byte, 8<<10)
		for !c.spent {
			now := <-tick.C
			c.poll(scratch, now, now)
		}
		(&farewells{}).say(c)
		<-over
	}}
}

// eachSocket runs a test over real sockets, with and without TLS, for each driver that the system has.
func eachSocket(t *testing.T, test func(t *testing.T, pair func(testing.TB) (net.Conn, net.Conn), d driver)) {
	t.Helper()
	drivers := []driver{byGoroutine()}
	if hasDescriptors {
		drivers = append(drivers, byTicks(t))
	}
	for _, d := range drivers {
		for why, pair := range map[string]func(testing.TB) (net.Conn, net.Conn){"TCP": tcp, "TLS": overTLS} {
			t.Run(why+" "+d.name, func(t *testing.T) {
				t.Parallel()
				test(t, pair, d)
			})
		}
	}
}

// waits is how many bytes wait for a client.
func waits(c *conn) int {
	w := &c.wire
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.rest)
	if w.box != nil {
		w.box.mu.Lock()
		defer w.box.mu.Unlock()
		n += len(w.box.mail)
	}
	if w.seal != nil {
		w.seal.mu.Lock()
		defer w.seal.mu.Unlock()
		n += len(w.seal.rest)
	}
	return n
}

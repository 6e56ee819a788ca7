package server_test

import (
	"encoding/binary"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/servertest"
)

// The newest socket wins at once: the old one ends with SUPERSEDED and what it still sends is dropped.
func TestSuperseded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		old, w := enterPilot(t, s)
		ended := old.living()
		c := socketFor(t, s, w.GetToken())
		settle()
		select {
		case code := <-ended:
			t.Fatalf("a socket that has not said hello ended the old one with %v", code)
		default:
		}
		if again := c.hello(); !again.GetResumed() {
			t.Errorf("welcome: %v", again)
		}
		if code := <-ended; code != tickwirev1.Code_CODE_SUPERSEDED {
			t.Errorf("the old socket ended with %v", code)
		}
		if n := seats(t, s); n != 1 {
			t.Errorf("%d seats are taken", n)
		}
	})
}

// Two sockets with the same token at once, in both orders and at the same moment, with the old socket alive or lost:
// there is always exactly one at the end.
func TestTwoSocketsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		c, _ := enterPilot(t, s)
		ended := c.living()
		for n := range 1000 {
			sockets := []*raw{c, socketFor(t, s, c.token), socketFor(t, s, c.token)}
			ends := []<-chan tickwirev1.Code{ended, sockets[1].living(), sockets[2].living()}
			if n%2 == 0 {
				_ = c.conn.Close()
			}
			first, second := sockets[1+n/2%2], sockets[2-n/2%2]
			hello := func(c *raw) { c.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}}) }
			gap := time.Duration(n%7) * 12 * time.Millisecond // up to the time in which the first is confirmed
			go hello(first)
			time.Sleep(gap)
			go hello(second)
			settle()
			live := 0
			for i, end := range ends {
				select {
				case code := <-end:
					if i > 0 && code != tickwirev1.Code_CODE_SUPERSEDED && code != tickwirev1.Code_CODE_FORBIDDEN {
						t.Errorf("run %d: a socket ended with %v", n, code)
					}
				default:
					live++
					c, ended = sockets[i], end
				}
			}
			if live != 1 || c == sockets[0] {
				t.Fatalf("run %d: %d sockets live", n, live)
			}
		}
		if n := seats(t, s); n != 1 {
			t.Errorf("%d seats are taken", n)
		}
		c.bytes(wsFrame(0x80|opClose, binary.BigEndian.AppendUint16(nil, 1000)))
		<-ended
	})
}

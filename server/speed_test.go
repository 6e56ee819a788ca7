package server_test

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/servertest"
)

// How fast the pilot's ship flies, and how far it may get ahead of that: inputs may be late or early by so many ticks.
const (
	shipSpeed  = 10 // a tick
	shipBudget = 8  // ticks
)

// ahead flies to the right for n ticks.
func ahead(first uint32, n int) *tickwirev1.ClientFrame {
	f := &tickwirev1.ClientFrame{First: first}
	for range n {
		f.Inputs = append(f.Inputs, &tickwirev1.Input{Values: []int64{1}})
	}
	return f
}

// Nobody flies faster than one input a tick takes a ship, whatever inputs it sends and when: over any two seconds a
// cheat gets as far as a fair player does, and the budget of eight ticks.
func TestSpeedHack(t *testing.T) {
	t.Parallel()
	const seconds, rate = 12, 30
	next := uint32(0)
	for _, tc := range []struct {
		why string
		do  func(c *raw, now uint32)
		cut bool // it must be, however often it comes back
	}{
		{"ten inputs for each tick, numbered on", func(c *raw, now uint32) {
			c.message(ahead(max(next, now+1), 10))
			next = max(next, now+1) + 10
		}, true},
		{"the next ten ticks, three times over in each", func(c *raw, now uint32) {
			for range 3 { // all that fits into the rate of frames
				c.message(ahead(now+1, 10))
			}
		}, false},
		{"all ticks that there are, from the past into the future", func(c *raw, now uint32) {
			c.message(ahead(now-min(now, 15), 32))
		}, false},
		{"a clock that runs ten times too fast for a second, and is set again", func(c *raw, now uint32) {
			c.message(ahead(now+9*(now%rate), 10))
		}, false},
		{"nothing for two seconds, then all at once", func(c *raw, now uint32) {
			if now%(2*rate) == 0 {
				c.message(ahead(now-2*rate+1, 32))
				c.message(ahead(now-2*rate+33, 32))
			}
		}, false},
		{"nothing for two seconds, then all at once, and what may be sent of the future", func(c *raw, now uint32) {
			if now%(2*rate) == 0 {
				c.message(ahead(now-2*rate+1, 32))
				c.message(ahead(now-2*rate+33, 32))
				c.message(ahead(now-2*rate+65, 12))
			}
		}, false},
		{"a new socket every two seconds, and all again", func(c *raw, now uint32) {
			c.message(ahead(now-min(now, 15), 32))
			if now%(2*rate) == 0 {
				_ = c.conn.Close()
			}
		}, false},
	} {
		t.Run(tc.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next = 0
				s := servertest.Start(t, patientPilots())
				r := &race{t: t, s: s, x: map[uint32][]int32{}}
				r.run(seconds*rate, tc.do)
				r.check(2 * rate)
				if tc.cut && metric(t, s, `connections_ended_total{code="CODE_TOO_MANY"}`) == 0 {
					t.Error("nobody was cut for too many inputs")
				}
			})
		})
	}
}

// race is a fair player and a cheat in one room. The fair one sees where both are.
type race struct {
	t *testing.T
	s *servertest.Server

	fair, cheat *raw
	ids         [2]uint32          // of the fair one and the cheat
	x           map[uint32][]int32 // by player, tick for tick
}

// run lets both fly for some ticks.
func (r *race) run(ticks int, do func(c *raw, now uint32)) {
	r.t.Helper()
	r.fair, _ = upgrade(r.t, r.s, seatIn(r.t, r.s).GetTicket(), nil)
	r.ids[0] = r.fair.hello().GetPlayer()
	r.cheat, _ = upgrade(r.t, r.s, seatIn(r.t, r.s).GetTicket(), nil)
	r.ids[1] = r.cheat.hello().GetPlayer()
	place := map[uint32]int32{}
	for range ticks {
		before := r.fair.tick
		f := r.fair.frame()
		if r.fair.tick != before+1 {
			r.t.Fatalf("tick %d follows tick %d", r.fair.tick, before)
		}
		for _, table := range f.GetDelta().GetTables() {
			for _, row := range table.GetRows() {
				if row.GetColumns()&1 != 0 {
					place[row.GetId()] = row.GetCells()[0]
				}
			}
		}
		for _, id := range r.ids {
			r.x[id] = append(r.x[id], place[id])
		}
		r.fair.message(ahead(r.fair.tick+2, 1))
		r.listen()
		do(r.cheat, r.fair.tick)
	}
	_ = r.fair.conn.Close()
	_ = r.cheat.conn.Close()
}

// listen reads all that there is for the cheat. When it was cut it comes back.
func (r *race) listen() {
	r.t.Helper()
	for {
		_ = r.cheat.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
		op, payload, err := r.cheat.next()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return
		case err != nil || op == opClose:
			_ = r.cheat.conn.Close()
			r.cheat = r.cheat.again(r.s)
		case op == opBinary:
			r.cheat.take(payload)
		}
	}
}

// check compares how far both got in any so many ticks.
func (r *race) check(window int) {
	r.t.Helper()
	fair, cheat := r.x[r.ids[0]], r.x[r.ids[1]]
	last := len(fair) - 1
	if fair[last] < int32(shipSpeed*(last-shipBudget)) || cheat[last] == 0 {
		r.t.Fatalf("the fair player got to %d in %d ticks, the cheat to %d", fair[last], last, cheat[last])
	}
	most := int32(0)
	for i := window; i <= last; i++ {
		most = max(most, cheat[i]-cheat[i-window])
		if cheat[i] > fair[i]+shipSpeed*shipBudget {
			r.t.Fatalf("in tick %d the fair player is at %d, the cheat at %d", i, fair[i], cheat[i])
		}
	}
	r.t.Logf("in %d ticks the cheat got %d ticks far at most; at the end it was at %d, the fair player at %d",
		window, most/shipSpeed, cheat[last], fair[last])
	if most > int32(shipSpeed*(window+shipBudget)) {
		r.t.Errorf("in %d ticks the cheat flew %d", window, most)
	}
}

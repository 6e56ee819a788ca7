package server_test

import (
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/servertest"
)

// Every time limit fires at its time, not before and at most two ticks after. Time is virtual.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	const ticks = 2 * time.Second / 30
	tests := []struct {
		why   string
		run   func(t *testing.T, s *servertest.Server) *raw
		pongs bool
		after time.Duration
		code  tickwirev1.Code
	}{
		{
			why: "a client that never says hello",
			run: func(t *testing.T, s *servertest.Server) *raw {
				c, _ := upgrade(t, s.Dial, seatIn(t, s, "pilot").GetTicket(), nil)
				return c
			},
			pongs: true, after: 5 * time.Second, code: tickwirev1.Code_CODE_LATE,
		},
		{
			why:   "a client that is gone without a word: it answers no ping",
			run:   func(t *testing.T, s *servertest.Server) *raw { return play(t, s, "pilot") },
			after: 12 * time.Second, code: tickwirev1.Code_CODE_SILENT,
		},
		{
			why:   "a player who does nothing, though the client lives",
			run:   func(t *testing.T, s *servertest.Server) *raw { return play(t, s, "pilot") },
			pongs: true, after: 5 * time.Minute, code: tickwirev1.Code_CODE_IDLE,
		},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, pilots())
				c := tc.run(t, s)
				start := time.Now()
				code, bye := c.end(tc.pongs)
				if code != tc.code || bye != tc.code {
					t.Errorf("close code %d, bye %d, want %d", code, bye, tc.code)
				}
				if took := since(start); took < tc.after-ticks || took > tc.after+ticks {
					t.Errorf("took %v, want %v", took, tc.after)
				}
			})
		})
	}
}

// A player who acts now and then is never idle, and a living client never silent.
func TestLimitsSpareTheLiving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s, "pilot")
		first := c.frame().GetTick()
		ended := make(chan tickwirev1.Code, 1)
		go func() {
			code, _ := c.end(true)
			ended <- code
		}()
		step := time.NewTicker(4 * time.Minute)
		defer step.Stop()
		for n := range uint32(5) {
			<-step.C
			dx := int64(n%2)*2 - 1
			c.message(&tickwirev1.ClientFrame{First: first + (n+1)*4*60*30, Inputs: []*tickwirev1.Input{{Values: []int64{dx}}}})
		}
		select {
		case code := <-ended:
			t.Errorf("the connection ended with %d", code)
		default:
		}
		_ = c.conn.Close()
		<-ended
	})
}

// A client that does not read is skipped, and cut when its bytes have waited for the write limit; meanwhile another
// client gets every frame on time.
func TestWriteLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		stalled, healthy := play(t, s, "pilot"), play(t, s, "pilot")
		healthy.frame()
		start, last, worst := time.Now(), time.Now(), time.Duration(0)
		gone := time.Duration(0)
		for tick := range uint32(30 * 60 * 5) {
			f := healthy.frame()
			worst = max(worst, since(last))
			last = time.Now()
			healthy.message(&tickwirev1.ClientFrame{
				Ack: f.GetTick(), First: 1_000_000 + tick,
				Commands: []*tickwirev1.Command{{Seq: tick + 1, Blobs: [][]byte{[]byte("some words here.")}}},
			})
			stalled.bytes(wsFrame(0x80|opPong, nil)) // it lives, it only does not read
			if tick%15 == 0 && players(t, s) == 1 {
				gone = since(start)
				break
			}
		}
		if gone == 0 {
			t.Fatal("the stalled client was never cut")
		}
		if interval := time.Second / 30; worst > interval+interval/10 {
			t.Errorf("the healthy client waited %v for a frame", worst)
		}
		t.Logf("cut after %v", gone)
	})
}

// players asks the lobby how many players the only room has.
func players(t *testing.T, s *servertest.Server) uint32 {
	t.Helper()
	rooms := list(t, s)
	if len(rooms) != 1 {
		t.Fatalf("%d rooms", len(rooms))
	}
	return rooms[0].GetPlayers()
}

// An empty room is kept for a while and then ends.
func TestEmptyRoomEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s, "pilot")
		c.frame()
		c.bytes(wsFrame(0x80|opClose, []byte{0x03, 0xe8}))
		if code, _ := c.end(false); code != 1000 {
			t.Errorf("close code %d", code)
		}
		wait := func(d time.Duration) { <-time.After(d) }
		wait(59 * time.Second)
		if n := len(list(t, s)); n != 1 {
			t.Errorf("%d rooms after 59 s, want 1", n)
		}
		wait(2 * time.Second)
		if n := len(list(t, s)); n != 0 {
			t.Errorf("%d rooms after 61 s, want 0", n)
		}
	})
}

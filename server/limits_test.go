package server_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// Every time limit fires at its time, not before and at most two ticks after. Time is virtual.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	const ticks = 2 * time.Second / 30
	tests := []struct {
		why   string
		run   func(t *testing.T, s *servertest.Server) *raw
		pongs bool // it lives
		deaf  bool // it lives, but acknowledges nothing
		limit func(*server.Limits)
		after time.Duration
		code  tickwirev1.Code
		label string // of the limit in the metrics
	}{
		{
			why: "a client that never says hello",
			run: func(t *testing.T, s *servertest.Server) *raw {
				t.Helper()
				c, _ := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
				return c
			},
			pongs: true, after: 5 * time.Second, code: tickwirev1.Code_CODE_LATE, label: "FirstMessage",
		},
		{
			why: "a client whose hello drips: it has no more time for that",
			run: func(t *testing.T, s *servertest.Server) *raw {
				t.Helper()
				c, _ := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
				drip(t, c, make([]byte, 100))
				return c
			},
			after: 5 * time.Second, code: tickwirev1.Code_CODE_LATE, label: "FirstMessage",
		},
		{
			why: "a message that stops in its header",
			run: func(t *testing.T, s *servertest.Server) *raw {
				t.Helper()
				c := play(t, s)
				c.bytes([]byte{0x80 | opBinary, 0x80 | 126, 0})
				return c
			},
			after: 5 * time.Second, code: tickwirev1.Code_CODE_MALFORMED, label: "Message",
		},
		{
			why: "a message that drips",
			run: func(t *testing.T, s *servertest.Server) *raw {
				t.Helper()
				c := play(t, s)
				drip(t, c, make([]byte, 100))
				return c
			},
			after: 5 * time.Second, code: tickwirev1.Code_CODE_MALFORMED, label: "Message",
		},
		{
			why: "a client that never acknowledges a frame",
			run: func(t *testing.T, s *servertest.Server) *raw {
				t.Helper()
				c := play(t, s)
				c.mute = true
				c.frame()
				return c
			},
			deaf: true, after: 10 * time.Second, code: tickwirev1.Code_CODE_LATE, label: "Confirm",
		},
		{
			why: "a client that acknowledges no more",
			run: func(t *testing.T, s *servertest.Server) *raw {
				t.Helper()
				c := play(t, s)
				for range 30 {
					c.frame()
				}
				return c
			},
			deaf: true, after: 10 * time.Second, code: tickwirev1.Code_CODE_SLOW, label: "Ack",
		},
		{
			why:   "a connection that has become old",
			run:   play,
			limit: func(l *server.Limits) { l.Session = time.Minute },
			pongs: true, after: time.Minute, code: tickwirev1.Code_CODE_EXPIRED, label: "Session",
		},
		{
			why:   "a client that is gone without a word: it answers no ping",
			run:   play,
			after: 12 * time.Second, code: tickwirev1.Code_CODE_SILENT, label: "Dead",
		},
		{
			why:   "a player who does nothing, though the client lives",
			run:   play,
			pongs: true, after: 5 * time.Minute, code: tickwirev1.Code_CODE_IDLE, label: "Idle",
		},
	}
	for _, tc := range tests {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := pilots()
				if tc.limit != nil {
					tc.limit(&o.Limits)
				}
				s := servertest.Start(t, o)
				c := tc.run(t, s)
				start := time.Now()
				var code, bye tickwirev1.Code
				if tc.deaf {
					code = c.deaf()
					bye = code
				} else {
					code, bye = c.end(tc.pongs)
				}
				if code != tc.code || bye != tc.code {
					t.Errorf("close code %d, bye %d, want %d", code, bye, tc.code)
				}
				if took := since(start); took < tc.after-ticks || took > tc.after+ticks {
					t.Errorf("took %v, want %v", took, tc.after)
				}
				if n := metric(t, s, `limits_total{limit="`+tc.label+`"}`); n != 1 {
					t.Errorf("limit %s was reached %v times", tc.label, n)
				}
			})
		})
	}
}

// drip sends a message with one byte a second, until the connection ends.
func drip(t *testing.T, c *raw, message []byte) {
	t.Helper()
	frame := wsFrame(0x80|opBinary, message)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for i := range frame {
			if _, err := c.conn.Write(frame[i : i+1]); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}()
	t.Cleanup(func() { <-over })
}

// A player who acts now and then is never idle, and a living client never silent.
func TestLimitsSpareTheLiving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s)
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

// A client that does not read, though it says it does, is skipped from the frame that its socket does not take, and cut
// when that has waited for the write limit; meanwhile another client gets every frame on time.
func TestWriteLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := pilots()
		o.Limits.CommandsPerSecond = 1000
		s := servertest.Start(t, o)
		stalled, healthy := play(t, s), play(t, s)
		healthy.frame()
		const interval = time.Second / 30
		var stuck, cut time.Time
		worst, last := time.Duration(0), time.Now()
		for seq := uint32(0); cut.IsZero() && seq < 8*30*60*10; {
			f := healthy.frame()
			worst = max(worst, time.Since(last))
			last = time.Now()
			words := &tickwirev1.ClientFrame{Ack: f.GetTick()} // events for both, to fill the socket
			for range 8 {
				seq++
				words.Commands = append(words.Commands, &tickwirev1.Command{Seq: seq, Blobs: [][]byte{[]byte("some words here.")}})
			}
			healthy.message(words)
			stalled.message(&tickwirev1.ClientFrame{Ack: f.GetTick()})
			if stuck.IsZero() && metric(t, s, "frames_skipped_total") > 0 {
				stuck = time.Now()
			}
			if metric(t, s, `connections_ended_total{code="CODE_SLOW"}`) == 1 {
				cut = time.Now()
			}
		}
		if stuck.IsZero() || cut.IsZero() {
			t.Fatalf("skipped %v, cut %v, %v frames skipped", stuck, cut, metric(t, s, "frames_skipped_total"))
		}
		if took := cut.Sub(stuck); took < 2*time.Second-2*interval || took > 2*time.Second+4*interval {
			t.Errorf("it was cut %v after the first frame that waited, want 2 s", took)
		}
		if worst > interval+interval/10 {
			t.Errorf("the healthy client waited %v for a frame", worst)
		}
	})
}

// An address that has too many connections open is refused before 101, keeps its ticket, and may come when one has ended.
func TestConnsPerAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := pilots()
		o.Limits.ConnsPerAddress = 2
		s := servertest.Start(t, o)
		first := play(t, s)
		play(t, s)
		ticket := seatIn(t, s).GetTicket()
		if _, status := upgrade(t, s, ticket, nil); status != http.StatusTooManyRequests {
			t.Errorf("a third: %d", status)
		}
		_ = first.conn.Close()
		synctest.Wait()
		if _, status := upgrade(t, s, ticket, nil); status != http.StatusSwitchingProtocols {
			t.Errorf("when one has ended: %d", status)
		}
	})
}

// metric reads one of the server's metrics; 0 if it is not there.
func metric(t *testing.T, s *servertest.Server, name string) float64 {
	t.Helper()
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	for line := range strings.Lines(w.Body.String()) {
		if value, ok := strings.CutPrefix(line, "tickwire_"+name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	return 0
}

// An empty room is kept for a while and then ends.
func TestEmptyRoomEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s)
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

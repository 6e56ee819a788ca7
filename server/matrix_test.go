package server_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// attack is what somebody may do to a server who means harm.
type attack struct {
	why    string
	metric string // counts how often the server has refused it
	do     func(ctx context.Context, a *attacker, cuts *cuts)
}

// cuts is how long it took to cut floods off.
type cuts struct {
	mu   sync.Mutex
	took []time.Duration
}

func (c *cuts) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.took = append(c.took, d)
}

// attacks are done again and again, until ctx is done.
func attacks() []attack {
	const byLimit = `limits_total{limit="%s"}`
	const byCode = `connections_ended_total{code="%s"}`
	limited := func(name string) string { return fmt.Sprintf(byLimit, name) }
	ended := func(name string) string { return fmt.Sprintf(byCode, name) }
	join := &tickwirev1.JoinOrCreateRequest{Game: "target"}
	nested := []byte{0x2A, 0} // a Ping in which there is something that nobody knows, in which there is something …
	for len(nested) < 4000 {
		nested = append(binary.AppendUvarint([]byte{0x2A}, uint64(len(nested))), nested...)
	}
	return []attack{
		{"handshakes without a ticket", limited("HandshakesPerSecond"), func(ctx context.Context, a *attacker, _ *cuts) {
			if m, _, err := a.shake(ctx, "none"); err == nil {
				m.leave()
			}
		}},
		{"lobby calls for seats that nobody comes for", limited("CallsPerSecond"), func(ctx context.Context, a *attacker, _ *cuts) {
			_, _ = a.lobby.JoinOrCreate(ctx, connect.NewRequest(join))
		}},
		{"guesses of codes", limited("Lookups"), func(ctx context.Context, a *attacker, _ *cuts) {
			guess := &tickwirev1.JoinRequest{Room: &tickwirev1.JoinRequest_Code{Code: "222222"}}
			_, _ = a.lobby.Join(ctx, connect.NewRequest(guess))
		}},
		{"forged tokens", limited("FailedCalls"), func(ctx context.Context, a *attacker, _ *cuts) {
			_, _ = a.lobby.Resume(ctx, connect.NewRequest(&tickwirev1.ResumeRequest{Token: "rt1.AAAA"}))
		}},
		{"sockets that say nothing", limited("Greeting"), knockOnly()},
		{"pings", limited("PingsPerSecond"), pour(true, wsFrame(ping, make([]byte, 125)))},
		{"pings of one who does not read", limited("PingsPerSecond"), pour(false, wsFrame(ping, make([]byte, 125)))},
		{"pongs", limited("FramesPerSecond"), pour(true, wsFrame(pong, nil))},
		{"empty messages", limited("FramesPerSecond"), pour(true, wsFrame(data, nil))},
		{"fragments without an end", limited("Fragments"), pour(true, wsFrame(opBinary, nil), wsFrame(0, nil))},
		{"messages in as many fragments as may be", limited("FramesPerSecond"), pour(true, pieces(nil, 0, 0, 0, 0, 0, 0, 0))},
		{"full messages", limited("BytesPerSecond"), pour(true, wsFrame(data, marked(4096)))},
		{"claims of 16 MiB", limited("MessageSize"), pour(true, wide(data, 8, 16<<20, nil))},
		{"empty things in a message", ended("CODE_MALFORMED"), pour(true, wsFrame(data, bytes.Repeat([]byte{0x1A, 0}, 2048)))},
		{"things in things in things", limited("BytesPerSecond"), pour(true, wsFrame(data, nested))},
		{"full frames of inputs", limited("FramesPerSecond"), pour(true, inputs())},
		{"players who neither read nor acknowledge", "", func(ctx context.Context, a *attacker, _ *cuts) {
			if m, err := a.join(ctx); err == nil {
				<-ctx.Done()
				m.leave()
			}
		}},
		{"players who acknowledge nothing", "", func(ctx context.Context, a *attacker, _ *cuts) {
			if m, err := a.join(ctx); err == nil {
				m.rest()
				m.leave()
			}
		}},
	}
}

// inputs is a frame full of them.
func inputs() []byte {
	b := []byte{2<<3 | 0, 10}
	for range 32 {
		b = append(b, 3<<3|2, 4, 1<<3|2, 2, 2, 1) // an Input of the values 1 and -1
	}
	return wsFrame(data, b)
}

// knockOnly opens sockets and leaves them.
func knockOnly() func(context.Context, *attacker, *cuts) {
	return func(ctx context.Context, a *attacker, _ *cuts) {
		ticket, err := a.ticket(ctx)
		if err != nil {
			return
		}
		if _, _, err = a.shake(ctx, ticket); err != nil { // closed when the attack is over
			return
		}
	}
}

// pour joins, sends a frame and then others without end, and reads what comes, or not, until the server has enough.
func pour(reads bool, first []byte, more ...[]byte) func(context.Context, *attacker, *cuts) {
	again := first
	if len(more) > 0 {
		again = parts(more...)
	}
	many := bytes.Repeat(again, max(1, 8<<10/len(again)))
	return func(ctx context.Context, a *attacker, took *cuts) {
		m, err := a.join(ctx)
		if err != nil {
			return
		}
		defer m.leave()
		if _, err := m.frame(true); err != nil {
			return
		}
		start := time.Now()
		if !reads {
			_, _ = m.Write(first)
			for err == nil {
				_, err = m.Write(many)
			}
			return
		}
		var writing sync.WaitGroup
		writing.Go(func() {
			_, err := m.Write(first)
			for err == nil {
				_, err = m.Write(many)
			}
		})
		if m.rest() != 0 {
			took.add(time.Since(start))
		}
		m.leave()
		writing.Wait()
	}
}

// Whatever somebody does to a server, it is refused, and the rooms that have nothing to do with it pay nothing: a fair
// player gets right frames, no tick is given up, and ticks cost what they cost before.
func TestHostileMatrix(t *testing.T) {
	const rounds, dearer = 20, 2 * time.Millisecond
	s := servertest.StartTCP(t, server.Options{
		Games: []game.Definition{
			{Name: "pilot", New: newPilot, MaxPlayers: 4},
			{Name: "target", New: newPilot, MaxPlayers: 64, Grace: -1},
		},
		Limits: server.Limits{Fragments: 8, Greeting: 4},
	})
	w := watch(t, s)
	second := func() {
		for _, f := range w.take(30) {
			w.follow(f)
		}
	}
	second()
	before := calmest([]toll{tollOf(t, s, second), tollOf(t, s, second)})
	t.Logf("before: %v ticks, p99 %v, %v slips", before.ticks, before.p99, before.slips)
	for i, tc := range attacks() {
		t.Run(tc.why, func(t *testing.T) {
			took := &cuts{}
			refused := 0.0
			if tc.metric != "" {
				refused = metric(t, s, tc.metric)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var attacking sync.WaitGroup
			defer attacking.Wait()
			defer cancel()
			for n := range 2 {
				attacking.Go(func() {
					a := newAttacker(s.URL, "target", fmt.Sprintf("127.0.%d.%d", i+1, n+1))
					for ctx.Err() == nil {
						tc.do(ctx, a, took)
					}
				})
			}
			var during []toll
			for n := 0; ; n++ {
				during = append(during, tollOf(t, s, second))
				least := calmest(during)
				hit := tc.metric == "" || metric(t, s, tc.metric) > refused
				if hit && least.slips == 0 && least.p99 <= before.p99+dearer {
					break
				}
				if n == rounds {
					t.Errorf("refused: %v; ticks cost %+v at least, before it was %+v", hit, least, before)
					break
				}
			}
			least := calmest(during)
			t.Logf("p99 %v, %v slips, in the best of %d seconds", least.p99, least.slips, len(during))
			took.check(t)
		})
	}
}

// check checks that floods were cut off in time. The median, for a busy machine is late now and then.
func (c *cuts) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.took) == 0 {
		return
	}
	slices.Sort(c.took)
	median := c.took[len(c.took)/2]
	t.Logf("%d floods were cut off after %v, median %v", len(c.took), c.took[len(c.took)-1], median)
	if median > time.Second {
		t.Errorf("floods were cut off after %v", median)
	}
}

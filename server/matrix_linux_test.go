package server_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
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
		{"seats that nobody comes for", limited("CallsPerSecond"), func(ctx context.Context, a *attacker, _ *cuts) {
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
	b := []byte{2 << 3, 10}
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

// What the process of TestAttacker is told: which attack, and on whom.
const (
	attackNumber = "TICKWIRE_ATTACK"
	attackURL    = "TICKWIRE_ATTACK_URL"
)

// TestAttacker does one attack, in a process of its own that gives way to others: what is measured is what the server has
// to do, not what the attacker has. It ends when its standard input does; without being asked for it does nothing.
func TestAttacker(t *testing.T) {
	number, err := strconv.Atoi(os.Getenv(attackNumber))
	if err != nil {
		t.Skip("a part of TestHostileMatrix")
	}
	if err = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 15); err != nil {
		t.Log(err)
	}
	took, what := &cuts{}, attacks()[number]
	ctx, cancel := context.WithCancel(t.Context())
	var attacking sync.WaitGroup
	for n := range 2 {
		attacking.Go(func() {
			a := newAttacker(os.Getenv(attackURL), "target", fmt.Sprintf("127.0.%d.%d", number+1, n+1))
			for ctx.Err() == nil {
				what.do(ctx, a, took)
			}
		})
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	cancel()
	attacking.Wait()
	for _, d := range took.took {
		fmt.Println("cut", d)
	}
}

// besiege starts that process; stop ends it and returns how long it took to cut its floods off.
func besiege(t *testing.T, url string, number int) (stop func() []time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAttacker$") // its standard input ends it
	cmd.Env = append(os.Environ(), fmt.Sprint(attackNumber, "=", number), attackURL+"="+url)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said := &bytes.Buffer{}
	cmd.Stdout = said
	if err = cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return sync.OnceValue(func() (took []time.Duration) {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the attacker: %v\n%s", err, said)
		}
		for line := range strings.Lines(said.String()) {
			text, ok := strings.CutPrefix(strings.TrimSpace(line), "cut ")
			if d, err := time.ParseDuration(text); ok && err == nil {
				took = append(took, d)
			}
		}
		return took
	})
}

// Whatever somebody does to a server, it is refused, and the rooms that have nothing to do with it pay nothing: fair
// players get right frames, no tick is given up, and of a hundred ticks the dearest costs what it cost before. The room
// that is attacked has few ticks, so that those that are measured are the others'.
func TestHostileMatrix(t *testing.T) {
	const rooms, rounds, dearer = 10, 40, 2 * time.Millisecond
	s := servertest.StartTCP(t, server.Options{
		Games: []game.Definition{
			{Name: "pilot", New: newPilot, MaxPlayers: 1},
			{Name: "target", New: newPilot, MaxPlayers: 64, Rate: 1, Grace: -1},
		},
		Limits: server.Limits{Fragments: 8, Greeting: 4},
	})
	var fair [rooms]*witness
	for i := range fair {
		fair[i] = watch(t, s)
	}
	second := func() {
		for _, w := range fair {
			for _, f := range w.take(20) {
				w.follow(f)
			}
		}
		for _, f := range fair[0].take(10) {
			fair[0].follow(f)
		}
	}
	second()
	before := calmest([]toll{tollOf(t, s, second), tollOf(t, s, second)})
	t.Logf("before: %v ticks, p99 %v, %v slips", before.ticks, before.p99, before.slips)
	for number, tc := range attacks() {
		t.Run(tc.why, func(t *testing.T) {
			refused := 0.0
			if tc.metric != "" {
				refused = metric(t, s, tc.metric)
			}
			stop := besiege(t, s.URL, number)
			defer stop()
			var during []toll
			for range rounds {
				p := tollOf(t, s, second)
				if tc.metric != "" && metric(t, s, tc.metric) == refused {
					continue // it has not begun
				}
				during = append(during, p)
				if least := calmest(during); least.slips == 0 && least.p99 <= before.p99+dearer {
					break
				}
			}
			if len(during) == 0 {
				t.Fatal("nothing was refused")
			}
			if least := calmest(during); least.slips != 0 || least.p99 > before.p99+dearer {
				t.Errorf("ticks cost %+v at least, before it was %+v", least, before)
			}
			least := calmest(during)
			t.Logf("p99 %v, %v slips, in the best of %d seconds", least.p99, least.slips, len(during))
			checkCuts(t, stop())
		})
	}
}

// checkCuts checks that floods were cut off in time. The median, for a busy machine is late now and then.
func checkCuts(t *testing.T, took []time.Duration) {
	t.Helper()
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	median := took[len(took)/2]
	t.Logf("%d floods were cut off after %v, median %v", len(took), took[len(took)-1], median)
	if median > time.Second {
		t.Errorf("floods were cut off after %v", median)
	}
}

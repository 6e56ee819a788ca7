package server_test

import (
	"io"
	"runtime"
	"testing"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// starter runs a server on real sockets.
type starter func(testing.TB, server.Options) *servertest.Server

// eachReader runs a test for each way in which a server can read real sockets. Where rooms cannot read them, two of these
// are the same.
func eachReader(t *testing.T, test func(t *testing.T, start starter)) {
	t.Helper()
	for _, way := range []struct {
		name   string
		reader server.Reader
		start  starter
	}{
		{"ticks", server.ReaderAuto, servertest.StartTCP},
		{"goroutines", server.ReaderGoroutine, servertest.StartTCP},
		{"ticks, TLS", server.ReaderAuto, servertest.StartTLS},
		{"goroutines, TLS", server.ReaderGoroutine, servertest.StartTLS},
	} {
		t.Run(way.name, func(t *testing.T) {
			test(t, func(tb testing.TB, o server.Options) *servertest.Server {
				tb.Helper()
				o.Reader = way.reader
				return way.start(tb, o)
			})
		})
	}
}

// readPilot joins a room of pilots with a client that follows every frame.
func readPilot(t *testing.T, s *servertest.Server) *client.Room {
	t.Helper()
	c := client.New(s.URL, &client.Options{Dial: s.Dial})
	t.Cleanup(c.Close)
	room, err := c.JoinOrCreate(t.Context(), "pilot", nil)
	if err != nil {
		t.Fatalf("join: %v", err)
	}
	return room
}

// A room that reads its sockets needs no goroutine for them.
func TestWhoReads(t *testing.T) {
	const players = 20
	least := map[string]int{"ticks": 0, "goroutines": players, "ticks,_TLS": 0, "goroutines,_TLS": 2 * players}
	if runtime.GOOS == "windows" {
		t.Skip("goroutines read all sockets")
	}
	eachReader(t, func(t *testing.T, start starter) {
		t.Helper()
		s := start(t, crowd(30, newPilot))
		play(t, s).frame()
		calm := func() int { // of the handshakes some go on for a while
			n := runtime.NumGoroutine()
			for begin := time.Now(); since(begin) < 200*time.Millisecond; time.Sleep(5 * time.Millisecond) {
				n = min(n, runtime.NumGoroutine())
			}
			return n
		}
		before := calm()
		for range players {
			play(t, s).frame()
		}
		want := least[t.Name()[len("TestWhoReads/"):]]
		if n := calm() - before; n != want {
			t.Errorf("%d goroutines for %d players, want %d", n, players, want)
		}
	})
}

// However a room ends, its sockets are seen off: who plays in it and who has not said hello hears why, and nothing is left
// of them, though the room's own goroutine may hang.
func TestEndsOfRooms(t *testing.T) {
	says := func(text string) func(*raw, *servertest.Server, chan<- struct{}) {
		return func(c *raw, _ *servertest.Server, _ chan<- struct{}) { c.command(text) }
	}
	for _, tc := range []struct {
		why  string
		end  func(c *raw, s *servertest.Server, hang chan<- struct{})
		want tickwirev1.Code
	}{
		{"the game is over", says("over"), tickwirev1.Code_CODE_OVER},
		{"the game panics", says("panic"), tickwirev1.Code_CODE_GAME_FAILED},
		{"the game hangs", func(_ *raw, _ *servertest.Server, hang chan<- struct{}) {
			hang <- struct{}{}
		}, tickwirev1.Code_CODE_GAME_FAILED},
		{"the server stops", func(_ *raw, s *servertest.Server, _ chan<- struct{}) {
			go s.Stop()
		}, tickwirev1.Code_CODE_STOPPING},
	} {
		t.Run(tc.why, func(t *testing.T) {
			eachReader(t, func(t *testing.T, start starter) {
				t.Helper()
				hang, awake := make(chan struct{}, 1), make(chan struct{})
				o := slowAs(func(uint32) time.Duration {
					select {
					case <-hang:
						<-awake
					default:
					}
					return 0
				})
				o.Limits.TickWarn, o.Limits.TickLost = 50*time.Millisecond, 200*time.Millisecond
				s := start(t, o)
				t.Cleanup(func() { close(awake) })
				c := play(t, s)
				stranger, _ := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
				for range 5 { // the room knows of the stranger too
					c.frame()
				}
				tc.end(c, s, hang)
				for who, one := range map[string]*raw{"the player": c, "the stranger": stranger} {
					_ = one.conn.SetDeadline(time.Now().Add(patience))
					if code, _ := one.end(true); code != tc.want {
						t.Errorf("%s was told %v", who, code)
					}
					if rest, err := io.ReadAll(one.r); len(rest) > 0 || err != nil {
						t.Errorf("%s reads % x, %v after the end", who, rest, err)
					}
					_ = one.conn.Close()
				}
				if n := waitMetric(t, s, "connections", 0); n != 0 {
					t.Errorf("%v connections are open", n)
				}
			})
		})
	}
}

// command sends the pilot game's first command.
func (c *raw) command(text string) {
	c.t.Helper()
	c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte(text)}}}})
}

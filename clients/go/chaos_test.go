package client_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/link"
	"github.com/tickwire/tickwire/server/servertest"
)

// ledger is a game that books what its players did: the sum of their commands, and their presses.
type ledger struct {
	accounts *game.Table[account]
	steer    *game.Inputs[press]
	add      *game.Commands[amount]
	booked   *game.Events[amount]
}

type (
	account struct{ Commands, Presses, Last uint32 }
	press   struct {
		Now bool `sync:"edge"`
	}
	amount struct{ N uint32 }
)

func newLedger(w *game.World) game.Game {
	return &ledger{
		accounts: game.NewTable[account](w, "accounts"), steer: game.NewInputs[press](w),
		add: game.NewCommands[amount](w, "add"), booked: game.NewEvents[amount](w, "booked"),
	}
}

func (l *ledger) Join(_ *game.Tick, p game.Player) error {
	l.accounts.Put(p, account{})
	return nil
}

func (l *ledger) Leave(_ *game.Tick, p game.Player, _ game.Reason) { l.accounts.Delete(p) }

// Close makes the server wait for the game's end when it stops.
func (*ledger) Close(*game.Tick, int) {}

func (l *ledger) Tick(t *game.Tick) error {
	for c := range l.add.All(t) {
		a := l.accounts.Get(c.Player)
		if c.Value.N != a.Last+1 {
			return errors.New("a command came twice, never or too early")
		}
		a.Last = c.Value.N
		a.Commands++
		l.booked.Send(t, c.Player, c.Value)
	}
	for p, a := range l.accounts.All() {
		if l.steer.Of(t, p).Now {
			a.Presses++
		}
	}
	return nil
}

func ledgers() server.Options {
	return server.Options{Games: []game.Definition{{Name: "ledger", New: newLedger, Rate: 30}}}
}

// However often and wherever the connection breaks, each command is carried out once and answered once, each event comes
// once, and the copy is right.
func TestChaos(t *testing.T) {
	for _, codec := range []client.Codec{client.Packed, client.Plain} {
		for seed := range uint64(4) {
			t.Run(codec.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { playChaos(t, codec, seed) })
			})
		}
	}
}

func playChaos(t *testing.T, codec client.Codec, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	s := servertest.Start(t, ledgers())
	n := s.Network(servertest.Options{Latency: 30 * time.Millisecond, Jitter: 20 * time.Millisecond, Seed: seed})
	cl := client.New(s.URL, &client.Options{Dial: n.Dial, HTTPClient: s.HTTPClient(), Codec: codec})
	defer cl.Close()
	var back []client.Reconnected
	var away atomic.Int64 // since when, in seconds of this test; 0: it is not
	start := time.Now()
	room, err := cl.JoinOrCreate(t.Context(), "ledger", &client.JoinOptions{
		OnDrop: func(*client.Room, *client.Error) { away.Store(1 + int64(time.Since(start).Seconds())) },
		OnReconnect: func(_ *client.Room, b client.Reconnected) {
			back = append(back, b)
			away.Store(0)
		},
	})
	must(t, err)
	var events, answers []uint32
	_, err = client.OnEvent(room, "booked", func(_ uint32, a amount) { events = append(events, a.N) })
	must(t, err)
	posted, presses := uint32(0), uint32(0)
	for range 600 { // a minute
		fault := rng.IntN(40)
		if since := away.Load(); since != 0 && time.Since(start) > time.Duration(since+10)*time.Second {
			fault = -1 // the next try comes within 15 s, and the seat is kept for 30 s
		}
		switch fault {
		case 0:
			n.Newest().Cut()
		case 1:
			n.Newest().CutAfter(link.Down, rng.Int64N(200))
		case 2:
			n.Newest().CutAfter(link.Up, rng.Int64N(100))
		case 3:
			n.Newest().Stall(link.Both, time.Duration(rng.Int64N(int64(3*time.Second))))
		}
		now := rng.IntN(4) == 0
		if now {
			presses++
		}
		must(t, room.Send(press{Now: now}))
		number := posted + 1
		switch err := room.Post("add", amount{number}, func(err error) {
			if err != nil {
				t.Errorf("command %d: %v", number, err)
			}
			answers = append(answers, number)
		}); {
		case err == nil:
			posted++
		case !errors.Is(err, client.ErrBacklog):
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(30 * time.Second)
	var want []uint32
	for number := range posted {
		want = append(want, number+1)
	}
	synctest.Wait()
	if !slices.Equal(events, want) || !slices.Equal(answers, want) {
		t.Errorf("%d commands, %d answers, %d events", posted, len(answers), len(events))
	}
	for _, a := range client.Rows[account](room, "accounts") {
		if a.Commands != posted || a.Presses > presses || a.Presses == 0 { // presses while away are one
			t.Errorf("booked %d of %d commands, %d of %d presses", a.Commands, posted, a.Presses, presses)
		}
	}
	st := room.Stats()
	if st.Desyncs+st.BadFrames+st.EventsLost > 0 || st.Dropped < 5 || st.Resumed != st.Dropped || len(back) != st.Resumed {
		t.Errorf("stats %+v", st)
	}
	t.Logf("%d commands, %d drops, %d frames of which %d whole", posted, st.Dropped, st.Frames, st.Wholes)
	must(t, room.Leave())
	n.Cut()
}

// A program that was restarted takes its seat again, and the one that had it is told.
func TestResumeOnServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, ledgers())
		cl := client.New(s.URL, &client.Options{Dial: s.Dial, HTTPClient: s.HTTPClient()})
		defer cl.Close()
		old, err := cl.JoinOrCreate(t.Context(), "ledger", nil)
		must(t, err)
		must(t, old.Command(t.Context(), "add", amount{1}))
		token := old.Token()
		again, err := cl.Resume(t.Context(), token, nil)
		must(t, err)
		<-old.Done()
		if e := old.Err(); e.Code != client.CodeSuperseded {
			t.Errorf("the old one ended with %v", e)
		}
		must(t, again.Command(t.Context(), "add", amount{2}))
		for id, a := range client.Rows[account](again, "accounts") {
			if id != again.Player() || id != old.Player() || a.Commands != 2 {
				t.Errorf("row %d %+v", id, a)
			}
		}
		wantCode := func(why, token string, code client.Code) {
			t.Helper()
			_, err := cl.Resume(t.Context(), token, nil)
			if e, ok := errors.AsType[*client.Error](err); !ok || e.Code != code {
				t.Errorf("%s: %v", why, err)
			}
		}
		wantCode("the old token", token, client.CodeForbidden)
		wantCode("no token", "rt1.x", client.CodeUnauthenticated)
		token = again.Token()
		must(t, again.Leave())
		time.Sleep(time.Second)
		wantCode("after leaving", token, client.CodeNotFound)
	})
}

// A room whose seat is free when the network is back ends, and says why.
func TestGraceOnServer(t *testing.T) {
	for _, c := range []struct {
		why   string
		down  time.Duration
		codes []client.Code // with which it may end, by how the tries fall; none: it goes on
	}{
		{"in time", 8 * time.Second, nil},
		{"too late for the seat", 31 * time.Second, []client.Code{client.CodeNotFound, client.CodeLost}},
		{"for ever", time.Hour, []client.Code{client.CodeLost}},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, ledgers())
				n := s.Network(servertest.Options{})
				cl := client.New(s.URL, &client.Options{Dial: n.Dial})
				defer cl.Close()
				room, err := cl.JoinOrCreate(t.Context(), "ledger", nil)
				must(t, err)
				cl.Close()
				time.Sleep(time.Second)
				n.Down()
				n.Cut()
				up := time.AfterFunc(c.down, n.Up)
				defer up.Stop()
				start := time.Now()
				if c.codes == nil {
					must(t, room.Command(t.Context(), "add", amount{1}))
					if st := room.Stats(); st.Resumed != 1 || time.Since(start) > 9*time.Second {
						t.Errorf("after %v: %+v", time.Since(start), st)
					}
					must(t, room.Leave())
					return
				}
				<-room.Done()
				if e := room.Err(); !slices.Contains(c.codes, e.Code) || time.Since(start) > 36*time.Second {
					t.Errorf("after %v it ended with %v", time.Since(start), e)
				}
			})
		})
	}
}

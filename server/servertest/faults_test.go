package servertest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/link"
	"github.com/tickwire/tickwire/server/servertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Whatever happens to the link at tick 60, the player comes back to the same seat and sees the right state.
func TestNetworkFaults(t *testing.T) {
	for _, c := range []struct {
		why     string
		fault   func(*servertest.Network)
		dropped int
		within  time.Duration // until the game goes on
	}{
		{"nothing", func(*servertest.Network) {}, 0, 100 * time.Millisecond},
		{"a stall of 3 s is no end", func(n *servertest.Network) {
			n.Newest().Stall(link.Both, 3*time.Second)
		}, 0, 4 * time.Second},
		{"a cut", (*servertest.Network).Cut, 1, time.Second},
		{"a cut in the middle of a frame", func(n *servertest.Network) { n.Newest().CutAfter(link.Down, 20) }, 1, time.Second},
		{"a cut, and no network for 8 s", func(n *servertest.Network) {
			n.Down()
			n.Cut()
			time.AfterFunc(8*time.Second, n.Up)
		}, 1, 9 * time.Second},
		{"nothing arrives any more", func(n *servertest.Network) { n.Newest().Hold(link.Both) }, 1, 14 * time.Second},
		{"half open", func(n *servertest.Network) { n.Newest().Half() }, 1, 14 * time.Second},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { playFault(t, c.fault, c.dropped, c.within) })
		})
	}
}

func playFault(t *testing.T, fault func(*servertest.Network), dropped int, within time.Duration) {
	t.Helper()
	s := servertest.Start(t, server.Options{Games: samples.All()})
	n := s.Network(servertest.Options{Latency: 20 * time.Millisecond, Jitter: 10 * time.Millisecond, Seed: 3})
	cl := client.New(s.URL, &client.Options{Dial: n.Dial, HTTPClient: s.HTTPClient()})
	defer cl.Close()
	var at time.Time
	gone := make(chan time.Duration, 1)
	room, err := cl.JoinOrCreate(t.Context(), "arena", &client.JoinOptions{OnFrame: func(_ *client.Room, f *client.Frame) {
		switch {
		case at.IsZero() && f.Tick >= 60:
			at = time.Now()
			fault(n)
		case !at.IsZero() && f.Tick >= 60+uint32(within.Seconds()*30):
			select {
			case gone <- time.Since(at):
			default:
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	seat, player := room.SessionID(), room.Player()
	if took := <-gone; took > within+200*time.Millisecond {
		t.Errorf("the game went on after %v", took)
	}
	<-time.After(10 * time.Second)
	stats := room.Stats()
	if stats.Dropped != dropped || stats.Resumed != dropped || stats.Desyncs+stats.BadFrames > 0 {
		t.Errorf("stats %+v", stats)
	}
	if room.SessionID() != seat || room.Player() != player || len(n.Links()) < dropped+1 {
		t.Errorf("session %s, player %d, %d links; it was %s, %d", room.SessionID(), room.Player(), len(n.Links()), seat, player)
	}
	if n.Newest().Delivered(link.Down) == 0 {
		t.Error("nothing came over the newest link")
	}
	if err := room.Leave(); err != nil {
		t.Error(err)
	}
	n.Cut() // ends what the server still holds to be open
}

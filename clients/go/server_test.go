package client_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// The arena's own types, as a player's program would have them.
type (
	arenaShip struct {
		X, Y   int32
		Angle  uint8
		HP     uint8
		Shield bool
	}
	arenaSteer struct {
		Thrust, Turn int8
		Fire         bool
	}
	arenaPilot struct{ Name string }
)

// Two players on a real server see the same ship, as it is and as a screen should show it.
func TestOnServer(t *testing.T) {
	for _, codec := range []client.Codec{client.Packed, client.Plain} {
		t.Run(codec.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { playTwo(t, codec) })
		})
	}
}

func playTwo(t *testing.T, codec client.Codec) {
	t.Helper()
	s := servertest.Start(t, server.Options{Games: samples.All()})
	c := client.New(s.URL, &client.Options{Dial: s.Dial, HTTPClient: s.HTTPClient(), Codec: codec, Name: "ann"})
	ann, err := c.Create(t.Context(), "arena", nil)
	must(t, err)
	defer func() { must(t, ann.Leave()) }()
	bob, err := c.Join(t.Context(), ann.RoomID(), &client.JoinOptions{Name: "bob"})
	must(t, err)
	defer func() { must(t, bob.Leave()) }()

	ships, err := client.TableOf[arenaShip](bob, "ships")
	must(t, err)
	if _, err := client.TableOf[arenaShip](bob, "boats"); err == nil {
		t.Error("a table that is not there was found")
	}
	time.Sleep(time.Second)
	if ships.Len() != 2 {
		t.Fatalf("bob sees %d ships", ships.Len())
	}
	names := map[game.ID]string{}
	for id, p := range client.Rows[arenaPilot](bob, "pilots") {
		names[id] = p.Name
	}
	if names[ann.Player()] != "ann" || names[bob.Player()] != "bob" {
		t.Errorf("names %v", names)
	}
	shown := func() arenaShip {
		for id, s := range ships.Interpolated(time.Now()) {
			if id == ann.Player() {
				return s
			}
		}
		return arenaShip{}
	}
	rest, _ := ships.Get(ann.Player())
	if got := shown(); got != rest {
		t.Errorf("at rest the picture is %+v and the state %+v", got, rest)
	}
	must(t, ann.Send(arenaSteer{Turn: 1, Thrust: 1}))
	time.Sleep(2 * time.Second)
	moved, _ := ships.Get(ann.Player())
	if moved.X == rest.X && moved.Y == rest.Y || moved.Angle == rest.Angle {
		t.Errorf("ann's ship did not move: %+v, then %+v", rest, moved)
	}
	picture := shown()
	if far := abs(picture.X-moved.X) + abs(picture.Y-moved.Y); far == 0 || far > 2*1024 {
		t.Errorf("the picture %+v should lag a little behind the state %+v", picture, moved)
	}
	if st := bob.Stats(); st.Desyncs != 0 || st.BadFrames != 0 || st.Lead < 2 || st.Lead > 3 || st.Delay == 0 {
		t.Errorf("stats %+v", st)
	}
	if err := ann.Command(t.Context(), "dance", nil); err == nil || errors.Is(err, client.ErrLeft) {
		t.Errorf("a command that the arena lacks: %v", err)
	}
}

func abs(v int32) int32 { return max(v, -v) }

// A page that nobody sees gets a frame a second and stays in the room.
func TestPaceOnServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, server.Options{Games: samples.All()})
		n := s.Network(servertest.Options{Latency: 20 * time.Millisecond})
		cl := client.New(s.URL, &client.Options{Dial: n.Dial, HTTPClient: s.HTTPClient()})
		defer cl.Close()
		room, err := cl.JoinOrCreate(t.Context(), "arena", nil)
		must(t, err)
		must(t, room.Send(arenaSteer{Thrust: 1}))
		must(t, room.Pace(room.Rate()))
		time.Sleep(time.Second)
		frames := func() int {
			before := room.Stats().Frames
			time.Sleep(10 * time.Second)
			return room.Stats().Frames - before
		}
		if got := frames(); got < 9 || got > 11 {
			t.Errorf("%d frames in ten seconds", got)
		}
		n.Cut()
		time.Sleep(2 * time.Second)
		if got := frames(); got < 9 || got > 11 {
			t.Errorf("%d frames in ten seconds after a drop", got)
		}
		must(t, room.Pace(0))
		if got := frames(); got < 290 {
			t.Errorf("%d frames in ten seconds at full pace", got)
		}
		if st := room.Stats(); st.Desyncs+st.BadFrames > 0 || st.Resumed != 1 {
			t.Errorf("stats %+v", st)
		}
		must(t, room.Leave())
	})
}

// A server that stops says so first, and the room's end is that.
func TestClosingOnServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, ledgers())
		cl := client.New(s.URL, &client.Options{Dial: s.Dial, HTTPClient: s.HTTPClient()})
		defer cl.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var ticks []int
		room, err := cl.JoinOrCreate(ctx, "ledger", &client.JoinOptions{
			OnClosing: func(_ *client.Room, n int) { ticks = append(ticks, n) },
		})
		must(t, err)
		cancel() // the room outlives it
		time.Sleep(time.Second)
		go s.Stop()
		<-room.Done()
		if e := room.Err(); e.Code != client.CodeStopping || len(ticks) != 1 || ticks[0] < 600 || room.Stats().Dropped != 0 {
			t.Errorf("ended with %v, told %v", e, ticks)
		}
	})
}

package server_test

import (
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// chatty is a game that says a lot every tick.
type chatty struct {
	said *game.Events[say]
	much int
}

func (g *chatty) Tick(t *game.Tick) error {
	for range g.much {
		g.said.Broadcast(t, say{"boom"})
	}
	return nil
}

// chatter are the options for it.
func chatter(much int) server.Options {
	return server.Options{Games: []game.Definition{{
		Name: "pilot", MaxPlayers: 4, Rate: 60, Stride: 4, New: func(w *game.World) game.Game {
			game.NewVar(w, "x", struct{ A uint8 }{})
			return &chatty{game.NewEvents[say](w, "said"), much}
		},
	}}}
}

// More mail than may wait cuts a client that does not take it, and only such a one: between two frames there may be more.
func TestTooMuchMailCutsOnlyTheBusy(t *testing.T) {
	t.Parallel()
	const much = 65 // 4 ticks to a frame: 260 events
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, chatter(much))
		reader := play(t, s)
		play(t, s) // reads nothing
		start, events := time.Now(), 0
		for metric(t, s, `connections_ended_total{code="CODE_SLOW"}`) == 0 {
			events += len(reader.frame().GetEvents())
			if since(start) > 3500*time.Millisecond { // by the write limit alone it would take 4.5 s
				t.Fatal("the client that does not read is not cut")
			}
		}
		for range 60 {
			events += len(reader.frame().GetEvents())
		}
		if want := 60 * 4 * much; events < want {
			t.Errorf("the client that reads got %d events, want at least %d", events, want)
		}
	})
}

// bouncer is a game that throws out who says anything, with words.
type bouncer struct {
	say  *game.Commands[say]
	said *game.Events[say]
}

func (g *bouncer) Tick(t *game.Tick) error {
	for c := range g.say.All(t) {
		c.Refuse(7, "caf\xc3") // a game's own words, cut in the middle of a letter
		g.said.Broadcast(t, say{c.Value.Text})
		t.Kick(c.Player, "\xc3")
	}
	return nil
}

// Who is kicked gets the events and answers of that tick first, and all words are UTF-8 whatever the game says.
func TestAKickKeepsTheTick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := play(t, servertest.Start(t, server.Options{Games: []game.Definition{{
			Name: "pilot", MaxPlayers: 4, New: func(w *game.World) game.Game {
				game.NewVar(w, "x", struct{ A uint8 }{})
				return &bouncer{game.NewCommands[say](w, "say"), game.NewEvents[say](w, "said")}
			},
		}}}))
		c.frame()
		c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte("hi")}}}})
		all := c.rest()
		if len(all.GetEvents()) != 1 || len(all.GetAnswers()) != 1 || all.GetAnswers()[0].GetWhy() != "caf\uFFFD" {
			t.Errorf("events %v, answers %v", all.GetEvents(), all.GetAnswers())
		}
		if bye := all.GetBye(); bye.GetCode() != tickwirev1.Code_CODE_KICKED || bye.GetMessage() != "\uFFFD" {
			t.Errorf("bye %v", bye)
		}
	})
}

// When the game is over, the last events and the reason reach also a client that has not taken the frame before, if it
// reads on while the connection lingers.
func TestTheEndReachesTheBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, talkative())
		sleeper, talker := play(t, s), play(t, s)
		seq := uint32(0)
		talk := func(words ...string) {
			f := &tickwirev1.ClientFrame{}
			for _, text := range words {
				seq++
				f.Commands = append(f.Commands, &tickwirev1.Command{Seq: seq, Blobs: [][]byte{[]byte(text)}})
			}
			talker.message(f)
		}
		for metric(t, s, "frames_skipped_total") == 0 {
			talker.frame()
			sleeper.bytes(wsFrame(0x80|opPong, nil)) // it lives, it only does not read
			talk("some words here.", "some words here.", "some words here.", "some words here.")
		}
		talk("the end", "over")
		talker.rest()
		all := sleeper.rest()
		events := all.GetEvents()
		if n := len(events); n == 0 || string(events[n-1].GetBlobs()[0]) != "the end" || int(events[n-1].GetSeq()) != n {
			t.Errorf("%d events, the last is %v", n, events[max(0, n-1):])
		}
		if all.GetBye().GetCode() != tickwirev1.Code_CODE_OVER {
			t.Errorf("bye %v", all.GetBye())
		}
	})
}

// talkative are the options for pilots who may say a lot.
func talkative() server.Options {
	o := pilots()
	o.Limits.CommandsPerSecond = 1000
	return o
}

// rest reads until the close frame, and returns all frames as one.
func (c *raw) rest() *tickwirev1.ServerFrame {
	c.t.Helper()
	all := &tickwirev1.ServerFrame{}
	for {
		op, payload, err := c.next()
		if err != nil {
			c.t.Fatalf("read: %v", err)
		}
		switch op {
		case opClose:
			return all
		case opBinary:
			if err := (proto.UnmarshalOptions{Merge: true}).Unmarshal(payload, all); err != nil {
				c.t.Fatalf("server frame: %v", err)
			}
		}
	}
}

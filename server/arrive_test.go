package server_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// typist is a game whose input is a text, and which tells a test why players leave.
type typist struct {
	left chan game.Reason
}

// typed is its input.
type typed struct {
	Text string `sync:"max=16"`
}

func (*typist) Tick(*game.Tick) error { return nil }

func (g *typist) Leave(_ *game.Tick, _ game.Player, why game.Reason) { g.left <- why }

// typists are the options for it.
func typists(left chan game.Reason) server.Options {
	return server.Options{Games: []game.Definition{{Name: "pilot", MaxPlayers: 4, New: func(w *game.World) game.Game {
		game.NewVar(w, "x", struct{ A uint8 }{})
		game.NewInputs[typed](w)
		return &typist{left}
	}}}}
}

// What a client writes into its close frame says that it leaves, and never more: else it may come back.
func TestCloseCodesOfClients(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		code uint16
		want game.Reason
	}{
		{"normal", 1000, game.ReasonLeft},
		{"going away, as a page does that is loaded again", 1001, game.ReasonLost},
		{"a failure of its own", 1011, game.ReasonLost},
		{"the server's code for kicked", uint16(tickwirev1.Code_CODE_KICKED), game.ReasonLost},
		{"the server's code for idle", uint16(tickwirev1.Code_CODE_IDLE), game.ReasonLost},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				left := make(chan game.Reason, 1)
				c := play(t, servertest.Start(t, typists(left)))
				c.frame()
				c.bytes(wsFrame(0x80|opClose, binary.BigEndian.AppendUint16(nil, tc.code)))
				if got := <-left; got != tc.want {
					t.Errorf("the game hears reason %d, want %d", got, tc.want)
				}
				_ = c.conn.Close()
			})
		})
	}
}

// A player whose only input is a text is there as long as the text changes.
func TestTextInputsAreActivity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := play(t, servertest.Start(t, typists(make(chan game.Reason, 1))))
		tick := c.frame().GetTick()
		ended := make(chan tickwirev1.Code, 1)
		go func() {
			code, _ := c.end(true)
			ended <- code
		}()
		for minute := range 10 {
			text := []byte(strings.Repeat("x", minute+1))
			c.message(&tickwirev1.ClientFrame{
				First: tick + uint32(minute)*60*30, Inputs: []*tickwirev1.Input{{Blobs: [][]byte{text}}},
			})
			select {
			case code := <-ended:
				t.Fatalf("the player was cut in minute %d: %v", minute, code)
			case <-time.After(time.Minute):
			}
		}
		_ = c.conn.Close()
		<-ended
	})
}

// A client may ask for a whole state as often as it likes; that it was wrong counts once.
func TestADesyncCountsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s)
		c.frame()
		wholes := 0
		for range 30 {
			c.message(&tickwirev1.ClientFrame{
				Resync: &tickwirev1.Resync{Tick: 1, Reason: tickwirev1.ResyncReason_RESYNC_REASON_HASH},
			})
			if c.frame().GetBase() == 1 {
				wholes++
			}
		}
		if n := metric(t, s, "desyncs_total"); n != 1 || wholes < 29 {
			t.Errorf("%v desyncs counted, want 1; %d whole frames, want 29 or 30", n, wholes)
		}
	})
}

// Inputs that come again say nothing of how early a player is.
func TestRepeatedInputsDoNotChangeTheSlack(t *testing.T) {
	t.Parallel()
	slack := func(repeats uint32) (slack int32) {
		synctest.Test(t, func(t *testing.T) {
			c := play(t, servertest.Start(t, pilots()))
			tick := uint32(0)
			for range 90 {
				f := c.frame()
				if tick++; f.GetTick() != 0 {
					tick = f.GetTick()
				}
				slack = f.GetSlack()
				count := 1 + min(repeats, tick+2)
				c.message(&tickwirev1.ClientFrame{
					Ack: tick, First: tick + 4 - count, Inputs: slices.Repeat([]*tickwirev1.Input{{}}, int(count)),
				})
			}
		})
		return slack
	}
	if once, again := slack(0), slack(10); once != again || once <= 8 {
		t.Errorf("the slack is %d eighths, with repeats %d; want the same, over a tick", once, again)
	}
}

// A command that the session has had is dropped; one that leaves a gap ends the connection.
func TestCommandsComeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := play(t, servertest.Start(t, pilots()))
		c.frame()
		var said []string
		for _, words := range [][]any{{1, "one"}, {1, "again"}, {2, "two"}, {1, "once more"}, {3, "three"}} {
			c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{
				{Seq: uint32(words[0].(int)), Blobs: [][]byte{[]byte(words[1].(string))}},
			}})
			for range 2 {
				for _, e := range c.frame().GetEvents() {
					said = append(said, string(e.GetBlobs()[0]))
				}
			}
		}
		if want := []string{"one", "two", "three"}; !slices.Equal(said, want) {
			t.Errorf("the game heard %q, want %q", said, want)
		}
		c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 5}}})
		if code, _ := c.end(true); code != tickwirev1.Code_CODE_MALFORMED {
			t.Errorf("a gap: %v", code)
		}
	})
}

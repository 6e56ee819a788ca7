package client_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

// said are the texts of a frame's commands, with their numbers.
func said(f *tickwirev1.ClientFrame) []string {
	var s []string
	for _, c := range f.GetCommands() {
		s = append(s, fmt.Sprintf("%d %s", c.GetSeq(), c.GetBlobs()[0]))
	}
	return s
}

// Each command comes to the server once as far as it can tell, in order, and each is answered once.
func TestCommandsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		var answers []string
		say := func(text string) {
			t.Helper()
			must(t, g.room.Post("say", map[string]any{"text": text}, func(err error) {
				answers = append(answers, fmt.Sprintf("%s %v", text, err))
			}))
		}
		for i, text := range []string{"a", "b", "c"} {
			say(text)
			if got := said(g.next()); len(got) != 1 || got[0] != fmt.Sprintf("%d %s", i+1, text) {
				t.Errorf("commands %q", got)
			}
		}
		g.send(&tickwirev1.ServerFrame{Answers: []*tickwirev1.Answer{{Seq: 1}}})
		synctest.Wait()
		g.cut()
		synctest.Wait()
		say("d")
		g.hello()
		say("e")
		w := again("token-2")
		w.LastCommand = 2 // b came, its answer did not
		g.send(&tickwirev1.ServerFrame{Welcome: w})
		if got := said(g.next()); !slices.Equal(got, []string{"3 c", "4 d", "5 e"}) {
			t.Errorf("sent again %q", got)
		}
		say("f")
		if got := said(g.next()); !slices.Equal(got, []string{"6 f"}) {
			t.Errorf("then %q", got)
		}
		for range 2 { // the server repeats answers
			g.send(&tickwirev1.ServerFrame{Answers: []*tickwirev1.Answer{
				{Seq: 1}, {Seq: 2}, {Seq: 3, Refusal: 1, Why: "no"}, {Seq: 4}, {Seq: 5}, {Seq: 6}, {Seq: 77},
			}})
		}
		synctest.Wait()
		if want := []string{
			"a <nil>", "b <nil>", "c tickwire: refused by the game: no", "d <nil>", "e <nil>", "f <nil>",
		}; !slices.Equal(answers, want) {
			t.Errorf("answers %q, want %q", answers, want)
		}
		if len(g.frames) != 0 {
			t.Errorf("the client also sent %v", g.next())
		}
	})
}

// Without a connection 16 commands wait. Of many that wait, 16 go out at once, then one every 100 ms.
func TestCommandsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		const before = 20
		for range before {
			must(t, g.room.Post("say", nil, nil))
			g.next()
		}
		g.cut()
		synctest.Wait()
		if err := g.room.Post("say", nil, nil); !errors.Is(err, client.ErrBacklog) {
			t.Errorf("one too many: %v", err)
		}
		g.hello()
		g.send(&tickwirev1.ServerFrame{Welcome: again("token-2")})
		if n := len(g.next().GetCommands()); n != 16 {
			t.Errorf("%d commands at once", n)
		}
		must(t, g.room.Post("say", nil, nil)) // in order, so behind the others
		synctest.Wait()
		if len(g.frames) != 0 {
			t.Errorf("too much was sent: %v", g.next())
		}
		g.send(ring(12, 2))
		g.next()
		seq := uint32(16)
		for range 5 {
			time.Sleep(100 * time.Millisecond)
			g.send(chain())
			c := g.next().GetCommands()
			if seq++; len(c) != 1 || c[0].GetSeq() != seq {
				t.Errorf("commands %v, want number %d", c, seq)
			}
		}
		must(t, g.room.Post("say", nil, nil)) // nothing waits any more
		if c := g.next().GetCommands(); len(c) != 1 || c[0].GetSeq() != before+2 {
			t.Errorf("commands %v", c)
		}
	})
}

// Without a connection 16 commands wait, with one 256.
func TestBacklog(t *testing.T) {
	for _, c := range []struct {
		why  string
		drop bool
		most int
	}{{"with a connection", false, 256}, {"without", true, 16}} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t, nil)
			if c.drop {
				g.cut()
				synctest.Wait()
			}
			for n := range c.most {
				if err := g.room.Post("say", nil, nil); err != nil {
					t.Fatalf("%s: command %d: %v", c.why, n+1, err)
				}
			}
			if err := g.room.Post("say", nil, nil); !errors.Is(err, client.ErrBacklog) {
				t.Errorf("%s: command %d: %v", c.why, c.most+1, err)
			}
		})
	}
}

// Inputs that the server has not got are sent again, in frames of consecutive ticks, and those of now follow.
func TestInputsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		press := func(thrust int8, fire bool) { must(t, g.room.Send(steer{Thrust: thrust, Fire: fire})) }
		press(1, true)
		for range 3 { // inputs 14, 15, 16
			g.send(chain())
			g.next()
		}
		press(-1, false)
		g.send(&tickwirev1.ServerFrame{Tick: 33, Base: 21, Delta: &tickwirev1.Delta{}}) // eight of them: 29 to 36
		if f := g.next(); f.GetFirst() != 29 || len(f.GetInputs()) != 8 {
			t.Fatalf("inputs %v", f)
		}
		g.cut()
		synctest.Wait()
		press(1, true) // goes out with the first state
		press(0, false)
		g.hello()
		w := again("token-2")
		w.LastInput = 13
		g.send(&tickwirev1.ServerFrame{Welcome: w})
		if f := g.next(); f.GetFirst() != 14 || f.GetAck() != 0 || !sameValues(values(f), [][]int64{{1, 1}, {1}, {1}}) {
			t.Errorf("first %v", f)
		}
		if f := g.next(); f.GetFirst() != 29 || len(f.GetInputs()) != 8 || f.GetInputs()[7].GetValues()[0] != -1 {
			t.Errorf("then %v", f)
		}
		synctest.Wait()
		if len(g.frames) != 0 {
			t.Errorf("sent too much: %v", g.next())
		}
		g.send(ring(35, 2))
		if f := g.next(); f.GetFirst() != 37 || f.GetAck() != 35 || !sameValues(values(f), [][]int64{{0, 1}, nil}) {
			t.Errorf("with the state %v", f)
		}
		g.cut()
		g.hello()
		w = again("token-3")
		w.LastInput = 38
		g.send(&tickwirev1.ServerFrame{Welcome: w})
		synctest.Wait()
		if len(g.frames) != 0 {
			t.Errorf("sent what the server has: %v", g.next())
		}
	})
}

// How late the inputs came that were sent again says nothing of the new connection: the lead stays for a second.
func TestLeadAfterABreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		must(t, g.room.Send(steer{Thrust: 1}))
		for range 60 {
			f := chain()
			f.Slack = 12
			g.send(f)
			g.next()
		}
		g.cut()
		g.hello()
		late := func(f *tickwirev1.ServerFrame) *tickwirev1.ServerFrame {
			f.Slack = -512
			return f
		}
		f := late(whole(300))
		f.Welcome = again("token-2")
		g.send(f)
		for range 30 {
			g.send(late(chain()))
			synctest.Wait()
			if lead := g.room.Stats().Lead; lead != 3 {
				t.Fatalf("lead %d", lead)
			}
		}
		for range 10 {
			g.send(late(chain()))
		}
		synctest.Wait()
		if lead := g.room.Stats().Lead; lead != 11 {
			t.Errorf("lead %d, want that it follows", lead)
		}
	})
}

// No more than the newest 32 inputs are kept.
func TestInputsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		must(t, g.room.Send(steer{Thrust: 1}))
		for range 50 { // more inputs than that
			g.send(chain())
			g.next()
		}
		g.cut()
		g.hello()
		g.send(&tickwirev1.ServerFrame{Welcome: again("token-2")})
		if f := g.next(); f.GetFirst() != g.room.InputTick()-31 || len(f.GetInputs()) != 32 {
			t.Errorf("from %d on %d inputs", f.GetFirst(), len(f.GetInputs()))
		}
	})
}

// An event that came before is not told twice, and one that the server no longer has is counted.
func TestEventsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		var got []uint32
		_, err := client.OnEvent(g.room, "boom", func(tick uint32, _ struct{ By string }) { got = append(got, tick) })
		must(t, err)
		f := chain() // tick 11
		f.Events = []*tickwirev1.Event{{Seq: 1, Age: 1}, {Seq: 2}}
		g.send(f)
		g.next()
		g.cut()
		g.hello()
		w := again("token-2")
		w.LostEvents = 2
		f = ring(20, 9)
		f.Welcome = w
		f.Events = []*tickwirev1.Event{{Seq: 1, Age: 10}, {Seq: 2, Age: 9}, {Seq: 5, Age: 4}, {Seq: 6, Age: 0}}
		g.send(f)
		g.next()
		if want := []uint32{10, 11, 16, 20}; !slices.Equal(got, want) {
			t.Errorf("events of ticks %v, want %v", got, want)
		}
		if s := g.room.Stats(); s.EventsLost != 2 || len(g.backs) != 1 || g.backs[0].LostEvents != 2 {
			t.Errorf("lost %d, came back %+v", s.EventsLost, g.backs)
		}
	})
}

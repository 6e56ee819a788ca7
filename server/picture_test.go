package server_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// noted is one frame that came.
type noted struct {
	client.Frame

	rows int // that are there then
}

// noteFrames joins a game and notes what comes in so long.
func noteFrames(t *testing.T, s *servertest.Server, of string, o client.JoinOptions, d time.Duration) []noted {
	t.Helper()
	var frames []noted
	c := client.New(s.URL, &client.Options{Dial: s.Dial})
	defer c.Close()
	o.OnFrame = func(r *client.Room, f *client.Frame) { frames = append(frames, noted{*f, r.Replica().Len(0)}) }
	room, err := c.JoinOrCreate(t.Context(), of, &o)
	if err != nil {
		t.Error(err)
		return nil
	}
	time.Sleep(d)
	if err := room.Leave(); err != nil {
		t.Error(err)
	}
	if stats := room.Stats(); stats.Desyncs != 0 || stats.BadFrames != 0 || stats.Dropped != 0 {
		t.Errorf("%+v", stats)
	}
	return frames
}

// Where all see all, a client gets every frame as long as they cost less than it may be sent, and as many as that pays for
// if they cost more. None waits anywhere: each is of the tick in which it comes.
func TestFramesBeyondTheBudgetComeLessOften(t *testing.T) {
	t.Parallel()
	const rate, seconds = 20, 30
	for _, tc := range []struct {
		why    string
		spare  float64 // bytes that may be sent for each that there is
		all    bool
		frames float64 // of all
	}{
		{"a little less than it may be", 1.03, true, 1},
		{"a little more", 0.97, false, 0.97},
		{"twice as much", 0.5, false, 0.5},
		{"ten times as much", 0.1, false, 0.1},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			run := func(limits server.Limits) (frames []noted, short float64) {
				synctest.Test(t, func(t *testing.T) {
					o := noises(rate, 40, 2)
					o.Limits = limits
					s := servertest.Start(t, o)
					frames = noteFrames(t, s, "noise", client.JoinOptions{}, seconds*time.Second)
					short = metric(t, s, `limits_total{limit="FrameBytesPerSecond"}`)
				})
				return frames, short
			}
			all, short := run(server.Limits{FrameBytesPerSecond: 1 << 20})
			if short != 0 {
				t.Fatalf("the budget was short %v times", short)
			}
			each := all[len(all)-1].Bytes
			perSecond := int(tc.spare * float64(each*rate))
			got, short := run(server.Limits{FrameBytesPerSecond: perSecond, FrameBurst: 2 * each})
			const begin = 8 // frames' worth of what it began with
			want := tc.frames*rate*seconds + begin
			if n := float64(len(got)); n > want+3 || n < 0.96*(want-begin)-2 || tc.all && len(got) < len(all)-1 {
				t.Errorf("%v frames of %d came, want about %v", n, len(all), want)
			}
			if (short == 0) != tc.all {
				t.Errorf("the budget was short %v times", short)
			}
			bytes := 0
			for i, f := range got {
				bytes += f.Bytes
				if i > 0 && f.At.Sub(got[i-1].At) != time.Duration(f.Tick-got[i-1].Tick)*time.Second/rate {
					t.Fatalf("the frame of tick %d came %v after that of tick %d", f.Tick, f.At.Sub(got[i-1].At), got[i-1].Tick)
				}
			}
			if most := seconds*perSecond + begin*each + 2*each; bytes > most {
				t.Errorf("%d bytes came, at most %d may", bytes, most)
			}
		})
	}
}

// criers is noise with a word for all once a second.
type criers struct {
	*noise

	words *game.Events[veilWord]
}

func (g criers) Tick(t *game.Tick) error {
	if t.Number()%20 == 0 {
		g.words.Broadcast(t, veilWord{strconv.Itoa(int(t.Number()))})
	}
	return g.noise.Tick(t)
}

// Events do not wait for bytes: whoever may be sent a tenth of what there is gets each in the tick in which it happens.
func TestEventsDoNotWaitForBytes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, server.Options{
			Games: []game.Definition{{Name: "criers", Rate: 20, New: func(w *game.World) game.Game {
				g := criers{&noise{game.NewTable[static](w, "rows")}, game.NewEvents[veilWord](w, "words")}
				for range 40 {
					g.rows.Add(static{})
				}
				return g
			}}},
			Limits: server.Limits{FrameBytesPerSecond: 1700, FrameBurst: 1700}, // two frames
		})
		c := client.New(s.URL, &client.Options{Dial: s.Dial})
		defer c.Close()
		var ticks []uint32
		newest, frames := uint32(0), 0
		room, err := c.JoinOrCreate(t.Context(), "criers", &client.JoinOptions{OnFrame: func(_ *client.Room, f *client.Frame) {
			newest, frames = f.Tick, frames+1
		}})
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		_, err = client.OnEvent(room, "words", func(tick uint32, w veilWord) {
			ticks = append(ticks, tick)
			if w.Text != strconv.Itoa(int(tick)) || newest > tick {
				t.Errorf("the word %s of tick %d came after the frame of tick %d", w.Text, tick, newest)
			}
			if late := time.Since(begin) - time.Duration(len(ticks))*time.Second; late > 0 {
				t.Errorf("the word %d came %v too late", len(ticks), late)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(30*time.Second + time.Millisecond)
		if err := room.Leave(); err != nil {
			t.Error(err)
		}
		if len(ticks) != 30 || frames > 80 {
			t.Errorf("%d words and %d frames came", len(ticks), frames)
		}
	})
}

// heath is a game of many things that lie about, and some that move.
type heath struct {
	things *game.Table[heathThing]
}

type heathThing struct {
	X, Y int32 `sync:"pos,unit=16,lerp"`
	Kind uint8
}

const heathThings = 5000

func (g *heath) Tick(t *game.Tick) error {
	n := 0
	for id, row := range g.things.All() {
		if n++; n > 50 {
			break
		}
		row.X += int32(id%7) - 3
		row.Y += int32((uint32(id)+t.Number()/16)%5) - 2
	}
	return nil
}

// heathView is a heath that shows what is near the middle, which is all.
type heathView struct{ heath }

func (g *heathView) View(_ game.Player, v *game.View) {
	v.Near(g.things, game.Area{Enter: 1 << 20})
}

func heaths() server.Options {
	newGame := func(w *game.World) heath {
		g := heath{things: game.NewTable[heathThing](w, "things")}
		for range heathThings {
			x, y := int32(w.Rand().Range(-40_000, 40_000)), int32(w.Rand().Range(-40_000, 40_000))
			g.things.Add(heathThing{X: x, Y: y, Kind: uint8(w.Rand().Intn(5))})
		}
		return g
	}
	return server.Options{Games: []game.Definition{
		{Name: "heath", Rate: 30, New: func(w *game.World) game.Game { g := newGame(w); return &g }},
		{Name: "heath-view", Rate: 30, New: func(w *game.World) game.Game { return &heathView{newGame(w)} }},
	}}
}

// One who joins a world of 5,000 things gets them in pieces, none greater than the burst, and has them all with its fourth
// frame. Those who are there get each frame at its time, and it is small.
func TestAGreatWorldComesInPieces(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"heath", "heath-view"} {
		t.Run(of, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, heaths())
				first := make(chan []noted, 1)
				go func() { first <- noteFrames(t, s, of, client.JoinOptions{}, 20*time.Second) }()
				for n := range 5 {
					time.Sleep(3 * time.Second)
					frames := noteFrames(t, s, of, client.JoinOptions{Name: strconv.Itoa(n)}, 2*time.Second)
					checkPieces(t, frames)
				}
				frames := <-first
				checkPieces(t, frames)
				for i, f := range frames[6:] {
					before := frames[5+i]
					if gap := f.At.Sub(before.At); gap > time.Second/30+time.Microsecond || f.Bytes > 1000 {
						t.Errorf("the frame of tick %d came after %v and has %d bytes", f.Tick, gap, f.Bytes)
					}
				}
			})
		})
	}
}

// checkPieces checks the first frames of one who joined.
func checkPieces(t *testing.T, frames []noted) {
	t.Helper()
	if len(frames) < 30 {
		t.Fatalf("%d frames came", len(frames))
	}
	sizes := []int{}
	for i, f := range frames[:6] {
		sizes = append(sizes, f.Bytes)
		if f.Bytes > 16<<10 {
			t.Errorf("frame %d has %d bytes", i, f.Bytes)
		}
		if i >= 3 && f.rows != heathThings {
			t.Errorf("after frame %d there are %d things", i, f.rows)
		}
	}
	if frames[0].rows == heathThings {
		t.Errorf("all came at once, in %v bytes", sizes)
	}
	t.Logf("the first frames: %v bytes", sizes)
}

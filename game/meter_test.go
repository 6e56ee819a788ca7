package game_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/game/samples/world"
)

// ledger is a game of one row, whose bits can be counted by hand.
type ledger struct {
	row *game.Table[entryOf]
	add [3]int32 // what is added to the columns in the next tick
}

type entryOf struct {
	X, Y  int32 `sync:"pos"`
	Count int32 // k is 2
	Flag  bool
}

func (g *ledger) Tick(t *game.Tick) error {
	for _, r := range g.row.All() {
		r.X, r.Y, r.Count = r.X+g.add[0], r.Y+g.add[1], r.Count+g.add[2]
		r.Flag = r.Flag != (t.Number()%2 == 0)
	}
	return nil
}

// What each part of a body costs, counted by hand.
func TestMeterCounts(t *testing.T) {
	t.Parallel()
	g := &ledger{}
	sim, err := game.NewSim(game.Definition{Name: "ledger", New: func(w *game.World) game.Game {
		g.row = game.NewTable[entryOf](w, "row")
		g.row.Add(entryOf{})
		return g
	}}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := game.NewEncoder(sim.Schema(), sim.History())
	m, err := game.NewMeter(sim.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var b game.Baseline
	var u game.Usage
	frame := func(x, y, count int32) {
		g.add = [3]int32{x, y, count}
		if _, err := sim.Step(nil); err != nil {
			t.Fatal(err)
		}
		e.Begin()
		var before game.Baseline
		before.Copy(&b)
		base, body := e.Frame(nil, &b, 1, nil)
		m.Clear()
		if err := m.Sent(e, &before, 1, base, body); err != nil {
			t.Fatal(err)
		}
		u = m.Usage
		if u.Bits() != 8*len(body) || u.Frames != 1 {
			t.Errorf("%d bits in %d frames, the body has %d", u.Bits(), u.Frames, 8*len(body))
		}
	}
	frame(0, 0, 0) // whole: 1 enters: 3 bits; it has 0 bits of table, 3 of ID, 3 of mask
	if row := u.Tables[0]; row.Enters != 6 || row.Marks != 0 || u.Head != 10 {
		t.Errorf("a whole frame: %+v", u)
	}
	frame(0, 0, 1) // the flag has flipped; none leaves or enters
	if row := u.Tables[0]; row.Columns[2] != 3 || row.Columns[3] != 0 || row.Columns[0]+row.Columns[1] != 0 || row.Enters != 0 {
		t.Errorf("a count of one more: %+v", u)
	}
	frame(3, 0, 9) // the residuals: 3 is the number 5, 0 is 0; 9 is 17, less one is 16
	if c := u.Tables[0].Columns; c[0] != 5 || c[1] != 1 || c[2] != 7 || c[3] != 0 {
		t.Errorf("a step and nine more: %+v", u)
	}
	frame(3, 0, 0) // it goes on like this
	if row := u.Tables[0]; row.Columns[0]+row.Columns[1]+row.Columns[2] != 0 || row.Marks < 2 {
		t.Errorf("going on: %+v", u)
	}
}

// The bits of all parts are the bits of the body, whoever looks: the one who made it and the one who gets it. So it is for
// chain, ring and whole frames, with rows of all classes, with bytes enough and few, and with rows that come and go.
func TestMeterIsExact(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		def  game.Definition
		room int
		mean bool // rows of slower classes are expected
	}{
		{"all see all", arena.Definition(), 0, false},
		{"each sees what is near", world.Definition(), 0, true},
		{"each sees the most important of it", world.Definition(), 60, true},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(5, 5))
			sim, err := game.NewSim(tc.def, 3, map[string]string{"size": "96"})
			if err != nil {
				t.Fatal(err)
			}
			e := game.NewEncoder(sim.Schema(), sim.History())
			var clients []*metered
			var players []game.Player
			for tick := uint32(1); tick <= 400; tick++ {
				var in []game.Entry
				if len(players) < 24 {
					p := sim.NextID()
					players = append(players, p)
					in = append(in, game.Entry{Kind: game.EntryJoin, Player: p, Name: "a"})
					if len(clients) < 6 {
						clients = append(clients, newMetered(t, sim, p))
					}
				}
				for _, p := range players {
					in = append(in, game.Entry{
						Kind: game.EntryInput, Player: p, Tick: tick,
						Values: []int64{int64(r.IntN(3)) - 1, int64(r.IntN(3)) - 1, int64(r.IntN(2))},
					})
				}
				if _, err := sim.Step(in); err != nil {
					t.Fatal(err)
				}
				e.Begin()
				for _, c := range clients {
					switch {
					case r.IntN(8) == 0: // it is skipped
					case r.IntN(60) == 0:
						c.base.Reset()
						c.sight.Reset()
					default:
						c.frame(t, sim, e, tick, tc.room, r)
					}
				}
			}
			var all game.Usage
			for i, c := range clients {
				if !reflect.DeepEqual(c.sent.Usage, c.got.Usage) {
					t.Errorf("client %d: %+v\n%+v", i, c.sent.Usage, c.got.Usage)
				}
				if i == 0 {
					all = c.got.Usage
				} else {
					all.Add(&c.got.Usage)
				}
			}
			leaves, enters, moves := 0, 0, 0
			for _, x := range all.Tables {
				leaves, enters, moves = leaves+x.Leaves, enters+x.Enters, moves+x.Moves
			}
			if leaves == 0 || enters == 0 || (moves > 0) != tc.mean || all.Head == 0 || all.Frames < 1000 {
				t.Errorf("%+v", all)
			}
		})
	}
}

// metered is one client, and who measures for it.
type metered struct {
	player    game.Player
	base      game.Baseline
	sight     game.Sight
	view      game.View
	copy      *game.Replica
	sent, got *game.Meter
	bits      int
}

func newMetered(t *testing.T, sim *game.Sim, p game.Player) *metered {
	t.Helper()
	c := &metered{player: p}
	var err error
	if c.copy, err = game.NewReplica(sim.Schema()); err == nil {
		c.sent, err = game.NewMeter(sim.Schema())
	}
	if err == nil {
		c.got, err = game.NewMeter(sim.Schema())
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// frame makes one frame, measures and applies it.
func (c *metered) frame(t *testing.T, sim *game.Sim, e *game.Encoder, tick uint32, room int, r *rand.Rand) {
	t.Helper()
	view := &c.view
	if !sim.Views() {
		view = nil
	} else if err := sim.View(c.player, view); err != nil {
		t.Fatal(err)
	}
	var before game.Baseline
	before.Copy(&c.base)
	base, body := e.Frame(nil, &c.base, 1, e.See(&c.sight, view, &c.base, room))
	if err := c.sent.Sent(e, &before, 1, base, body); err != nil {
		t.Fatalf("tick %d: sent: %v", tick, err)
	}
	was := c.got.Bits()
	for range 3 { // a bad body is an error or another body, and no more
		bad := append([]byte(nil), body...)
		if len(bad) > 0 {
			bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
			bad = bad[:len(bad)-r.IntN(2)]
		}
		spare, err := game.NewMeter(sim.Schema())
		if err != nil {
			t.Fatal(err)
		}
		if err := spare.Received(c.copy, tick, base, bad); err != nil && !errors.Is(err, game.ErrFrame) {
			t.Fatalf("tick %d: %v", tick, err)
		} else if bits := spare.Bits(); err == nil && bits != 8*len(bad) || err != nil && bits != 0 {
			t.Fatalf("tick %d: a bad body of %d bits has %d, %v", tick, 8*len(bad), bits, err)
		}
	}
	if err := c.got.Received(c.copy, tick, base, body); err != nil {
		t.Fatalf("tick %d: received: %v", tick, err)
	}
	c.bits += 8 * len(body)
	if c.got.Bits() != c.bits || c.sent.Bits() != c.bits {
		t.Fatalf("tick %d: %d and %d bits more, want %d", tick, c.sent.Bits()-was, c.got.Bits()-was, 8*len(body))
	}
	if err := c.copy.Apply(tick, base, body); err != nil {
		t.Fatalf("tick %d: %v", tick, err)
	}
}

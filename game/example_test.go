package game_test

import (
	"fmt"

	"github.com/tickwire/tickwire/game"
)

// README.md shows what stands between the next two marks; a test compares them.

// game:begin

// Dot is a player's row, under the player's ID.
type Dot struct {
	X, Y  int32 `sync:"pos,lerp"`
	Score uint16
}

// Coin is where the coin is.
type Coin struct{ X, Y int32 }

// Steer is what a player does in one tick.
type Steer struct {
	DX, DY int8 `sync:"min=-1,max=1"`
}

// Scored tells everybody who got the coin.
type Scored struct{ Player game.Player }

// Coins is the game. Its state is in the tables; it has no other.
type Coins struct {
	dots   *game.Table[Dot]
	coin   *game.Var[Coin]
	steer  *game.Inputs[Steer]
	scored *game.Events[Scored]
}

func New(w *game.World) game.Game {
	return &Coins{
		dots: game.NewTable[Dot](w, "dots"), coin: game.NewVar(w, "coin", Coin{X: 3, Y: 1}),
		steer: game.NewInputs[Steer](w), scored: game.NewEvents[Scored](w, "scored"),
	}
}

func (c *Coins) Join(_ *game.Tick, p game.Player) error {
	c.dots.Put(p, Dot{})
	return nil
}

func (c *Coins) Leave(_ *game.Tick, p game.Player, _ game.Reason) { c.dots.Delete(p) }

func (c *Coins) Tick(t *game.Tick) error {
	for p, dot := range c.dots.All() {
		in := c.steer.Of(t, p)
		dot.X, dot.Y = dot.X+int32(in.DX), dot.Y+int32(in.DY)
		if dot.X == c.coin.V.X && dot.Y == c.coin.V.Y {
			dot.Score++
			c.scored.Broadcast(t, Scored{Player: p})
			c.coin.V = Coin{X: int32(t.Rand().Range(-9, 9)), Y: int32(t.Rand().Range(-9, 9))}
		}
	}
	return nil
}

// game:end

// A server gives a Sim its entries and its time; here we do.
func Example() {
	sim, err := game.NewSim(game.Definition{Name: "coins", New: New}, 1, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := sim.NextID()
	inbox := []game.Entry{{Kind: game.EntryJoin, Player: p, Name: "Ada"}}
	for _, in := range []Steer{{1, 0}, {1, 1}, {1, 0}} {
		values, _ := game.Pack(in, nil, nil)
		inbox = append(inbox, game.Entry{Kind: game.EntryInput, Player: p, Tick: sim.Now() + 1, Values: values})
		out, err := sim.Step(inbox)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range out.Events {
			fmt.Println("tick", sim.Now(), sim.Schema().Events[e.Type].Name, e.Values)
		}
		inbox = inbox[:0]
	}
	// Output: tick 3 scored [1]
}

// Package game is the side of Tickwire that a game is written against: a deterministic step function over tables.
//
// A game is one Go type with a method Tick, which moves its world on by 1/rate s. All of its state lives in the World's
// tables and Vars: plain structs, changed in place. What a player does comes in as typed inputs and commands, what is no
// state goes out as typed events:
//
//	type Dot struct {
//		X, Y  int32 `sync:"pos,lerp"`
//		Score uint16
//	}
//
//	type Steer struct {
//		DX, DY int8 `sync:"min=-1,max=1"`
//	}
//
//	type Coins struct {
//		dots  *game.Table[Dot]
//		steer *game.Inputs[Steer]
//	}
//
//	func New(w *game.World) game.Game {
//		return &Coins{dots: game.NewTable[Dot](w, "dots"), steer: game.NewInputs[Steer](w)}
//	}
//
//	func (c *Coins) Join(t *game.Tick, p game.Player) error {
//		c.dots.Put(p, Dot{})
//		return nil
//	}
//
//	func (c *Coins) Tick(t *game.Tick) error {
//		for p, dot := range c.dots.All() {
//			in := c.steer.Of(t, p)
//			dot.X += int32(in.DX)
//			dot.Y += int32(in.DY)
//		}
//		return nil
//	}
//
// A player whose connection is lost keeps its seat for a while (Definition.Grace, Tick.SetGrace). A game that has the
// methods Drop and Resume is told when that happens and when the player is back; Tick.Away says so in between, and Leave
// is called only when the time is over.
//
// The package's Example is that game with coins to collect, complete and running.
//
// # State
//
// Exported fields are replicated to clients, unexported ones are not; both are saved. Of a table without exported fields
// clients see nothing. Rows may consist of integers, bools,
// floats, strings, []byte, and arrays and structs of them. A row has at most 31 replicated values. The tag `sync` says
// how a field is sent, as words and key=value pairs with commas between:
//
//	pos       an integer that moves; clients foresee it from its own velocity
//	angle     an integer that wraps: the whole range of its type is one turn
//	lerp      clients interpolate it
//	unit=N    field units per 1.0; for display only
//	drop=N    the lowest N bits are not sent; the rest is rounded
//	jump=N    a pos that moves farther than this between two frames has jumped: clients show no slide; rounded up by drop
//	step=N    a float is sent in whole steps of N, such as 0.01 or 1/32; floats need it
//	k=N ke=N  parameters of the packed codec for changes, and for rows that enter; they only save bytes
//	name=N    its name for clients; by default the field's in lower camel case
//	-         not replicated, as if it were unexported
//
// In inputs, commands and events every field is sent, and these bound it: min= and max= for numbers, max= for the length
// of texts. A uint64 needs a max=, for a message holds numbers below 2^63. What a game sends is held to its bounds as well
// as what players do. The bounds of an input must include 0, which is what a player does who sends nothing. edge, for
// numbers and bools in inputs, marks a press rather than a state: when an input is missing and the last one is repeated,
// it is cleared, and when an input is skipped, it is kept.
//
// # What players see
//
// Everybody sees everything, unless the game has the method View, which makes it a Viewer. It names what a player may see:
//
//	func (c *Coins) View(p game.Player, v *game.View) {
//		v.Table(c.rules)
//		v.Row(c.purses, p)
//		if dot := c.dots.Get(p); dot != nil {
//			v.Row(c.dots, p)
//			v.Near(c.coins, game.Area{X: dot.X, Y: dot.Y, Enter: 320, Half: 160})
//			v.Near(c.dots, game.Area{X: dot.X, Y: dot.Y, Enter: 320, Half: 160})
//			v.With(c.names, c.dots)
//		}
//	}
//
// Whoever sees a row sees all of its columns. What only its owner may know is a second table under the same ID. A row that
// is not named reaches the player in no frame and no hash. What can show is that something exists: IDs are given out in
// order, so gaps between them tell that there are others, and the sizes of frames tell how much happens in sight. A row that
// comes into sight brings its velocity, so it shows how it moved in the frame before that, and in up to four frames before
// if it is told of more slowly.
//
// Rows that are near may be told of in every second or fourth frame (Area.Half, Area.Quarter); clients draw them as
// smoothly. If there are not bytes enough for all that is near, what matters most comes first, and the rest when there is
// room.
//
// # Determinism
//
// A Sim is a pure function of its seed, its options and its entries. So a room can be recorded and played again
// (Recorder, Recording), saved and restored on another machine (Sim.Checkpoint, Sim.Restore), and run in the browser. For
// this a game keeps nothing outside of the World, draws chance from Tick.Rand only, and never lets the order of a map or
// a clock decide anything. Floats give the same results only on the same build of the program: use integers and fixed
// point for all that is replicated. Package gametest finds games that break these rules.
//
// # Replication
//
// After every Step the new state is in the Sim's History. An Encoder makes the frames that bring a client's Replica from
// the state it has to the newest; proto/PROTOCOL.md describes their bits.
//
// Nothing in this package is safe for use from several goroutines unless it says so: a Sim, its World and all that was
// registered in it belong to the goroutine that calls Step.
package game

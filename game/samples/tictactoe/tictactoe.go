// Package tictactoe is the tutorial: a whole turn-based game for two players.
//
// The game has three parts. Its state is a board and a table of players; every client holds a copy that Tickwire keeps
// right, so nothing here sends anything. Its commands are what players may ask for; each is done or refused with a
// reason, exactly once. Its rules are Tick, Join, Leave, Drop and Resume below, and the functions in board.go.
package tictactoe

import "github.com/tickwire/tickwire/game"

// Definition is the game as a server runs it. Ten ticks a second are plenty where people think before they move.
func Definition() game.Definition {
	return game.Definition{Name: "tictactoe", New: New, Rate: 10, MaxPlayers: 2}
}

// Player is a row of the table "players", under the player's own ID.
type Player struct {
	Name string
	// Mark is what the player draws: X or O.
	Mark Mark
	// Wins counts the games that the player has won in this room.
	Wins uint16
	// Again is set when the player wants another game.
	Again bool
	// Away is set while the player has lost its connection, and may come back.
	Away bool
}

// Place asks to draw the player's mark in a cell, 0 to 8 from the top left. A cell outside never gets here: the server
// refuses it by the tag.
type Place struct {
	Cell uint8 `sync:"max=8"`
}

// Rematch asks for another game. It begins when both players have asked.
type Rematch struct{}

// The reasons for refusing a command. Clients may show the sentence or translate the number.
const (
	RefusedNotPlaying uint32 = iota + 1
	RefusedNotYourTurn
	RefusedTaken
	RefusedAlone
	RefusedNotOver
)

// TicTacToe is the game. It keeps no state of its own: all of it is in the World's tables and Vars.
type TicTacToe struct {
	board   *game.Var[Board]
	players *game.Table[Player]
	place   *game.Commands[Place]
	rematch *game.Commands[Rematch]
}

// New registers what the game consists of.
func New(w *game.World) game.Game {
	return &TicTacToe{
		board:   game.NewVar(w, "board", Board{}),
		players: game.NewTable[Player](w, "players"),
		place:   game.NewCommands[Place](w, "place"),
		rematch: game.NewCommands[Rematch](w, "rematch"),
	}
}

// Join gives the player the mark that is free, and begins when both are there.
func (g *TicTacToe) Join(t *game.Tick, p game.Player) error {
	mark := X
	for _, other := range g.players.All() {
		mark = other.Mark.other()
	}
	g.players.Put(p, Player{Name: t.Name(p), Mark: mark})
	if g.players.Len() == 2 {
		g.begin()
	}
	return nil
}

// Leave ends the game: whoever stays has won it, and waits for somebody else.
func (g *TicTacToe) Leave(_ *game.Tick, p game.Player, _ game.Reason) {
	g.players.Delete(p)
	for other := range g.players.All() {
		if g.board.V.Phase == Playing {
			g.win(other)
		}
	}
}

// Drop shows that a player has lost its connection. The game waits, and goes on when the player is back. If that takes
// too long, the server lets the player leave.
func (g *TicTacToe) Drop(_ *game.Tick, p game.Player) { g.players.Get(p).Away = true }

// Resume shows that the player is back.
func (g *TicTacToe) Resume(_ *game.Tick, p game.Player) { g.players.Get(p).Away = false }

// Tick carries out the commands of this tick, in the order in which they came.
func (g *TicTacToe) Tick(t *game.Tick) error {
	for c := range g.place.All(t) {
		g.onPlace(c)
	}
	for c := range g.rematch.All(t) {
		g.onRematch(c)
	}
	return nil
}

func (g *TicTacToe) onPlace(c game.Command[Place]) {
	b := &g.board.V
	switch {
	case g.players.Len() < 2:
		c.Refuse(RefusedAlone, "wait for another player")
	case b.Phase != Playing:
		c.Refuse(RefusedNotPlaying, "the game is over")
	case b.Turn != c.Player:
		c.Refuse(RefusedNotYourTurn, "it is not your turn")
	case b.Cells[c.Value.Cell] != Empty:
		c.Refuse(RefusedTaken, "that cell is taken")
	default:
		b.Cells[c.Value.Cell] = g.players.Get(c.Player).Mark
		g.next(c.Player)
	}
}

// next looks at the board after p's move: it is won, it is full, or it is the other player's turn.
func (g *TicTacToe) next(p game.Player) {
	b := &g.board.V
	if line, ok := b.line(); ok {
		b.Line = line
		g.win(p)
		return
	}
	if b.full() {
		b.Phase, b.Turn = Over, 0
		return
	}
	b.Turn = g.opponent(p)
}

func (g *TicTacToe) win(p game.Player) {
	b := &g.board.V
	b.Phase, b.Turn, b.Winner = Over, 0, p
	g.players.Get(p).Wins++
}

func (g *TicTacToe) onRematch(c game.Command[Rematch]) {
	switch {
	case g.players.Len() < 2:
		c.Refuse(RefusedAlone, "wait for another player")
	case g.board.V.Phase != Over:
		c.Refuse(RefusedNotOver, "the game is not over")
	default:
		me, other := g.players.Get(c.Player), g.players.Get(g.opponent(c.Player))
		if me.Again = true; other.Again {
			g.begin()
		}
	}
}

// begin clears the board. Players take turns at the first move: whoever had it last time is second now.
func (g *TicTacToe) begin() {
	first := g.board.V.First.other()
	g.board.V = Board{Phase: Playing, First: first}
	for id, p := range g.players.All() {
		p.Again = false
		if p.Mark == first {
			g.board.V.Turn = id
		}
	}
}

func (g *TicTacToe) opponent(p game.Player) game.Player {
	for id := range g.players.All() {
		if id != p {
			return id
		}
	}
	return 0
}

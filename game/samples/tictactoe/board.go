package tictactoe

import "github.com/tickwire/tickwire/game"

// Board is the Var "board": what is drawn, and what happens next.
type Board struct {
	// Cells are the nine cells, row by row from the top left.
	Cells [9]Mark
	// Phase says whether a game is going on.
	Phase Phase
	// Turn is the player to move; 0 if there is none.
	Turn game.Player
	// Winner is the player who won; 0 while playing and after a draw.
	Winner game.Player
	// Line are the winner's three cells. All are 0 if there is no line: a draw, or the other player left.
	Line [3]uint8
	// First is the mark that began this game.
	First Mark
}

// Mark is what is drawn in a cell.
type Mark uint8

// The marks.
const (
	Empty Mark = iota
	X
	O
)

// other is the opponent's mark. Nobody's opponent is X: who comes first, draws crosses and begins.
func (m Mark) other() Mark {
	if m == X {
		return O
	}
	return X
}

// Phase is the course of a game.
type Phase uint8

// The phases.
const (
	// Waiting is before the second player came.
	Waiting Phase = iota
	// Playing is while cells are being filled.
	Playing
	// Over is after a win or a draw, until both players want a rematch or somebody new comes.
	Over
)

// line finds three equal marks in a row.
func (b *Board) line() (cells [3]uint8, found bool) {
	for _, l := range [8][3]uint8{
		{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, // across
		{0, 3, 6}, {1, 4, 7}, {2, 5, 8}, // down
		{0, 4, 8}, {2, 4, 6}, // and slanting
	} {
		if m := b.Cells[l[0]]; m != Empty && m == b.Cells[l[1]] && m == b.Cells[l[2]] {
			return l, true
		}
	}
	return cells, false
}

func (b *Board) full() bool {
	for _, m := range b.Cells {
		if m == Empty {
			return false
		}
	}
	return true
}

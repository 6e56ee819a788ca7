package main

import (
	"math/rand/v2"
	"slices"
	"strconv"

	client "github.com/tickwire/tickwire/clients/go"
)

// nought plays tic-tac-toe: any free cell when it is its turn, and again when a game is over.
type nought struct {
	bot                       *bot
	rng                       *rand.Rand
	board, players            int // tables
	cells                     [9]int
	phase, turn               int
	place, rematch, placeCell int
	waiting                   bool // for an answer
	asked                     bool // for a rematch of this game
}

// The phases of the game's board.
const (
	playing = 1
	over    = 2
)

// newNought returns nil if the game is not the one that it knows.
func newNought(b *bot, r *client.Room, rng *rand.Rand) *nought {
	s := r.Schema()
	n := &nought{bot: b, rng: rng, board: tableAt(s, "board"), players: tableAt(s, "players"), place: -1, rematch: -1}
	if n.board < 0 || n.players < 0 {
		return nil
	}
	for i, m := range s.Commands {
		switch m.Name {
		case "place":
			n.place, n.placeCell = i, fieldAt(m, "cell")
		case "rematch":
			n.rematch = i
		}
	}
	t := s.Tables[n.board]
	for i := range n.cells {
		n.cells[i] = cellAt(t, "cells."+strconv.Itoa(i))
	}
	n.phase, n.turn = cellAt(t, "phase"), cellAt(t, "turn")
	if min(n.place, n.rematch, n.placeCell, n.phase, n.turn, slices.Min(n.cells[:])) < 0 {
		return nil
	}
	return n
}

func (n *nought) frame(r *client.Room, _ *client.Frame) {
	if n.waiting || r.Replica().Len(n.board) == 0 {
		return
	}
	board := r.Replica().Cells(n.board, 0)
	switch {
	case board[n.phase] == playing && uint32(board[n.turn]) == uint32(r.Player()): //nolint:gosec // an ID in a cell
		n.asked = false
		if cell := n.free(board); cell >= 0 {
			values := make([]int64, len(r.Schema().Commands[n.place].Fields))
			values[n.placeCell] = int64(cell)
			n.post(r, n.place, values)
		}
	case board[n.phase] == playing:
		n.asked = false
	case board[n.phase] == over && !n.asked && r.Replica().Len(n.players) == 2:
		n.asked = true
		n.post(r, n.rematch, nil)
	}
}

// free picks an empty cell; -1 if there is none.
func (n *nought) free(board []int32) int {
	var empty []int
	for i, at := range n.cells {
		if board[at] == 0 {
			empty = append(empty, i)
		}
	}
	if len(empty) == 0 {
		return -1
	}
	return empty[n.rng.IntN(len(empty))]
}

// post sends a command and does nothing else until it is answered.
func (n *nought) post(r *client.Room, command int, values []int64) {
	n.waiting = true
	n.bot.postThen(r, command, values, nil, func() { n.waiting = false })
}

package tictactoe

import (
	"testing"

	"github.com/tickwire/tickwire/game"
)

// match plays the game as a server would: all that goes in is entries.
type match struct {
	t    *testing.T
	game *TicTacToe
	sim  *game.Sim
	seq  uint32
}

func newMatch(t *testing.T) *match {
	t.Helper()
	m := &match{t: t}
	def := Definition()
	def.New = func(w *game.World) game.Game {
		g := New(w)
		m.game, _ = g.(*TicTacToe)
		return g
	}
	sim, err := game.NewSim(def, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.sim = sim
	return m
}

func (m *match) step(entries ...game.Entry) *game.Output {
	m.t.Helper()
	out, err := m.sim.Step(entries)
	if err != nil {
		m.t.Fatal(err)
	}
	return out
}

func (m *match) join(name string) game.Player {
	m.t.Helper()
	p := m.sim.NextID()
	m.step(game.Entry{Kind: game.EntryJoin, Player: p, Name: name})
	return p
}

func (m *match) leave(p game.Player) {
	m.t.Helper()
	m.step(game.Entry{Kind: game.EntryLeave, Player: p})
}

// ask sends a command and returns the number and the reason of the answer.
func (m *match) ask(p game.Player, typ int, values ...int64) (uint32, string) {
	m.t.Helper()
	m.seq++
	out := m.step(game.Entry{Kind: game.EntryCommand, Player: p, Seq: m.seq, Type: typ, Values: values})
	if len(out.Answers) != 1 || out.Answers[0].Seq != m.seq {
		m.t.Fatalf("command %d got the answers %v", m.seq, out.Answers)
	}
	return out.Answers[0].Refusal, out.Answers[0].Why
}

// The places of the commands in the schema.
const (
	place = iota
	rematch
)

// play places marks by turns, beginning with first, and fails if one is refused.
func (m *match) play(first, second game.Player, cells ...int64) {
	m.t.Helper()
	for i, cell := range cells {
		p := first
		if i%2 == 1 {
			p = second
		}
		if number, why := m.ask(p, place, cell); number != 0 {
			m.t.Fatalf("move %d to cell %d was refused: %d %s", i, cell, number, why)
		}
	}
}

func TestGames(t *testing.T) {
	for _, tc := range []struct {
		why    string
		cells  []int64
		phase  Phase
		winner int // 0 nobody, 1 X, 2 O
		line   [3]uint8
	}{
		{"nobody has moved", nil, Playing, 0, [3]uint8{}},
		{"two in a row are not three", []int64{0, 3, 1, 4}, Playing, 0, [3]uint8{}},
		{"X across", []int64{0, 3, 1, 4, 2}, Over, 1, [3]uint8{0, 1, 2}},
		{"O across", []int64{0, 3, 1, 4, 8, 5}, Over, 2, [3]uint8{3, 4, 5}},
		{"X down", []int64{1, 0, 4, 2, 7}, Over, 1, [3]uint8{1, 4, 7}},
		{"X slanting down", []int64{0, 1, 4, 2, 8}, Over, 1, [3]uint8{0, 4, 8}},
		{"X slanting up", []int64{6, 1, 4, 0, 2}, Over, 1, [3]uint8{2, 4, 6}},
		{"the ninth mark can win", []int64{0, 1, 2, 3, 5, 4, 7, 6, 8}, Over, 1, [3]uint8{2, 5, 8}},
		{"a full board is a draw", []int64{0, 1, 2, 4, 3, 5, 7, 6, 8}, Over, 0, [3]uint8{}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			m := newMatch(t)
			x, o := m.join("Ada"), m.join("Bob")
			m.play(x, o, tc.cells...)
			b := &m.game.board.V
			winner := [3]game.Player{0, x, o}[tc.winner]
			if b.Phase != tc.phase || b.Winner != winner || b.Line != tc.line {
				t.Errorf("got %+v", *b)
			}
			if over := b.Phase == Over; over != (b.Turn == 0) {
				t.Errorf("phase %d, but it is the turn of %d", b.Phase, b.Turn)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		why    string
		cells  []int64 // played before
		by     int     // 0 X, 1 O
		typ    int
		cell   int64
		number uint32
	}{
		{"O may not begin", nil, 1, place, 0, RefusedNotYourTurn},
		{"nobody moves twice", []int64{0}, 0, place, 1, RefusedNotYourTurn},
		{"a cell is taken once", []int64{0}, 1, place, 0, RefusedTaken},
		{"a game that is over is over", []int64{0, 3, 1, 4, 2}, 1, place, 8, RefusedNotPlaying},
		{"a rematch needs an end", []int64{0}, 0, rematch, 0, RefusedNotOver},
	} {
		t.Run(tc.why, func(t *testing.T) {
			m := newMatch(t)
			players := [2]game.Player{m.join("Ada"), m.join("Bob")}
			m.play(players[0], players[1], tc.cells...)
			before := m.game.board.V
			var values []int64
			if tc.typ == place {
				values = []int64{tc.cell}
			}
			number, why := m.ask(players[tc.by], tc.typ, values...)
			if number != tc.number || why == "" {
				t.Errorf("refused with %d %q, want %d and a sentence", number, why, tc.number)
			}
			if m.game.board.V != before {
				t.Error("a refused command changed the board")
			}
		})
	}
}

func TestAloneWaits(t *testing.T) {
	m := newMatch(t)
	x := m.join("Ada")
	if m.game.board.V.Phase != Waiting {
		t.Errorf("phase %d with one player", m.game.board.V.Phase)
	}
	if number, _ := m.ask(x, place, 0); number != RefusedAlone {
		t.Errorf("a move without opponent: refusal %d", number)
	}
}

func TestRematchNeedsBothAndTurnsTheFirstMove(t *testing.T) {
	m := newMatch(t)
	x, o := m.join("Ada"), m.join("Bob")
	m.play(x, o, 0, 3, 1, 4, 2)
	if number, why := m.ask(o, rematch); number != 0 {
		t.Fatalf("refused: %s", why)
	}
	if m.game.board.V.Phase != Over {
		t.Fatal("one player began a rematch alone")
	}
	m.ask(x, rematch)
	if b := m.game.board.V; b.Phase != Playing || b.Turn != o || b.Cells != [9]Mark{} {
		t.Errorf("rematch: %+v, want an empty board and O's turn", b)
	}
	if wins := m.game.players.Get(x).Wins; wins != 1 {
		t.Errorf("%d wins after one", wins)
	}
}

func TestWhoStaysHasWonAndMeetsTheNext(t *testing.T) {
	m := newMatch(t)
	x, o := m.join("Ada"), m.join("Bob")
	m.play(x, o, 4)
	m.leave(x)
	if b := m.game.board.V; b.Phase != Over || b.Winner != o {
		t.Fatalf("after X left: %+v", b)
	}
	if number, _ := m.ask(o, rematch); number != RefusedAlone {
		t.Errorf("rematch alone: refusal %d", number)
	}
	next := m.join("Cyd")
	if got := m.game.players.Get(next).Mark; got != X {
		t.Errorf("the newcomer draws %d, want the free mark", got)
	}
	if b := m.game.board.V; b.Phase != Playing || b.Cells != [9]Mark{} {
		t.Errorf("with a newcomer: %+v", b)
	}
	m.leave(o)
	m.leave(next)
	if n := m.game.players.Len(); n != 0 {
		t.Errorf("%d players are left of none", n)
	}
}

// A lost connection ends no game: it waits, and whoever comes back has the move as before.
func TestTheGameWaitsForWhoIsAway(t *testing.T) {
	for _, tc := range []struct {
		why    string
		played []int64
		back   bool
		phase  Phase
		winner int // 0 nobody, 1 X, 2 O
	}{
		{"away at one's own turn, and back", []int64{4, 0}, true, Playing, 0},
		{"away at the other's turn, and back", []int64{4}, true, Playing, 0},
		{"away for too long", []int64{4, 0}, false, Over, 2},
		{"away for too long after the end", []int64{0, 3, 1, 4, 2}, false, Over, 1},
	} {
		t.Run(tc.why, func(t *testing.T) {
			m := newMatch(t)
			x, o := m.join("Ada"), m.join("Bob")
			m.play(x, o, tc.played...)
			before := m.game.board.V
			m.step(game.Entry{Kind: game.EntryDrop, Player: x})
			for range 200 {
				m.step()
			}
			if !m.game.players.Get(x).Away || m.game.players.Get(o).Away {
				t.Error("nobody sees who is away")
			}
			if m.game.board.V != before {
				t.Errorf("the game went on: %+v", m.game.board.V)
			}
			if before.Turn == o {
				m.play(o, x, 8) // who is there may move
			}
			if tc.back {
				m.step(game.Entry{Kind: game.EntryResume, Player: x})
				if m.game.players.Get(x).Away {
					t.Error("it is still away")
				}
				m.play(x, o, 6)
			} else {
				m.leave(x)
			}
			if b := m.game.board.V; b.Phase != tc.phase || b.Winner != [3]game.Player{0, x, o}[tc.winner] {
				t.Errorf("in the end: %+v", b)
			}
		})
	}
}

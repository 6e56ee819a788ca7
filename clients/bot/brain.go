package main

import (
	"math/rand/v2"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// brain decides what a bot does. It runs on the room's goroutine after each state, so it must be quick.
type brain interface {
	frame(r *client.Room, f *client.Frame)
}

// newBrain picks a brain by the game's name and what the game has; any game can be played at random.
func newBrain(b *bot, r *client.Room) brain {
	rng := source(b.cfg, b.number)
	if b.cfg.pilot == pilotBlind {
		if pilot := newBlindPilot(b.number, r.Schema()); pilot != nil {
			return pilot
		}
	}
	switch r.Game() {
	case "arena":
		if pilot := newPilot(r, rng); pilot != nil {
			return pilot
		}
	case "world":
		if g := newGatherer(b, r, rng); g != nil {
			return g
		}
	case "tictactoe":
		if x := newNought(b, r, rng); x != nil {
			return x
		}
	}
	return &monkey{bot: b, rng: rng}
}

// monkey sends random inputs and commands within the schema's ranges.
type monkey struct {
	bot    *bot
	rng    *rand.Rand
	frames int
	values []int64
	blobs  [][]byte
}

const (
	monkeyInput   = 6  // frames between two inputs
	monkeyCommand = 60 // frames between two commands
	monkeyText    = 16 // bytes
)

func (m *monkey) frame(r *client.Room, _ *client.Frame) {
	m.frames++
	s := r.Schema()
	if s.Input != nil && m.frames%monkeyInput == 1 {
		m.fill(s.Input)
		_ = r.SendValues(m.values, m.blobs) // made to fit the schema
	}
	if len(s.Commands) == 0 || m.rng.IntN(monkeyCommand) != 0 {
		return
	}
	n := m.rng.IntN(len(s.Commands))
	if s.Commands[n].Internal {
		return
	}
	m.fill(s.Commands[n])
	m.bot.post(r, n, m.values, m.blobs)
}

// fill makes random fields for a message.
func (m *monkey) fill(message *game.Message) {
	m.values, m.blobs = m.values[:0], m.blobs[:0]
	for _, f := range message.Fields {
		switch f.Kind {
		case game.FieldString, game.FieldBytes:
			b := make([]byte, m.rng.Int64N(min(max(f.Max, 0), monkeyText)+1))
			for i := range b {
				b[i] = "abcdefghijklmnopqrstuvwxyz"[m.rng.IntN(26)]
			}
			m.blobs = append(m.blobs, b)
		case game.FieldBool:
			m.values = append(m.values, m.rng.Int64N(2))
		default:
			m.values = append(m.values, between(m.rng, f.Min, f.Max))
		}
	}
}

// between is a random number from low to high, whatever their distance.
func between(rng *rand.Rand, low, high int64) int64 {
	if high <= low {
		return low
	}
	span := uint64(high) - uint64(low) + 1 //nolint:gosec // differences of two's complement are right modulo 2^64
	if span == 0 {
		return int64(rng.Uint64()) //nolint:gosec // all of them
	}
	return int64(uint64(low) + rng.Uint64N(span)) //nolint:gosec // as above
}

// post sends a command and counts its answer.
func (b *bot) post(r *client.Room, command int, values []int64, blobs [][]byte) {
	b.postThen(r, command, values, blobs, func() {})
}

// postThen is post, and calls then when the answer is there, on the room's goroutine.
func (b *bot) postThen(r *client.Room, command int, values []int64, blobs [][]byte, then func()) {
	sent := time.Now()
	err := r.PostValues(command, values, blobs, func(err error) {
		b.answered(sent, err)
		then()
	})
	if err != nil {
		then() // the room ends; that is counted there
	}
}

// tableAt finds a table; -1 if the game has none of that name.
func tableAt(s *game.Schema, name string) int {
	for i, t := range s.Tables {
		if t.Name == name {
			return i
		}
	}
	return -1
}

// cellAt finds the first cell of a column; -1 if there is none of that name.
func cellAt(t *game.TableSchema, name string) int {
	cell := 0
	for _, c := range t.Columns {
		if c.Name == name {
			return cell
		}
		switch c.Kind {
		case game.Wide:
			cell += 2
		case game.String, game.Bytes:
		default:
			cell++
		}
	}
	return -1
}

// fieldAt finds a field's place among a message's values; -1 if there is none of that name.
func fieldAt(m *game.Message, name string) int {
	at := 0
	for _, f := range m.Fields {
		if f.Kind == game.FieldString || f.Kind == game.FieldBytes {
			continue
		}
		if f.Name == name {
			return at
		}
		at++
	}
	return -1
}

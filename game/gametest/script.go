// Package gametest is for the tests of games: it plays scripts, and finds games that are not deterministic.
//
//	func TestDeterminism(t *testing.T) {
//		def := arena.Definition()
//		rec, _ := gametest.Play(t, def, gametest.Script{Ticks: 600, Tick: func(s *gametest.Stage) {
//			if s.Tick() == 1 {
//				s.Join("Ada")
//				s.Join("Bob")
//			}
//			for _, p := range s.Players() {
//				gametest.Input(s, p, arena.Steer{Thrust: 1, Turn: int8(s.Rand().Range(-1, 1)), Fire: true})
//			}
//		}})
//		gametest.Determinism(t, def, rec)
//	}
package gametest

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// Script says what goes into a game, tick by tick.
type Script struct {
	// Seed of the room, and of Stage.Rand.
	Seed uint64
	// Options of the room.
	Options map[string]string
	// Ticks is how many are played. A game that ends itself ends the script early.
	Ticks int
	// Tick is called before each tick and fills its inbox. nil: nothing ever goes in.
	Tick func(s *Stage)
}

// Stage is the game that a script plays, before one of its ticks.
type Stage struct {
	tb      testing.TB
	sim     *game.Sim
	rand    *game.Rand
	out     *game.Output
	inbox   []game.Entry
	players []game.Player // who will be there in the tick
	away    []game.Player // of these: who will have lost the connection
	nextID  game.ID
	seqs    map[game.Player]uint32
}

// Play plays a script and returns its recording, with the hash of the state after each tick. It fails the test if the
// game cannot be made, or fails.
func Play(tb testing.TB, def game.Definition, script Script) (*game.Recording, []uint64) {
	tb.Helper()
	if script.Ticks < 1 {
		tb.Fatal("gametest: a script needs at least 1 tick")
	}
	sim, err := game.NewSim(def, script.Seed, script.Options)
	if err != nil {
		tb.Fatalf("gametest: %v", err)
	}
	rec := &game.Recording{
		Game: def.Name, Seed: script.Seed, StateHash: sim.StateHash(), Options: maps.Clone(script.Options),
	}
	s := &Stage{tb: tb, sim: sim, rand: game.NewRand(script.Seed), seqs: map[game.Player]uint32{}}
	var hashes []uint64
	for range script.Ticks {
		s.inbox, s.nextID = nil, sim.NextID()
		s.players = append(s.players[:0], sim.Players()...)
		s.away = slices.DeleteFunc(append(s.away[:0], s.players...), func(p game.Player) bool { return !sim.Away(p) })
		if script.Tick != nil {
			script.Tick(s)
		}
		rec.Ticks = append(rec.Ticks, s.inbox)
		if s.out, err = sim.Step(s.inbox); err != nil {
			tb.Fatalf("gametest: %v%s", err, stackOf(err))
		}
		hashes = append(hashes, sim.Hash())
		if s.out.Over {
			break
		}
	}
	return rec, hashes
}

// stackOf is where the game panicked, on lines of its own; "" if it did not.
func stackOf(err error) string {
	failed, ok := errors.AsType[*game.GameError](err)
	if !ok || failed.Stack == nil {
		return ""
	}
	return "\n" + string(failed.Stack)
}

// Tick is the number of the tick that is being prepared; the first is 1.
func (s *Stage) Tick() uint32 { return s.sim.Now() + 1 }

// Sim is the game as the last tick left it.
func (s *Stage) Sim() *game.Sim { return s.sim }

// Output is what the last tick sent; nil before the first.
func (s *Stage) Output() *game.Output { return s.out }

// Rand is for the script's own choices. It is not the game's.
func (s *Stage) Rand() *game.Rand { return s.rand }

// Players are those who will be there in this tick, in ascending order.
func (s *Stage) Players() []game.Player { return slices.Clone(s.players) }

// Away says that a player will have lost its connection in this tick.
func (s *Stage) Away(p game.Player) bool { return slices.Contains(s.away, p) }

// Join lets a player in, who has no identity; Add can give one.
func (s *Stage) Join(name string) game.Player {
	p := s.nextID
	s.nextID++
	s.players = append(s.players, p)
	s.inbox = append(s.inbox, game.Entry{Kind: game.EntryJoin, Player: p, Name: name})
	return p
}

// Leave takes a player out.
func (s *Stage) Leave(p game.Player, why game.Reason) {
	s.players, s.away = without(s.players, p), without(s.away, p)
	s.inbox = append(s.inbox, game.Entry{Kind: game.EntryLeave, Player: p, Reason: why})
}

// Drop takes a player's connection away. It keeps its seat until Resume or Leave: no time runs here.
func (s *Stage) Drop(p game.Player) {
	if slices.Contains(s.players, p) {
		s.away = append(without(s.away, p), p)
	}
	s.inbox = append(s.inbox, game.Entry{Kind: game.EntryDrop, Player: p})
}

// Resume brings a player back whose connection was taken away.
func (s *Stage) Resume(p game.Player) {
	s.away = without(s.away, p)
	s.inbox = append(s.inbox, game.Entry{Kind: game.EntryResume, Player: p})
}

func without(players []game.Player, p game.Player) []game.Player {
	return slices.DeleteFunc(players, func(other game.Player) bool { return other == p })
}

// Add puts any entry into the inbox: late inputs, say, or those that no client should send.
func (s *Stage) Add(e game.Entry) { s.inbox = append(s.inbox, e.Clone()) }

// Input lets a player do something in this tick, with the last tick on its screen. v is the game's input struct.
func Input[T any](s *Stage, p game.Player, v T) {
	s.tb.Helper()
	if !slices.Contains(s.players, p) {
		s.tb.Fatalf("gametest: player %d is not there in tick %d", p, s.Tick())
	}
	s.fits(s.sim.Schema().Input, game.MessageOf[T](), "input")
	values, blobs := game.Pack(v, nil, nil)
	s.Add(game.Entry{
		Kind: game.EntryInput, Player: p, Tick: s.Tick(), View: s.sim.Now(), Values: values, Blobs: blobs,
	})
}

// Command sends the game a command of a name. Player 0 is the server itself, for internal commands.
func Command[T any](s *Stage, p game.Player, name string, v T) {
	s.tb.Helper()
	i := slices.IndexFunc(s.sim.Schema().Commands, func(m *game.Message) bool { return m.Name == name })
	if i < 0 {
		s.tb.Fatalf("gametest: the game has no command %q", name)
	}
	s.fits(s.sim.Schema().Commands[i], game.MessageOf[T](), "command "+name)
	s.seqs[p]++
	values, blobs := game.Pack(v, nil, nil)
	s.Add(game.Entry{
		Kind: game.EntryCommand, Player: p, Seq: s.seqs[p], Type: i, Values: values, Blobs: blobs,
	})
}

// fits fails the test if a struct is not the message that the game takes: another one's values would be packed by their
// places.
func (s *Stage) fits(wanted, given *game.Message, what string) {
	s.tb.Helper()
	if wanted == nil {
		s.tb.Fatalf("gametest: the game takes no %s", what)
		return
	}
	if w, g := fieldsOf(wanted), fieldsOf(given); !slices.Equal(w, g) {
		s.tb.Fatalf("gametest: this is not the game's %s: it has the fields %v, the game's %v", what, g, w)
	}
}

func fieldsOf(m *game.Message) []string {
	names := make([]string, 0, len(m.Fields))
	for _, f := range m.Fields {
		names = append(names, f.Name)
	}
	return names
}

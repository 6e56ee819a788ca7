package gametest

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// Option changes what Determinism does.
type Option func(*options)

type options struct{ noWasm bool }

// WithoutWasm leaves the run on WebAssembly out: for machines without Node, and for games that use floats and are content
// with being the same on one kind of machine.
func WithoutWasm() Option { return func(o *options) { o.noWasm = true } }

// moves is how many times the restored run goes to a fresh game at even distances, and how many times at most after a
// player has lost its connection.
const moves = 8

// Determinism fails the test unless the game is a pure function of the recording. It plays the recording
//   - twice, which finds package variables, clocks and the order of maps,
//   - with a checkpoint and a restore into a fresh game in the middle, at some more ticks, and while players are away,
//     which finds state that is kept outside of the World,
//   - if the game is a Viewer, with View called for every player after every tick, which finds a View that does more than
//     read,
//   - on WebAssembly, which finds what differs between machines: the calling test is run again there by `go test`, so it
//     must get to the same call of Determinism; Node is needed.
//
// After every tick it compares the hash of all state, and what the game sent; it names the first tick that differs.
func Determinism(tb testing.TB, def game.Definition, rec *game.Recording, opts ...Option) {
	tb.Helper()
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	call := nextCall(tb.Name())
	if there() {
		answer(tb, def, call)
		return
	}
	if len(rec.Ticks) < 2 {
		tb.Fatal("gametest: a recording of less than 2 ticks proves nothing")
	}
	first, err := run(def, rec, play{})
	if err != nil {
		tb.Fatalf("gametest: %v", err)
	}
	ok := compare(tb, first, def, rec, play{}, "played again",
		"the game depends on something outside: a package variable, a clock, the order of a map, another source of chance")
	ok = compare(tb, first, def, rec, play{every: max(1, len(rec.Ticks)/moves)}, "restored from a checkpoint",
		"the game keeps state outside of the World's tables and Vars, in its own struct perhaps") && ok
	if ok && views(def, rec) {
		ok = compare(tb, first, def, rec, play{views: true}, "with View called for every player after every tick",
			"View must only read: it changes state, or draws from Rand")
	}
	if ok && !o.noWasm && runtime.GOOS != "js" {
		elsewhere(tb, rec, first, call)
	}
}

// mark is what a tick left.
type mark struct{ State, Sent uint64 }

// play is how a recording is played.
type play struct {
	every int  // the game is moved to a fresh Sim after every so many ticks, and after the first losses; 0: never
	views bool // View is called for every player after every tick
}

// views reports whether the game is a Viewer.
func views(def game.Definition, rec *game.Recording) bool {
	sim, err := rec.Sim(def)
	return err == nil && sim.Views()
}

// run plays a recording.
func run(def game.Definition, rec *game.Recording, how play) ([]mark, error) {
	sim, err := rec.Sim(def)
	if err != nil {
		return nil, err
	}
	marks := make([]mark, 0, len(rec.Ticks))
	drops := 0
	var view game.View
	for i, inbox := range rec.Ticks {
		dropped := i > 0 && drops < moves && slices.ContainsFunc(rec.Ticks[i-1], isDrop)
		if dropped {
			drops++
		}
		if how.every > 0 && i > 0 && (dropped || i%how.every == 0) {
			if sim, err = move(def, rec, sim); err != nil {
				return marks, fmt.Errorf("after tick %d: %w", tickOf(rec, i-1), err)
			}
		}
		out, err := sim.Step(inbox)
		if err != nil {
			return marks, fmt.Errorf("tick %d: %w", tickOf(rec, i), err)
		}
		if how.views {
			for _, p := range sim.Players() {
				if err := sim.View(p, &view); err != nil {
					return marks, fmt.Errorf("after tick %d, for player %d: %w", tickOf(rec, i), p, err)
				}
			}
		}
		marks = append(marks, mark{sim.Hash(), sent(out)})
		if out.Over {
			break
		}
	}
	return marks, nil
}

func isDrop(e game.Entry) bool { return e.Kind == game.EntryDrop }

// tickOf is the number of a recording's i-th tick.
func tickOf(rec *game.Recording, i int) int { return int(rec.After) + i + 1 }

// move goes on in a fresh game, made with another seed: whatever is not in the checkpoint is lost.
func move(def game.Definition, rec *game.Recording, from *game.Sim) (*game.Sim, error) {
	sim, err := game.NewSim(def, rec.Seed+1, rec.Options)
	if err != nil {
		return nil, err
	}
	if err := sim.Restore(from.Checkpoint(nil)); err != nil {
		return nil, err
	}
	if from.Hash() != sim.Hash() {
		return nil, errRestore
	}
	return sim, nil
}

var errRestore = errors.New("the state after a restore is not what the checkpoint was made of")

// compare plays the recording once more and says where it differs.
func compare(
	tb testing.TB, want []mark, def game.Definition, rec *game.Recording, how play, when, hint string,
) bool {
	tb.Helper()
	got, err := run(def, rec, how)
	if diff := difference(rec, want, got); diff != "" {
		tb.Errorf("gametest: %s, the game differs: %s; %s", when, diff, hint)
		return false
	}
	if err != nil {
		tb.Errorf("gametest: %s, the game fails: %v; %s", when, err, hint)
		return false
	}
	return true
}

// difference names the first tick that differs; "" if there is none in what both have, or if got only ends early, which
// is an error of its own.
func difference(rec *game.Recording, want, got []mark) string {
	for i := range min(len(want), len(got)) {
		var what string
		switch {
		case want[i].State != got[i].State:
			what = "state"
		case want[i].Sent != got[i].Sent:
			what = "events, answers, kicks and graces"
		default:
			continue
		}
		return fmt.Sprintf("tick %d is the first with other %s", tickOf(rec, i), what)
	}
	if len(got) > len(want) {
		return fmt.Sprintf("the game goes on after tick %d", tickOf(rec, len(want)-1))
	}
	return ""
}

// sent is a hash of what a tick sent.
func sent(out *game.Output) uint64 {
	h := hash(14695981039346656037)
	for _, e := range out.Events {
		h.numbers(uint64(e.To), uint64(e.Type), uint64(len(e.Values)), uint64(len(e.Blobs)))
		for _, v := range e.Values {
			h.numbers(uint64(v))
		}
		for _, b := range e.Blobs {
			h.text(string(b))
		}
	}
	for _, a := range out.Answers {
		h.numbers(uint64(a.Player), uint64(a.Seq), uint64(a.Refusal))
		h.text(a.Why)
	}
	for _, k := range out.Kicks {
		h.numbers(uint64(k.Player))
		h.text(k.Why)
	}
	for _, g := range out.Graces {
		h.numbers(uint64(g.Player), uint64(g.Seconds))
	}
	if out.Over {
		h.numbers(1)
	}
	return uint64(h)
}

// hash is FNV-1a.
type hash uint64

func (h *hash) numbers(all ...uint64) {
	for _, n := range all {
		for range 8 {
			*h = (*h ^ hash(n&0xff)) * 1099511628211
			n >>= 8
		}
	}
}

func (h *hash) text(s string) {
	h.numbers(uint64(len(s)))
	for i := range len(s) {
		*h = (*h ^ hash(s[i])) * 1099511628211
	}
}

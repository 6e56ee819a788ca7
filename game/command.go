package game

import (
	"iter"
	"reflect"
)

// Commands are reliable messages of type T from players to the game: each arrives once, in the player's order, and is
// answered.
type Commands[T any] struct{ core *commands }

// Command is one that came for this tick.
type Command[T any] struct {
	// Player is who sent it; 0 is the server itself.
	Player Player
	// Value is what was sent, within the schema's bounds.
	Value T

	world  *World
	answer int
}

// CommandOption changes who may send a command.
type CommandOption func(*Message)

// Internal marks commands that come from the server itself, never from a client.
func Internal() CommandOption {
	return func(m *Message) { m.Internal = true }
}

// NewCommands registers a kind of commands. It panics if T cannot be sent.
func NewCommands[T any](w *World, name string, options ...CommandOption) *Commands[T] {
	c := &commands{shape: w.registerMessage(&w.schema.Commands, reflect.TypeFor[T](), "command "+name, name)}
	for _, option := range options {
		option(c.shape.schema)
	}
	w.commands = append(w.commands, c)
	return &Commands[T]{c}
}

// All goes through the commands of this kind that came for this tick, in the order they came.
func (c *Commands[T]) All(t *Tick) iter.Seq[Command[T]] {
	return func(yield func(Command[T]) bool) {
		for _, one := range c.core.came {
			command := Command[T]{Player: one.player, world: t.world, answer: one.answer}
			c.core.shape.unpack(addrOf(&command.Value), one.values, one.blobs)
			if !yield(command) {
				return
			}
		}
	}
}

// Refuse says that the game did not take the command: reason is the game's own number for why, and why a sentence for
// the player. Without it the command counts as taken. It panics if reason is 0, which is what a taken command answers.
func (c Command[T]) Refuse(reason uint32, why string) {
	c.world.refuse(c.answer, reason, why)
}

func (w *World) refuse(answer int, reason uint32, why string) {
	if reason == 0 {
		panic("game: Refuse needs a reason that is not 0: that is the answer to a command that was taken")
	}
	if answer < 0 {
		return // the server does not wait for answers
	}
	a := &w.tick.out.Answers[answer]
	a.Refusal, a.Why = reason, why
}

// commands is Commands without its type.
type commands struct {
	shape *messageShape
	came  []came
}

// came is a command of this step's inbox; its values are the inbox's.
type came struct {
	player Player
	answer int // its place among the answers; -1: none
	values []int64
	blobs  [][]byte
}

// accept takes a command of the inbox.
func (c *commands) accept(e *Entry, out *Output) {
	answer := -1
	if e.Player != 0 {
		answer = len(out.Answers)
		out.Answers = append(out.Answers, Answer{Player: e.Player, Seq: e.Seq})
	}
	c.came = append(c.came, came{e.Player, answer, e.Values, e.Blobs})
}

package game

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// The greatest lengths of what a player is called, in bytes.
const (
	maxPlayerName = 64
	maxIdentity   = 128
)

// Entry is one thing that goes into a room. Entries are all that moves a room besides its seed: a log of them replays
// the room. Step copies what it keeps, so the caller may reuse Values and Blobs after it.
type Entry struct {
	Kind EntryKind
	// Player is who it is about. For EntryJoin it is the ID the player gets: at least Sim.NextID, and ascending among
	// the joins of one Step. 0 with EntryCommand: the server itself.
	Player Player
	// Name is the display name, for EntryJoin: UTF-8 of at most 64 bytes.
	Name string
	// Identity is who that is beyond this room, for EntryJoin: UTF-8 of at most 128 bytes, as the server authenticated it.
	Identity string
	// Reason is for EntryLeave.
	Reason Reason
	// Tick is the tick that an input is meant for. For EntryClosing it is a number of ticks, below 2^31.
	Tick uint32
	// View is the tick that was on the player's screen when it made the input.
	View uint32
	// Seq numbers a player's commands 1, 2, 3 …; the sim returns it in Answer and otherwise ignores it.
	Seq uint32
	// Type is the command's index in Schema.Commands.
	Type int
	// Values and Blobs hold an input's or a command's fields as Message.Check accepts them.
	Values []int64
	Blobs  [][]byte
}

// EntryKind is the kind of an Entry.
type EntryKind uint8

// The kinds of entries.
const (
	EntryJoin EntryKind = iota + 1
	EntryLeave
	EntryInput
	EntryCommand
	// EntryDrop: a player lost its connection, and keeps its seat for now. EntryResume: it is back. Both change nothing
	// that is so already.
	EntryDrop
	EntryResume
	// EntryClosing: the server stops in so many ticks.
	EntryClosing
)

// Output is what a Step leaves for the outside, as data. It is valid until the next Step.
type Output struct {
	// Events that the game sent, oldest first.
	Events []Event
	// Answers to the commands of this Step's inbox, in their order.
	Answers []Answer
	// Kicks are players that the game removed, or refused in Join. They are still in the game until a leave entry.
	Kicks []Kick
	// Graces are what SetGrace said, in this order.
	Graces []Grace
	// Over is set when the game ended itself.
	Over bool
}

// Event is something for one player, or for all.
type Event struct {
	// To is the player; 0 is everybody.
	To Player
	// Type is the event's index in Schema.Events.
	Type int
	// Values and Blobs hold the fields in the order of the schema.
	Values []int64
	Blobs  [][]byte
}

// Answer tells a player what became of a command. Commands from the server itself are not answered.
type Answer struct {
	Player Player
	Seq    uint32
	// Refusal is 0 if the game took the command, else the game's own number of the reason.
	Refusal uint32
	// Why is the reason in words.
	Why string
}

// Kick is a player to be removed.
type Kick struct {
	Player Player
	Why    string
}

// Grace is for how long a player's seat is kept from now on when its connection is lost.
type Grace struct {
	Player  Player
	Seconds int
}

// check refuses an inbox that no room can have made.
func (s *Sim) check(inbox []Entry) error {
	next := s.world.next
	for i := range inbox {
		e := &inbox[i]
		switch e.Kind {
		case EntryJoin:
			if e.Player < next || e.Player+1 == 0 {
				return &EntryError{i, "a player joins under an ID that is not new"}
			}
			if why := called(e.Name, e.Identity); why != "" {
				return &EntryError{i, why}
			}
			next = e.Player + 1
		case EntryCommand:
			if e.Type < 0 || e.Type >= len(s.world.commands) {
				return &EntryError{i, "there is no command of type " + strconv.Itoa(e.Type)}
			}
			shape := s.world.commands[e.Type].shape.schema
			if shape.Internal != (e.Player == 0) {
				return &EntryError{i, "the command " + shape.Name + " is not for this sender"}
			}
			if err := shape.Check(e.Values, e.Blobs); err != nil {
				return &EntryError{i, err.Error()}
			}
		case EntryInput:
			if s.world.input == nil {
				return &EntryError{i, "the game takes no inputs"}
			}
			if err := s.world.schema.Input.Check(e.Values, e.Blobs); err != nil {
				return &EntryError{i, err.Error()}
			}
		case EntryClosing:
			if e.Tick > math.MaxInt32 {
				return &EntryError{i, "no server stops in so many ticks"}
			}
		case EntryLeave, EntryDrop, EntryResume:
		default:
			return &EntryError{i, "unknown kind " + strconv.Itoa(int(e.Kind))}
		}
	}
	return nil
}

// called says what is wrong with a player's name or identity; "" if nothing is.
func called(name, identity string) string {
	switch {
	case len(name) > maxPlayerName || !utf8.ValidString(name):
		return "a player's name must be UTF-8 of at most " + strconv.Itoa(maxPlayerName) + " bytes"
	case len(identity) > maxIdentity || !utf8.ValidString(identity):
		return "a player's identity must be UTF-8 of at most " + strconv.Itoa(maxIdentity) + " bytes"
	}
	return ""
}

// enter names the hook that an entry will call.
func (*Sim) enter(e *Entry) string {
	switch e.Kind {
	case EntryJoin:
		return "Join"
	case EntryLeave:
		return "Leave"
	case EntryDrop:
		return "Drop"
	case EntryResume:
		return "Resume"
	case EntryClosing:
		return "Close"
	default:
		return "Tick"
	}
}

// take lets one entry take effect.
func (s *Sim) take(e *Entry) {
	w := s.world
	t := &w.tick
	switch e.Kind {
	case EntryJoin:
		seat := t.enter(e.Player, e.Name, e.Identity)
		if joiner, ok := s.game.(Joiner); ok {
			if err := joiner.Join(t, e.Player); err != nil {
				seat.refused = true
				t.Kick(e.Player, err.Error())
			}
		}
	case EntryLeave:
		if t.leaving = t.leave(e.Player); t.leaving == nil {
			return
		}
		if leaver, ok := s.game.(Leaver); ok {
			leaver.Leave(t, e.Player, e.Reason)
		}
		t.leaving = nil
	case EntryDrop, EntryResume:
		s.reconnect(t.seat(e.Player), e.Kind == EntryDrop)
	case EntryClosing:
		if closer, ok := s.game.(Closer); ok {
			closer.Close(t, int(e.Tick))
		}
	case EntryInput:
		if seat := t.seat(e.Player); seat != nil {
			w.input.accept(seat, e, t.number)
		}
	case EntryCommand:
		if e.Player == 0 || t.seat(e.Player) != nil {
			w.commands[e.Type].accept(e, &t.out)
		}
	}
}

// reconnect lets a player lose its connection, or come back. The game is told of a change only, and not of a player whom
// it refused, of whom it knows nothing.
func (s *Sim) reconnect(seat *seat, away bool) {
	if seat == nil || seat.away == away {
		return
	}
	seat.away = away
	if seat.refused {
		return
	}
	t := &s.world.tick
	if dropper, ok := s.game.(Dropper); ok && away {
		dropper.Drop(t, seat.player)
	}
	if resumer, ok := s.game.(Resumer); ok && !away {
		resumer.Resume(t, seat.player)
	}
}

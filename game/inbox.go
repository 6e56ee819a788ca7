package game

// Entry is one thing that goes into a room. Entries are all that moves a room besides its seed: a log of them replays
// the room. Step copies what it keeps, so the caller may reuse Values and Blobs after it.
type Entry struct {
	Kind EntryKind
	// Player is who it is about. For EntryJoin it is the ID the player gets: at least Sim.NextID, and ascending among
	// the joins of one Step. 0 with EntryCommand: the server itself.
	Player Player
	// Name is the display name, for EntryJoin: UTF-8 of at most 64 bytes.
	Name string
	// Reason is for EntryLeave.
	Reason Reason
	// Tick is the tick that an input is meant for.
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
)

// Output is what a Step leaves for the outside, as data. It is valid until the next Step.
type Output struct {
	// Events that the game sent, oldest first.
	Events []Event
	// Answers to the commands of this Step's inbox, in their order.
	Answers []Answer
	// Kicks are players that the game removed, or refused in Join. They are still in the game until a leave entry.
	Kicks []Kick
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

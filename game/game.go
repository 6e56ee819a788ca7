package game

import (
	"errors"
	"strconv"
)

// ErrOver, returned by Tick as it is or wrapped, ends the room without error: everybody is told and sent home.
var ErrOver = errors.New("game: over")

// ID names rows. IDs ascend, are never used twice in a room, and 0 is none. One ID may stand in several tables.
type ID uint32

// Player is a player of a room. It is an ID of its own, taken when the player joins, so a game can keep the player's
// rows under it: ships.Put(p, Ship{}). 0 is no player: the server itself.
type Player = ID

// Game is what a developer writes: one step of the world. A game keeps all of its state in the World's tables and
// Vars, never in package variables, and reads neither clock nor environment, so that a room is a pure function of its
// seed and its inbox.
type Game interface {
	// Tick moves the world on by 1/rate s. ErrOver ends the room; any other error or a panic ends it as failed.
	Tick(t *Tick) error
}

// Joiner is a Game that wants to know who joins. It is called before the Tick in which the player is first there. An
// error refuses the player, with the error's text as the reason.
type Joiner interface {
	Join(t *Tick, p Player) error
}

// Leaver is a Game that wants to know who leaves. It is called before the first Tick without the player.
type Leaver interface {
	Leave(t *Tick, p Player, why Reason)
}

// Dropper is a Game that wants to know whose connection was lost. The player keeps its seat while the grace runs: it is
// still among Tick.Players, Tick.Away says so, and what it did last is done for 250 ms more. Then it comes back (Resumer)
// or leaves (Leaver). Drop is called before the Tick in which the player is first away, and never for one whom Join refused.
type Dropper interface {
	Drop(t *Tick, p Player)
}

// Resumer is a Game that wants to know who comes back after Drop. It is called before the first Tick in which the player
// is no longer away.
type Resumer interface {
	Resume(t *Tick, p Player)
}

// Closer is a Game that wants to end well when its server stops, which it does in so many ticks: there is time for a
// result, and ErrOver ends the room before. It may be called again with another number.
type Closer interface {
	Close(t *Tick, ticks int)
}

// Viewer is a Game that says what each player may see. Without it everybody sees everything. View is called after a tick,
// once for each frame that is made for the player, and names in v what p may see in it. It only reads: it changes no state
// and draws no chance, and for the same state it names the same.
//
// A row that is not named never reaches p, in no frame and in no hash; one that was seen before leaves at once. Only that
// something exists can show, in gaps between IDs and in the sizes of frames, and a row that comes into sight shows how it
// moved just before.
type Viewer interface {
	View(p Player, v *View)
}

// Reason is why a player left.
type Reason uint8

// The reasons for leaving.
const (
	// ReasonLeft: the player chose to.
	ReasonLeft Reason = iota
	// ReasonLost: the connection was lost, and the player did not come back in time.
	ReasonLost
	// ReasonIdle: no input for too long.
	ReasonIdle
	// ReasonKicked: the game, or the server, removed the player.
	ReasonKicked
)

// Definition is a game as the server and its tools know it.
type Definition struct {
	// Name is how clients ask for the game: 1 to 32 lower-case letters, digits and dashes.
	Name string
	// New registers the game's tables, inputs, commands and events in w and returns the game. It may read the World's
	// options, and must register the same things whatever they are. It may fill tables and Vars with what a room begins
	// with; a restored room has what was saved instead. It panics on what cannot be replicated or saved; NewSim turns
	// that into an error.
	New func(w *World) Game
	// Rate is in ticks a second, 1 to 128. Default 30.
	Rate int
	// Stride is the number of ticks between two frames to a client, 1 to 31. Default 1.
	Stride int
	// MaxPlayers is the number of seats in a room, at least 1. Default 16.
	MaxPlayers int
	// Grace is for how many seconds a player who lost its connection may come back, at most 300; Tick.SetGrace changes it
	// for one player. 0: the default of 30. Negative: not at all.
	Grace int
}

// The limits of a Definition.
const (
	maxGameName = 32
	maxRate     = 128
	// MaxGrace is the greatest grace, in seconds.
	MaxGrace  = 300
	maxStride = HistoryTicks/2 - 1 // with more, the ring would hold no baseline
)

// check says what is wrong with a definition whose defaults are filled; "" if nothing is.
func (d Definition) check() string {
	switch {
	case !validGameName(d.Name):
		return "Name must be 1 to " + strconv.Itoa(maxGameName) + " lower-case letters, digits and dashes"
	case d.New == nil:
		return "New is missing"
	case d.Rate < 1 || d.Rate > maxRate:
		return "Rate is " + strconv.Itoa(d.Rate) + ", not 1 to " + strconv.Itoa(maxRate)
	case d.Stride < 1 || d.Stride > maxStride:
		return "Stride is " + strconv.Itoa(d.Stride) + ", not 1 to " + strconv.Itoa(maxStride)
	case d.MaxPlayers < 1:
		return "MaxPlayers is " + strconv.Itoa(d.MaxPlayers) + ", not at least 1"
	case d.Grace > MaxGrace:
		return "Grace is " + strconv.Itoa(d.Grace) + ", not at most " + strconv.Itoa(MaxGrace)
	}
	return ""
}

func validGameName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= maxGameName
}

// WithDefaults returns d with its zero fields filled.
func (d Definition) WithDefaults() Definition {
	if d.Rate == 0 {
		d.Rate = 30
	}
	if d.Stride == 0 {
		d.Stride = 1
	}
	if d.MaxPlayers == 0 {
		d.MaxPlayers = 16
	}
	if d.Grace == 0 {
		d.Grace = 30
	}
	return d
}

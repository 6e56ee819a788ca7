package game

import (
	"reflect"
	"strconv"
)

// DefinitionError says why a Definition cannot be played: a field of it is wrong, or New registered something that
// cannot be replicated or saved.
type DefinitionError struct {
	// Game is the definition's name.
	Game string
	// Where is the part at fault, such as "table ships", and Field the Go field in it; either may be empty.
	Where, Field string
	Why          string
}

func (e *DefinitionError) Error() string {
	return "game " + e.Game + ": " + locate(e.Where, e.Field) + e.Why
}

// GameError is a mistake of the game while it ran: a panic, an error from Tick, or state that cannot be sent. The Sim
// is dead after it.
type GameError struct {
	// Hook is where it happened: New, Join, Leave, Drop, Resume, Close, Tick, View or capture.
	Hook string
	Tick uint32
	// Cause is what was panicked with, or the error.
	Cause any
	// Stack is the goroutine's stack at a panic; nil for an error.
	Stack []byte
}

func (e *GameError) Error() string {
	return "game: " + e.Hook + " of tick " + strconv.FormatUint(uint64(e.Tick), 10) + ": " + describe(e.Cause)
}

// Unwrap returns the cause if it is an error.
func (e *GameError) Unwrap() error {
	err, _ := e.Cause.(error)
	return err
}

func describe(cause any) string {
	switch c := cause.(type) {
	case error:
		return c.Error()
	case string:
		return c
	case interface{ String() string }:
		return c.String()
	case nil:
		return "nil"
	default:
		return "a value of type " + reflect.TypeOf(c).String()
	}
}

// Error is for registrations outside of New, which nobody turns into a DefinitionError.
func (p problem) Error() string { return "game: " + locate(p.where, p.field) + p.why }

// locate is the part of a game that a mistake is in, with a colon; "" if it is all of it.
func locate(where, field string) string {
	switch {
	case where == "":
		return ""
	case field == "":
		return where + ": "
	}
	return where + ", field " + field + ": "
}

// EntryError says which entry of an inbox no sim can take. The sim is as it was before.
type EntryError struct {
	// Index is the entry's place in the inbox.
	Index int
	Why   string
}

func (e *EntryError) Error() string {
	return "game: entry " + strconv.Itoa(e.Index) + ": " + e.Why
}

// MessageError says why values are no message of a schema.
type MessageError struct {
	// Message is the command's or event's name; empty for the input.
	Message string
	// Field is empty if the number of values is wrong.
	Field string
	Why   string
}

func (e *MessageError) Error() string {
	s := "game: input"
	if e.Message != "" {
		s = "game: message " + e.Message
	}
	if e.Field != "" {
		s += ", field " + e.Field
	}
	return s + ": " + e.Why
}

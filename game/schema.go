package game

// Schema describes all that a game shares with its clients. It is made once, when the game registers its tables, and
// never changes. A client that was sent one can read any game's state without generated code.
type Schema struct {
	Tables []*TableSchema
	// Input is nil if the game takes no inputs.
	Input    *Message
	Commands []*Message
	Events   []*Message
}

// TableSchema is the shape of a table's rows.
type TableSchema struct {
	Name    string
	Columns []Column
	// Order lists the masks of changed groups with the shortest codes, most frequent first.
	Order []uint32
	// Single is set for a Var: exactly one row, with ID 1.
	Single bool

	layout // derived from Columns and Order; see layout.go
}

// Column is one replicated value of a row.
type Column struct {
	// Name is in lower camel case; nested structs and arrays are joined with dots: "pos.x", "cells.0".
	Name string
	Kind Kind
	// Bits is the width of the value: 1 for Bool, 0 for String and Bytes.
	Bits uint8
	// K and KE are the Exp-Golomb parameters of changes and of entering rows.
	K, KE uint8
	// Jump is the step per frame, in cell units, above which a Pos column has jumped. 0: it never jumps.
	Jump int32
	// Unsigned says how to read the cell.
	Unsigned bool
	// Unit is the number of field units per 1.0, for display. 0 means 1.
	Unit uint32
	// Drop is the number of low bits that are not sent: field value = cell << Drop.
	Drop uint8
	// Lerp asks the client to interpolate.
	Lerp bool
	// Step scales a Float column: value = cell * Step.
	Step float64
}

// Kind is how a column is kept and coded. The numbers are those of the wire's ColumnKind.
type Kind uint8

// The kinds of columns.
const (
	// Int is one cell, sent as a difference.
	Int Kind = iota + 1
	// Bool is one cell, 0 or 1.
	Bool
	// Pos is one cell, predicted from its own velocity.
	Pos
	// Angle is one cell of Bits bits that wraps.
	Angle
	// Wide is a 64-bit integer in two cells, low then high.
	Wide
	// Float is one cell, scaled by Step.
	Float
	// String is text; it has no cell.
	String
	// Bytes has no cell.
	Bytes
)

// Message is the shape of an input, a command or an event.
type Message struct {
	// Name is empty for the input.
	Name   string
	Fields []Field
	// Internal commands come from the server itself; a client that sends one is at fault.
	Internal bool
}

// Field is one value of a message.
type Field struct {
	Name string
	Kind FieldKind
	// Min and Max bound a number; Max is the greatest length in bytes of a string or bytes.
	Min, Max int64
	// Edge marks a press rather than a state: it is cleared when an input has to be repeated.
	Edge bool
	// Step scales a FieldFloat: value = number * Step.
	Step float64
	// Unsigned says how to read 64 bits.
	Unsigned bool
}

// FieldKind is how a field of a message is kept. The numbers are those of the wire's FieldKind.
type FieldKind uint8

// The kinds of fields. Numbers, bools and floats are in Values, strings and bytes in Blobs.
const (
	FieldInt FieldKind = iota + 1
	FieldBool
	FieldFloat
	FieldString
	FieldBytes
)

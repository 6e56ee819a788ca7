package game

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// The limits of a schema. A peer's schema is untrusted: these bound what it can cost.
const (
	// MaxTables is the greatest number of tables of a game.
	MaxTables = 255
	// MaxText is the greatest length in bytes of a string or bytes column.
	MaxText = 65535
	// maxMessages bounds the kinds of commands, and of events.
	maxMessages = 1024
	// maxFields bounds the fields of a message.
	maxFields = 1024
	// maxSchemaName bounds the names in a schema, in bytes.
	maxSchemaName = 255
	// maxColumnK keeps the parameter of a ring frame's residual, at most 3 more, within maxK.
	maxColumnK = maxK - 3
)

// What is wrong with a name.
const (
	badName    = "the name must be 1 to 255 bytes of printable text"
	twoOfAName = "there are two of this name"
)

// SchemaError says what is wrong with a schema.
type SchemaError struct {
	// Where is the part at fault, such as "table ships, column x".
	Where string
	Why   string
}

func (e *SchemaError) Error() string { return "game: schema: " + e.Where + ": " + e.Why }

// Prepare checks a schema, which may come from an untrusted peer, and derives what the codec needs. Whatever uses the
// schema calls it; calls after the first that succeeds only read. The schema must not be changed after it.
func (s *Schema) Prepare() error {
	if len(s.Tables) > MaxTables {
		return &SchemaError{"tables", "more than " + strconv.Itoa(MaxTables)}
	}
	names := make(map[string]bool, len(s.Tables))
	for i, t := range s.Tables {
		if t == nil {
			return &SchemaError{"table " + strconv.Itoa(i), "missing"}
		}
		if why := t.check(); why != nil {
			return why
		}
		if names[t.Name] {
			return &SchemaError{"table " + t.Name, twoOfAName}
		}
		names[t.Name] = true
	}
	if s.Input != nil {
		if err := s.Input.checkFields("input"); err != nil {
			return err
		}
	}
	if err := checkMessages("command", s.Commands); err != nil {
		return err
	}
	if err := checkMessages("event", s.Events); err != nil {
		return err
	}
	for _, t := range s.Tables {
		if !t.ready {
			t.derive()
		}
	}
	return nil
}

// check is the part of Prepare for one table.
func (t *TableSchema) check() error {
	where := "table " + quote(t.Name)
	if !goodName(t.Name) {
		return &SchemaError{where, badName}
	}
	if len(t.Columns) > MaxColumns {
		return &SchemaError{where, "more than " + strconv.Itoa(MaxColumns) + " columns"}
	}
	names, groups := make(map[string]bool, len(t.Columns)), 0
	for i := range t.Columns {
		c := &t.Columns[i]
		why := c.check()
		if why == "" && names[c.Name] {
			why = twoOfAName
		}
		if why != "" {
			return &SchemaError{where + ", column " + quote(c.Name), why}
		}
		names[c.Name] = true
		if c.Kind != Pos || i == 0 || t.Columns[i-1].Kind != Pos {
			groups++
		}
	}
	if len(t.Order) == 0 {
		return nil
	}
	if groups > maxRanked {
		return &SchemaError{where, "an order needs at most " + strconv.Itoa(maxRanked) + " groups of columns"}
	}
	seen := make([]bool, 1<<groups)
	for _, mask := range t.Order {
		if mask >= 1<<groups || seen[mask] {
			return &SchemaError{where, "an order must have different masks of its groups of columns"}
		}
		seen[mask] = true
	}
	return nil
}

// check says what is wrong with a column, or nothing.
func (c *Column) check() string {
	if !goodName(c.Name) {
		return badName
	}
	least, most := uint8(1), uint8(64)
	switch c.Kind {
	case Bool:
		most = 1
	case Angle:
		most = 32
	case String, Bytes:
		least, most = 0, 0
	case Int, Pos, Wide, Float:
	default:
		return "unknown kind " + strconv.Itoa(int(c.Kind))
	}
	switch {
	case c.Bits < least || c.Bits > most:
		return "bits must be " + strconv.Itoa(int(least)) + " to " + strconv.Itoa(int(most))
	case c.K > maxColumnK:
		return "k must be at most " + strconv.Itoa(maxColumnK)
	case c.KE > maxK:
		return "ke must be at most " + strconv.Itoa(maxK)
	case c.Jump < 0 || c.Jump > 0 && c.Kind != Pos:
		return "jump is for pos, and not negative"
	case c.Drop > 63:
		return "drop must be at most 63"
	case math.IsNaN(c.Step) || math.IsInf(c.Step, 0) || c.Step < 0:
		return "step must be a number"
	case c.Kind == Float && c.Step == 0:
		return "a float needs a step"
	}
	return ""
}

// checkMessages checks commands or events.
func checkMessages(what string, all []*Message) error {
	if len(all) > maxMessages {
		return &SchemaError{what + "s", "more than " + strconv.Itoa(maxMessages)}
	}
	names := make(map[string]bool, len(all))
	for i, m := range all {
		if m == nil {
			return &SchemaError{what + " " + strconv.Itoa(i), "missing"}
		}
		where := what + " " + quote(m.Name)
		if !goodName(m.Name) {
			return &SchemaError{where, badName}
		}
		if names[m.Name] {
			return &SchemaError{where, twoOfAName}
		}
		names[m.Name] = true
		if err := m.checkFields(where); err != nil {
			return err
		}
	}
	return nil
}

// checkFields checks the fields of a message.
func (m *Message) checkFields(where string) error {
	if len(m.Fields) > maxFields {
		return &SchemaError{where, "more than " + strconv.Itoa(maxFields) + " fields"}
	}
	names := make(map[string]bool, len(m.Fields))
	for i := range m.Fields {
		f := &m.Fields[i]
		why := ""
		switch {
		case !goodName(f.Name):
			why = badName
		case names[f.Name]:
			why = twoOfAName
		case f.Kind < FieldInt || f.Kind > FieldBytes:
			why = "unknown kind " + strconv.Itoa(int(f.Kind))
		case math.IsNaN(f.Step) || math.IsInf(f.Step, 0) || f.Step < 0:
			why = "step must be a number"
		}
		if why != "" {
			return &SchemaError{where + ", field " + quote(f.Name), why}
		}
		names[f.Name] = true
	}
	return nil
}

// quote puts a name from outside in quotes, if it can be shown.
func quote(name string) string {
	if !goodName(name) {
		return "without a good name"
	}
	return `"` + name + `"`
}

// goodName says whether a peer's name may be shown: valid UTF-8 without control characters.
func goodName(s string) bool {
	if s == "" || len(s) > maxSchemaName || !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		if c < ' ' || c == 0x7f {
			return false
		}
	}
	return true
}

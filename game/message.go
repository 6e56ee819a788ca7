package game

import (
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// maxMessageText is the greatest length in bytes of a string or bytes field without max=.
const maxMessageText = 256

// messageShape is a message's struct in memory and on the wire.
type messageShape struct {
	schema *Message
	leaves []leaf
}

// messageOf reads the struct type of a message. It panics with a problem if the type cannot be one.
func messageOf(t reflect.Type, where, name string) *messageShape {
	sh, wrong := shapeOf(t, false)
	if wrong != nil {
		panic(problem{where, wrong.field, wrong.why})
	}
	m := &messageShape{schema: &Message{Name: name}}
	for i := range sh.leaves {
		l := &sh.leaves[i]
		f, why := fieldOf(l)
		if why != "" {
			panic(problem{where, l.goName, why})
		}
		m.schema.Fields = append(m.schema.Fields, f)
		m.leaves = append(m.leaves, *l)
	}
	return m
}

// registerMessage adds a kind of commands or events to its list in the schema.
func (w *World) registerMessage(list *[]*Message, t reflect.Type, where, name string) *messageShape {
	w.open(where, name)
	for _, other := range *list {
		if other.Name == name {
			panic(problem{where, "", "there are two of this name"})
		}
	}
	m := messageOf(t, where, name)
	m.mustNotPress(where)
	*list = append(*list, m.schema)
	return m
}

// fieldOf makes a leaf a field. why is empty if its tag fits its type.
func fieldOf(l *leaf) (f Field, why string) {
	f = Field{Name: l.name, Kind: FieldInt, Edge: l.tag.has("edge")}
	lo, hi := boundsOf(l.kind)
	switch {
	case l.kind == reflect.Bool:
		f.Kind, f.Max = FieldBool, 1
		return f, l.tag.only("a bool", "edge")
	case l.kind == reflect.String, l.kind == reflect.Slice:
		f.Kind = FieldString
		if l.kind == reflect.Slice {
			f.Kind = FieldBytes
		}
		if f.Max, why = l.tag.number("max", 1, maxReplicatedText, maxMessageText); why == "" {
			why = l.tag.only("text", "max")
		}
		return f, why
	case l.kind == reflect.Uint64 && !l.tag.has("max"):
		return f, "a message holds numbers below 2^63: give a uint64 its max="
	case isFloat(l.kind):
		f.Kind = FieldFloat
		if f.Step, why = l.tag.step(); why == "" && f.Step == 0 {
			why = "a float is sent in steps: give it step=, such as step=1/32"
		}
		lo, hi = math.MinInt32, math.MaxInt32 // in steps
	default:
		f.Unsigned = unsigned(l.kind)
	}
	if why == "" {
		f.Min, why = l.tag.number("min", lo, hi, lo)
	}
	if why == "" {
		f.Max, why = l.tag.number("max", f.Min, hi, hi)
	}
	if why == "" {
		why = l.tag.only("a number", "min", "max", "edge", "step")
	}
	return f, why
}

// mustInput panics with a problem if the message cannot be an input.
func (m *messageShape) mustInput() {
	for i := range m.leaves {
		if f := &m.schema.Fields[i]; f.Kind != FieldString && f.Kind != FieldBytes && (f.Min > 0 || f.Max < 0) {
			panic(problem{"input", m.leaves[i].goName, "its bounds leave out 0, which is what a player does who sends nothing"})
		}
	}
}

// mustNotPress panics with a problem if a message that is no input has fields for presses.
func (m *messageShape) mustNotPress(where string) {
	for i := range m.leaves {
		if m.schema.Fields[i].Edge {
			panic(problem{where, m.leaves[i].goName, "tag edge has a meaning in inputs only: nothing else is ever repeated"})
		}
	}
}

// boundsOf is the range of an integer kind, as the values of a message hold it: a uint64 up to the greatest int64.
func boundsOf(k reflect.Kind) (lo, hi int64) {
	switch bits := bitsOf(k); {
	case bits == 0 || bits > 64:
		return 0, 0
	case unsigned(k) && bits == 64:
		return 0, math.MaxInt64
	case unsigned(k):
		return 0, 1<<bits - 1
	case bits == 64:
		return math.MinInt64, math.MaxInt64
	default:
		return -1 << (bits - 1), 1<<(bits-1) - 1
	}
}

// Check says what is wrong with the values of a message from outside; nil if they are within the schema. Values and
// blobs at the end may be missing: they are zero. It allocates nothing unless something is wrong.
func (m *Message) Check(values []int64, blobs [][]byte) error {
	v, b := 0, 0
	for i := range m.Fields {
		f := &m.Fields[i]
		switch f.Kind {
		case FieldString, FieldBytes:
			if b < len(blobs) {
				if why := f.checkBlob(blobs[b]); why != "" {
					return &MessageError{m.Name, f.Name, why}
				}
			}
			b++
		default:
			n := int64(0)
			if v < len(values) {
				n = values[v]
			}
			v++
			if n < f.Min || n > f.Max {
				return &MessageError{m.Name, f.Name, f.number(n) + " is not between " + f.number(f.Min) + " and " + f.number(f.Max)}
			}
		}
	}
	if len(values) > v || len(blobs) > b {
		return &MessageError{m.Name, "", "more values than fields"}
	}
	return nil
}

// number is a value in words.
func (f *Field) number(n int64) string {
	if f.Unsigned {
		return strconv.FormatUint(uint64(n), 10)
	}
	return strconv.FormatInt(n, 10)
}

func (f *Field) checkBlob(blob []byte) string {
	switch {
	case int64(len(blob)) > f.Max:
		return "has " + strconv.Itoa(len(blob)) + " bytes, at most " + strconv.FormatInt(f.Max, 10)
	case f.Kind == FieldString && !utf8.Valid(blob):
		return "is not UTF-8"
	}
	return ""
}

// pack appends the fields of a message in memory. Texts are not copied.
func (m *messageShape) pack(p ptr, values []int64, blobs [][]byte) ([]int64, [][]byte) {
	for i := range m.leaves {
		l := &m.leaves[i]
		at := step(p, l.offset)
		switch m.schema.Fields[i].Kind {
		case FieldString:
			blobs = append(blobs, bytesOf(*valueAt[string](at)))
		case FieldBytes:
			blobs = append(blobs, *valueAt[[]byte](at))
		case FieldFloat:
			values = append(values, roundFloat(real64(at, l.kind), m.schema.Fields[i].Step))
		default:
			values = append(values, integer(at, l.kind))
		}
	}
	return values, blobs
}

// unpack fills a message in memory. What is missing is zero; texts are copied.
func (m *messageShape) unpack(p ptr, values []int64, blobs [][]byte) {
	v, b := 0, 0
	for i := range m.leaves {
		l := &m.leaves[i]
		at := step(p, l.offset)
		switch f := &m.schema.Fields[i]; f.Kind {
		case FieldString, FieldBytes:
			var blob []byte
			if b < len(blobs) {
				blob = blobs[b]
			}
			b++
			setText(at, l.kind, blob)
		default:
			n := int64(0)
			if v < len(values) {
				n = values[v]
			}
			v++
			if f.Kind == FieldFloat {
				setReal64(at, l.kind, float64(n)*f.Step)
			} else {
				setInteger(at, l.kind, n)
			}
		}
	}
}

// setText writes a string or bytes as a copy; bytes keep their memory if it is enough.
func setText(at ptr, k reflect.Kind, text []byte) {
	if k == reflect.Slice {
		b := valueAt[[]byte](at)
		*b = append((*b)[:0], text...)
		return
	}
	if s := valueAt[string](at); *s != string(text) {
		*s = string(text)
	}
}

// roundFloat is v in whole steps, within 32 bits.
func roundFloat(v, step float64) int64 {
	n := math.Floor(float64(v/step) + 0.5)
	if n != n {
		return 0
	}
	return int64(max(math.MinInt32, min(math.MaxInt32, n)))
}

// MessageOf is the shape of a message's struct, without a name. It panics if T cannot be a message.
func MessageOf[T any]() *Message { return messageOf(reflect.TypeFor[T](), "message", "").schema }

// Pack appends the fields of a message to values and blobs, in the order of its schema. It panics if T cannot be a
// message: T is the struct's own type, not an interface that holds one. Texts are not copied. It is for clients and
// tools: it reads T's type anew at every call.
func Pack[T any](v T, values []int64, blobs [][]byte) ([]int64, [][]byte) {
	return messageOf(reflect.TypeFor[T](), "message", "").pack(addrOf(&v), values, blobs)
}

// Unpack fills a message from values and blobs that Message.Check has accepted. It panics if T cannot be a message.
func Unpack[T any](dst *T, values []int64, blobs [][]byte) {
	messageOf(reflect.TypeFor[T](), "message", "").unpack(addrOf(dst), values, blobs)
}

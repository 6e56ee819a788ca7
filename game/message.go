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
			why = l.tag.only("text", "max", "edge")
		}
		return f, why
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
				return &MessageError{m.Name, f.Name, strconv.FormatInt(n, 10) + " is not between " +
					strconv.FormatInt(f.Min, 10) + " and " + strconv.FormatInt(f.Max, 10)}
			}
		}
	}
	if len(values) > v || len(blobs) > b {
		return &MessageError{m.Name, "", "more values than fields"}
	}
	return nil
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

// Pack appends the fields of a message to values and blobs, in the order of its schema. It panics if T cannot be a
// message. Texts are not copied. It is for clients and tools: it reads T's type anew at every call.
func Pack[T any](v T, values []int64, blobs [][]byte) ([]int64, [][]byte) {
	return messageOf(reflect.TypeFor[T](), "message", "").pack(addrOf(&v), values, blobs)
}

// Unpack fills a message from values and blobs that Message.Check has accepted. It panics if T cannot be a message.
func Unpack[T any](dst *T, values []int64, blobs [][]byte) {
	messageOf(reflect.TypeFor[T](), "message", "").unpack(addrOf(dst), values, blobs)
}

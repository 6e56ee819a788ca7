package game

import (
	"reflect"
	"strconv"
)

// shape is how a game's struct lies in memory: all that a checkpoint saves, and what a client may see.
type shape struct {
	size   uintptr
	saved  []savedField
	leaves []leaf
}

// savedField is a field of a checkpoint: one number or text, or all of them in an array.
type savedField struct {
	name    string // as in Go, nested with dots: "Pos.X"
	typ     string // "int", "uint", "bool", "float32", "float64", "string", "bytes", after "[n]" for every array around it
	kind    reflect.Kind
	offsets []uintptr
}

// leaf is one value that clients may see: an exported field, or an element of one.
type leaf struct {
	name   string // in lower camel: "pos.x", "cells.0"
	goName string
	kind   reflect.Kind
	offset uintptr
	tag    tag
}

// maxElements bounds the numbers and texts in one row, so that a slip of the pen is no million-cell row.
const maxElements = 1 << 16

// fieldError is what is wrong with a field, before it is known whose field it is.
type fieldError struct{ field, why string }

// walker collects a shape.
type walker struct {
	shape   shape
	index   map[string]int // savedField by name
	names   map[string]bool
	private bool // unexported fields are allowed
	count   int
}

// place is how a value was reached.
type place struct {
	name, goName string
	dims         string
	public       bool
	tag          tag
}

// shapeOf reads a struct type. Rows may have unexported fields; messages may not.
func shapeOf(t reflect.Type, private bool) (*shape, *fieldError) {
	if t.Kind() == reflect.Interface {
		return nil, &fieldError{"", "must be a struct by its own type, not an interface that holds one"}
	}
	if t.Kind() != reflect.Struct {
		return nil, &fieldError{"", "must be a struct, not " + t.String()}
	}
	w := &walker{index: map[string]int{}, names: map[string]bool{}, private: private}
	w.shape.size = t.Size()
	if err := w.fields(t, 0, place{public: true}); err != nil {
		return nil, err
	}
	return &w.shape, nil
}

func (w *walker) fields(t reflect.Type, offset uintptr, at place) *fieldError {
	for f := range t.Fields() {
		if f.Name == "_" {
			continue
		}
		inner := at
		inner.goName = join(at.goName, f.Name)
		text, tagged := syncTag(string(f.Tag))
		if tagged {
			var why string
			if inner.tag, why = parseTag(text); why != "" {
				return &fieldError{inner.goName, why}
			}
		}
		switch {
		case !f.IsExported() && !w.private:
			return &fieldError{inner.goName, "is unexported, so it would never be sent"}
		case !f.IsExported() && tagged:
			return &fieldError{inner.goName, "is unexported, so its sync tag has no effect"}
		case !f.IsExported(), inner.tag.has("-"):
			inner.public = false
		}
		name := lowerCamel(f.Name)
		if n, ok := inner.tag.get("name"); ok {
			name = n
			inner.tag = inner.tag.without("name") // it names this field, not the ones inside
		}
		inner.name = join(at.name, name)
		if inner.public && !validName(name) {
			return &fieldError{inner.goName, `name "` + name + `" must be letters and digits after a small letter`}
		}
		if err := w.value(f.Type, offset+f.Offset, inner); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) value(t reflect.Type, offset uintptr, at place) *fieldError {
	switch k := t.Kind(); k {
	case reflect.Struct:
		return w.fields(t, offset, at)
	case reflect.Array:
		name := at.name
		at.dims += "[" + strconv.Itoa(t.Len()) + "]"
		for i := range t.Len() {
			if at.public { // names of a thousand hidden elements are for nobody
				at.name = name + "." + strconv.Itoa(i)
			}
			if err := w.value(t.Elem(), offset+uintptr(i)*t.Elem().Size(), at); err != nil {
				return err
			}
		}
		return nil
	default:
		class := classOf(t)
		if class == "" {
			return &fieldError{at.goName, "a " + k.String() + " (" + t.String() + ") cannot be saved; use numbers, bools, " +
				"strings, []byte, arrays and structs of them, or a table"}
		}
		return w.leaf(k, class, offset, at)
	}
}

func (w *walker) leaf(k reflect.Kind, class string, offset uintptr, at place) *fieldError {
	if w.count++; w.count > maxElements {
		return &fieldError{at.goName, "more than " + strconv.Itoa(maxElements) + " values in one row"}
	}
	i, ok := w.index[at.goName]
	if !ok {
		i = len(w.shape.saved)
		w.index[at.goName] = i
		w.shape.saved = append(w.shape.saved, savedField{name: at.goName, typ: at.dims + class, kind: k})
	}
	w.shape.saved[i].offsets = append(w.shape.saved[i].offsets, offset)
	if !at.public {
		return nil
	}
	if w.names[at.name] {
		return &fieldError{at.goName, "there is another field called " + at.name}
	}
	w.names[at.name] = true
	w.shape.leaves = append(w.shape.leaves, leaf{name: at.name, goName: at.goName, kind: k, offset: offset, tag: at.tag})
	return nil
}

// classOf is how a type is saved; empty if it cannot be.
func classOf(t reflect.Type) string {
	switch t.Kind() { //nolint:exhaustive // all others cannot be saved
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "uint"
	case reflect.Float32:
		return "float32"
	case reflect.Float64:
		return "float64"
	case reflect.String:
		return "string"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
	}
	return ""
}

// unsigned says whether a kind is an unsigned integer.
func unsigned(k reflect.Kind) bool { return k >= reflect.Uint && k <= reflect.Uint64 }

// bitsOf is the width of a number as it is replicated: int and uint are 32 bits on every machine.
func bitsOf(k reflect.Kind) uint8 {
	switch k {
	case reflect.Bool:
		return 1
	case reflect.Int8, reflect.Uint8:
		return 8
	case reflect.Int16, reflect.Uint16:
		return 16
	case reflect.Int64, reflect.Uint64, reflect.Float64:
		return 64
	case reflect.String, reflect.Slice:
		return 0
	default: // int, uint, int32, uint32, float32
		return 32
	}
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

func (t tag) without(key string) tag {
	var rest tag
	for _, o := range t {
		if o.key != key {
			rest = append(rest, o)
		}
	}
	return rest
}

// lowerCamel makes a Go name a wire name: HP is hp, MaxHP is maxHP, HPMax is hpMax.
func lowerCamel(s string) string {
	n := 0
	for n < len(s) && s[n] >= 'A' && s[n] <= 'Z' {
		n++
	}
	if n > 1 && n < len(s) && s[n] >= 'a' && s[n] <= 'z' {
		n-- // the last capital begins the next word
	}
	lower := []byte(s)
	for i := range n {
		lower[i] += 'a' - 'A'
	}
	return string(lower)
}

// validName says whether a name may stand in a schema.
func validName(s string) bool {
	if s == "" || len(s) > maxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// maxName is the greatest length of a name in bytes.
const maxName = 64

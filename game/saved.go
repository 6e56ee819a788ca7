package game

import (
	"reflect"
	"strconv"
)

// save writes a field of a row, every element of an array.
func (f *savedField) save(w *writer, row ptr) {
	for _, offset := range f.offsets {
		at := step(row, offset)
		switch {
		case f.kind == reflect.String:
			w.text(*valueAt[string](at))
		case f.kind == reflect.Slice:
			w.text(textOf(*valueAt[[]byte](at)))
		case isFloat(f.kind):
			w.fixed(floatBits(at, f.kind))
		case unsigned(f.kind):
			w.uint(uint64(integer(at, f.kind)))
		default:
			w.int(integer(at, f.kind))
		}
	}
}

// loader reads a field of a checkpoint, into a field of the same name and type or to nowhere.
type loader struct {
	class string
	n     int
	into  *savedField // nil: the field is gone
}

// loader finds where a saved field goes. It reports false if the type is none that was ever written.
func (s *store) loader(name, typ string) (loader, bool) {
	l := loader{n: 1}
	class := typ
	for class != "" && class[0] == '[' {
		size, rest, closed := cut(class[1:], ']')
		n, ok := parseInt(size)
		if !closed || !ok || n < 0 || n > maxElements || l.n*int(n) > maxElements {
			return l, false
		}
		l.n, class = l.n*int(n), rest
	}
	l.class = class
	switch class {
	case "bool", "int", "uint", "float32", "float64", "string", "bytes":
	default:
		return l, false
	}
	if s == nil {
		return l, true
	}
	for i := range s.shape.saved {
		if f := &s.shape.saved[i]; f.name == name && f.typ == typ {
			l.into = f
		}
	}
	return l, true
}

// load reads the field of one row.
func (l *loader) load(r *reader, row ptr) {
	for i := range l.n {
		if r.bad {
			return
		}
		if row == nil || l.into == nil || i >= len(l.into.offsets) {
			l.skip(r)
			continue
		}
		l.set(r, step(row, l.into.offsets[i]))
	}
}

// set reads one value into a field. One that does not fit, because the field has become smaller, is cut to what does.
func (l *loader) set(r *reader, at ptr) {
	kind := l.into.kind
	switch l.class {
	case "string", "bytes":
		setText(at, kind, r.bytes())
	case "float32", "float64":
		setFloatBits(at, kind, r.fixed())
	case "uint":
		v := r.uint()
		if bits := sizeOf(kind); bits < 64 {
			v = min(v, 1<<bits-1)
		}
		setInteger(at, kind, int64(v))
	case "bool":
		setInteger(at, kind, r.int())
	default:
		v := r.int()
		if bits := sizeOf(kind); bits < 64 {
			v = max(-1<<(bits-1), min(v, 1<<(bits-1)-1))
		}
		setInteger(at, kind, v)
	}
}

func (l *loader) skip(r *reader) {
	switch l.class {
	case "string", "bytes":
		r.bytes()
	case "float32", "float64":
		r.fixed()
	case "uint":
		r.uint()
	default:
		r.int()
	}
}

// sizeOf is the width of a Go integer in memory.
func sizeOf(k reflect.Kind) uint {
	switch k {
	case reflect.Int, reflect.Uint:
		return strconv.IntSize
	case reflect.Int64, reflect.Uint64:
		return 64
	case reflect.Int32, reflect.Uint32:
		return 32
	case reflect.Int16, reflect.Uint16:
		return 16
	default:
		return 8
	}
}

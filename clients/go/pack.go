package client

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tickwire/tickwire/game"
)

// packer moves values between Go types and a message's fields. Fields are matched by name, whatever the letter case, so
// a client's struct may have its fields in another order than the server's, or only some of them.
type packer struct {
	message *game.Message
	about   string         // `command "say"`, or "the input", which has no name
	slot    []slot         // one per field
	byName  map[string]int // lower-case name -> field
	values  int
	blobs   int

	mu    sync.Mutex
	types map[reflect.Type][]place // what each struct type has
}

// slot is where a field stands in values or blobs.
type slot struct {
	index int
	blob  bool
}

// place is where a field stands in a struct; nil: nowhere.
type place []int

func newPacker(kind string, m *game.Message) *packer {
	p := &packer{message: m, about: "the " + kind, byName: map[string]int{}, types: map[reflect.Type][]place{}}
	if m.Name != "" {
		p.about = kind + " " + strconv.Quote(m.Name)
	}
	for i, f := range m.Fields {
		p.byName[strings.ToLower(f.Name)] = i
		if f.Kind == game.FieldString || f.Kind == game.FieldBytes {
			p.slot = append(p.slot, slot{index: p.blobs, blob: true})
			p.blobs++
			continue
		}
		p.slot = append(p.slot, slot{index: p.values})
		p.values++
	}
	return p
}

// pack appends nothing: it fills values and blobs, grown to the message's size, from v and checks them.
func (p *packer) pack(v any, values []int64, blobs [][]byte) ([]int64, [][]byte, error) {
	values, blobs = sized(values, p.values), sized(blobs, p.blobs)
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	var err error
	switch {
	case v == nil:
	case r.Kind() == reflect.Map && r.Type().Key().Kind() == reflect.String:
		err = p.fromMap(r, values, blobs)
	case r.Kind() == reflect.Struct:
		err = p.fromStruct(r, values, blobs)
	default:
		err = fmt.Errorf("tickwire: a message is a struct or a map with string keys, not a %T", v)
	}
	if err == nil {
		err = p.message.Check(values, blobs)
	}
	return values, blobs, err
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

func (p *packer) fromMap(m reflect.Value, values []int64, blobs [][]byte) error {
	for it := m.MapRange(); it.Next(); {
		name := it.Key().String()
		i, ok := p.byName[strings.ToLower(name)]
		if !ok {
			return fmt.Errorf("tickwire: %s has no field %q; it has %s", p.about, name, p.fields())
		}
		v := it.Value()
		for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if err := p.put(i, v, values, blobs); err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) fromStruct(s reflect.Value, values []int64, blobs [][]byte) error {
	places, err := p.placesOf(s.Type())
	if err != nil {
		return err
	}
	for i, at := range places {
		if at == nil {
			continue
		}
		if err := p.put(i, reach(s, at), values, blobs); err != nil {
			return err
		}
	}
	return nil
}

// put writes one Go value into a field.
func (p *packer) put(i int, v reflect.Value, values []int64, blobs [][]byte) error {
	f, to := &p.message.Fields[i], p.slot[i]
	switch {
	case to.blob && v.Kind() == reflect.String:
		blobs[to.index] = []byte(v.String())
	case to.blob && v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		blobs[to.index] = append([]byte{}, v.Bytes()...)
	case to.blob:
		return p.mismatch(f, v)
	case v.Kind() == reflect.Bool:
		values[to.index] = 0
		if v.Bool() {
			values[to.index] = 1
		}
	case v.CanInt() || v.CanUint() || v.CanFloat():
		values[to.index] = number(f, v)
	default:
		return p.mismatch(f, v)
	}
	return nil
}

// fields names the message's fields.
func (p *packer) fields() string {
	names := make([]string, len(p.message.Fields))
	for i, f := range p.message.Fields {
		names[i] = f.Name
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (p *packer) mismatch(f *game.Field, v reflect.Value) error {
	return fmt.Errorf("tickwire: %s: field %q cannot take a %s", p.about, f.Name, v.Kind())
}

func number(f *game.Field, v reflect.Value) int64 {
	scaled := f.Kind == game.FieldFloat && f.Step > 0
	switch {
	case v.CanFloat() && scaled:
		return int64(math.RoundToEven(v.Float() / f.Step))
	case v.CanFloat():
		return int64(math.RoundToEven(v.Float()))
	case scaled && v.CanInt():
		return int64(math.RoundToEven(float64(v.Int()) / f.Step))
	case v.CanInt():
		return v.Int()
	default:
		return int64(v.Uint()) //nolint:gosec // 64 bits travel as they are; Check refuses what does not fit
	}
}

// unpack fills the struct that dst points to; fields that the message does not have keep their values.
func (p *packer) unpack(dst reflect.Value, values []int64, blobs [][]byte) error {
	s := dst.Elem()
	if s.Kind() != reflect.Struct {
		return fmt.Errorf("tickwire: a message is read into a struct, not a %s", s.Kind())
	}
	places, err := p.placesOf(s.Type())
	if err != nil {
		return err
	}
	for i, at := range places {
		if at == nil {
			continue
		}
		to := p.slot[i]
		switch {
		case to.blob && to.index < len(blobs):
			setBlob(reach(s, at), blobs[to.index])
		case !to.blob && to.index < len(values):
			setNumber(reach(s, at), &p.message.Fields[i], values[to.index])
		}
	}
	return nil
}

func setBlob(v reflect.Value, b []byte) {
	switch {
	case v.Kind() == reflect.String:
		v.SetString(string(b))
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		v.SetBytes(append([]byte{}, b...))
	}
}

func setNumber(v reflect.Value, f *game.Field, n int64) {
	switch {
	case v.Kind() == reflect.Bool:
		v.SetBool(n != 0)
	case v.CanInt():
		v.SetInt(n)
	case v.CanUint():
		v.SetUint(uint64(n)) //nolint:gosec // 64 bits travel as they are
	case v.CanFloat() && f.Kind == game.FieldFloat && f.Step > 0:
		v.SetFloat(float64(n) * f.Step)
	case v.CanFloat():
		v.SetFloat(float64(n))
	}
}

// placesOf finds the message's fields in a struct type. A struct that has none of them is a mistake.
func (p *packer) placesOf(t reflect.Type) ([]place, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if places, ok := p.types[t]; ok {
		return places, nil
	}
	found := map[string]place{}
	flatten(t, "", nil, found)
	places, some := make([]place, len(p.message.Fields)), false
	for i, f := range p.message.Fields {
		if at, ok := found[strings.ToLower(f.Name)]; ok {
			places[i], some = at, true
		}
	}
	if !some && len(p.message.Fields) > 0 {
		return nil, fmt.Errorf("tickwire: %s has no field of %s; it has %s", t, p.about, p.fields())
	}
	p.types[t] = places
	return places, nil
}

// flatten names the exported leaves of a type as schemas do: nested structs and arrays are joined with dots.
func flatten(t reflect.Type, name string, at place, found map[string]place) {
	join := func(part string) string {
		if name == "" {
			return part
		}
		return name + "." + part
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.IsExported() {
				flatten(f.Type, join(strings.ToLower(f.Name)), append(slices.Clip(at), i), found)
			}
		}
	case reflect.Array:
		for i := range t.Len() {
			flatten(t.Elem(), join(strconv.Itoa(i)), append(slices.Clip(at), i), found)
		}
	default:
		found[name] = at
	}
}

func reach(v reflect.Value, at place) reflect.Value {
	for _, i := range at {
		if v.Kind() == reflect.Array {
			v = v.Index(i)
		} else {
			v = v.Field(i)
		}
	}
	return v
}

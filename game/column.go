package game

import (
	"math"
	"reflect"
	"strconv"
)

// source is one replicated value of a row: where it lies in memory and how it becomes a cell or a text.
type source struct {
	leaf
	cell int // its first cell, or its place among the texts
	wire Kind
	drop uint8
	mask uint32
	step float64
}

// The defaults of the Exp-Golomb parameters; see the codec.
const (
	defaultK     = 2
	defaultKE    = 6
	defaultPosK  = 0
	defaultPosKE = 11
)

// maxReplicatedText bounds a replicated string or bytes, so that one long text does not break a frame's limit.
const maxReplicatedText = 1 << 10

// columnOf makes a leaf a column. why is empty if its tag fits its type.
func columnOf(l *leaf) (c Column, src source, why string) {
	c = Column{Name: l.name, Bits: bitsOf(l.kind), K: defaultK, KE: defaultKE, Unsigned: unsigned(l.kind), Kind: Int}
	src = source{leaf: *l, mask: math.MaxUint32}
	switch {
	case l.tag.has("pos"):
		why = posColumn(l, &c)
	case l.tag.has("angle"):
		why = angleColumn(l, &c, &src)
	case l.kind == reflect.Bool:
		c.Kind, why = Bool, l.tag.only("a bool")
	case l.kind == reflect.String, l.kind == reflect.Slice:
		c.Kind = String
		if l.kind == reflect.Slice {
			c.Kind = Bytes
		}
		c.K, c.KE, c.Unsigned = 0, 0, false
		why = l.tag.only("text")
	case l.kind == reflect.Float32, l.kind == reflect.Float64:
		why = floatColumn(l, &c)
	case c.Bits == 64:
		c.Kind, why = Wide, l.tag.only("a 64-bit integer", "unit", "lerp", "k", "ke")
	default:
		why = l.tag.only("an integer", "unit", "lerp", "drop", "k", "ke")
	}
	if why == "" {
		why = c.numbers(l)
	}
	src.wire, src.drop, src.step = c.Kind, c.Drop, c.Step
	return c, src, why
}

func posColumn(l *leaf, c *Column) (why string) {
	if bits := bitsOf(l.kind); l.kind == reflect.Bool || bits == 0 || bits > 32 || isFloat(l.kind) {
		return "pos is for integers of at most 32 bits"
	}
	c.Kind, c.K, c.KE = Pos, defaultPosK, defaultPosKE
	return l.tag.only("pos", "pos", "unit", "drop", "jump", "lerp", "k", "ke")
}

func angleColumn(l *leaf, c *Column, src *source) (why string) {
	bits := bitsOf(l.kind)
	if l.kind == reflect.Bool || bits == 0 || bits > 32 || isFloat(l.kind) || l.kind == reflect.Int || l.kind == reflect.Uint {
		return "angle is for integers of a fixed size of at most 32 bits"
	}
	drop, why := l.tag.number("drop", 0, int64(bits)-1, 0)
	if why != "" {
		return why
	}
	c.Kind, c.Bits = Angle, bits-uint8(drop)
	c.KE = min(c.Bits-1, maxK)
	c.Unsigned = true
	src.mask = uint32(1)<<c.Bits - 1
	return l.tag.only("angle", "angle", "drop", "unit", "lerp", "k", "ke")
}

func floatColumn(l *leaf, c *Column) (why string) {
	if c.Step, why = l.tag.step(); why != "" {
		return why
	}
	if c.Step == 0 {
		return "a float is sent in steps: give it step=, such as step=1/32"
	}
	c.Kind, c.Bits = Float, 32
	return l.tag.only("a float", "step", "lerp", "k", "ke")
}

// numbers reads the keys that all kinds share.
func (c *Column) numbers(l *leaf) (why string) {
	read := func(key string, hi, def int64) int64 {
		n, problem := l.tag.number(key, 0, hi, def)
		if why == "" {
			why = problem
		}
		return n
	}
	c.K = uint8(read("k", maxColumnK, int64(c.K)))
	c.KE = uint8(read("ke", maxK, int64(c.KE)))
	c.Unit = uint32(read("unit", math.MaxUint32, 0))
	c.Drop = uint8(read("drop", int64(bitsOf(l.kind))-1, 0))
	c.Jump = int32((read("jump", math.MaxInt32, 0) + 1<<c.Drop - 1) >> c.Drop) // rounded up: 0 would be never
	c.Lerp = l.tag.has("lerp")
	return why
}

func isFloat(k reflect.Kind) bool { return k == reflect.Float32 || k == reflect.Float64 }

// gather fills a column of cells from the rows. It returns what is wrong with a value, or "".
func (s *source) gather(dst []int32, stride int, rows []ptr) string {
	switch {
	case s.wire == Wide:
		gatherWide(dst, stride, rows, s.offset)
	case s.wire == Float:
		s.gatherFloat(dst, stride, rows)
	case s.kind == reflect.Int, s.kind == reflect.Uint:
		return s.gatherInt(dst, stride, rows)
	case s.drop > 0 || s.wire == Angle:
		s.gatherRounded(dst, stride, rows)
	default:
		s.gatherPlain(dst, stride, rows)
	}
	return ""
}

func (s *source) gatherPlain(dst []int32, stride int, rows []ptr) {
	switch s.kind {
	case reflect.Int8:
		gather[int8](dst, stride, rows, s.offset)
	case reflect.Int16:
		gather[int16](dst, stride, rows, s.offset)
	case reflect.Int32:
		gather[int32](dst, stride, rows, s.offset)
	case reflect.Uint16:
		gather[uint16](dst, stride, rows, s.offset)
	case reflect.Uint32:
		gather[uint32](dst, stride, rows, s.offset)
	default: // uint8, and bool, which is one byte of 0 or 1
		gather[uint8](dst, stride, rows, s.offset)
	}
}

func (s *source) gatherRounded(dst []int32, stride int, rows []ptr) {
	switch s.kind {
	case reflect.Int8:
		gatherRounded[int8](dst, stride, rows, s.offset, s.drop, s.mask)
	case reflect.Int16:
		gatherRounded[int16](dst, stride, rows, s.offset, s.drop, s.mask)
	case reflect.Int32:
		gatherRounded[int32](dst, stride, rows, s.offset, s.drop, s.mask)
	case reflect.Uint8:
		gatherRounded[uint8](dst, stride, rows, s.offset, s.drop, s.mask)
	case reflect.Uint16:
		gatherRounded[uint16](dst, stride, rows, s.offset, s.drop, s.mask)
	default:
		gatherRounded[uint32](dst, stride, rows, s.offset, s.drop, s.mask)
	}
}

// gatherInt takes an int or uint, which has 32 bits on the wire on every machine.
func (s *source) gatherInt(dst []int32, stride int, rows []ptr) string {
	half := int64(1) << s.drop >> 1
	for i, p := range rows {
		v := integer(step(p, s.offset), s.kind)
		fits := v == int64(int32(v))
		if s.kind == reflect.Uint {
			fits = v == int64(uint32(v))
		}
		if !fits {
			return "field " + s.goName + " is " + strconv.FormatInt(v, 10) + ", which does not fit 32 bits; use int64 or uint64"
		}
		dst[i*stride] = int32((v + half) >> s.drop)
	}
	return ""
}

// gatherFloat rounds to steps. The conversion keeps the compiler from fusing the division and the addition, which would
// round differently on other machines.
func (s *source) gatherFloat(dst []int32, stride int, rows []ptr) {
	for i, p := range rows {
		v := math.Floor(float64(real64(step(p, s.offset), s.kind)/s.step) + 0.5)
		switch {
		case v != v: // NaN
			v = 0
		case v > math.MaxInt32:
			v = math.MaxInt32
		case v < math.MinInt32:
			v = math.MinInt32
		}
		dst[i*stride] = int32(v)
	}
}

// text reads a string or bytes, as it lies there: of bytes nothing is copied.
func (s *source) text(p ptr) string {
	if s.kind == reflect.String {
		return *valueAt[string](step(p, s.offset))
	}
	return textOf(*valueAt[[]byte](step(p, s.offset)))
}

package game

import (
	"math"
	"reflect"
	"unsafe"
)

// This is the only file that knows of raw memory. A shape's offsets come from reflection over the very type whose rows
// they are used on, and rows live in pages that never move, so an address is good for as long as its row.

// ptr is the address of a row, or of a field in it.
type ptr = unsafe.Pointer

// addrOf is the address of a value.
func addrOf[T any](v *T) ptr { return ptr(v) }

// valueAt is the value at an address.
func valueAt[T any](p ptr) *T { return (*T)(p) }

// firstOf is the address of the first value of a slice.
func firstOf[T any](v []T) ptr { return ptr(unsafe.SliceData(v)) }

// step is the address n bytes on.
func step(p ptr, n uintptr) ptr { return unsafe.Add(p, n) }

// integer reads an integer or a bool. A uint64 keeps its bits.
func integer(p ptr, k reflect.Kind) int64 {
	switch k {
	case reflect.Bool:
		if *(*bool)(p) {
			return 1
		}
		return 0
	case reflect.Int8:
		return int64(*(*int8)(p))
	case reflect.Int16:
		return int64(*(*int16)(p))
	case reflect.Int32:
		return int64(*(*int32)(p))
	case reflect.Int64:
		return *(*int64)(p)
	case reflect.Int:
		return int64(*(*int)(p))
	case reflect.Uint8:
		return int64(*(*uint8)(p))
	case reflect.Uint16:
		return int64(*(*uint16)(p))
	case reflect.Uint32:
		return int64(*(*uint32)(p))
	case reflect.Uint64:
		return int64(*(*uint64)(p))
	default: // reflect.Uint
		return int64(*(*uint)(p))
	}
}

// setInteger writes an integer or a bool; bits that the field has no room for are lost.
func setInteger(p ptr, k reflect.Kind, v int64) {
	switch k {
	case reflect.Bool:
		*(*bool)(p) = v != 0
	case reflect.Int8:
		*(*int8)(p) = int8(v)
	case reflect.Int16:
		*(*int16)(p) = int16(v)
	case reflect.Int32:
		*(*int32)(p) = int32(v)
	case reflect.Int64:
		*(*int64)(p) = v
	case reflect.Int:
		*(*int)(p) = int(v)
	case reflect.Uint8:
		*(*uint8)(p) = uint8(v)
	case reflect.Uint16:
		*(*uint16)(p) = uint16(v)
	case reflect.Uint32:
		*(*uint32)(p) = uint32(v)
	case reflect.Uint64:
		*(*uint64)(p) = uint64(v)
	default: // reflect.Uint
		*(*uint)(p) = uint(v)
	}
}

// real64 reads a float.
func real64(p ptr, k reflect.Kind) float64 {
	if k == reflect.Float32 {
		return float64(*(*float32)(p))
	}
	return *(*float64)(p)
}

// setReal64 writes a float.
func setReal64(p ptr, k reflect.Kind, v float64) {
	if k == reflect.Float32 {
		*(*float32)(p) = float32(v)
		return
	}
	*(*float64)(p) = v
}

// floatBits reads a float's bits, which tell even NaNs apart.
func floatBits(p ptr, k reflect.Kind) uint64 {
	if k == reflect.Float32 {
		return uint64(math.Float32bits(*(*float32)(p)))
	}
	return math.Float64bits(*(*float64)(p))
}

// setFloatBits writes a float's bits.
func setFloatBits(p ptr, k reflect.Kind, v uint64) {
	if k == reflect.Float32 {
		*(*float32)(p) = math.Float32frombits(uint32(v))
		return
	}
	*(*float64)(p) = math.Float64frombits(v)
}

// cellNumber is a Go integer that fits a cell.
type cellNumber interface {
	int8 | int16 | int32 | uint8 | uint16 | uint32
}

// gather copies one field of all rows into every stride-th cell of dst.
func gather[N cellNumber](dst []int32, stride int, rows []ptr, offset uintptr) {
	i := 0
	for _, p := range rows {
		dst[i] = int32(*(*N)(unsafe.Add(p, offset)))
		i += stride
	}
}

// gatherRounded is gather without the low drop bits, rounded half up, and masked.
func gatherRounded[N cellNumber](dst []int32, stride int, rows []ptr, offset uintptr, drop uint8, mask uint32) {
	half := int64(1) << drop >> 1
	i := 0
	for _, p := range rows {
		v := (int64(*(*N)(unsafe.Add(p, offset))) + half) >> drop
		dst[i] = int32(uint32(v) & mask)
		i += stride
	}
}

// gatherWide copies a 64-bit field into two cells, low then high.
func gatherWide(dst []int32, stride int, rows []ptr, offset uintptr) {
	i := 0
	for _, p := range rows {
		v := *(*uint64)(unsafe.Add(p, offset))
		dst[i], dst[i+1] = int32(v), int32(v>>32)
		i += stride
	}
}

// sameCells compares by memequal: half a nanosecond a row.
func sameCells(a, b []int32) bool { return cellBytes(a) == cellBytes(b) }

// sameIDs does the same for IDs.
func sameIDs(a, b []ID) bool {
	return unsafe.String((*byte)(ptr(unsafe.SliceData(a))), len(a)*4) ==
		unsafe.String((*byte)(ptr(unsafe.SliceData(b))), len(b)*4)
}

func cellBytes(c []int32) string {
	return unsafe.String((*byte)(ptr(unsafe.SliceData(c))), len(c)*4)
}

// textOf is bytes as a string, without a copy: it is good while the bytes do not change.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bytesOf is a string as bytes, without a copy: they must not be changed.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

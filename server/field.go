package server

import "google.golang.org/protobuf/encoding/protowire"

// field is one field as it stands in the bytes.
type field struct {
	number protowire.Number
	kind   protowire.Type
	value  uint64 // of a varint
	bytes  []byte // of a length-delimited field, inside the message
}

func (x field) isVarint(n protowire.Number) bool {
	return x.number == n && x.kind == protowire.VarintType
}

func (x field) isBytes(n protowire.Number) bool {
	return x.number == n && x.kind == protowire.BytesType
}

// nextField takes the first field off b. False: b does not begin with a field.
func nextField(b []byte) (field, []byte, bool) {
	number, kind, n := protowire.ConsumeTag(b)
	if n < 0 || number > protowire.MaxValidNumber {
		return field{}, nil, false
	}
	b = b[n:]
	x := field{number: number, kind: kind}
	switch kind {
	case protowire.VarintType:
		x.value, n = protowire.ConsumeVarint(b)
	case protowire.BytesType:
		x.bytes, n = protowire.ConsumeBytes(b)
	case protowire.Fixed32Type:
		_, n = protowire.ConsumeFixed32(b)
	case protowire.Fixed64Type:
		_, n = protowire.ConsumeFixed64(b)
	case protowire.StartGroupType, protowire.EndGroupType:
		return field{}, nil, false // they nest, and the protocol has none
	default:
		return field{}, nil, false
	}
	if n < 0 {
		return field{}, nil, false
	}
	return x, b[n:], true
}

// eachField gives the fields of an embedded message to take, which belongs to to.
func eachField[T any](b []byte, to *T, take func(*T, field) bool) bool {
	for len(b) > 0 {
		var x field
		var ok bool
		if x, b, ok = nextField(b); !ok || !take(to, x) {
			return false
		}
	}
	return true
}

// eachVarint gives packed varints to take.
func eachVarint(b []byte, take func(uint64) bool) bool {
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 || !take(v) {
			return false
		}
		b = b[n:]
	}
	return true
}

// extend makes s one longer and keeps what its memory held there, to be used again.
func extend[T any](s []T) []T {
	if len(s) < cap(s) {
		return s[:len(s)+1]
	}
	var zero T
	return append(s, zero)
}

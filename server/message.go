package server

import (
	"encoding/binary"
	"sync"
)

// framePool holds the memory in which messages get their headers.
//
//nolint:gochecknoglobals // a pool serves all wires
var framePool = sync.Pool{New: func() any { return new([]byte) }}

// message writes one binary message in a frame of its own, as gws would; but gws takes memory for each, and its locks and
// what it keeps of a conn are cold in each tick. Control frames are gws's to write.
func (w *wire) message(p []byte) error {
	frame := framePool.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
	defer framePool.Put(frame)
	*frame = append(appendHeader((*frame)[:0], len(p)), p...)
	_, err := w.Write(*frame)
	return err
}

// appendHeader adds the header of a server's frame that is a whole binary message of so many bytes.
func appendHeader(b []byte, size int) []byte {
	b = append(b, 0x80|opBinary)
	switch {
	case size < 126:
		return append(b, byte(size)) //nolint:gosec // below 126
	case size <= 0xFFFF:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(size))
	default:
		return binary.BigEndian.AppendUint64(append(b, 127), uint64(size))
	}
}

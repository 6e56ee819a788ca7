package server

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tickwire/tickwire/game"
)

// plain writes a tickwire.v1.Delta: the codec for which any protobuf library is a client. It is a game.DeltaSink whose
// memory is kept from frame to frame. Tables and rows are length-delimited, so each is collected before it is added.
type plain struct {
	out, table, row []byte
	gone            []byte
	index           int // table being collected; -1: none
}

// reset begins a new Delta.
func (p *plain) reset() {
	p.out, p.table, p.gone, p.index = p.out[:0], p.table[:0], p.gone[:0], -1
}

// bytes ends the Delta and returns it, valid until reset.
func (p *plain) bytes() []byte {
	p.endTable()
	return p.out
}

// Table implements game.DeltaSink.
func (p *plain) Table(index int) {
	p.endTable()
	p.index = index
}

func (p *plain) endTable() {
	if p.index < 0 {
		return
	}
	index := uint32(p.index) //nolint:gosec // a table's index
	size := sizeUint(fieldTableIndex, index) + len(p.table)
	if len(p.gone) > 0 {
		size += protowire.SizeTag(fieldTableGone) + protowire.SizeBytes(len(p.gone))
	}
	p.out = protowire.AppendTag(p.out, fieldDeltaTables, protowire.BytesType)
	p.out = protowire.AppendVarint(p.out, uint64(size)) //nolint:gosec // a size
	p.out = appendUint(p.out, fieldTableIndex, index)
	if len(p.gone) > 0 {
		p.out = protowire.AppendTag(p.out, fieldTableGone, protowire.BytesType)
		p.out = protowire.AppendBytes(p.out, p.gone)
	}
	p.out = append(p.out, p.table...)
	p.table, p.gone, p.index = p.table[:0], p.gone[:0], -1
}

// Gone implements game.DeltaSink.
func (p *plain) Gone(id game.ID) {
	p.gone = protowire.AppendVarint(p.gone, uint64(id))
}

// Row implements game.DeltaSink.
func (p *plain) Row(id game.ID, columns uint32, cells []int32, texts []string, velocities []int32) {
	p.row = appendUint(p.row[:0], fieldRowID, uint32(id))
	p.row = appendUint(p.row, fieldRowColumns, columns)
	p.row = appendSints(p.row, fieldRowCells, cells)
	for _, text := range texts {
		p.row = protowire.AppendTag(p.row, fieldRowBlobs, protowire.BytesType)
		p.row = protowire.AppendString(p.row, text)
	}
	p.row = appendSints(p.row, fieldRowVelocities, velocities)
	p.table = protowire.AppendTag(p.table, fieldTableRows, protowire.BytesType)
	p.table = protowire.AppendBytes(p.table, p.row)
}

// appendSints adds a packed repeated sint32 or sint64 field, left out if empty.
func appendSints[T int32 | int64](b []byte, field protowire.Number, values []T) []byte {
	if len(values) == 0 {
		return b
	}
	size := 0
	for _, v := range values {
		size += protowire.SizeVarint(protowire.EncodeZigZag(int64(v)))
	}
	b = protowire.AppendTag(b, field, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(size))
	for _, v := range values {
		b = protowire.AppendVarint(b, protowire.EncodeZigZag(int64(v)))
	}
	return b
}

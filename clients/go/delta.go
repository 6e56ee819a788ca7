package client

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tickwire/tickwire/game"
)

// plainReader applies Deltas of the plain codec; its slices are used again from row to row.
type plainReader struct {
	cells, velocities []int32
	blobs             [][]byte
	gone              []uint32
}

// apply changes the replica by a Delta. On an error the replica takes only a whole state from then on.
func (p *plainReader) apply(replica *game.Replica, tick, base uint32, delta []byte) error {
	if err := replica.Begin(tick, base); err != nil {
		return err
	}
	err := fields(delta, skipNumber, func(num protowire.Number, v []byte) error {
		if num != fieldDeltaTables {
			return nil
		}
		return p.table(replica, v)
	})
	if err != nil {
		return err
	}
	return replica.End()
}

func skipNumber(protowire.Number, uint64) {}

// table reads a TableDelta twice: first what it is about and who left, then the rows, whatever the order of fields.
func (p *plainReader) table(replica *game.Replica, b []byte) error {
	index := 0
	p.gone = p.gone[:0]
	err := fields(b, func(num protowire.Number, v uint64) {
		switch num {
		case fieldTableIndex:
			index = int(uint32(v)) //nolint:gosec // protobuf cuts uint32 fields the same way
		case fieldTableGone:
			p.gone = append(p.gone, uint32(v)) //nolint:gosec // as above
		default:
		}
	}, func(num protowire.Number, v []byte) error {
		for num == fieldTableGone && len(v) > 0 {
			id, n := protowire.ConsumeVarint(v)
			if n < 0 {
				return errWire
			}
			p.gone = append(p.gone, uint32(id)) //nolint:gosec // as above
			v = v[n:]
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range p.gone {
		if err := replica.Remove(index, game.ID(id)); err != nil {
			return err
		}
	}
	return fields(b, skipNumber, func(num protowire.Number, v []byte) error {
		if num != fieldTableRows {
			return nil
		}
		return p.row(replica, index, v)
	})
}

func (p *plainReader) row(replica *game.Replica, table int, b []byte) error {
	var id, columns uint32
	p.cells, p.velocities, p.blobs = p.cells[:0], nil, p.blobs[:0]
	err := fields(b, func(num protowire.Number, v uint64) {
		switch num {
		case fieldRowID:
			id = uint32(v) //nolint:gosec // protobuf cuts uint32 fields the same way
		case fieldRowColumns:
			columns = uint32(v) //nolint:gosec // as above
		case fieldRowCells:
			p.cells = append(p.cells, zigzag32(v))
		case fieldRowVelocities:
			p.velocities = append(p.velocities, zigzag32(v))
		default:
		}
	}, func(num protowire.Number, v []byte) (err error) {
		switch num {
		case fieldRowCells:
			p.cells, err = zigzags32(p.cells, v)
		case fieldRowBlobs:
			p.blobs = append(p.blobs, v)
		case fieldRowVelocities:
			p.velocities, err = zigzags32(p.velocities, v)
		default:
		}
		return err
	})
	if err != nil {
		return err
	}
	return replica.Put(table, game.ID(id), columns, p.cells, p.blobs, p.velocities)
}

func zigzag32(v uint64) int32 {
	return int32(protowire.DecodeZigZag(v & 0xffffffff)) //nolint:gosec // protobuf cuts sint32 fields the same way
}

func zigzags32(dst []int32, b []byte) ([]int32, error) {
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return dst, errWire
		}
		dst = append(dst, zigzag32(v))
		b = b[n:]
	}
	return dst, nil
}

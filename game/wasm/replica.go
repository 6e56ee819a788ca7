//go:build js

package main

import (
	"encoding/binary"

	"github.com/tickwire/tickwire/game"
)

// replicaNew makes an empty copy of what a sim shows. It returns a handle.
//
//go:wasmexport replicaNew
func replicaNew(sim int32) int32 {
	r := m.sims.get(sim)
	if r == nil {
		return failed("there is no such sim")
	}
	replica, err := game.NewReplica(r.sim.Schema())
	if err != nil {
		return failed(err.Error())
	}
	return m.replicas.add(replica)
}

// replicaFree forgets a replica.
//
//go:wasmexport replicaFree
func replicaFree(handle int32) { m.replicas.free(handle) }

// replicaApply applies the frame body in the buffer.
//
//go:wasmexport replicaApply
func replicaApply(handle int32, tick, base uint32, n int32) int32 {
	r := m.replicas.get(handle)
	if r == nil {
		return failed("there is no such replica")
	}
	if err := r.Apply(tick, base, input(n)); err != nil {
		return failed(err.Error())
	}
	return 0
}

// replicaHash is the hash that a server sends with its frames.
//
//go:wasmexport replicaHash
func replicaHash(handle int32) uint32 {
	if r := m.replicas.get(handle); r != nil {
		return r.Hash()
	}
	return 0
}

// replicaRows leaves the rows of a table as the result, in words: the number of cells, velocities and texts of a row,
// then for each row its ID, its cells and its velocities. It returns the number of rows.
//
//go:wasmexport replicaRows
func replicaRows(handle, table int32) int32 {
	r, t := tableOf(handle, table)
	if r == nil {
		return failed("there is no such replica or table")
	}
	out := m.out[:0]
	for row, id := range r.IDs(t) {
		cells, speeds := r.Cells(t, row), r.Velocities(t, row)
		if row == 0 {
			out = words(out, uint32(len(cells)), uint32(len(speeds)), uint32(len(r.Texts(t, row)))) //nolint:gosec // few
		}
		out = words(out, uint32(id))
		for _, c := range cells {
			out = words(out, uint32(c)) //nolint:gosec // bits
		}
		for _, v := range speeds {
			out = words(out, uint32(v)) //nolint:gosec // bits
		}
	}
	m.out = out
	return int32(r.Len(t)) //nolint:gosec // fits
}

// replicaTexts leaves the strings and bytes of a table as the result, row by row: each its length in a word, then its
// bytes.
//
//go:wasmexport replicaTexts
func replicaTexts(handle, table int32) int32 {
	r, t := tableOf(handle, table)
	if r == nil {
		return failed("there is no such replica or table")
	}
	m.out = m.out[:0]
	for row := range r.Len(t) {
		for _, text := range r.Texts(t, row) {
			m.out = append(words(m.out, uint32(len(text))), text...) //nolint:gosec // short
		}
	}
	return int32(r.Len(t)) //nolint:gosec // fits
}

// replicaTable finds a table by the name in the buffer. It returns its index, or -1.
//
//go:wasmexport replicaTable
func replicaTable(handle, n int32) int32 {
	r, name := m.replicas.get(handle), string(input(n))
	if r == nil {
		return failed("there is no such replica")
	}
	for i, t := range r.Schema().Tables {
		if t.Name == name {
			return int32(i) //nolint:gosec // at most 255
		}
	}
	return failed("there is no table " + name)
}

// tableOf is a replica and a table's index; nil if one is wrong.
func tableOf(handle, table int32) (*game.Replica, int) {
	r := m.replicas.get(handle)
	if r == nil || table < 0 || int(table) >= len(r.Schema().Tables) {
		return nil, 0
	}
	return r, int(table)
}

func words(b []byte, all ...uint32) []byte {
	for _, w := range all {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

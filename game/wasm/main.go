//go:build js

// Command wasm is the sample games and the codec for JavaScript: a program for GOOS=js GOARCH=wasm whose exports step a
// Sim and feed a Replica. tickwire.mjs wraps them.
//
//	go run ./game/wasm/build -o game.wasm ./game/wasm
//
// With -tags arena it is the program that a page of the arena needs to predict: that game only, without what makes frames
// and checkpoints, which come from the server.
//
// Arguments and results that are no numbers go through memory: buffer(n) gives n bytes to write into, and a call that
// returns bytes leaves them at result(), resultSize() bytes long. Memory may move with every call: make views anew. Sims
// and replicas are named by handles, which are positive. A call that fails returns -1, and the result is the reason in
// words.
//
// Entries are packed for step as 32-bit little-endian words:
//
//	kind, player, tick, view, seq, type or reason, number of values, number of blobs,
//	two words a value (low, high), for each blob its length and its bytes, padded to words.
//
// The blobs of a join are the name and the identity.
package main

import (
	"github.com/tickwire/tickwire/game"
)

// module is what JavaScript has made. The browser runs one call at a time.
type module struct {
	in, out  []byte
	sims     handles[*room]
	replicas handles[*game.Replica]
	entries  []game.Entry
}

// room is a Sim with one client's frames.
type room struct {
	sim    *game.Sim
	frames frames
}

var m module //nolint:gochecknoglobals // exports have no receiver

// main must not return while the exports are in use.
func main() { select {} }

// handles gives out small numbers for values; 0 is none.
type handles[T any] []T

func (h *handles[T]) add(v T) int32 {
	*h = append(*h, v)
	return int32(len(*h)) //nolint:gosec // nobody makes so many
}

// get is the value of a handle; the zero T if there is none.
func (h *handles[T]) get(handle int32) (v T) {
	if handle < 1 || int(handle) > len(*h) {
		return v
	}
	return (*h)[handle-1]
}

// free forgets a value; its handle is not given out again.
func (h *handles[T]) free(handle int32) {
	if handle >= 1 && int(handle) <= len(*h) {
		var none T
		(*h)[handle-1] = none
	}
}

// failed leaves the reason for JavaScript.
func failed(why string) int32 {
	m.out = append(m.out[:0], why...)
	return -1
}

// input is the first n bytes of the buffer.
func input(n int32) []byte {
	if n < 0 || int(n) > len(m.in) {
		return nil
	}
	return m.in[:n]
}

// simNew makes a sample game. The buffer has its name, then options as name, value, name, value …, each followed by a
// zero byte. It returns a handle.
//
//go:wasmexport simNew
func simNew(n int32, seed uint64) int32 {
	name, rest := word(input(n))
	def, ok := byName(name)
	if !ok {
		return failed("there is no game " + name)
	}
	options := map[string]string{}
	for len(rest) > 0 {
		name, rest = word(rest)
		options[name], rest = word(rest)
	}
	sim, err := game.NewSim(def, seed, options)
	if err != nil {
		return failed(err.Error())
	}
	return m.sims.add(&room{sim: sim})
}

// simFree forgets a sim.
//
//go:wasmexport simFree
func simFree(handle int32) { m.sims.free(handle) }

// simStep runs a tick with the entries in the buffer. It returns 1 if the game has ended itself, else 0.
//
//go:wasmexport simStep
func simStep(handle, n int32) int32 {
	r := m.sims.get(handle)
	if r == nil {
		return failed("there is no such sim")
	}
	var ok bool
	if m.entries, ok = unpack(m.entries[:0], input(n)); !ok {
		return failed("the entries are damaged")
	}
	out, err := r.sim.Step(m.entries)
	if err != nil {
		return failed(err.Error())
	}
	if out.Over {
		return 1
	}
	return 0
}

// simNow is the last tick that was run.
//
//go:wasmexport simNow
func simNow(handle int32) uint32 {
	if r := m.sims.get(handle); r != nil {
		return r.sim.Now()
	}
	return 0
}

// simNextID is the least ID for the next join.
//
//go:wasmexport simNextID
func simNextID(handle int32) uint32 {
	if r := m.sims.get(handle); r != nil {
		return uint32(r.sim.NextID())
	}
	return 0
}

// simHash is the hash of all state.
//
//go:wasmexport simHash
func simHash(handle int32) uint64 {
	if r := m.sims.get(handle); r != nil {
		return r.sim.Hash()
	}
	return 0
}

// simRestore makes a fresh sim go on from the checkpoint in the buffer.
//
//go:wasmexport simRestore
func simRestore(handle, n int32) int32 {
	r := m.sims.get(handle)
	if r == nil {
		return failed("there is no such sim")
	}
	if err := r.sim.Restore(input(n)); err != nil {
		return failed(err.Error())
	}
	r.frames = frames{} // Restore makes the game's world anew, its schema and its ring too
	return 0
}

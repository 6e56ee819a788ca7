// Command wasm is the sample games and the codec for JavaScript: a program for GOOS=js GOARCH=wasm whose exports step a
// Sim and feed a Replica. tickwire.mjs wraps them.
//
//	GOOS=js GOARCH=wasm go build -ldflags '-s -w' -o game.wasm ./game/wasm
//
// Arguments and results that are no numbers go through memory: buffer(n) gives n bytes to write into, and a call that
// returns bytes leaves them at result(), resultSize() bytes long. Memory may move with every call: make views anew. Sims
// and replicas are named by handles, which are positive. A call that fails returns -1, and the result is the reason in
// words.
//
// Entries are packed for step as 32-bit little-endian words:
//
//	kind, player, tick, view, seq, type or reason, number of values, number of blobs,
//	two words a value (low, high), for each blob (a join's only one is the name) its length and its bytes, padded to words.
package main

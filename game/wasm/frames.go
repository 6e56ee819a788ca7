//go:build js && !arena

package main

import (
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples"
)

// byName finds a game.
func byName(name string) (game.Definition, bool) { return samples.ByName(name) }

// frames are what a server would send to a client.
type frames struct {
	encoder *game.Encoder
	client  game.Baseline
}

// simFrame makes the frame that brings the sim's own client up to date. It returns its base; the result is its body.
//
//go:wasmexport simFrame
func simFrame(handle int32) int32 {
	r := m.sims.get(handle)
	if r == nil || r.sim.Now() == 0 {
		return failed("there is no such sim, or it has not stepped")
	}
	f := &r.frames
	if f.encoder == nil {
		f.encoder = game.NewEncoder(r.sim.Schema(), r.sim.History())
	}
	f.encoder.Begin()
	var base uint32
	base, m.out = f.encoder.Frame(m.out[:0], &f.client, 1, nil)
	return int32(base) //nolint:gosec // at most the ring's length
}

// simCheckpoint leaves a checkpoint as the result.
//
//go:wasmexport simCheckpoint
func simCheckpoint(handle int32) int32 {
	r := m.sims.get(handle)
	if r == nil {
		return failed("there is no such sim")
	}
	m.out = r.sim.Checkpoint(m.out[:0])
	return 0
}

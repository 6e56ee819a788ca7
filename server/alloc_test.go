//go:build !race

// The race detector makes pools forget, so what is counted here is counted without it.

package server

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/game/samples/world"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// A tick of 64 players, from the inbox to the wire, allocates nothing. So it is where each player sees something else, and
// where several cores share the work.
func TestTickAllocatesNothing(t *testing.T) {
	const players = 64
	for _, tc := range []struct {
		why   string
		def   game.Definition
		codec tickwirev1.Codec
		cores int
	}{
		{"all see all, packed", arena.Definition(), tickwirev1.Codec_CODEC_PACKED, 1},
		{"all see all, plain", arena.Definition(), tickwirev1.Codec_CODEC_PLAIN, 1},
		{"each sees what is near, packed", world.Definition(), tickwirev1.Codec_CODEC_PACKED, 1},
		{"each sees what is near, plain", world.Definition(), tickwirev1.Codec_CODEC_PLAIN, 1},
		{"two cores", world.Definition(), tickwirev1.Codec_CODEC_PACKED, 2},
	} {
		h := roomOf(t, tc.def)
		h.bySeed(t, 7, map[string]string{"size": "128"})
		if tc.cores > 1 {
			h.room.crew.least, h.room.crew.most = 1, tc.cores
		}
		for range players {
			h.join(t, tc.codec)
		}
		input := []int64{0, 0, 1}
		for range 700 { // until all memory has its size
			h.tick(t, input)
		}
		if n := testing.AllocsPerRun(300, func() { h.tick(t, input) }); n > 0 {
			t.Errorf("%s: a tick allocates %v times", tc.why, n)
		}
	}
}

// What is kept of the last ticks, to be dumped should the game fail, takes its memory once.
func TestTickAllocatesNothingForDumps(t *testing.T) {
	const players = 16
	h := seatAt(t, arena.Definition(), players, tickwirev1.Codec_CODEC_PACKED)
	h.room.server.options.Dumps = t.TempDir()
	h.room.tail = h.room.server.newTail(h.room.sim)
	input := []int64{0, 0, 1}
	for range 2000 {
		h.tick(t, input)
	}
	if n := testing.AllocsPerRun(700, func() { h.tick(t, input) }); n > 0 {
		t.Errorf("a tick allocates %v times", n)
	}
}

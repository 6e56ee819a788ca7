//go:build !race

// The race detector makes the WebSocket library's pools forget, so what is counted here is counted without it.

package server

import (
	"testing"

	"github.com/tickwire/tickwire/game/samples/arena"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// A tick of 64 players, from the inbox to the wire, allocates nothing but what the WebSocket library does itself: one
// small header a message.
func TestTickAllocatesNothing(t *testing.T) {
	for _, codec := range []tickwirev1.Codec{tickwirev1.Codec_CODEC_PACKED, tickwirev1.Codec_CODEC_PLAIN} {
		h := seatAt(t, arena.Definition(), 64, codec)
		input := []int64{0, 0, 1}
		for range 2000 { // until all memory has its size
			h.tick(t, input)
		}
		const players = 64
		if n := testing.AllocsPerRun(300, func() { h.tick(t, input) }); n > players {
			t.Errorf("%v: a tick allocates %v times, %d of them are the library's", codec, n, players)
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
	if n := testing.AllocsPerRun(700, func() { h.tick(t, input) }); n > players {
		t.Errorf("a tick allocates %v times, %d of them are the library's", n, players)
	}
}

package server_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// Ten minutes of arena over real WebSockets in virtual time: every frame a chain frame at its time, and every copy
// right whenever a hash proves it, in both codecs.
func TestTenMinutesOfArena(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, server.Options{Games: []game.Definition{arena.Definition()}})
		const minutes = 10
		ctx, cancel := context.WithTimeout(t.Context(), minutes*time.Minute)
		defer cancel()
		var players sync.WaitGroup
		for i, codec := range []client.Codec{client.Packed, client.Packed, client.Plain} {
			players.Go(func() { playArena(ctx, t, s, codec, uint64(i)) })
		}
		players.Wait()
	})
}

// playArena steers at random until ctx is done, then checks what the room counted.
func playArena(ctx context.Context, t *testing.T, s *servertest.Server, codec client.Codec, seed uint64) {
	t.Helper()
	c := client.New(s.URL, &client.Options{Dial: s.Dial, Codec: codec})
	defer c.Close()
	rnd := rand.New(rand.NewPCG(seed, seed))
	room, err := c.JoinOrCreate(ctx, "arena", nil)
	if err != nil {
		t.Errorf("join: %v", err)
		return
	}
	last, worst := time.Now(), time.Duration(0)
	for range room.Frames(ctx) {
		worst = max(worst, time.Since(last))
		last = time.Now()
		if rnd.IntN(10) > 0 {
			continue
		}
		steer := arena.Steer{Thrust: int8(rnd.IntN(3) - 1), Turn: int8(rnd.IntN(3) - 1), Fire: rnd.IntN(2) == 0}
		if err := room.Send(steer); err != nil {
			t.Errorf("send: %v", err)
			return
		}
	}
	stats := room.Stats()
	if err := room.Leave(); err != nil {
		t.Errorf("leave: %v", err)
	}
	if want := 10*60*30 - 60; stats.Frames < want || stats.Chains < want {
		t.Errorf("codec %v: %d frames, %d of them chain, want at least %d", codec, stats.Frames, stats.Chains, want)
	}
	if stats.Desyncs != 0 || stats.BadFrames != 0 {
		t.Errorf("codec %v: %d desyncs, %d bad frames", codec, stats.Desyncs, stats.BadFrames)
	}
	if interval := time.Second / 30; worst > interval+time.Millisecond {
		t.Errorf("codec %v: waited %v for a frame", codec, worst)
	}
	if stats.Lead < 1 || stats.Lead > 4 {
		t.Errorf("codec %v: lead %d ticks on a network without latency", codec, stats.Lead)
	}
}

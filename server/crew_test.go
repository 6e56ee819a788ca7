package server

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game/samples/arena"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// counted is a task that counts how often each thing was done, and by how many at once a worker is.
type counted struct {
	done    []atomic.Int32
	busy    [8]atomic.Int32
	twice   atomic.Bool
	trouble int // the thing that panics; -1: none
}

func (c *counted) work(worker, from, to int) {
	if c.busy[worker].Add(1) != 1 {
		c.twice.Store(true)
	}
	for i := from; i < to; i++ {
		if i == c.trouble {
			panic(errors.New("thing " + strconv.Itoa(i)))
		}
		c.done[i].Add(1)
	}
	c.busy[worker].Add(-1)
}

// All is done, each thing once, each worker does one part at a time, and when run returns nobody is at work.
func TestCrewDoesAllOnce(t *testing.T) {
	t.Parallel()
	var c crew
	for _, size := range []int{0, 1, crewShare - 1, crewShare, crewShare + 1, 3 * crewShare, 1000} {
		for cores := 1; cores <= 4; cores++ {
			for range 50 {
				task := &counted{done: make([]atomic.Int32, size), trouble: -1}
				c.run(task, size, cores)
				for i := range task.done {
					if n := task.done[i].Load(); n != 1 {
						t.Fatalf("%d cores: thing %d of %d was done %d times", cores, i, size, n)
					}
				}
				if task.twice.Load() {
					t.Fatalf("%d cores: a worker did two parts at once", cores)
				}
			}
		}
	}
}

// A panic in whatever goroutine is a panic of run, with the stack of where it was, and the crew can be used again.
func TestCrewPanics(t *testing.T) {
	t.Parallel()
	var c crew
	const size = 40 * crewShare
	for _, trouble := range []int{0, crewShare, size - 1} {
		var cause any
		func() {
			defer func() { cause = recover() }()
			c.run(&counted{done: make([]atomic.Int32, size), trouble: trouble}, size, 3)
		}()
		f, ok := cause.(*failure)
		if !ok || f.Error() != "thing "+strconv.Itoa(trouble) || !strings.Contains(string(f.stack), "counted).work") {
			t.Errorf("trouble with %d: %v", trouble, cause)
		}
		calm := &counted{done: make([]atomic.Int32, size), trouble: -1}
		c.run(calm, size, 3)
		if n := calm.done[size-1].Load(); n != 1 {
			t.Errorf("after it the last thing was done %d times", n)
		}
	}
}

// Only what is worth it is split, and into no more parts than there are cores.
func TestCrewCores(t *testing.T) {
	t.Parallel()
	c := crew{least: crewLeast}
	most := runtime.GOMAXPROCS(0)
	for _, tc := range []struct {
		why        string
		size, want int
	}{
		{"nothing", 0, 1},
		{"a small room", 64, 1},
		{"one less than is worth it", crewLeast - 1, 1},
		{"just worth it", crewLeast, min(most, crewLeast/crewShare)},
		{"far more", 100_000, most},
	} {
		if got := c.cores(tc.size); got != tc.want {
			t.Errorf("%s: %d cores, want %d", tc.why, got, tc.want)
		}
	}
}

// costly is a socket that takes everything, and about as long for it as the system does.
type costly struct{ void }

const callTime = 4 * time.Microsecond

func (*costly) TryWrite(p []byte) (int, error) {
	for start := time.Now(); time.Since(start) < callTime; {
		continue
	}
	return len(p), nil
}

// BenchmarkCrew is the frames of a great room made by one core and by two, to sockets that cost what system calls do. What
// two cores save must be more than what waking the second costs.
func BenchmarkCrew(b *testing.B) {
	for _, players := range []int{64, 128, 256, 512, 1500} {
		def := arena.Definition()
		def.MaxPlayers = players
		h := seatAt(b, def, players, tickwirev1.Codec_CODEC_PACKED)
		for _, s := range h.sessions {
			s.line.conn.wire.out = &costly{}
		}
		for _, cores := range []int{1, 2} {
			b.Run(fmt.Sprintf("players=%d/cores=%d", players, cores), func(b *testing.B) {
				h.room.crew.least = players
				if cores == 1 {
					h.room.crew.least = players + 1
				}
				for b.Loop() {
					b.StopTimer()
					tick := h.room.sim.Now()
					for _, s := range h.sessions {
						h.room.inbox.put(entry{kind: entryAck, session: s, conn: s.line.conn, at: h.now, ack: tick})
					}
					h.now = h.room.clock.next()
					h.room.clock.due(h.now)
					if _, message, ended := h.room.step(h.now); ended {
						b.Fatal(message)
					}
					b.StartTimer()
					if err := h.room.sendFrames(h.room.sim.Now(), true, h.now); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

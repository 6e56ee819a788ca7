package server

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// phases spreads the ticks of rooms over time, so that few are due at the same moment. Any goroutine may use it.
type phases struct{ rooms atomic.Uint64 }

// next is how long a room waits for its first tick that is made when the server has run for so long. However many rooms
// there are, the multiples of the golden ratio lie about evenly in their interval (H. Weyl's sequence).
func (p *phases) next(interval, age time.Duration) time.Duration {
	const golden = 0x9E3779B97F4A7C15                               // 1<<64 over the ratio
	at, _ := bits.Mul64(p.rooms.Add(1)*golden, uint64(interval))    //nolint:gosec // positive
	return (time.Duration(at) - age%interval + interval) % interval //nolint:gosec // less than interval
}

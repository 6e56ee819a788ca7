package game

import "math/bits"

// Rand is the world's own source of chance: PCG-XSH-RR with 64 bits of state. Two sims with the same seed and the same
// inbox draw the same numbers on every machine, and its state is part of checkpoints. Never use another source in a
// game. It belongs to the world's goroutine.
type Rand struct{ state, inc uint64 }

const pcgMultiplier = 6364136223846793005

// NewRand returns a source of its own for tools and tests; a game uses World.Rand.
func NewRand(seed uint64) *Rand {
	r := &Rand{}
	r.seed(seed)
	return r
}

// seed starts the sequence. The increment depends on the seed too, so near seeds give far sequences.
func (r *Rand) seed(seed uint64) {
	r.inc = seed*0x9e3779b97f4a7c15 | 1
	r.state = 0
	r.Uint32()
	r.state += seed
	r.Uint32()
}

// Uint32 returns a number from all 32-bit numbers.
func (r *Rand) Uint32() uint32 {
	old := r.state
	r.state = old*pcgMultiplier + (r.inc | 1) // odd even if a damaged checkpoint says otherwise: else it could stand still
	x := uint32((old>>18 ^ old) >> 27)
	return bits.RotateLeft32(x, -int(old>>59))
}

// Intn returns a number from 0 to n-1, all equally likely. It panics unless 0 < n < 2^31.
func (r *Rand) Intn(n int) int {
	if n <= 0 || n > 1<<31-1 {
		panic("game: Rand.Intn needs a number from 1 to 2^31-1")
	}
	return int(r.below(uint32(n)))
}

// Range returns a number from lo to hi, both possible. It panics if hi < lo or if they are 2^32 or more apart.
func (r *Rand) Range(lo, hi int) int {
	span := uint64(hi) - uint64(lo)
	if hi < lo || span >= 1<<32 {
		panic("game: Rand.Range needs lo <= hi, less than 2^32 apart")
	}
	if span == 1<<32-1 {
		return lo + int(r.Uint32())
	}
	return lo + int(r.below(uint32(span)+1))
}

// Bool returns true half of the time.
func (r *Rand) Bool() bool { return r.Uint32()&1 != 0 }

// Chance returns true n times out of of, on average. It panics unless 0 < of < 2^31.
func (r *Rand) Chance(n, of int) bool { return r.Intn(of) < n }

// below returns a number under n without bias: the few products that would favour small numbers are drawn again.
func (r *Rand) below(n uint32) uint32 {
	least := -n % n
	for {
		hi, lo := bits.Mul32(r.Uint32(), n)
		if lo >= least {
			return hi
		}
	}
}

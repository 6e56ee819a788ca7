package game

import (
	"math"
	"math/bits"
)

// mode is what a fragment is made against.
type mode uint8

const (
	// chain: the row one stride ago, which moved at this stride. Only what differs from going on like this is sent.
	chain mode = iota
	// ring: the row some ticks ago. The velocity may have changed, and is sent first.
	ring
	// enter: the row that entered before this one, or nothing.
	enter
	// slow: the row when its class was told last, 2 or 4 strides ago. What is sent first is the velocity now, and at which
	// of these strides it became that.
	slow
)

// row is one row, as a client holds it or as it is now.
type row struct {
	cells, vels []int32
	texts       []string
}

// fragment appends what makes held into now: one symbol for the set of changed groups, then their data. m is the number
// of strides from held to now, for ring. It reports whether anything changed.
//
// This is the plain form, for any table and mode. quick makes the same bits for most chain fragments.
func (l *layout) fragment(w *bitWriter, md mode, m int32, held, now row) bool {
	mask := uint32(0)
	for i := range l.parts {
		p := &l.parts[i]
		if mask&p.group == 0 && p.differs(md, m, held, now) {
			mask |= p.group
		}
	}
	switch {
	case md == enter:
		w.put(uint64(mask), uint(l.groups))
	case l.codes != nil:
		w.put(l.codes[mask].bits, l.codes[mask].n)
	case mask == 0:
		w.put(0, 1)
	default:
		w.put(1|uint64(mask)<<1, uint(l.groups)+1)
	}
	turn, turned := m, uint32(0)
	for i := range l.parts {
		p := &l.parts[i]
		if mask&p.group == 0 {
			continue
		}
		if md == slow && p.kind == Pos && p.group != turned {
			turn, turned = l.turn(p.group, m, held, now), p.group
			w.put(uint64(turn-1), uint(width(int(m))))
		}
		p.write(w, md, m, turn, held, now)
	}
	return mask != 0
}

// differs says whether a part must be sent.
func (p *part) differs(md mode, m int32, held, now row) bool {
	switch p.kind {
	case String, Bytes:
		return held.texts[p.cell] != now.texts[p.cell]
	case Pos:
		return p.residual(md, m, m, held, now) != 0 || md != chain && held.vels[p.vel] != now.vels[p.vel]
	default:
		return held.cells[p.cell] != now.cells[p.cell]
	}
}

// turn is for how many of m strides a group's velocities have been what they are now, so that least is left to be told.
func (l *layout) turn(group uint32, m int32, held, now row) (best int32) {
	least := uint(math.MaxUint)
	for turn := int32(1); turn <= m; turn++ {
		size := uint(0)
		for i := range l.movers {
			if p := &l.movers[i]; p.group == group {
				_, n := golomb(p.k, zig(p.residual(slow, m, turn, held, now)))
				size += n
			}
		}
		if size < least {
			best, least = turn, size
		}
	}
	return best
}

// residual is what a part's cell is beyond its prediction. turn is for how many of m strides its velocity is that of now,
// for slow.
func (p *part) residual(md mode, m, turn int32, held, now row) int32 {
	d := now.cells[p.cell] - held.cells[p.cell]
	if p.kind != Pos {
		return d << p.shift >> p.shift
	}
	return d - p.drift(md, m, turn, held.vels[p.vel], now.vels[p.vel])
}

// drift is how far a pos cell is predicted to move while its velocity goes from v to w.
func (p *part) drift(md mode, m, turn, v, w int32) int32 {
	switch md {
	case chain:
		return v
	case ring:
		return (v + w) * m >> 1 // the trapezoid
	case slow:
		return v*(m-turn) + w*turn
	default:
		return 0
	}
}

// write appends a part of a changed group.
func (p *part) write(w *bitWriter, md mode, m, turn int32, held, now row) {
	k := p.parameter(md, m)
	switch p.kind {
	case String, Bytes:
		w.text(now.texts[p.cell])
		return
	case Bool:
		return // it flips
	case Pos:
		if md != chain {
			w.golomb(p.speedParameter(md), zig(now.vels[p.vel]-held.vels[p.vel]))
		}
	default:
	}
	w.golomb(k, zig(p.residual(md, m, turn, held, now))-p.less)
}

// The parameters that are the same for all tables.
const (
	textK   = 4 // lengths
	enterK  = 3 // velocities of rows that enter
	runK    = 3 // changed rows, and the runs between them
	enterID = 2 // distances between the IDs of rows that enter
)

// parameter is the Exp-Golomb parameter of a part's residual.
func (p *part) parameter(md mode, m int32) uint {
	switch md {
	case enter:
		return p.ke
	case ring: // what is older differs by more
		return p.k + uint(max(0, bits.Len32(uint32(m))-3))
	default:
		return p.k
	}
}

// speedParameter is the Exp-Golomb parameter of a change of velocity.
func (p *part) speedParameter(md mode) uint {
	if md == enter {
		return enterK
	}
	return p.k
}

// quick makes a chain fragment of a table with ranked masks and no texts: now is at the tick, held one stride and before
// two strides ago (held again if the row did not exist then). ok is false if it has more than 64 bits.
func (l *layout) quick(now, held, before []int32) (f fragment, ok bool) {
	var code [MaxColumns * 2]uint32
	mask := uint32(0)
	parts := l.parts
	for i := range parts {
		p := &parts[i]
		c := p.cell
		d := now[c] - held[c]
		if p.kind == Pos {
			d -= speed(held[c]-before[c], p.jump)
		}
		d = d << (p.shift & 31) >> (p.shift & 31)
		code[i] = zig(d)
		if d != 0 {
			mask |= p.group
		}
	}
	f.bits, f.n = l.codes[mask].bits, uint32(l.codes[mask].n)
	if mask == 0 {
		f.at = unchanged
		return f, true
	}
	n := uint(f.n)
	for i := range parts {
		p := &parts[i]
		if mask&p.group == 0 || p.kind == Bool {
			continue
		}
		v, size := golomb(p.k, code[i]-p.less)
		f.bits |= v << (n & 63)
		n += size
		if n > 64 {
			return f, false
		}
	}
	f.n = uint32(n)
	return f, true
}

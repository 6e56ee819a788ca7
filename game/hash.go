package game

import "math/bits"

// rowHash is the hash of one row as a client holds it: Murmur3's 32-bit rounds over the table's number, the ID, cells,
// velocities, and for every text its length and each byte as a word. The hash of a state is the sum of its rows' hashes,
// so it does not depend on an order and a row's part can be shared.
func rowHash(table int, id ID, cells, vels []int32, texts []string) uint32 {
	h := mixWord(0x7477, uint32(table))
	h = mixWord(h, uint32(id))
	for _, c := range cells {
		h = mixWord(h, uint32(c))
	}
	for _, v := range vels {
		h = mixWord(h, uint32(v))
	}
	for _, s := range texts {
		h = mixWord(h, uint32(len(s)))
		for i := range len(s) {
			h = mixWord(h, uint32(s[i]))
		}
	}
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// mixWord is one round.
func mixWord(h, word uint32) uint32 {
	k := bits.RotateLeft32(word*0xcc9e2d51, 15) * 0x1b873593
	return bits.RotateLeft32(h^k, 13)*5 + 0xe6546b64
}

// Hash is the state hash of what the client holds after the last frame made for b, as Replica.Hash computes it. It is
// 0 if b holds nothing, or if the ring no longer holds that tick.
func (e *Encoder) Hash(b *Baseline) uint32 {
	snap := e.history.At(b.tick)
	if snap == nil {
		return 0
	}
	for c, some := range b.slow {
		if some && e.history.At(b.told[c]) == nil {
			return 0
		}
	}
	if b.all {
		for _, m := range e.hashes {
			if m.tick == b.tick && m.stride == b.stride {
				return m.sum
			}
		}
	}
	sum := uint32(0)
	for i, t := range e.schema.Tables {
		l, now, before := &t.layout, &snap.tables[i], e.rowsAt(b.tick, b.stride, i)
		classes := b.heldClasses(i)
		for n, r := range e.held(b, i, now) {
			if c := classAt(classes, n); c > 0 {
				is := e.slowRow(e.cellsNow[:0], e.velNow[:0], i, now.ids[r], int(r), b.told[c-1], b.tick, b.stride)
				e.cellsNow, e.velNow = is.cells, is.vels
				sum += rowHash(i, now.ids[r], is.cells, is.vels, is.texts)
				continue
			}
			e.velNow = e.velocitiesOf(e.velNow[:0], l, now, int(r), before)
			sum += rowHash(i, now.ids[r], now.row(l, int(r)), e.velNow, now.rowTexts(l, int(r)))
		}
	}
	if b.all {
		e.hashes = append(e.hashes, memoHash{tick: b.tick, stride: b.stride, sum: sum})
	}
	return sum
}

// memoHash is the hash of all rows of a tick, with the velocities of a stride.
type memoHash struct{ tick, stride, sum uint32 }

package game

import "math/bits"

// marks are what is known of the rows of a table for the client whose sight is being made, by row.
type marks struct {
	had  []uint8  // what the client has of it; 0: nothing
	wish []uint8  // its wished class and 1; 0: it is not named
	gain []uint32 // of a row that is named: how much it should be seen; own if it is named itself
}

// own is the gain of rows that are named themselves: more than any distance can give.
const own = 1<<32 - 1

// The bits of marks.had. The others are the class.
const (
	hadIt    = 1 << iota // the client holds it
	hadClass             // the lowest bit of its class
)

// recall marks the rows of a table that the client holds.
func (e *Encoder) recall(s *Sight, b *Baseline, i int) {
	x := &e.sights
	t := &x.tables[i]
	if t.recalled {
		return
	}
	t.recalled = true
	if x.share == nil {
		return
	}
	shared := e.table(x.share, i)
	classes := s.classes(b, i)
	for n, r := range e.held(b, i, shared.held) {
		if at := shared.place(r); at >= 0 {
			t.had[at] = hadIt | classAt(classes, n)*hadClass
			t.held = append(t.held, at)
		}
	}
}

// name marks a row as named. What is named more than once is told as often and weighs as much as the best of them says.
func (t *sightTable) name(r int32, gain uint32, class uint8) {
	if t.wish[r] == 0 {
		t.set[r>>6] |= 1 << (r & 63)
		t.words[r>>12] |= 1 << (r >> 6 & 63)
		t.wish[r], t.gain[r] = class+1, gain
		return
	}
	t.wish[r] = min(t.wish[r], class+1)
	t.gain[r] = max(t.gain[r], gain)
}

// waits reports whether a row may have to wait, as the client does not hold it and it is not named itself.
func (m *marks) waits(r int32) bool { return m.had[r] == 0 && (m.wish[r] == 0 || m.gain[r] != own) }

// grow makes room for so many rows. No row may be marked.
func (m *marks) grow(n int) {
	m.had, m.wish, m.gain = make([]uint8, n), make([]uint8, n), make([]uint32, n)
}

// wipe makes the bytes at some places 0. All others are 0 already.
func wipe(all []uint8, some []int32) {
	const worth = 64 // so many bytes take as long together as one alone
	if len(all) <= worth*len(some) {
		clear(all)
		return
	}
	for _, i := range some {
		all[i] = 0
	}
}

// nameWith names the rows of a table that stand under the IDs of rows of another one that are named.
func (e *Encoder) nameWith(table, of int) {
	from, to := &e.sights.tables[of], &e.sights.tables[table]
	ids, now := e.now.tables[of].ids, &e.now.tables[table]
	ahead := 0
	name := func(r int, gain uint32) {
		if at := now.find(ids[r], r+ahead); at >= 0 {
			ahead = at - r
			to.name(int32(at), gain, 0)
		}
	}
	if from.all {
		for r := range ids {
			name(r, own)
		}
		return
	}
	for r := range from.each {
		name(int(r), from.gain[r])
	}
}

// each goes through the rows that are named so far.
func (t *sightTable) each(yield func(int32) bool) {
	for i, word := range t.words {
		for ; word != 0; word &= word - 1 {
			w := i<<6 | bits.TrailingZeros64(word)
			for set := t.set[w]; set != 0; set &= set - 1 {
				if !yield(int32(w<<6 | bits.TrailingZeros64(set))) {
					return
				}
			}
		}
	}
}

// gather lists the rows that are named.
func (x *sights) gather(t *sightTable, u *budget) {
	for i, word := range t.words {
		for ; word != 0; word &= word - 1 {
			w := i<<6 | bits.TrailingZeros64(word)
			for set := t.set[w]; set != 0; set &= set - 1 {
				r := int32(w<<6 | bits.TrailingZeros64(set))
				class := t.wish[r] - 1
				if u.level > 0 {
					var shown bool
					if class, shown = x.squeeze(u, t, r, class); !shown {
						t.wish[r] = 0
						continue
					}
				}
				t.named = append(t.named, r)
				t.wishes = append(t.wishes, class)
				t.slow = t.slow || class > 0
			}
			t.set[w] = 0
		}
		t.words[i] = 0
	}
}

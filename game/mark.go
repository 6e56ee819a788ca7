package game

import "math/bits"

// mark is what is known of a row for the client whose sight is being made.
type mark struct {
	gain uint32 // how much it should be seen; own if it is named itself
	wish uint8  // its wished class and 1; 0: it is not named
	had  uint8  // what the client had of it
}

// own is the gain of rows that are named themselves: more than any distance can give.
const own = 1<<32 - 1

// The bits of mark.had. The others are the class.
const (
	hadShown = 1 << iota // the client was shown it, or holds it
	hadHeld              // the client holds it
	hadClass             // the lowest bit of its class
)

// recall marks the rows of a table that the client holds and those that it was shown. Rows move between snapshots, so it
// goes by their IDs.
func (e *Encoder) recall(s *Sight, b *Baseline, i int) {
	t, now := &e.sights.tables[i], &e.now.tables[i]
	if t.recalled {
		return
	}
	t.recalled = true
	shown, classes := s.shown(i)
	p, ahead := 0, 0
	if held := e.sights.held; held != nil {
		was, slow := &held.tables[i], b.heldClasses(i)
		for n, r := range e.held(b, i, was) {
			id := was.ids[r]
			for p < len(shown) && shown[p] < id {
				t.recollect(now.find(shown[p], int(r)+ahead), hadShown|classes[p]*hadClass)
				p++
			}
			var class uint8
			if p < len(shown) && shown[p] == id {
				class = classes[p]
				p++
			} else {
				class = classAt(slow, n)
			}
			if at := now.find(id, int(r)+ahead); at >= 0 {
				ahead = at - int(r)
				t.recollect(at, hadShown|hadHeld|class*hadClass)
			}
		}
	}
	for ; p < len(shown); p++ {
		t.recollect(now.find(shown[p], 0), hadShown|classes[p]*hadClass)
	}
}

// recollect marks what the client had of a row; -1 is none.
func (t *sightTable) recollect(r int, had uint8) {
	if r >= 0 {
		t.marks[r].had = had
		t.had = append(t.had, int32(r))
	}
}

// shown is what was shown of a table.
func (s *Sight) shown(i int) ([]ID, []uint8) {
	if i >= len(s.ends) {
		return nil, nil
	}
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.ids[from:s.ends[i]], s.classes[from:s.ends[i]]
}

// name marks a row as named. What is named more than once is told as often and weighs as much as the best of them says.
func (t *sightTable) name(r int32, gain uint32, class uint8) {
	m := &t.marks[r]
	if m.wish == 0 {
		t.set[r>>6] |= 1 << (r & 63)
		t.words[r>>12] |= 1 << (r >> 6 & 63)
		m.wish = class + 1
	}
	m.wish = min(m.wish, class+1)
	m.gain = max(m.gain, gain)
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
		name(int(r), from.marks[r].gain)
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
				class := t.marks[r].wish - 1
				if u.level > 0 {
					var shown bool
					if class, shown = x.squeeze(u, &t.marks[r], class); !shown {
						t.marks[r] = mark{}
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

package game

// textBits is how much the texts of the rows of table i that are named may take.
func (e *Encoder) textBits(i int) int {
	t, now := &e.sights.tables[i], &e.now.tables[i]
	if t.all && t.textTick > 0 && t.textTick >= e.changed[i] && t.textTick <= e.now.Tick {
		return t.allTexts
	}
	n := 0
	for _, r := range e.named(i) {
		n += t.rowTextBits(now, r)
	}
	if t.all {
		t.textTick, t.allTexts = e.now.Tick, n
	}
	return n
}

// rowTextBits is how much the texts of a row may take.
func (t *entry) rowTextBits(now *rows, r int32) int {
	n := 0
	for _, s := range now.texts[int(r)*t.blobs : (int(r)+1)*t.blobs] {
		n += longestCode + 8*len(s)
	}
	return n
}

// bound is what a frame of all rows that are named has at most, in bytes.
func (e *Encoder) bound(b *Baseline) int {
	x := &e.sights
	n := (8 + 2*len(x.tables)) * longestCode
	for i := range x.tables {
		t := &x.tables[i]
		n += t.most * len(e.named(i))
		if t.blobs > 0 {
			n += e.textBits(i)
		}
		if x.share != nil {
			n += 32 * len(e.held(b, i, &x.share.held.tables[i]))
		}
	}
	return n/8 + 1
}

// boundQueue is how much the entrants may need, in bytes.
func (e *Encoder) boundQueue() int {
	n := 0
	for _, q := range e.sights.queue {
		t := &e.sights.tables[q.table]
		n += t.most
		if t.blobs > 0 {
			n += t.rowTextBits(&e.now.tables[q.table], q.row)
		}
	}
	return n/8 + 1
}

// fitsAll reports whether a client that is to see all needs no more ado: a frame of all rows fits, or the client holds all
// and those that have come since fit.
func (e *Encoder) fitsAll(b *Baseline, room int) bool {
	x := &e.sights
	all, more := (8+2*len(x.tables))*longestCode, 0
	for i := range x.tables {
		t, n := &x.tables[i], len(e.now.tables[i].ids)
		most := t.most + t.blobs*(longestCode+8*maxReplicatedText)
		all += n * most
		if x.share != nil && b.all {
			more += max(n-len(x.share.held.tables[i].ids), 0) * most
		}
	}
	x.allTick, x.all = e.now.Tick, all/8+1
	return x.all <= room || x.share != nil && b.all && more/8 < room
}

// fit is how many of the entrants are shown: as many as fit, and at least one.
func (e *Encoder) fit(u *budget, b *Baseline, room int) int {
	n := len(e.sights.queue)
	if !u.due() && (n == 0 || u.cost > 0 && 2*u.cost+e.boundQueue() <= room) {
		return n
	}
	if e.sights.stride == 0 {
		room -= room / 8 // no frame was made yet, and how fast rows seem to move depends on the stride
	}
	few := min(n, tryFirst)
	tried := e.size(b, few)
	if few == n && tried <= room {
		e.measured(u, tried, tried, room)
		return n
	}
	if few == 0 {
		e.measured(u, tried, tried, room)
		return 0
	}
	stay := e.size(b, 0)
	if stay >= room {
		e.measured(u, stay, stay, room)
		return 1
	}
	k, size := e.most(b, stay, few, tried, room)
	e.measured(u, size, stay, room)
	return max(k, 1)
}

// tryFirst is how many entrants tell what one costs.
const tryFirst = 64

// most is the number of entrants that fit beside what stays, and the size of the frame with them. Another number was tried.
func (e *Encoder) most(b *Baseline, stay, try, tried, room int) (fits, size int) {
	n := len(e.sights.queue)
	fits, size = 0, stay
	over, overSize := n+1, 0 // the least number known not to fit
	for range 10 {
		if tried <= room {
			fits, size = try, tried
		} else {
			over, overSize = try, tried
		}
		if fits == n || over-fits == 1 || room-size < room/128 {
			break
		}
		// As the frame grew so far, it will grow.
		grown, by := size-stay, fits
		if over <= n {
			grown, by = overSize-size, over-fits
		}
		try = fits + max((room-size)*by/max(grown, 1), 1)
		try = min(try, over-1)
		tried = e.size(b, try)
	}
	return fits, size
}

// measured takes in what a frame has, and what of it is not for entrants.
func (e *Encoder) measured(u *budget, size, stay, room int) {
	x := &e.sights
	u.cost = max(size, u.cost-u.cost/8)
	if !u.due() {
		return
	}
	if u.level == 0 && u.rest == 0 {
		x.gains = x.gains[:0]
		for i := range x.tables {
			t := &x.tables[i]
			for _, r := range t.named {
				if g := t.gain[r]; g != own {
					x.gains = append(x.gains, g)
				}
			}
		}
	}
	u.feel(stay, room, x.gains)
}

// size is how many bytes the frame will have if so many entrants are shown.
func (e *Encoder) size(b *Baseline, enters int) int {
	x := &e.sights
	e.show(enters)
	vis := &x.vis
	if enters == len(x.queue) && e.allNamed() {
		vis = nil // which is made once for all
	}
	x.copy.Copy(b)
	_, x.trial = e.Frame(x.trial[:0], &x.copy, max(x.stride, 1), vis)
	return len(x.trial)
}

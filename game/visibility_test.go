package game

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// onlooker is a client that gets frames of what it may see, in one of the codecs.
type onlooker struct {
	viewer

	plain  bool
	all    bool // its game is no Viewer
	calm   bool // it looks at the same for long
	room   int  // 0: no budget
	copy   *Replica
	model  rigTiers
	flown  []flownFrame // what it held, and could go back to
	served map[rigKey]bool
}

// flownFrame is a state that a client may resume from.
type flownFrame struct {
	base  Baseline
	model rigTiers
	copy  *Replica
}

// TestVisibility plays random worlds to clients that look about, with and without budgets, lose frames, skip, and come
// back with an older state; after every frame the copy of each is what the server says that it may see.
func TestVisibility(t *testing.T) {
	worlds := uint64(80)
	if testing.Short() {
		worlds = 20
	}
	count := seen{}
	for seed := uint64(1); seed <= worlds; seed++ {
		if err := visibilityProperty(seed, count); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Log(count)
	for _, what := range []string{
		"chain", "ring", "whole first", "resumed from an older state", "skipped", "a row waits", "a row comes after it waited",
		"own rows beyond the room", "plain", "packed", "sees all at last", "pieces of all", "slow: class 0 becomes 1",
		"slow: class 1 becomes 2", "slow: class 2 leaves", "slow: goes on", "squeezed out", "squeezed to a slower class",
	} {
		if count[what] < 3 {
			t.Errorf("%q came up %d times only", what, count[what])
		}
	}
}

func visibilityProperty(seed uint64, count seen) error {
	r := rand.New(rand.NewPCG(seed, 3))
	w := newScenery(r, 5+r.IntN(120))
	h := NewHistory(w.schema)
	e := NewEncoder(w.schema, h)
	clients := make([]*onlooker, 2+r.IntN(5))
	for i := range clients {
		c := &onlooker{plain: r.IntN(3) == 0, all: r.IntN(6) == 0, calm: r.IntN(3) == 0, served: map[rigKey]bool{}}
		c.r, c.w, c.center, c.stride = r, w, ID(1+r.IntN(100)), 1+r.Uint32N(2)
		if r.IntN(3) > 0 {
			c.room = []int{20, 100, 400, 2000, 16384}[r.IntN(5)]
		}
		if c.calm {
			c.room = 20 + r.IntN(150)
		}
		var err error
		if c.copy, err = NewReplica(w.schema); err != nil {
			return err
		}
		clients[i] = c
	}
	for tick := uint32(1); tick <= 150; tick++ {
		w.step()
		capture(w.schema, h, tick, w.state())
		e.Begin()
		for i, c := range clients {
			switch n := r.IntN(100); {
			case tick%c.stride != 0:
				continue
			case n < 12:
				count["skipped"]++
				continue
			case n < 15 && (!c.calm || r.IntN(8) == 0):
				c.resume(count)
			}
			if err := c.next(e, count); err != nil {
				return fmt.Errorf("tick %d, client %d (room %d, plain %v, all %v): %w", tick, i, c.room, c.plain, c.all, err)
			}
		}
	}
	return nil
}

// resume takes the client back to a state of some frames ago, or to nothing.
func (c *onlooker) resume(count seen) {
	c.sight.Reset()
	c.had = nil
	if len(c.flown) == 0 || c.r.IntN(4) == 0 {
		c.base.Reset()
		c.model = rigTiers{}
		return
	}
	f := c.flown[c.r.IntN(len(c.flown))]
	c.base.Copy(&f.base)
	c.model = cloneTiers(f.model)
	c.copy = f.copy.clone()
	count["resumed from an older state"]++
}

// cloneTiers is a copy of what a client holds.
func cloneTiers(m rigTiers) rigTiers {
	m.class = maps.Clone(m.class)
	return m
}

// clone is a copy of a copy.
func (r *Replica) clone() *Replica {
	c := *r
	c.in, c.spare, c.tables = bitReader{}, copied{}, slices.Clone(r.tables)
	for i := range c.tables {
		t := &c.tables[i]
		t.ids, t.cells, t.texts = slices.Clone(t.ids), slices.Clone(t.cells), slices.Clone(t.texts)
		t.vels, t.classes, t.leaving = slices.Clone(t.vels), slices.Clone(t.classes), nil
	}
	return &c
}

// next makes the client's next frame and checks all of it.
func (c *onlooker) next(e *Encoder, count seen) error {
	snap, s := e.now, c.w.schema
	view := &c.view
	if c.all {
		view = nil
	} else if c.r.IntN(10) == 0 && !c.calm || c.view.world == nil {
		c.w.look(&c.view, c.center)
	}
	c.held = nil
	if _, share := e.pick(&c.base, c.stride); share != nil {
		c.held = heldBy(e, &c.base)
	}
	named := map[rigKey]sightRow{}
	if view != nil {
		named = oracle(s, snap, view, c.known())
	} else {
		for i := range snap.tables {
			for _, id := range snap.tables[i].ids {
				named[rigKey{i, id}] = sightRow{whole: true}
			}
		}
	}
	squeezed := c.sight.budget.level > 0
	vis := e.See(&c.sight, view, &c.base, c.room)
	if vis != nil { // for it is good until the next See only, and the copy of it is checked too
		vis = &Visible{tables: cloneAll(vis.tables), rates: cloneAll(vis.rates)}
	}
	if err := c.admitted(snap, vis, named, squeezed, count); err != nil {
		return err
	}
	return c.frame(e, vis, named, count)
}

func cloneAll[T any](all [][]T) [][]T {
	if all == nil {
		return nil
	}
	out := make([][]T, len(all))
	for i := range all {
		out[i] = slices.Clone(all[i])
	}
	return out
}

// admitted checks what See gave: nothing that is not named, all that is named by Row, and of what the client holds all
// that is not squeezed.
func (c *onlooker) admitted(
	snap *Snapshot, vis *Visible, named map[rigKey]sightRow, squeezed bool, count seen,
) error {
	got, err := keys(snap, vis)
	if err != nil {
		return err
	}
	for k, class := range got {
		row, ok := named[k]
		if !ok {
			return fmt.Errorf("row %v may not be seen", k)
		}
		if row.class > class && !row.own && !row.whole {
			return fmt.Errorf("row %v has class %d, not %d at least", k, class, row.class)
		}
		if class > row.class {
			if row.own || row.whole || !squeezed {
				return fmt.Errorf("row %v has class %d, not %d", k, class, row.class)
			}
			count["squeezed to a slower class"]++
		}
	}
	waits := 0
	for k, row := range named {
		if _, ok := got[k]; ok {
			if c.served[k] {
				count["a row comes after it waited"]++
			}
			delete(c.served, k)
			continue
		}
		_, had := c.held[k]
		switch {
		case c.room == 0:
			return fmt.Errorf("row %v is missing", k)
		case row.own, had && row.whole:
			return fmt.Errorf("row %v is named itself, or held, and missing", k)
		case had && !squeezed:
			return fmt.Errorf("row %v is held, and missing", k)
		case had:
			count["squeezed out"]++
		default:
			c.served[k] = true
			waits++
		}
	}
	switch {
	case waits > 0:
		count["a row waits"]++
		if c.all {
			count["pieces of all"]++
		}
		entered := false
		for k := range got {
			_, had := c.held[k]
			entered = entered || !had && !named[k].own
		}
		if !entered && !squeezed {
			return errors.New("rows wait, and none enters")
		}
	case c.all:
		if vis != nil {
			return errors.New("nothing waits, and it does not see all")
		}
		count["sees all at last"]++
	}
	c.had = got
	for k, row := range named {
		if row.whole {
			delete(c.had, k)
		}
	}
	return nil
}

// frame makes the frame, gives it to the copy and compares that with what the client should hold.
func (c *onlooker) frame(e *Encoder, vis *Visible, named map[rigKey]sightRow, count seen) error {
	s, h, tick := c.w.schema, e.history, e.now.Tick
	expect := c.model.expect(tick, c.stride, count)
	want, moved := c.model.frame(s, h, c.stride, expect == 1, vis, count)
	if c.plain {
		if err := c.copy.Begin(tick, expect); err != nil {
			return err
		}
		sink := &plainFrame{to: c.copy}
		if base := e.Plain(sink, &c.base, c.stride, vis); base != expect {
			return fmt.Errorf("base %d, want %d", base, expect)
		}
		if err := errors.Join(sink.err, c.copy.End()); err != nil {
			return err
		}
		count["plain"]++
	} else {
		if moved {
			expect |= Moves
		}
		var before Baseline
		before.Copy(&c.base)
		base, body := e.Frame(nil, &c.base, c.stride, vis)
		if base != expect {
			return fmt.Errorf("base %d, want %d", base, expect)
		}
		if err := c.fits(e, &before, vis, named, body, count); err != nil {
			return err
		}
		c.copy.SetStride(c.stride)
		if err := c.copy.Apply(tick, base, body); err != nil {
			return err
		}
		count["packed"]++
	}
	if err := holds(c.copy, want); err != nil {
		return err
	}
	if hash := rigHash(want); c.copy.Hash() != hash || e.Hash(&c.base) != hash {
		return fmt.Errorf("hashes %08x %08x, want %08x", c.copy.Hash(), e.Hash(&c.base), hash)
	}
	f := flownFrame{model: cloneTiers(c.model), copy: c.copy.clone()}
	f.base.Copy(&c.base)
	if c.flown = append(c.flown, f); len(c.flown) > 8 {
		c.flown = c.flown[1:]
	}
	return nil
}

// fits checks the length of a frame: it has at most room bytes, or one row more than that and what had to be in it: what
// the client held, and what is named by Row.
func (c *onlooker) fits(
	e *Encoder, before *Baseline, vis *Visible, named map[rigKey]sightRow, body []byte, count seen,
) error {
	if c.room == 0 || vis == nil || len(body) <= c.room {
		return nil
	}
	must := &Visible{tables: make([][]int32, len(vis.tables)), rates: make([][]uint8, len(vis.tables))}
	row := 0
	for i, rows := range vis.tables {
		ids := e.now.tables[i].ids
		for n, r := range rows {
			key := rigKey{i, ids[r]}
			_, had := c.held[key]
			if had || named[key].own {
				must.tables[i] = append(must.tables[i], r)
				must.rates[i] = append(must.rates[i], classAt(vis.wishes(i), n))
				continue
			}
			t := &e.sights.tables[i]
			row = max(row, (t.most+t.rowTextBits(&e.now.tables[i], r))/8+1)
		}
	}
	_, least := e.Frame(nil, before, c.stride, must)
	if len(body) > max(c.room, len(least))+row {
		return fmt.Errorf("%d bytes, of which %d must be; room is for %d and one row of %d", len(body), len(least), c.room, row)
	}
	if len(least) > c.room {
		count["own rows beyond the room"]++
	}
	return nil
}

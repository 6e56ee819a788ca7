package game

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// viewer is a client in a scenery.
type viewer struct {
	r      *rand.Rand
	w      *scenery
	center ID
	stride uint32
	view   View
	sight  Sight
	base   Baseline
	had    map[rigKey]uint8 // what it was shown, with the wished classes
	held   map[rigKey]uint8 // what it holds; nil if its next frame is whole
}

// known is what the oracle takes for had.
func (c *viewer) known() map[rigKey]uint8 {
	all := map[rigKey]uint8{}
	maps.Copy(all, c.held)
	maps.Copy(all, c.had)
	return all
}

// TestSee compares what See gives with what the contract says, row by row, in random worlds.
func TestSee(t *testing.T) {
	worlds := uint64(1000)
	if testing.Short() {
		worlds = 300
	}
	count := seen{}
	for seed := uint64(1); seed <= worlds; seed++ {
		if err := seeProperty(seed, count); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Log(count)
	for _, what := range []string{
		"kept by Leave", "kept in its class", "all", "class 1", "class 2", "searches in grids", "resumed", "lost",
	} {
		if count[what] < 100 {
			t.Errorf("%q came up %d times only", what, count[what])
		}
	}
}

func seeProperty(seed uint64, count seen) error {
	r := rand.New(rand.NewPCG(seed, 2))
	w := newScenery(r, []int{3, 20, 60, 200}[r.IntN(4)/int(1+seed%3)])
	h := NewHistory(w.schema)
	e := NewEncoder(w.schema, h)
	clients := make([]viewer, 1+r.IntN(8))
	for i := range clients {
		clients[i] = viewer{r: r, w: w, center: ID(1 + r.IntN(100)), stride: 1 + r.Uint32N(3)}
	}
	for tick := uint32(1); tick <= 12; tick++ {
		w.step()
		capture(w.schema, h, tick, w.state())
		if r.IntN(8) == 0 {
			continue // no frames at all
		}
		e.Begin()
		for i := range clients {
			if r.IntN(5) == 0 {
				continue
			}
			if err := clients[i].see(e, h.At(tick), count); err != nil {
				return fmt.Errorf("tick %d, client %d: %w", tick, i, err)
			}
		}
	}
	return nil
}

// see looks once, without a budget.
func (c *viewer) see(e *Encoder, snap *Snapshot, count seen) error {
	if c.r.IntN(3) > 0 || c.view.world == nil {
		c.w.look(&c.view, c.center)
	}
	known := c.known()
	want := oracle(c.w.schema, snap, &c.view, known)
	vis := e.See(&c.sight, &c.view, &c.base, 0)
	got, err := keys(snap, vis)
	if err != nil {
		return err
	}
	for k, class := range got {
		row, ok := want[k]
		if !ok || row.class != class {
			return fmt.Errorf("row %v has class %d, want %v (%v)", k, class, row, ok)
		}
		count[fmt.Sprint("class ", class)]++
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d rows, want %d", len(got), len(want))
	}
	if vis == nil {
		count["all"]++
	}
	fresh := oracle(c.w.schema, snap, &c.view, nil)
	for k, row := range want {
		was, ok := fresh[k]
		if !ok {
			count["kept by Leave"]++
		} else if was != row {
			count["kept in its class"]++
		}
	}
	for i := range e.sights.tables {
		if e.sights.tables[i].grid.made == snap.Tick {
			count["searches in grids"]++
		}
	}
	return c.frame(e, vis, got, count)
}

// frame makes the frame, or loses it.
func (c *viewer) frame(e *Encoder, vis *Visible, got map[rigKey]uint8, count seen) error {
	var before Baseline
	before.Copy(&c.base)
	e.Frame(nil, &c.base, c.stride, vis)
	switch c.r.IntN(12) {
	case 0: // it never came, and the client resumes from what it holds
		c.base.Copy(&before)
		c.sight.Reset()
		c.had = nil
		c.held = heldBy(e, &c.base)
		count["resumed"]++
	case 1: // it was lost with all that the client held
		c.base.Reset()
		c.sight.Reset()
		c.had, c.held = nil, nil
		count["lost"]++
	default:
		c.had, c.held = got, heldBy(e, &c.base)
	}
	return nil
}

// heldBy is what a client holds, with the classes that the rows really have.
func heldBy(e *Encoder, b *Baseline) map[rigKey]uint8 {
	out := map[rigKey]uint8{}
	snap := e.history.At(b.tick)
	if snap == nil {
		return out
	}
	for i := range snap.tables {
		for n, r := range e.held(b, i, &snap.tables[i]) {
			out[rigKey{i, snap.tables[i].ids[r]}] = classAt(b.heldClasses(i), n)
		}
	}
	return out
}

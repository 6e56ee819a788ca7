package game

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestNonInterference plays the same world twice to the same player, among others who see other things. The second time
// rows that the player may not see, and has not seen for as long as velocities reach back, are others: in all fields, and
// some are there that were not. Every byte that the player gets must be the same, and every base and hash.
func TestNonInterference(t *testing.T) {
	seeds := uint64(400)
	if testing.Short() {
		seeds = 40
	}
	count := seen{}
	for seed := uint64(1); seed <= seeds; seed++ {
		if err := interference(seed, count); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Log(count)
	if want := int(25 * seeds); count["states"] < want {
		t.Errorf("%d states only, want %d", count["states"], want)
	}
	for _, what := range []string{
		"chain", "ring", "whole", "a budget", "a row waits", "slow rows", "rows differ", "rows more",
	} {
		if count[what] < 50 {
			t.Errorf("%q came up %d times only", what, count[what])
		}
	}
}

// screening is a world as it was played: its states, and what the player did and got.
type screening struct {
	schema *Schema
	states []rigState
	views  []View // of the player, by tick
	frames []screened
	room   int
	stride uint32
	others []View
}

// screened is the player's frame of a tick; nothing if it got none.
type screened struct {
	skip, lose bool
	named      map[rigKey]sightRow
	known      map[rigKey]uint8
	base       uint32
	body       string
	hash       uint32
}

func interference(seed uint64, count seen) error {
	r := rand.New(rand.NewPCG(seed, 4))
	w := newScenery(r, 4+r.IntN(60))
	const ticks = 40
	p := &screening{schema: w.schema, stride: 1 + r.Uint32N(2), room: []int{0, 60, 300, 16384}[r.IntN(4)]}
	var last View
	center := ID(1 + r.IntN(50))
	for tick := range ticks {
		w.step()
		p.states = append(p.states, spread(w.schema, w.state()))
		if tick == 0 || r.IntN(8) == 0 {
			w.look(&last, center)
		}
		v := View{world: last.world, looks: slices.Clone(last.looks)}
		for i := range v.looks { // it walks along
			v.looks[i].area.X += r.Int32N(5) - 2
			v.looks[i].id *= idsApart
		}
		p.views = append(p.views, v)
		var other View
		w.look(&other, ID(1+r.IntN(50)))
		p.others = append(p.others, other)
		p.frames = append(p.frames, screened{skip: uint32(tick)%p.stride != 0 || r.IntN(8) == 0, lose: r.IntN(20) == 0})
	}
	first, err := p.play(p.states, count)
	if err != nil {
		return err
	}
	p.frames = first
	other := p.disturb(r, count)
	second, err := p.play(other, seen{})
	if err != nil {
		return err
	}
	for tick := range first {
		a, b := &first[tick], &second[tick]
		if a.base != b.base || a.body != b.body || a.hash != b.hash {
			return fmt.Errorf("tick %d (room %d): base %d and %d, hash %08x and %08x,\nbody %x\nand  %x",
				tick+1, p.room, a.base, b.base, a.hash, b.hash, a.body, b.body)
		}
	}
	return nil
}

// idsApart leaves IDs between those of a world for rows that only the other one has.
const idsApart = 4

// spread moves the IDs of a state apart.
func spread(s *Schema, state rigState) rigState {
	for i := range state {
		for n := range state[i] {
			if !s.Tables[i].Single {
				state[i][n].id *= idsApart
			}
		}
	}
	return state
}

// play makes the player's frames of some states, and those of others with the same Encoder.
func (p *screening) play(states []rigState, count seen) ([]screened, error) {
	h := NewHistory(p.schema)
	e := NewEncoder(p.schema, h)
	var me, them, all viewer
	out := make([]screened, len(states))
	for i, state := range states {
		tick := uint32(i + 1)
		capture(p.schema, h, tick, state)
		e.Begin()
		e.Frame(nil, &them.base, 1, e.See(&them.sight, &p.others[i], &them.base, 200))
		f := &out[i]
		*f = p.frames[i]
		if !f.skip {
			if f.lose {
				me.base.Reset()
				me.sight.Reset()
				me.had = nil
			}
			if err := p.frame(e, &me, i, f, count); err != nil {
				return nil, err
			}
		}
		e.Frame(nil, &all.base, p.stride, e.See(&all.sight, nil, &all.base, 1000))
	}
	return out, nil
}

// frame makes one frame for the player.
func (p *screening) frame(e *Encoder, me *viewer, i int, f *screened, count seen) error {
	me.held = nil
	whole := true
	if _, share := e.pick(&me.base, p.stride); share != nil {
		me.held, whole = heldBy(e, &me.base), false
	}
	f.known = me.known()
	f.named = oracle(p.schema, e.now, &p.views[i], f.known)
	for k := range me.held {
		if _, ok := f.named[k]; !ok {
			f.named[k] = sightRow{} // for it is told once more that it leaves
		}
	}
	vis := e.See(&me.sight, &p.views[i], &me.base, p.room)
	got, err := keys(e.now, vis)
	if err != nil {
		return err
	}
	me.had = got
	if p.room > 0 {
		count["a budget"]++
		if len(got) < len(f.named) {
			count["a row waits"]++
		}
	}
	var body []byte
	f.base, body = e.Frame(nil, &me.base, p.stride, vis)
	f.body, f.hash = string(body), e.Hash(&me.base)
	if len(me.base.classes) > 0 {
		count["slow rows"]++
	}
	switch {
	case whole:
		count["whole"]++
	case f.base&^Moves == baseChain:
		count["chain"]++
	default:
		count["ring"]++
	}
	count["states"]++
	return nil
}

// disturb makes other states of those that were played: whatever the player could not see, and will not see while it can
// still be told of its velocity.
func (p *screening) disturb(r *rand.Rand, count seen) []rigState {
	out := make([]rigState, len(p.states))
	reach := int(p.stride) << slowest
	for i, state := range p.states {
		var seen []map[rigKey]sightRow
		for _, f := range p.frames[i:min(i+reach+1, len(p.frames))] {
			if !f.skip {
				seen = append(seen, f.named)
			}
		}
		hidden := func(k rigKey) bool {
			return !slices.ContainsFunc(seen, func(m map[rigKey]sightRow) bool {
				_, ok := m[k]
				return ok
			})
		}
		out[i] = make(rigState, len(state))
		for t, rows := range state {
			for _, row := range rows {
				if key := (rigKey{t, row.id}); hidden(key) && r.IntN(3) > 0 {
					if other := p.other(r, t, row); p.stays(i, t, other) {
						row = other
						count["rows differ"]++
					}
				}
				out[i][t] = append(out[i][t], row)
			}
			out[i][t] = p.more(r, i, t, out[i][t], count)
		}
	}
	return out
}

// other is a row with other values.
func (p *screening) other(r *rand.Rand, table int, row rigRow) rigRow {
	row.cells, row.texts = slices.Clone(row.cells), slices.Clone(row.texts)
	for j, c := range p.schema.Tables[table].Columns {
		switch cell := p.schema.Tables[table].cellOf[j]; {
		case c.Kind == String:
			row.texts[cell] = randomText(r)
		case r.IntN(3) == 0:
		case c.Kind == Bool:
			row.cells[cell] ^= 1
		case c.Kind == Angle:
			row.cells[cell] = r.Int32N(256)
		case c.Unsigned && c.Bits == 16:
			row.cells[cell] = r.Int32N(1 << 16)
		case r.IntN(4) == 0:
			row.cells[cell] = extreme(r)
		default:
			row.cells[cell] += r.Int32N(2000) - 1000
		}
	}
	return row
}

// stays reports whether the player may not see a row of tick i either, if it is as given.
func (p *screening) stays(i, table int, row rigRow) bool {
	if p.frames[i].skip {
		return true
	}
	snap := &Snapshot{tables: make([]rows, len(p.schema.Tables))}
	snap.tables[table] = rows{ids: []ID{row.id}, cells: row.cells, texts: row.texts}
	known := maps.Clone(p.frames[i].known)
	_, named := oracle(p.schema, snap, &p.views[i], known)[rigKey{table, row.id}]
	return !named
}

// more adds rows that were not there, under IDs that nobody has.
func (p *screening) more(r *rand.Rand, i, table int, rows []rigRow, count seen) []rigRow {
	if p.schema.Tables[table].Single || len(rows) == 0 {
		return rows
	}
	for range 2 {
		at := r.IntN(len(rows))
		row := p.other(r, table, rows[at])
		row.id += 1 + ID(r.IntN(3))
		if row.id%idsApart != 0 && (at+1 == len(rows) || rows[at+1].id > row.id) && p.stays(i, table, row) {
			rows = slices.Insert(rows, at+1, row)
			count["rows more"]++
		}
	}
	return rows
}

package game

import (
	"encoding/hex"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

func TestWorkedExample(t *testing.T) {
	want := []struct {
		base uint32
		body string
		hash uint32
	}{
		{1, "ce476444325490231bab11c77001", 0xe3ea6395},
		{0, "2370b306", 0xe2146365},
		{0, "1a75944a450544059003", 0xec4e4383},
		{4, "6428a207", 0x2ddc5b9c},
	}
	c := vectorCases()[0]
	p := &vectorPlay{t: t, schema: c.schema, history: NewHistory(c.schema)}
	p.encoder = NewEncoder(c.schema, p.history)
	c.play(p)
	for i, f := range p.frames {
		if f.Base != want[i].base || f.Body != want[i].body || f.Hash != want[i].hash {
			t.Errorf("tick %d: base %d body %s hash %08x, want %+v %08x", f.Tick, f.Base, f.Body, f.Hash, want[i], want[i].hash)
		}
	}
}

// TestCopies is the property: both codecs give every client what it should hold, at every frame. Set TICKWIRE_SEEDS to
// a number of worlds to look for longer, TICKWIRE_SEED to look at one.
func TestCopies(t *testing.T) {
	first, seeds := uint64(1), uint64(60)
	if n, err := strconv.ParseUint(os.Getenv("TICKWIRE_SEEDS"), 10, 64); err == nil {
		seeds = n
	}
	if n, err := strconv.ParseUint(os.Getenv("TICKWIRE_SEED"), 10, 64); err == nil {
		first, seeds = n, 1
	}
	count := seen{}
	for seed := first; seed < first+seeds; seed++ {
		if err := property(seed, 400, count); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("seeds %d to %d: %v", first, first+seeds-1, count)
	if seeds == 1 {
		return
	}
	for _, what := range []string{
		"whole first", "whole beyond the ring", "whole just beyond the ring", "ring at its edge", "ring as the stride changed",
		"chain: pos in a later table", "ring: pos in a later table", "chain: mode 11", "ring: mode 11", "chain: mode 11 with pos",
		"ring: mode 11 with pos", "chain: mode 0", "ring: mode 0", "chain: mode 10", "ring: mode 10",
		"chain: quiet table", "ring: quiet table", "chain: short fragment of a table for the fast path",
		"chain: long fragment", "ring: long fragment", "chain: more than 8 groups", "ring: more than 8 groups",
		"chain: texts", "ring: texts", "chain: enter", "ring: enter", "whole: enter", "chain: leave", "ring: leave",
		"the same ID again", "a frame is lost",
		"whole as a class is beyond the ring", "a class at the ring's edge", "slow: goes on", "slow: too slow a class",
		"slow: in its time", "slow: ring", "slow: ring of no stride", "slow: class 1 leaves", "slow: class 2 leaves",
		"slow: class 0 becomes 1", "slow: class 0 becomes 2", "slow: class 1 becomes 0", "slow: class 1 becomes 2",
		"slow: class 2 becomes 0", "slow: class 2 becomes 1",
	} {
		if count[what] < 10 {
			t.Errorf("%q came up %d times only", what, count[what])
		}
	}
}

// TestWhole shows frames from and to nothing.
func TestWhole(t *testing.T) {
	s := prepared(table("ships", colPos("x")))
	h := NewHistory(s)
	e := NewEncoder(s, h)
	var b Baseline
	if base, body := e.Frame(nil, &b, 0, nil); base != 1 || len(body) != 1 || b.Tick() != 0 || e.Hash(&b) != 0 {
		t.Errorf("before any tick: base %d, %x, tick %d", base, body, b.Tick())
	}
	capture(s, h, 100, one(at(1, 5))) // as after a restore: nothing before it
	e.Begin()
	for i, want := range []uint32{1, 1, 1, 0} {
		base, _ := e.Frame(nil, &b, 1, nil)
		if base != want {
			t.Errorf("frame %d: base %d, want %d", i, base, want)
		}
		if i == 0 { // the same tick again is whole again
			continue
		}
		capture(s, h, 100+uint32(i), one(at(1, 5)))
		e.Begin()
	}
	b.Reset()
	if base, _ := e.Frame(nil, &b, 1, nil); base != 1 {
		t.Errorf("after Reset: base %d", base)
	}
}

// TestQuiet shows that a table in which nothing happens is skipped, and one that moved lately is not.
func TestQuiet(t *testing.T) {
	s := prepared(table("stones", colPos("x")), table("rest", colInt("n")))
	h := NewHistory(s)
	e := NewEncoder(s, h)
	for tick := uint32(1); tick <= 12; tick++ {
		capture(s, h, tick, rigState{{at(1, min(int32(tick), 9))}, {at(1, 3)}})
		e.Begin()
		for stride := uint32(1); stride <= 2; stride++ {
			b := Baseline{tick: tick - stride, stride: stride, all: true, maxID: 1}
			if h.At(b.tick) == nil {
				continue
			}
			e.Frame(nil, &b, stride, nil)
			if e.tables[0].table == nil {
				continue
			}
			if got, want := e.tables[0].table.quiet, tick >= 9+2*stride; got != want {
				t.Errorf("tick %d, stride %d: stones quiet = %v", tick, stride, got)
			}
			if got, want := e.tables[1].table.quiet, tick > 2*stride; got != want {
				t.Errorf("tick %d, stride %d: rest quiet = %v", tick, stride, got)
			}
		}
	}
}

// TestAllocations shows that nothing allocates once memory has grown.
func TestAllocations(t *testing.T) {
	s, h, e := benchShips(300, true)
	r, err := NewReplica(s)
	if err != nil {
		t.Fatal(err)
	}
	base, whole := e.Frame(nil, new(Baseline), 1, nil)
	vis := &Visible{tables: [][]int32{held(63, false, 300).rows[5:]}}
	all, some, plain := held(63, true, 300), held(63, false, 300), held(63, true, 300)
	buf := make([]byte, 0, 1<<16)
	round := func() {
		e.Begin()
		all.tick, all.all = 63, true
		_, buf = e.Frame(buf[:0], &all, 1, nil)
		err = errors.Join(err, r.Apply(63, base, whole), r.Apply(64, 0, buf))
		some.tick, some.rows, some.ends = 63, append(some.rows[:0], e.upTo(300)...), append(some.ends[:0], 300)
		_, buf = e.Frame(buf[:0], &some, 1, vis)
		all.tick = 50 // ring
		_, buf = e.Frame(buf[:0], &all, 1, nil)
		all.Reset()
		_, buf = e.Frame(buf[:0], &all, 1, nil)
		plain.tick = 63
		e.Plain(nothing{}, &plain, 1, nil)
		e.Hash(&some)
		r.Hash()
	}
	if n := testing.AllocsPerRun(10, round); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
	if err != nil || h.Newest() != 64 {
		t.Error(err)
	}
}

// TestEdit shows what a plain frame may not do, and that the copy then takes only a whole one.
func TestEdit(t *testing.T) {
	s := prepared(table("ships", colPos("x"), colText("name"), colWide("w")), table("rest", colInt("n")))
	type edit func(r *Replica) error
	put := func(id ID, columns uint32, cells []int32, blobs [][]byte, vels ...int32) edit {
		return func(r *Replica) error { return r.Put(0, id, columns, cells, blobs, vels) }
	}
	remove := func(id ID) edit { return func(r *Replica) error { return r.Remove(0, id) } }
	for _, c := range []struct {
		why   string
		edits []edit
		good  bool
	}{
		{"nothing", nil, true},
		{"a change of one column", []edit{put(5, 1, []int32{9}, nil)}, true},
		{"all columns and a velocity", []edit{put(5, 7, []int32{9, 1, 2}, [][]byte{[]byte("Ada")}, 4)}, true},
		{"one leaves, one enters below", []edit{remove(7), put(2, 0, nil, nil), put(9, 0, nil, nil)}, true},
		{"an unknown row leaves", []edit{remove(6)}, false},
		{"rows leave out of order", []edit{remove(7), remove(5)}, false},
		{"a row leaves twice", []edit{remove(7), remove(7)}, false},
		{"a row leaves after a change", []edit{put(5, 0, nil, nil), remove(7)}, false},
		{"a row leaves and comes back", []edit{remove(5), put(5, 0, nil, nil)}, false},
		{"rows out of order", []edit{put(7, 0, nil, nil), put(5, 0, nil, nil)}, false},
		{"row 0", []edit{put(0, 0, nil, nil)}, false},
		{"no such column", []edit{put(5, 8, []int32{1}, nil)}, false},
		{"too few cells", []edit{put(5, 4, []int32{1}, nil)}, false},
		{"too many cells", []edit{put(5, 1, []int32{1, 2}, nil)}, false},
		{"no text", []edit{put(5, 2, nil, nil)}, false},
		{"too many texts", []edit{put(5, 2, nil, [][]byte{nil, nil})}, false},
		{"too long a text", []edit{put(5, 2, nil, [][]byte{make([]byte, MaxText+1)})}, false},
		{"too many velocities", []edit{put(5, 0, nil, nil, 1, 2)}, false},
		{"no such table", []edit{func(r *Replica) error { return r.Put(2, 5, 0, nil, nil, nil) }}, false},
		{"a table below 0", []edit{func(r *Replica) error { return r.Remove(-1, 5) }}, false},
	} {
		r, err := NewReplica(s)
		if err != nil {
			t.Fatal(err)
		}
		play := func(tick, base uint32, edits ...edit) error {
			err := r.Begin(tick, base)
			for _, e := range edits {
				if err == nil {
					err = e(r)
				}
			}
			return errors.Join(err, r.End())
		}
		if err := play(1, 1, put(5, 0, nil, nil), put(7, 1, []int32{3}, nil)); err != nil {
			t.Fatal(err)
		}
		err = play(2, 0, c.edits...)
		if (err == nil) != c.good || err != nil && !errors.Is(err, ErrFrame) {
			t.Errorf("%s: %v", c.why, err)
		}
		if err := play(3, 0); (err == nil) != c.good {
			t.Errorf("%s: the next chain frame: %v", c.why, err)
		}
		if err := play(4, 1); err != nil || r.Len(0) != 0 {
			t.Errorf("%s: the next whole frame: %v", c.why, err)
		}
	}
	r, _ := NewReplica(s)
	if r.End() == nil || r.Remove(0, 1) == nil || r.Put(0, 1, 0, nil, nil, nil) == nil {
		t.Error("edits without Begin are accepted")
	}
}

// TestLimits shows that frames cannot make a copy grow without end.
func TestLimits(t *testing.T) {
	s := prepared(table("marks"))
	r, err := NewReplica(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Apply(1, 1, make([]byte, MaxBody+1)); !errors.Is(err, ErrFrame) {
		t.Errorf("a body of more than MaxBody: %v", err)
	}
	body := bitWriter{}
	body.golomb(0, MaxRows+1)
	for range MaxRows + 1 {
		body.golomb(enterID, 0)
	}
	if err := r.Apply(1, 1, body.close()); !errors.Is(err, ErrFrame) || r.Len(0) != MaxRows {
		t.Errorf("more than MaxRows rows: %v, %d rows", err, r.Len(0))
	}
	if err := r.Apply(2, 1, []byte{1}); err != nil || r.Len(0) != 0 {
		t.Errorf("whole after it: %v", err)
	}
}

// TestReader shows that the longest numbers survive, next to the end of a body too.
func TestReader(t *testing.T) {
	numbers := []uint32{
		0, 1, 2, 14, 15, 16, 65533, 65534, 65535, 65536, 1 << 20, math.MaxInt32, math.MaxUint32 - 1, math.MaxUint32,
	}
	for k := range uint(maxK + 1) {
		for shift := range uint(9) {
			w := bitWriter{}
			w.put(0, shift)
			for _, u := range numbers {
				w.golomb(k, u)
			}
			var in bitReader
			in.reset(w.close())
			in.bits(int(shift))
			for _, u := range numbers {
				if got := in.golomb(k); got != u || in.failed() {
					t.Errorf("k %d after %d bits: %d, want %d", k, shift, got, u)
				}
			}
			if in.left() >= 8 {
				t.Errorf("k %d after %d bits: %d bits left", k, shift, in.left())
			}
			for range 100 { // reading on must be harmless
				in.golomb(k)
			}
			if !in.failed() {
				t.Error("reading past the end is not noticed")
			}
		}
	}
}

func FuzzReplicaApply(f *testing.F) {
	s := prepared(shipsTable(),
		table("names", colText("name"), colWide("coins"), colPos("x")), table("marks"))
	for _, seed := range []string{
		"ce476444325490231bab11c77001", "2370b306", "1a75944a450544059003", "6428a207", "01", "", "ffffffffffffffffff",
	} {
		body, err := hex.DecodeString(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, uint32(0), uint32(1), body)
		f.Add(body, uint32(2), uint32(1), []byte{0x35})
	}
	for _, seed := range [][2]string{ // a ship of class 1, one of class 2: told as chain, as ring, not at all, changed
		{"00100 00 100 0000 00 100 0000 00 100 0000   011 00 1 10 0", "1 0 0 1"},
		{"00100 00 100 0000 00 100 0000 00 100 0000   011 00 1 10 0", "010 1 10 1 0 0 1   010 01 0"},
		{"00100 00 100 1001 1000 010 1000 010 00 100 0000 01 100 000   011 00 0 01 0", "1 10 1 0 1"},
	} {
		first, _ := hex.DecodeString(bitString(seed[0]))
		second, _ := hex.DecodeString(bitString(seed[1]))
		f.Add(first, uint32(Moves), uint32(1), second)
		f.Add(first, uint32(Moves|2), uint32(2), second)
		f.Add(first, uint32(2), uint32(math.MaxUint32), second)
	}
	f.Fuzz(func(t *testing.T, first []byte, base, stride uint32, second []byte) {
		r, err := NewReplica(s)
		if err != nil {
			t.Fatal(err)
		}
		for i, body := range [][]byte{first, second, second} {
			b := base
			if i == 0 {
				b = 1 | base&Moves
			} else {
				r.SetStride(stride)
			}
			err := r.Apply(uint32(i+1), b, body)
			if err != nil && !errors.Is(err, ErrFrame) {
				t.Errorf("%v is no ErrFrame", err)
			}
			rows, slow := 0, 0
			for n := range s.Tables {
				rows += r.Len(n)
				slow += r.tables[n].slow
				x := &r.tables[n]
				if err == nil && (len(x.classes) != r.Len(n) || anySlow(x.classes) != (x.slow > 0)) {
					t.Errorf("%d rows, of which %d are slow, have the classes %v", r.Len(n), x.slow, x.classes)
				}
				if err == nil && !slices.IsSorted(r.IDs(n)) {
					t.Errorf("IDs out of order: %v", r.IDs(n))
				}
				for row := range r.Len(n) {
					r.Cells(n, row)
					r.Texts(n, row)
					r.Velocities(n, row)
				}
			}
			if most := (len(first) + 2*len(second)) * 8 / 3; rows != r.rows || rows > most+1 {
				t.Errorf("%d rows, counted %d, out of %d bytes", rows, r.rows, len(first)+len(second))
			}
			if slow != r.slow {
				t.Errorf("%d slow rows, counted %d", slow, r.slow)
			}
			r.Hash()
		}
		if err := r.Apply(9, 1, []byte{1}); err != nil || r.rows != 0 || r.slow != 0 {
			t.Errorf("a whole frame is refused: %v", err)
		}
	})
}

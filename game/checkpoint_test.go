package game_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// thing has every kind of field that can be saved, exported and not.
type thing struct {
	X, Y  int32  `sync:"pos,drop=4,jump=1000"`
	Angle uint16 `sync:"angle"`
	Big   int64
	Name  string
	Bytes []byte
	Cells [3]uint8
	F     float32 `sync:"step=0.1"`
	On    bool

	i8      int8
	i16     int16
	u16     uint16
	u32     uint32
	u64     uint64
	number  int
	unumber uint
	real    float64
	text    string
	raw     []byte
	board   [2][3]int8
	parts   [2]struct {
		a int32
		b string
	}
}

// whole is the state of a Var.
type whole struct {
	Phase  uint8
	secret [4]uint64
}

// chaos is a game that does everything at random, past states included.
func chaos() game.Definition {
	return game.Definition{Name: "chaos", Rate: 30, New: func(w *game.World) game.Game {
		c := &chaotic{
			things: game.NewTable[thing](w, "things"), extra: game.NewTable[item](w, "extra"),
			whole: game.NewVar(w, "whole", whole{Phase: 3}), in: game.NewInputs[stick](w),
			orders: game.NewCommands[order](w, "order"), events: game.NewEvents[order](w, "event"), limit: 40,
		}
		if w.Option("limit") == "few" {
			c.limit = 5
		}
		return c
	}}
}

type chaotic struct {
	things *game.Table[thing]
	extra  *game.Table[item]
	whole  *game.Var[whole]
	in     *game.Inputs[stick]
	orders *game.Commands[order]
	events *game.Events[order]
	limit  int // of the options: the same in every life of the room
}

func (c *chaotic) Join(_ *game.Tick, p game.Player) error {
	c.extra.Put(p, item{secret: "joined"})
	return nil
}

func (c *chaotic) Leave(_ *game.Tick, p game.Player, _ game.Reason) { c.extra.Delete(p) }

func (c *chaotic) Drop(t *game.Tick, p game.Player) {
	t.SetGrace(p, t.Rand().Intn(301))
	c.extra.Get(p).secret += "?" + t.Identity(p)
}

func (c *chaotic) Resume(_ *game.Tick, p game.Player) { c.extra.Get(p).N++ }

func (c *chaotic) Close(_ *game.Tick, ticks int) { c.whole.V.secret[0] += uint64(ticks) }

func (c *chaotic) Tick(t *game.Tick) error {
	r := t.Rand()
	for id, th := range c.things.All() {
		if r.Chance(1, 12) {
			c.things.Delete(id)
			if r.Bool() {
				c.extra.Delete(id)
			}
			continue
		}
		th.disturb(r)
	}
	for c.things.Len() < c.limit && r.Chance(3, 4) {
		var th thing
		th.disturb(r)
		id := c.things.Add(th)
		if r.Bool() {
			c.extra.Put(id, item{N: int32(id)})
		}
	}
	for p := range t.Players() {
		in := c.in.Of(t, p)
		if row := c.extra.Get(p); row != nil {
			if t.Away(p) {
				row.N -= 2
			}
			row.N += int32(in.DX)
			if in.Hop {
				row.secret += "!"
			}
			if past, ok := c.things.At(t.View(p)); ok { // rewinds as far as it may
				for id, was := range past.All() {
					row.N += was.X ^ int32(id)
				}
			}
		}
	}
	for o := range c.orders.All(t) {
		c.whole.V.secret[o.Value.What%4] += uint64(len(o.Value.Text)) + 1
		c.events.Broadcast(t, o.Value)
	}
	c.whole.V.Phase++
	return nil
}

// disturb changes some fields of a thing, now and then to extremes.
func (th *thing) disturb(r *game.Rand) {
	th.X += int32(r.Range(-50, 50))
	th.Angle += uint16(r.Intn(9))
	switch r.Intn(8) {
	case 0:
		th.Y, th.Big, th.number, th.unumber = math.MinInt32, math.MinInt64, math.MinInt64, math.MaxUint64
	case 1:
		th.i8, th.i16, th.u16, th.u32, th.u64 = -128, math.MinInt16, math.MaxUint16, math.MaxUint32, math.MaxUint64
	case 2:
		th.F, th.real = float32(math.Inf(1)), math.Copysign(0, -1)
	case 3:
		th.real = math.Float64frombits(0x7ff8_0000_dead_beef) // a NaN of its own
	case 4:
		th.Name, th.text = strings.Repeat("é", r.Intn(4)), string(rune('a'+r.Intn(26)))
	case 5:
		th.Bytes, th.raw = append(th.Bytes, byte(r.Intn(256))), append([]byte(nil), byte(r.Intn(256)))
		if len(th.Bytes) > 5 {
			th.Bytes[0], th.Bytes = 7, th.Bytes[:2]
		}
	case 6:
		th.Cells[r.Intn(3)]++
		th.board[r.Intn(2)][r.Intn(3)]--
	default:
		th.parts[r.Intn(2)].a--
		th.parts[r.Intn(2)].b += "x"
		if len(th.parts[0].b) > 9 {
			th.parts[0].b = ""
		}
		th.On = !th.On
	}
}

// feed is a random inbox for a game of chaos.
func feed(r *game.Rand, s *game.Sim) []game.Entry {
	var inbox []game.Entry
	players := s.Players()
	if len(players) < 5 && r.Chance(1, 4) {
		inbox = append(inbox, game.Entry{
			Kind: game.EntryJoin, Player: s.NextID() + game.ID(r.Intn(3)), Name: "p", Identity: string(rune(0x61 + r.Intn(26))),
		})
	}
	if r.Chance(1, 40) {
		inbox = append(inbox, game.Entry{Kind: game.EntryClosing, Tick: uint32(r.Intn(900))})
	}
	for _, p := range players {
		if r.Chance(1, 8) {
			inbox = append(inbox, game.Entry{Kind: game.EntryDrop + game.EntryKind(r.Intn(2)), Player: p})
		}
		switch r.Intn(8) {
		case 0:
			if r.Chance(1, 6) {
				inbox = append(inbox, game.Entry{Kind: game.EntryLeave, Player: p})
			}
		case 1:
			values, blobs := game.Pack(order{What: uint8(r.Intn(10)), Text: "hi"}, nil, nil)
			inbox = append(inbox, game.Entry{Kind: game.EntryCommand, Player: p, Values: values, Blobs: blobs})
		case 2, 3, 4, 5:
			e := put(p, uint32(max(1, int(s.Now())+r.Range(-3, 6))), stick{
				DX: int8(r.Range(-1, 1)), Hop: r.Bool(), Slot: uint8(r.Intn(9)),
			})
			e.View = uint32(max(0, int(s.Now())-r.Intn(14)))
			inbox = append(inbox, e)
		}
	}
	return inbox
}

// A restored sim is the same, and stays the same for ever.
func TestRestoreGoesOn(t *testing.T) {
	for seed := range uint64(40) {
		options := map[string]string{"limit": []string{"few", "many"}[seed%2]}
		a, err := game.NewSim(chaos(), seed, options)
		if err != nil {
			t.Fatal(err)
		}
		r := game.NewRand(seed)
		var b *game.Sim
		at := uint32(r.Range(0, 90)) // 0: before the first tick
		for a.Now() < at+60 {
			if a.Now() == at {
				b = restored(t, a)
			}
			inbox := feed(r, a)
			out := tick(t, a, inbox...)
			if b == nil {
				continue
			}
			got := tick(t, b, inbox...)
			if a.Hash() != b.Hash() {
				t.Fatalf("seed %d, restored after tick %d: tick %d differs", seed, at, a.Now())
			}
			if fmt.Sprint(out) != fmt.Sprint(got) {
				t.Fatalf("seed %d: tick %d sends other things", seed, a.Now())
			}
			ra, ta := view(t, a, "things")
			rb, _ := view(t, b, "things")
			if ra.Hash() != rb.Hash() || ra.Len(ta) != rb.Len(ta) {
				t.Fatalf("seed %d: tick %d shows clients other things", seed, a.Now())
			}
		}
	}
}

// restored is a fresh sim that goes on where s is. It is made with another seed and no options.
func restored(t *testing.T, s *game.Sim) *game.Sim {
	t.Helper()
	b, err := game.NewSim(s.Definition(), 999, nil)
	if err != nil {
		t.Fatal(err)
	}
	saved := s.Checkpoint(nil)
	if err := b.Restore(saved); err != nil {
		t.Fatal(err)
	}
	if again := b.Checkpoint([]byte("x")); !bytes.Equal(again[1:], saved) || again[0] != 'x' {
		t.Fatal("a checkpoint of the restored sim is another")
	}
	for _, p := range s.Players() {
		if b.Away(p) != s.Away(p) || b.Grace(p) != s.Grace(p) || b.Dropped(p) != s.Dropped(p) || b.Applied(p) != s.Applied(p) {
			t.Fatalf("player %d of the restored sim is another", p)
		}
	}
	if b.Now() != s.Now() || b.NextID() != s.NextID() || b.Hash() != s.Hash() || !slices.Equal(b.Players(), s.Players()) {
		t.Fatal("the restored sim is another")
	}
	return b
}

// Hash sees every field: a change of any of them changes it.
func TestHashSeesAll(t *testing.T) {
	changes := map[string]func(*thing){
		"X": func(th *thing) { th.X++ }, "a dropped bit": func(th *thing) { th.Y++ }, "Angle": func(th *thing) { th.Angle++ },
		"Big": func(th *thing) { th.Big++ }, "Name": func(th *thing) { th.Name = "x" },
		"Bytes": func(th *thing) { th.Bytes = []byte{0} },
		"Cells": func(th *thing) { th.Cells[2]++ }, "F": func(th *thing) { th.F = 1e-9 }, "On": func(th *thing) { th.On = true },
		"i8": func(th *thing) { th.i8++ }, "i16": func(th *thing) { th.i16++ }, "u16": func(th *thing) { th.u16++ },
		"u32": func(th *thing) { th.u32++ }, "u64": func(th *thing) { th.u64++ }, "number": func(th *thing) { th.number++ },
		"unumber": func(th *thing) { th.unumber++ }, "minus zero": func(th *thing) { th.real = math.Copysign(0, -1) },
		"text": func(th *thing) { th.text = "x" }, "raw": func(th *thing) { th.raw = []byte{1} },
		"board": func(th *thing) { th.board[1][2]++ }, "parts": func(th *thing) { th.parts[1].b = "x" },
	}
	seen := map[uint64]string{}
	for name, change := range changes {
		s, err := once(t, func(_ *game.Tick, table *game.Table[thing]) {
			var th thing
			change(&th)
			table.Add(th)
		})
		if err != nil {
			t.Fatal(err)
		}
		if other, twice := seen[s.Hash()]; twice {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[s.Hash()] = name
	}
}

// A saved room outlives an update of its game: fields are found by name and type.
func TestRestoreIntoNewerVersion(t *testing.T) {
	type before struct {
		Kept  int32
		Gone  string
		Moved uint16
		old   [2]int64
		other int32
	}
	type after struct {
		New   int32
		Moved uint16
		Kept  int32
		fresh string //nolint:unused // it has to be there, and empty
		old   [2]int64
		Gone  int32 // another type: another field
		other int32
	}
	v1, err := game.NewSim(lab(func(w *game.World, h *hooks) {
		rows, lost := game.NewTable[before](w, "rows"), game.NewTable[item](w, "lost")
		v := game.NewVar(w, "v", item{N: 1})
		h.tick = func(*game.Tick) error {
			rows.Add(before{Kept: -5, Gone: "gone", Moved: 9, old: [2]int64{-1, 2}, other: 4})
			lost.Add(item{N: 1, secret: "x"})
			v.V.N = 8
			return nil
		}
	}), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := join(t, v1, "name")
	var got []after
	var kept, initial int32
	v2 := start(t, lab(func(w *game.World, h *hooks) {
		added := game.NewVar(w, "added", item{N: 77})
		v := game.NewVar(w, "v", item{N: 1})
		game.NewTable[item](w, "new")
		rows := game.NewTable[after](w, "rows")
		h.tick = func(*game.Tick) error {
			for _, r := range rows.All() {
				got = append(got, *r)
			}
			if _, ok := rows.At(1); ok {
				panic("what clients saw of the old version cannot be told")
			}
			kept, initial = v.V.N, added.V.N
			return nil
		}
	}))
	if err := v2.Restore(v1.Checkpoint(nil)); err != nil {
		t.Fatal(err)
	}
	tick(t, v2)
	want := after{Kept: -5, Moved: 9, old: [2]int64{-1, 2}, other: 4}
	if len(got) != 1 || got[0] != want || kept != 8 || initial != 77 {
		t.Errorf("got %+v, v %d, added %d", got, kept, initial)
	}
	if !slices.Equal(v2.Players(), []game.Player{p}) || v2.Now() != 2 {
		t.Errorf("players %v, tick %d", v2.Players(), v2.Now())
	}
}

func TestRestoreRefuses(t *testing.T) {
	s, err := game.NewSim(chaos(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := game.NewRand(1)
	for range 20 {
		tick(t, s, feed(r, s)...)
	}
	saved := s.Checkpoint(nil)
	other := start(t, lab(func(*game.World, *hooks) {})).Checkpoint(nil)
	for _, tc := range []struct {
		why   string
		bytes []byte
		want  string
	}{
		{"nothing", nil, "no checkpoint"},
		{"something else", []byte("hello, world"), "no checkpoint"},
		{"another version of the format", append([]byte("TWCP\x03"), saved[5:]...), "no checkpoint"},
		{"another game's", other, "game lab"},
		{"cut off", saved[:len(saved)/2], "damaged"},
		{"one byte short", saved[:len(saved)-1], "damaged"},
		{"one byte too many", append(slices.Clone(saved), 0), "damaged"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			fresh, err := game.NewSim(chaos(), 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = fresh.Restore(tc.bytes)
			var bad *game.CheckpointError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a sim that has stepped", func(t *testing.T) {
		if err := s.Restore(saved); err == nil || !strings.Contains(err.Error(), "fresh") {
			t.Errorf("got %v", err)
		}
	})
	for n := 0; n < len(saved); n += 7 { // a checkpoint cut anywhere is an error, and no panic
		fresh, err := game.NewSim(chaos(), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if fresh.Restore(saved[:n]) == nil {
			t.Fatalf("the first %d of %d bytes are taken for a checkpoint", n, len(saved))
		}
	}
}

// A checkpoint of rows without values makes no rows that cost more than it.
func TestRestoreBoundsBareRows(t *testing.T) {
	type big struct{ board [1000]int64 } //nolint:unused // only its size counts
	game0 := func(rows int) *game.Sim {
		return start(t, lab(func(w *game.World, h *hooks) {
			table := game.NewTable[struct{}](w, "rows")
			h.tick = func(*game.Tick) error {
				for range rows {
					table.Add(struct{}{})
				}
				return nil
			}
		}))
	}
	for _, tc := range []struct {
		why  string
		rows int
		ok   bool
	}{
		{"a hundred rows get their new field", 100, true},
		{"a hundred thousand are an attack", 100_000, false},
	} {
		s := game0(tc.rows)
		tick(t, s)
		saved := s.Checkpoint(nil)
		if err := game0(0).Restore(saved); err != nil {
			t.Errorf("%s: a game without the field: %v", tc.why, err)
		}
		fresh := start(t, lab(func(w *game.World, _ *hooks) { game.NewTable[big](w, "rows") }))
		if err := fresh.Restore(saved); (err == nil) != tc.ok {
			t.Errorf("%s: got %v", tc.why, err)
		}
	}
}

// In the ring a table that has not changed costs a byte a tick, and one that has only what is new: the 9 ticks of a room
// take less than the state itself while it rests, and a few bytes a row and tick while it moves.
func TestCheckpointOfRingIsSmall(t *testing.T) {
	for _, tc := range []struct {
		why    string
		moving bool
		most   int // bytes for 1000 rows
	}{
		{"at rest", false, 15_000},
		{"moving", true, 40_000},
	} {
		s, _ := fleet(t, 1000, tc.moving, false)
		if n := len(restored(t, s).Checkpoint(nil)); n > tc.most {
			t.Errorf("%s: %d bytes, more than %d", tc.why, n, tc.most)
		} else {
			t.Logf("%s: %d bytes", tc.why, n)
		}
	}
}

// FuzzRestore: whatever the bytes, no panic; and what is accepted can be saved again, and played.
func FuzzRestore(f *testing.F) {
	s, err := game.NewSim(chaos(), 1, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Checkpoint(nil))
	r := game.NewRand(1)
	for range 12 {
		tick(f, s, feed(r, s)...)
		f.Add(s.Checkpoint(nil))
	}
	f.Add([]byte("TWCP\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := game.NewSim(chaos(), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Restore(b) != nil {
			return
		}
		saved := s.Checkpoint(nil)
		again, err := game.NewSim(chaos(), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Restore(saved); err != nil {
			t.Fatalf("what was restored cannot be restored again: %v", err)
		}
		if again.Hash() != s.Hash() {
			t.Fatal("what was restored is another the second time")
		}
		_, _ = s.Step(nil) // a game may dislike such a state, but only with an error
	})
}

// A damaged Rand must not stand still: drawing without bias would then never end.
func TestRestoredRandMoves(t *testing.T) {
	var drawn []uint32
	def := lab(func(_ *game.World, h *hooks) {
		h.tick = func(t *game.Tick) error {
			drawn = append(drawn, t.Rand().Uint32())
			return nil
		}
	})
	saved := start(t, def).Checkpoint(nil)
	at := len("TWCP\x02") + len("\x03lab") + 3 // options, tick, next ID
	clear(saved[at : at+16])
	s := start(t, def)
	if err := s.Restore(saved); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		tick(t, s)
	}
	if slices.Sort(drawn); len(slices.Compact(drawn)) < 5 {
		t.Errorf("drew only %v", drawn)
	}
}

// What New puts into tables is how a room begins; a restored room has what was saved instead.
func TestRestoreReplacesWhatNewMade(t *testing.T) {
	type line struct{ N int32 }
	def := lab(func(w *game.World, h *hooks) {
		lines := game.NewTable[line](w, "lines")
		first := lines.Add(line{1})
		lines.Add(line{2})
		h.tick = func(t *game.Tick) error {
			if t.Number() == 1 {
				lines.Delete(first)
				lines.Add(line{3})
			}
			return nil
		}
	})
	a := start(t, def)
	tick(t, a)
	b := start(t, def)
	if err := b.Restore(a.Checkpoint(nil)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if a.Hash() != b.Hash() {
			t.Fatalf("tick %d: the restored sim differs", a.Now())
		}
		tick(t, a)
		tick(t, b)
	}
}

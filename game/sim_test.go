package game_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// A step has one order: IDs of joins, entries as they came, inputs, Tick.
func TestStepOrder(t *testing.T) {
	var log []string
	say := func(parts ...any) { log = append(log, strings.TrimSpace(fmt.Sprintln(parts...))) }
	s := start(t, lab(func(w *game.World, h *hooks) {
		table := game.NewTable[item](w, "rows")
		h.join = func(t *game.Tick, p game.Player) error {
			say("join", p, t.Name(p), "in", t.Number(), "row", table.Add(item{}))
			if t.Name(p) == "bad" {
				return errors.New("no bad players")
			}
			return nil
		}
		h.leave = func(t *game.Tick, p game.Player, why game.Reason) {
			say("leave", t.Name(p), why, slices.Collect(t.Players()))
		}
		h.tick = func(t *game.Tick) error {
			say("tick", t.Number(), t.Rate(), slices.Collect(t.Players()), t.Name(20))
			return nil
		}
	}))
	out := tick(t, s,
		game.Entry{Kind: game.EntryJoin, Player: 10, Name: "a"}, game.Entry{Kind: game.EntryJoin, Player: 20, Name: "bad"})
	if want := []game.Kick{{Player: 20, Why: "no bad players"}}; !slices.Equal(out.Kicks, want) {
		t.Errorf("kicks: %v", out.Kicks)
	}
	out = tick(t, s,
		game.Entry{Kind: game.EntryLeave, Player: 20, Reason: game.ReasonKicked},
		game.Entry{Kind: game.EntryLeave, Player: 99},
		game.Entry{Kind: game.EntryJoin, Player: 30, Name: "c"})
	if len(out.Kicks) > 0 || out.Over {
		t.Errorf("what the tick before said is said again: %+v", out)
	}
	want := []string{
		"join 10 a in 1 row 21", "join 20 bad in 1 row 22", "tick 1 30 [10 20] bad",
		"leave bad 3 [10]", "join 30 c in 2 row 31", "tick 2 30 [10 30]",
	}
	if !slices.Equal(log, want) {
		t.Errorf("got  %q\nwant %q", log, want)
	}
	if s.Now() != 2 || s.NextID() != 32 || !slices.Equal(s.Players(), []game.Player{10, 30}) {
		t.Errorf("now %d, next %d, players %v", s.Now(), s.NextID(), s.Players())
	}
}

func TestStepRefusesEntries(t *testing.T) {
	s := start(t, lab(func(w *game.World, _ *hooks) {
		game.NewTable[item](w, "rows")
		game.NewInputs[stick](w)
		game.NewCommands[order](w, "order")
		game.NewCommands[order](w, "inside", game.Internal())
	}))
	p := join(t, s, "a")
	hash, now := s.Hash(), s.Now()
	for _, tc := range []struct {
		why string
		bad game.Entry
	}{
		{"an unknown kind", game.Entry{Kind: 99}},
		{"no kind", game.Entry{}},
		{"an ID that is taken", game.Entry{Kind: game.EntryJoin, Player: p}},
		{"no ID", game.Entry{Kind: game.EntryJoin}},
		{"a name of 65 bytes", game.Entry{Kind: game.EntryJoin, Player: 1000, Name: strings.Repeat("x", 65)}},
		{"a name that is not UTF-8", game.Entry{Kind: game.EntryJoin, Player: 1000, Name: "\xff"}},
		{"an identity of 129 bytes", game.Entry{Kind: game.EntryJoin, Player: 1000, Identity: strings.Repeat("x", 129)}},
		{"an identity that is not UTF-8", game.Entry{Kind: game.EntryJoin, Player: 1000, Identity: "\xff"}},
		{"more ticks than any server waits", game.Entry{Kind: game.EntryClosing, Tick: 1 << 31}},
		{"the last ID, after which there is none", game.Entry{Kind: game.EntryJoin, Player: 1<<32 - 1}},
		{"an input out of bounds", game.Entry{Kind: game.EntryInput, Player: p, Values: []int64{2}}},
		{"an input with too many values", game.Entry{Kind: game.EntryInput, Player: p, Values: make([]int64, 9)}},
		{"a command that there is not", game.Entry{Kind: game.EntryCommand, Player: p, Type: 2}},
		{"a command of a negative type", game.Entry{Kind: game.EntryCommand, Player: p, Type: -1}},
		{"a command out of bounds", game.Entry{Kind: game.EntryCommand, Player: p, Values: []int64{10}}},
		{"an internal command of a player", game.Entry{Kind: game.EntryCommand, Player: p, Type: 1}},
		{"a player's command from the server", game.Entry{Kind: game.EntryCommand}},
	} {
		fine := game.Entry{Kind: game.EntryJoin, Player: s.NextID(), Name: "b"}
		inbox := []game.Entry{fine, tc.bad}
		if tc.bad.Kind == game.EntryJoin && tc.bad.Player == p {
			inbox[1].Player = fine.Player // twice in one inbox
		}
		_, err := s.Step(inbox)
		var bad *game.EntryError
		if !errors.As(err, &bad) || bad.Index != 1 {
			t.Errorf("%s: got %v", tc.why, err)
		}
		if s.Hash() != hash || s.Now() != now {
			t.Fatalf("%s: something happened all the same", tc.why)
		}
	}
	tick(t, s)
	none := start(t, lab(func(w *game.World, _ *hooks) { game.NewTable[item](w, "rows") }))
	if _, err := none.Step([]game.Entry{{Kind: game.EntryInput, Player: 1}}); err == nil {
		t.Error("a game without inputs took one")
	}
}

func TestGameFails(t *testing.T) {
	sentinel := errors.New("sentinel")
	for _, tc := range []struct {
		why   string
		hooks hooks
		hook  string
		want  string
		stack bool
	}{
		{"a panic in Tick", hooks{tick: func(*game.Tick) error { panic("boom") }}, "Tick", "boom", true},
		{"an index out of range in Tick", hooks{tick: func(t *game.Tick) error {
			all := make([]item, t.Number()-1)
			all[t.Number()].N++
			return nil
		}}, "Tick", "out of range", true},
		{"an error of Tick", hooks{tick: func(*game.Tick) error { return sentinel }}, "Tick", "sentinel", false},
		{"a panic in Join", hooks{join: func(*game.Tick, game.Player) error { panic(sentinel) }}, "Join", "sentinel", true},
		{"a panic in Leave", hooks{leave: func(*game.Tick, game.Player, game.Reason) { panic(7) }}, "Leave", "int", true},
		{"a panic in Drop", hooks{drop: func(*game.Tick, game.Player) { panic("no") }}, "Drop", "no", true},
		{"a panic in Resume", hooks{resume: func(*game.Tick, game.Player) { panic("no") }}, "Resume", "no", true},
		{"a panic in Close", hooks{closing: func(*game.Tick, int) { panic("no") }}, "Close", "no", true},
		{"a grace that is too long", hooks{drop: func(t *game.Tick, p game.Player) { t.SetGrace(p, 301) }}, "Drop", "300", true},
		{"a negative grace", hooks{join: func(t *game.Tick, p game.Player) error {
			t.SetGrace(p, -1)
			return nil
		}}, "Join", "300", true},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s := start(t, lab(func(_ *game.World, h *hooks) { *h = tc.hooks }))
			_, err := s.Step([]game.Entry{
				{Kind: game.EntryJoin, Player: 5},
				{Kind: game.EntryDrop, Player: 5},
				{Kind: game.EntryResume, Player: 5},
				{Kind: game.EntryClosing, Tick: 9},
				{Kind: game.EntryLeave, Player: 5},
			})
			var failed *game.GameError
			if !errors.As(err, &failed) || failed.Hook != tc.hook || failed.Tick != 1 ||
				!strings.Contains(err.Error(), tc.want) || (len(failed.Stack) > 0) != tc.stack {
				t.Fatalf("got %v", err)
			}
			if tc.want == "sentinel" && !errors.Is(err, sentinel) {
				t.Error("the cause is lost")
			}
			if tc.stack && !strings.Contains(string(failed.Stack), "sim_test.go") && tc.want != "out of range" {
				t.Errorf("the stack does not show the game:\n%s", failed.Stack)
			}
			if _, again := s.Step(nil); !errors.Is(again, err) {
				t.Errorf("the sim goes on: %v", again)
			}
		})
	}
}

// A game ends itself, and its last state is there to be shown; but it is over, here and wherever it is restored.
func TestGameOver(t *testing.T) {
	for _, tc := range []struct {
		why string
		err error
	}{
		{"as it is", game.ErrOver},
		{"wrapped", fmt.Errorf("somebody has won: %w", game.ErrOver)},
	} {
		t.Run(tc.why, func(t *testing.T) {
			def := lab(func(w *game.World, h *hooks) {
				v := game.NewVar(w, "v", item{})
				h.tick = func(*game.Tick) error {
					v.V.N += 7
					return tc.err
				}
			})
			s := start(t, def)
			if out := tick(t, s); !out.Over {
				t.Error("it is not over")
			}
			if r, table := view(t, s, "v"); r.Cells(table, 0)[0] != 7 || r.IDs(table)[0] != 1 {
				t.Error("the last state is not there")
			}
			again := start(t, def)
			if err := again.Restore(s.Checkpoint(nil)); err != nil {
				t.Fatal(err)
			}
			for _, s := range []*game.Sim{s, again} {
				if _, err := s.Step(nil); !errors.Is(err, game.ErrOver) || s.Now() != 1 {
					t.Errorf("it goes on: tick %d, %v", s.Now(), err)
				}
			}
		})
	}
}

// Of a table without exported fields clients are told nothing, not even the IDs, but it is saved as any other.
func TestHiddenTables(t *testing.T) {
	type inside struct{ n int32 }
	var sum int32
	def := lab(func(w *game.World, h *hooks) {
		first, seen := game.NewTable[inside](w, "first"), game.NewTable[item](w, "seen")
		last, v := game.NewTable[struct{}](w, "last"), game.NewVar(w, "var", inside{n: 5})
		h.tick = func(t *game.Tick) error {
			id := first.Add(inside{int32(t.Number())})
			seen.Put(id, item{N: 100 + int32(t.Number())})
			last.Put(id, struct{}{})
			sum = v.V.n
			v.V.n++
			for id, row := range first.All() {
				if last.Get(id) == nil {
					panic("a row is gone")
				}
				sum += row.n
			}
			if _, ok := first.At(t.Number() - 1); ok {
				panic("there is a past of what nobody saw")
			}
			if past, ok := seen.At(t.Number() - 1); ok == (t.Number() == 1) {
				panic("there is no past of what was seen")
			} else if ok {
				if was, _ := past.Get(id - 1); was.N != 99+int32(t.Number()) {
					panic("the past is that of another table")
				}
			}
			return nil
		}
	})
	s := start(t, def)
	for range 5 {
		tick(t, s)
	}
	if tables := s.Schema().Tables; len(tables) != 1 || tables[0].Name != "seen" {
		t.Fatalf("clients see %d tables", len(tables))
	}
	if r, table := view(t, s, "seen"); r.Len(table) != 5 || r.Cells(table, 4)[0] != 105 {
		t.Errorf("clients see %d rows", r.Len(table))
	}
	again := restored(t, s)
	tick(t, again)
	if want := int32(1 + 2 + 3 + 4 + 5 + 6 + 10); sum != want {
		t.Errorf("the sum is %d, not %d: something was not saved", sum, want)
	}
	if _, err := game.NewSim(lab(func(w *game.World, _ *hooks) {
		game.NewTable[inside](w, "a")
		game.NewTable[inside](w, "a")
	}), 1, nil); err == nil {
		t.Error("there are two of one name")
	}
}

// The hooks are optional.
func TestTickOnly(t *testing.T) {
	n := 0
	s := start(t, game.Definition{Name: "lab", New: func(*game.World) game.Game {
		return tickOnly(func(*game.Tick) error { n++; return nil })
	}})
	p := join(t, s, "a")
	tick(t, s,
		game.Entry{Kind: game.EntryDrop, Player: p}, game.Entry{Kind: game.EntryResume, Player: p},
		game.Entry{Kind: game.EntryClosing}, game.Entry{Kind: game.EntryLeave, Player: p})
	if n != 2 || len(s.Players()) > 0 {
		t.Errorf("%d ticks, players %v", n, s.Players())
	}
	if s.Definition().Rate != 30 || s.Definition().MaxPlayers != 16 || s.Definition().Grace != 30 {
		t.Errorf("defaults are missing: %+v", s.Definition())
	}
}

// The past is what clients saw, and not longer ago than 250 ms.
func TestPast(t *testing.T) {
	type row struct {
		X     int32 `sync:"pos,drop=4"`
		Angle int8  `sync:"angle"`
		Big   uint64
		F     float64 `sync:"step=0.5"`
		Name  string
		B     []byte
		own   int32
	}
	var id, gone game.ID
	s := start(t, lab(func(w *game.World, h *hooks) {
		table := game.NewTable[row](w, "rows")
		h.tick = func(now *game.Tick) error {
			n := now.Number()
			if n == 1 {
				gone = table.Add(row{})
				id = table.Add(row{Name: "a", B: []byte("b"), Angle: -3, Big: 1 << 63, own: 5})
			}
			if n == 5 {
				table.Delete(gone)
			}
			table.Get(id).X, table.Get(id).F = int32(n)*100, float64(n)+0.3
			for back := range uint32(20) {
				if back > n {
					break
				}
				past, ok := table.At(n - back)
				if want := back >= 1 && back <= 8 && n > back; ok != want {
					t.Errorf("tick %d, %d ago: %v", n, back, ok)
				}
				if !ok {
					continue
				}
				was, there := past.Get(id)
				x := (int32(n-back)*100 + 8) >> 4 << 4
				if !there || was.X != x || was.Angle != -3 || was.Big != 1<<63 || was.Name != "a" || string(was.B) != "b" ||
					was.F != float64(n-back)+0.5 || was.own != 0 {
					t.Fatalf("tick %d, %d ago: %+v, X should be %d", n, back, was, x)
				}
				count := 0
				for range past.All() {
					count++
				}
				_, there = past.Get(gone)
				if there != (n-back < 5) || count == 2 != there {
					t.Errorf("tick %d, %d ago: the other row is there: %v, %d rows", n, back, there, count)
				}
			}
			return nil
		}
	}))
	for range 20 {
		tick(t, s)
	}
}

func TestRand(t *testing.T) {
	a, b, c := game.NewRand(1), game.NewRand(1), game.NewRand(2)
	same := 0
	for range 1000 {
		x, y, z := a.Uint32(), b.Uint32(), c.Uint32()
		if x != y {
			t.Fatal("the same seed gives other numbers")
		}
		if x == z {
			same++
		}
	}
	if same > 2 {
		t.Errorf("seeds 1 and 2 agree %d times", same)
	}
	var count [6]int
	low, high := false, false
	trues, chances := 0, 0
	for range 60000 {
		count[a.Intn(6)]++
		switch n := a.Range(-3, 3); {
		case n < -3 || n > 3:
			t.Fatal(n)
		case n == -3:
			low = true
		case n == 3:
			high = true
		}
		if a.Bool() {
			trues++
		}
		if a.Chance(1, 4) {
			chances++
		}
	}
	for i, n := range count {
		if n < 9500 || n > 10500 {
			t.Errorf("%d came %d times of 10000", i, n)
		}
	}
	if !low || !high || trues < 29000 || trues > 31000 || chances < 14300 || chances > 15700 {
		t.Errorf("low %v, high %v, %d trues of 30000, %d chances of 15000", low, high, trues, chances)
	}
	if a.Range(5, 5) != 5 || a.Intn(1) != 0 {
		t.Error("one possibility is one possibility")
	}
	for _, tc := range []struct {
		why  string
		call func()
	}{
		{"Intn of nothing", func() { a.Intn(0) }},
		{"Intn of less than nothing", func() { a.Intn(-1) }},
		{"Range the wrong way round", func() { a.Range(1, 0) }},
		{"Chance of nothing", func() { a.Chance(1, 0) }},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", tc.why)
				}
			}()
			tc.call()
		}()
	}
}

// The sequence is part of every recording: it may never change.
func TestRandIsGolden(t *testing.T) {
	r := game.NewRand(42)
	got := []uint32{r.Uint32(), r.Uint32(), r.Uint32(), uint32(r.Intn(1000)), uint32(r.Range(-10, 10) + 100)}
	want := []uint32{98909809, 2811067118, 3908737579, 667, 110}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// binds says whether T fits a table.
func binds[T any](t *game.TableSchema) error {
	_, err := game.Bind[T](t)
	return err
}

func TestBind(t *testing.T) {
	type row struct {
		X    int32 `sync:"pos,drop=3"`
		Turn int16 `sync:"angle"`
		HP   uint8
		On   bool
		Big  int64
		F    float32 `sync:"step=1/8"`
		Name string
		B    []byte
		In   [2]point
	}
	want := row{X: -64, Turn: -7, HP: 200, On: true, Big: -5, F: 1.5, Name: "n", B: []byte{1}, In: [2]point{{1, 2}, {3, 4}}}
	s, err := once(t, func(_ *game.Tick, table *game.Table[row]) { table.Add(want) })
	if err != nil {
		t.Fatal(err)
	}
	r, table := view(t, s, "rows")
	full, err := game.Bind[row](s.Schema().Tables[table])
	if err != nil {
		t.Fatal(err)
	}
	var got row
	full.Fill(&got, r.Cells(table, 0), r.Texts(table, 0))
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	type part struct {
		Name string
		In   [2]struct{ Y int32 }
		HP   int
	}
	some, err := game.Bind[part](s.Schema().Tables[table])
	if err != nil {
		t.Fatal(err)
	}
	var few part
	some.Fill(&few, r.Cells(table, 0), r.Texts(table, 0))
	if few.Name != "n" || few.In[1].Y != 4 || few.HP != 200 {
		t.Errorf("got %+v", few)
	}
	for _, tc := range []struct {
		why  string
		bind func(*game.TableSchema) error
		want string // "": it fits
	}{
		{"a number is no string", binds[struct{ HP string }], "hp"},
		{"an unsigned number needs a bit more", binds[struct{ HP int8 }], "hp"},
		{"a bit more is enough", binds[struct{ HP int16 }], ""},
		{"32 bits do not fit 8", binds[struct{ X int8 }], "x"},
		{"nor 16", binds[struct{ X int16 }], "x"},
		{"but 64", binds[struct{ X int64 }], ""},
		{"a negative number is not unsigned", binds[struct{ X uint32 }], "x"},
		{"64 bits do not fit 32", binds[struct{ Big int32 }], "big"},
		{"the sign of 64 bits counts too", binds[struct{ Big uint64 }], "big"},
		{"an angle of 16 bits does not fit 8", binds[struct{ Turn int8 }], "turn"},
		{"an angle wraps, so its sign does not count", binds[struct{ Turn uint16 }], ""},
		{"a float is no integer", binds[struct{ F int32 }], "f"},
		{"floats of both sizes hold any step", binds[struct{ F float64 }], ""},
	} {
		err := tc.bind(s.Schema().Tables[table])
		if tc.want == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), "column "+tc.want+":") {
			t.Errorf("%s: got %v", tc.why, err)
		}
	}
	if _, err := game.Bind[struct{ M map[int]int }](s.Schema().Tables[table]); err == nil {
		t.Error("a map was bound")
	}
}

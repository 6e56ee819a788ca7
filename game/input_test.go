package game_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// stick is an input with a state, a press and a choice.
type stick struct {
	DX   int8 `sync:"min=-1,max=1"`
	Hop  bool `sync:"edge"`
	Slot uint8
}

func put(p game.Player, tick uint32, in stick) game.Entry {
	values, blobs := game.Pack(in, nil, nil)
	return game.Entry{Kind: game.EntryInput, Player: p, Tick: tick, View: tick - 1, Values: values, Blobs: blobs}
}

// puts is the same input for each of some ticks.
func puts(from, to uint32, in stick) (all []game.Entry) {
	for tick := from; tick <= to; tick++ {
		all = append(all, put(1, tick, in))
	}
	return all
}

// watched is a game that notes the input of its player in every tick.
func watched(tb testing.TB, rate int) (*game.Sim, game.Player, *[]stick) {
	tb.Helper()
	seen := &[]stick{}
	def := lab(func(w *game.World, h *hooks) {
		in := game.NewInputs[stick](w)
		h.tick = func(t *game.Tick) error {
			for p := range t.Players() {
				*seen = append(*seen, in.Of(t, p))
			}
			return nil
		}
	})
	def.Rate = rate
	s := start(tb, def)
	p := join(tb, s, "a")
	*seen = nil
	return s, p, seen
}

func TestInputs(t *testing.T) {
	go1, hop, still := stick{DX: 1, Slot: 2}, stick{DX: 1, Hop: true, Slot: 3}, stick{}
	held := stick{DX: 1, Slot: 3} // hop, repeated
	for _, tc := range []struct {
		why   string
		sends map[uint32][]game.Entry // by tick; the player joined in tick 1
		want  []stick                 // from tick 2 on
		last  uint32                  // Applied at the end
	}{
		{"none yet", nil, []stick{still, still}, 0},
		{"in its tick", map[uint32][]game.Entry{2: {put(1, 2, hop)}, 3: {put(1, 3, go1)}}, []stick{hop, go1}, 3},
		{
			"early ones wait for their tick",
			map[uint32][]game.Entry{2: {put(1, 4, go1), put(1, 3, hop)}},
			[]stick{still, hop, go1},
			4,
		},
		{"a late one is taken", map[uint32][]game.Entry{5: {put(1, 3, hop)}}, []stick{still, still, still, hop}, 3},
		{"the newest of several, and no press is lost", map[uint32][]game.Entry{
			4: {put(1, 2, hop), put(1, 3, go1), put(1, 4, stick{DX: -1})},
		}, []stick{still, still, {DX: -1, Hop: true}}, 4},
		{
			"a missing one is the last one again, without its presses",
			map[uint32][]game.Entry{2: {put(1, 2, hop)}},
			[]stick{hop, held, held},
			2,
		},
		{
			"older than what was taken: dropped",
			map[uint32][]game.Entry{2: {put(1, 2, hop)}, 3: {put(1, 1, go1), put(1, 2, go1)}},
			[]stick{hop, held},
			2,
		},
		{"twice: the first counts", map[uint32][]game.Entry{2: {put(1, 3, hop), put(1, 3, go1)}}, []stick{still, hop}, 3},
		{
			"17 ticks ahead: dropped; 16: kept",
			map[uint32][]game.Entry{2: {put(1, 19, go1), put(1, 18, hop)}},
			append(make([]stick, 16), hop, held), 18,
		},
		{
			"more late ones than there is place for: the newest counts, and no press is lost",
			map[uint32][]game.Entry{40: append([]game.Entry{put(1, 2, hop)}, puts(3, 39, go1)...)},
			append(make([]stick, 38), stick{DX: 1, Hop: true, Slot: 2}), 39,
		},
		{
			"nor is the place taken by one that comes late even among those",
			map[uint32][]game.Entry{40: append(puts(4, 39, go1), put(1, 2, hop))},
			append(make([]stick, 38), stick{DX: 1, Hop: true, Slot: 2}), 39,
		},
		{"of somebody else", map[uint32][]game.Entry{2: {put(77, 2, hop)}}, []stick{still}, 0},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s, p, seen := watched(t, 30)
			if p != 1 {
				t.Fatalf("the tests think that the player is 1, not %d", p)
			}
			for range tc.want {
				tick(t, s, tc.sends[s.Now()+1]...)
			}
			if !slices.Equal(*seen, tc.want) {
				t.Errorf("got  %v\nwant %v", *seen, tc.want)
			}
			if got := s.Applied(p); got != tc.last {
				t.Errorf("the newest given is that of tick %d, not %d", got, tc.last)
			}
		})
	}
}

// A missing input is repeated for 250 ms, at any rate, from the tick on in which the game was given it.
func TestInputRepeats(t *testing.T) {
	for _, tc := range []struct {
		why           string
		rate, repeats int
		late          int // ticks
	}{
		{"at 30 Hz", 30, 7, 0},
		{"at 20 Hz", 20, 5, 0},
		{"at 128 Hz", 128, 32, 0},
		{"at 4 Hz", 4, 1, 0},
		{"a late one is there for as long as one in time", 30, 7, 5},
		{"even one that is later than it is repeated", 30, 7, 30},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s, p, seen := watched(t, tc.rate)
			for range tc.late {
				tick(t, s)
			}
			*seen = nil
			tick(t, s, put(p, 2, stick{DX: 1}))
			for range 60 {
				tick(t, s)
			}
			n := slices.IndexFunc(*seen, func(in stick) bool { return in == stick{} })
			if n != tc.repeats+1 {
				t.Errorf("it was there for %d ticks, not 1 and %d", n, tc.repeats)
			}
			if slices.ContainsFunc((*seen)[n:], func(in stick) bool { return in != stick{} }) {
				t.Error("it came back")
			}
		})
	}
}

// No more than 32 wait, whatever is sent.
func TestInputsAreBounded(t *testing.T) {
	s, p, _ := watched(t, 30)
	for range 100 {
		tick(t, s)
	}
	var flood []game.Entry
	for n := uint32(1); n < 300; n++ {
		flood = append(flood, put(p, n, stick{DX: 1}))
	}
	before := len(s.Checkpoint(nil))
	tick(t, s, flood...)
	if grown := len(s.Checkpoint(nil)) - before; grown > 32*16 {
		t.Errorf("the state grew by %d bytes", grown)
	}
}

// Blobs of inputs are copied: the caller uses its memory again.
func TestInputsAreCopied(t *testing.T) {
	type in struct {
		Text string
		B    []byte `sync:"max=4"`
	}
	var got []string
	s := start(t, lab(func(w *game.World, h *hooks) {
		inputs := game.NewInputs[in](w)
		h.tick = func(t *game.Tick) error {
			for p := range t.Players() {
				v := inputs.Of(t, p)
				got = append(got, v.Text+string(v.B))
			}
			return nil
		}
	}))
	p := join(t, s, "a")
	memory := [][]byte{[]byte("ab"), []byte("cd")}
	inbox := []game.Entry{{Kind: game.EntryInput, Player: p, Tick: 3, Blobs: memory}}
	tick(t, s, inbox...)
	copy(memory[0], "xx")
	copy(memory[1], "yy")
	tick(t, s)
	tick(t, s)
	if want := []string{"", "", "abcd", "abcd"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestView(t *testing.T) {
	var views []uint32
	s := start(t, lab(func(w *game.World, h *hooks) {
		game.NewInputs[stick](w)
		h.tick = func(t *game.Tick) error {
			for p := range t.Players() {
				views = append(views, t.View(p))
			}
			return nil
		}
	}))
	p := join(t, s, "a")
	for s.Now() < 20 {
		tick(t, s)
	}
	for _, tc := range []struct {
		why  string
		view uint32
		want uint32 // ticks ago
	}{
		{"as it says", 3, 3},
		{"not the future", 0, 1},
		{"not longer ago than 250 ms", 15, 8},
	} {
		e := put(p, s.Now()+1, stick{})
		if e.View = s.Now() + 1 - tc.view; tc.view == 0 {
			e.View = s.Now() + 100
		}
		tick(t, s, e)
		if got := s.Now() - views[len(views)-1]; got != tc.want {
			t.Errorf("%s: %d ticks ago, not %d", tc.why, got, tc.want)
		}
	}
	if views[0] != 0 {
		t.Errorf("in tick 1 nothing was on any screen, not %d", views[0])
	}
}

// order is a command.
type order struct {
	What uint8 `sync:"max=9"`
	Text string
}

func TestCommands(t *testing.T) {
	var log []string
	s := start(t, lab(func(w *game.World, h *hooks) {
		orders := game.NewCommands[order](w, "order")
		other := game.NewCommands[struct{}](w, "other")
		inside := game.NewCommands[order](w, "inside", game.Internal())
		h.tick = func(t *game.Tick) error {
			for c := range orders.All(t) {
				log = append(log, fmt.Sprint(c.Player, c.Value.What, c.Value.Text))
				if c.Value.What > 5 {
					c.Refuse(uint32(c.Value.What), "too much")
				}
			}
			for c := range other.All(t) {
				log = append(log, fmt.Sprint(c.Player, " other"))
			}
			for c := range inside.All(t) {
				log = append(log, fmt.Sprint(c.Player, c.Value.Text))
				c.Refuse(3, "nobody hears this")
			}
			return nil
		}
	}))
	a, b := join(t, s, "a"), join(t, s, "b")
	do := func(p game.Player, seq uint32, typ int, v order) game.Entry {
		e := game.Entry{Kind: game.EntryCommand, Player: p, Seq: seq, Type: typ}
		if typ != 1 {
			e.Values, e.Blobs = game.Pack(v, nil, nil)
		}
		return e
	}
	out := tick(t, s,
		do(b, 1, 0, order{1, "x"}), do(a, 7, 0, order{9, "y"}), do(a, 8, 1, order{}), do(0, 0, 2, order{Text: "server"}),
		do(99, 1, 0, order{}), do(a, 9, 0, order{2, ""}))
	if want := []string{"2 1 x", "1 9 y", "1 2 ", "1 other", "0 server"}; !slices.Equal(squeeze(log), squeeze(want)) {
		t.Errorf("the game saw %q", log)
	}
	want := []game.Answer{
		{Player: b, Seq: 1}, {Player: a, Seq: 7, Refusal: 9, Why: "too much"}, {Player: a, Seq: 8}, {Player: a, Seq: 9},
	}
	if !slices.Equal(out.Answers, want) {
		t.Errorf("got  %v\nwant %v", out.Answers, want)
	}
	if log = nil; len(tick(t, s).Answers) > 0 || len(log) > 0 {
		t.Error("commands came twice")
	}
}

// squeeze takes the spaces out.
func squeeze(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		out = append(out, strings.ReplaceAll(l, " ", ""))
	}
	return out
}

func TestEvents(t *testing.T) {
	type news struct {
		N    int32
		F    float64 `sync:"step=0.5"`
		Text string
		B    []byte
	}
	buffer := []byte("1")
	s := start(t, lab(func(w *game.World, h *hooks) {
		game.NewEvents[struct{}](w, "first")
		events := game.NewEvents[news](w, "news")
		h.tick = func(t *game.Tick) error {
			for i := range 50 {
				buffer[0] = byte('0' + i%10)
				events.Broadcast(t, news{N: int32(i), F: 1.3, Text: "all", B: buffer})
				events.Send(t, 1, news{N: -1, B: buffer})
				events.Send(t, 99, news{}) // who is not there hears nothing
			}
			return nil
		}
	}))
	join(t, s, "a")
	out := tick(t, s)
	if len(out.Events) != 100 {
		t.Fatalf("%d events", len(out.Events))
	}
	for i := range 50 {
		digit := string(rune('0' + i%10))
		all, one := out.Events[2*i], out.Events[2*i+1]
		if all.To != 0 || all.Type != 1 || !slices.Equal(all.Values, []int64{int64(i), 3}) ||
			string(all.Blobs[0]) != "all" || string(all.Blobs[1]) != digit {
			t.Fatalf("event %d is %+v", 2*i, all)
		}
		if one.To != 1 || one.Values[0] != -1 || string(one.Blobs[1]) != digit {
			t.Fatalf("event %d is %+v", 2*i+1, one)
		}
	}
}

// An event is held to the bounds that clients are told of.
func TestEventsAreChecked(t *testing.T) {
	type bounded struct {
		N    int8   `sync:"min=1,max=5"`
		U    uint64 `sync:"max=9"`
		Text string `sync:"max=3"`
		Wide uint
	}
	good := bounded{N: 1, U: 9, Text: "abc", Wide: math.MaxUint32}
	for _, tc := range []struct {
		why    string
		change func(*bounded)
		want   string
	}{
		{"within its bounds", func(*bounded) {}, ""},
		{"too small", func(e *bounded) { e.N = 0 }, "message news, field n: 0 is not between 1 and 5"},
		{"beyond 63 bits", func(e *bounded) { e.U = 1 << 63 }, "field u: 9223372036854775808 is not between 0 and 9"},
		{"beyond 32 bits", func(e *bounded) { e.Wide++ }, "field wide: 4294967296 is not"},
		{"too long", func(e *bounded) { e.Text = "abcd" }, "field text: has 4 bytes"},
		{"not UTF-8", func(e *bounded) { e.Text = "\xff" }, "field text: is not UTF-8"},
	} {
		for _, to := range []game.Player{0, 1} {
			t.Run(tc.why, func(t *testing.T) {
				v := good
				tc.change(&v)
				s := start(t, lab(func(w *game.World, h *hooks) {
					events := game.NewEvents[bounded](w, "news")
					h.tick = func(t *game.Tick) error {
						if to == 0 {
							events.Broadcast(t, v)
						} else {
							events.Send(t, to, v)
						}
						return nil
					}
				}))
				_, err := s.Step([]game.Entry{{Kind: game.EntryJoin, Player: 1}})
				if tc.want == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				var failed *game.GameError
				var bad *game.MessageError
				if !errors.As(err, &failed) || failed.Hook != "Tick" || !errors.As(err, &bad) ||
					!strings.Contains(err.Error(), tc.want) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// 0 is the answer to a command that was taken, so it is no reason to refuse one.
func TestRefuseNeedsReason(t *testing.T) {
	s := start(t, lab(func(w *game.World, h *hooks) {
		orders := game.NewCommands[order](w, "order")
		h.tick = func(t *game.Tick) error {
			for c := range orders.All(t) {
				c.Refuse(0, "why not")
			}
			return nil
		}
	}))
	p := join(t, s, "a")
	_, err := s.Step([]game.Entry{{Kind: game.EntryCommand, Player: p}})
	if err == nil || !strings.Contains(err.Error(), "Refuse") {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	type in struct {
		A int8 `sync:"min=-2,max=3"`
		B bool
		S string `sync:"max=3"`
		C uint32
		F float32 `sync:"step=0.5"`
		X []byte
	}
	s, err := message[in](true)
	if err != nil {
		t.Fatal(err)
	}
	m := s.Schema().Input
	for _, tc := range []struct {
		why    string
		values []int64
		blobs  []string
		field  string // of the error; "ok": none
	}{
		{"nothing is all zero", nil, nil, "ok"},
		{"the bounds belong to it", []int64{-2, 1, 1<<32 - 1, -1 << 31}, []string{"abc", strings.Repeat("x", 256)}, "ok"},
		{"too small", []int64{-3}, nil, "a"},
		{"too great", []int64{4}, nil, "a"},
		{"a bool is 0 or 1", []int64{0, 2}, nil, "b"},
		{"negative, but unsigned", []int64{0, 0, -1}, nil, "c"},
		{"beyond 32 bits", []int64{0, 0, 0, 1 << 31}, nil, "f"},
		{"too long", nil, []string{"abcd"}, "s"},
		{"not UTF-8", nil, []string{"\xff"}, "s"},
		{"bytes need not be UTF-8", nil, []string{"", "\xff"}, "ok"},
		{"long bytes", nil, []string{"", strings.Repeat("x", 257)}, "x"},
		{"one value too many", []int64{0, 0, 0, 0, 0}, nil, ""},
		{"one blob too many", nil, []string{"", "", ""}, ""},
	} {
		t.Run(tc.why, func(t *testing.T) {
			var blobs [][]byte
			for _, b := range tc.blobs {
				blobs = append(blobs, []byte(b))
			}
			err := m.Check(tc.values, blobs)
			if tc.field == "ok" {
				if err != nil {
					t.Error(err)
				}
				if n := testing.AllocsPerRun(10, func() { _ = m.Check(tc.values, blobs) }); n > 0 {
					t.Errorf("%v allocations", n)
				}
				return
			}
			var bad *game.MessageError
			if !errors.As(err, &bad) || bad.Field != tc.field {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPack(t *testing.T) {
	type inner struct {
		U uint64 `sync:"max=9223372036854775807"`
	}
	type all struct {
		I8  int8
		Int int
		In  [2]inner
		F   float32 `sync:"step=0.25"`
		On  bool
		S   string
		B   []byte
		No  int32 `sync:"-"`
	}
	v := all{I8: -5, Int: -1 << 31, In: [2]inner{{7}, {1 << 40}}, F: -1.5, On: true, S: "é", B: []byte{0, 1}, No: 9}
	values, blobs := game.Pack(v, nil, nil)
	if want := []int64{-5, -1 << 31, 7, 1 << 40, -6, 1}; !slices.Equal(values, want) || len(blobs) != 2 {
		t.Errorf("got %v %q", values, blobs)
	}
	got := all{No: 3, S: "old"}
	game.Unpack(&got, values, blobs)
	if got.I8 != v.I8 || got.Int != v.Int || got.In != v.In || got.F != v.F || !got.On ||
		got.S != v.S || string(got.B) != string(v.B) {
		t.Errorf("got %+v", got)
	}
	game.Unpack(&got, values[:1], nil)
	if got.I8 != v.I8 || got.Int != 0 || got.S != "" || len(got.B) != 0 || got.On {
		t.Errorf("what is missing is not zero: %+v", got)
	}
}

// What cannot be packed is the caller's mistake, and says so.
func TestPackPanics(t *testing.T) {
	for _, tc := range []struct {
		why  string
		call func()
		want string
	}{
		{"an interface has no fields", func() { game.Pack[any](stick{}, nil, nil) }, "not an interface that holds one"},
		{"a number has no fields", func() { game.Pack(7, nil, nil) }, "must be a struct, not int"},
		{"a map cannot be sent", func() { game.Pack(struct{ M map[int]int }{}, nil, nil) }, "field M: a map"},
		{"nor be received", func() { game.Unpack(&struct{ M map[int]int }{}, nil, nil) }, "field M: a map"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			defer func() {
				if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("got %v", err)
				}
			}()
			tc.call()
		})
	}
}

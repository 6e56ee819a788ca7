package game_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// register makes a game with one table, or returns why it cannot be.
func register[T any](options ...game.TableOption) (*game.Sim, error) {
	return game.NewSim(lab(func(w *game.World, _ *hooks) { game.NewTable[T](w, "rows", options...) }), 1, nil)
}

// message makes a game with one input or one command.
func message[T any](input bool) (*game.Sim, error) {
	return game.NewSim(lab(func(w *game.World, _ *hooks) {
		if input {
			game.NewInputs[T](w)
		} else {
			game.NewCommands[T](w, "order")
		}
	}), 1, nil)
}

type (
	point    struct{ X, Y int16 }
	nested   struct{ P point }
	hidden32 struct {
		A    int32
		more [32]int32 //nolint:unused // only its type counts
	}
	// levels is an enum.
	levels uint8
)

func TestColumns(t *testing.T) {
	for _, tc := range []struct {
		why  string
		make func() (*game.Sim, error)
		want []game.Column
	}{
		{"plain kinds", func() (*game.Sim, error) {
			return register[struct {
				HP    uint8
				MaxHP int32
				On    bool
				Level levels
				Big   int64
				Name  string
				Blob  []byte
			}]()
		}, []game.Column{
			{Name: "hp", Kind: game.Int, Bits: 8, K: 2, KE: 6, Unsigned: true},
			{Name: "maxHP", Kind: game.Int, Bits: 32, K: 2, KE: 6},
			{Name: "on", Kind: game.Bool, Bits: 1, K: 2, KE: 6},
			{Name: "level", Kind: game.Int, Bits: 8, K: 2, KE: 6, Unsigned: true},
			{Name: "big", Kind: game.Wide, Bits: 64, K: 2, KE: 6},
			{Name: "name", Kind: game.String},
			{Name: "blob", Kind: game.Bytes},
		}},
		{"int and uint are 32 bits on every machine", func() (*game.Sim, error) {
			return register[struct {
				A int
				B uint
			}]()
		}, []game.Column{
			{Name: "a", Kind: game.Int, Bits: 32, K: 2, KE: 6},
			{Name: "b", Kind: game.Int, Bits: 32, K: 2, KE: 6, Unsigned: true},
		}},
		{"all that a tag can say; jump is in cells, after drop", func() (*game.Sim, error) {
			return register[struct {
				X     int32   `sync:"pos,unit=1024,drop=5,jump=160,ke=10,k=1,lerp"`
				Angle uint16  `sync:"angle,drop=4,lerp"`
				F     float64 `sync:"step=1/32,lerp"`
				Ammo  int32   `sync:"name=shots,k=0"`
			}]()
		}, []game.Column{
			{Name: "x", Kind: game.Pos, Bits: 32, K: 1, KE: 10, Jump: 5, Unit: 1024, Drop: 5, Lerp: true},
			{Name: "angle", Kind: game.Angle, Bits: 12, K: 2, KE: 11, Unsigned: true, Drop: 4, Lerp: true},
			{Name: "f", Kind: game.Float, Bits: 32, K: 2, KE: 6, Step: 1.0 / 32, Lerp: true},
			{Name: "shots", Kind: game.Int, Bits: 32, KE: 6},
		}},
		{"a tag among others, and steps as decimal numbers and fractions", func() (*game.Sim, error) {
			return register[struct {
				A int32   `json:"a,omitempty" sync:"pos,lerp" xml:"b"`
				B int32   `json:"sync"`
				F float64 `sync:"step=0.01"`
				G float64 `sync:"step=2.5/8"`
				H float64 `sync:"step=.5"`
				I float64 `sync:"step=0.000000123456789"`
			}]()
		}, []game.Column{
			{Name: "a", Kind: game.Pos, Bits: 32, KE: 11, Lerp: true},
			{Name: "b", Kind: game.Int, Bits: 32, K: 2, KE: 6},
			{Name: "f", Kind: game.Float, Bits: 32, K: 2, KE: 6, Step: 0.01},
			{Name: "g", Kind: game.Float, Bits: 32, K: 2, KE: 6, Step: 2.5 / 8},
			{Name: "h", Kind: game.Float, Bits: 32, K: 2, KE: 6, Step: 0.5},
			{Name: "i", Kind: game.Float, Bits: 32, K: 2, KE: 6, Step: 0.000000123456789},
		}},
		{"a jump is rounded up to a cell, for 0 would be never", func() (*game.Sim, error) {
			return register[struct {
				A int32 `sync:"pos,drop=5,jump=16"`
				B int32 `sync:"pos,drop=5,jump=33"`
				C int32 `sync:"pos,drop=5,jump=0"`
				D int32 `sync:"pos,drop=31,jump=2147483647"`
			}]()
		}, []game.Column{
			{Name: "a", Kind: game.Pos, Bits: 32, KE: 11, Jump: 1, Drop: 5},
			{Name: "b", Kind: game.Pos, Bits: 32, KE: 11, Jump: 2, Drop: 5},
			{Name: "c", Kind: game.Pos, Bits: 32, KE: 11, Drop: 5},
			{Name: "d", Kind: game.Pos, Bits: 32, KE: 11, Jump: 1, Drop: 31},
		}},
		{"nested structs and arrays, with the tag of the outer field", func() (*game.Sim, error) {
			return register[struct {
				At    nested `sync:"pos"`
				Cells [2]point
			}]()
		}, []game.Column{
			{Name: "at.p.x", Kind: game.Pos, Bits: 16, KE: 11},
			{Name: "at.p.y", Kind: game.Pos, Bits: 16, KE: 11},
			{Name: "cells.0.x", Kind: game.Int, Bits: 16, K: 2, KE: 6},
			{Name: "cells.0.y", Kind: game.Int, Bits: 16, K: 2, KE: 6},
			{Name: "cells.1.x", Kind: game.Int, Bits: 16, K: 2, KE: 6},
			{Name: "cells.1.y", Kind: game.Int, Bits: 16, K: 2, KE: 6},
		}},
		{"unexported fields, and those tagged -, are not replicated, and count for no limit", func() (*game.Sim, error) {
			return register[struct {
				hidden32

				N      int8
				Server [40]int32 `sync:"-"`
			}]()
		}, []game.Column{{Name: "n", Kind: game.Int, Bits: 8, K: 2, KE: 6}}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s, err := tc.make()
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Schema().Tables[0].Columns; !slices.Equal(got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestRegisterRefuses(t *testing.T) {
	for _, tc := range []struct {
		why   string
		make  func() (*game.Sim, error)
		field string
		want  string
	}{
		{"an unknown tag", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"fast"`
			}]()
		}, "A", `unknown tag "fast"`},
		{"a tag twice", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"lerp,lerp"`
			}]()
		}, "A", "twice"},
		{"a value where there is none", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"lerp=1"`
			}]()
		}, "A", "takes no value"},
		{"no value where one is needed", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"unit"`
			}]()
		}, "A", "needs a value"},
		{"- with something else", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"-,lerp"`
			}]()
		}, "A", "alone"},
		{"a number that is none", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"k=many"`
			}]()
		}, "A", "k=many"},
		{"a drop of all bits", func() (*game.Sim, error) {
			return register[struct {
				A uint8 `sync:"drop=8"`
			}]()
		}, "A", "drop=8"},
		{"a tag for another kind", func() (*game.Sim, error) {
			return register[struct {
				A int32 `sync:"jump=5"`
			}]()
		}, "A", "jump has no meaning for an integer"},
		{"min and max are for messages", func() (*game.Sim, error) {
			return register[struct {
				A int32 `sync:"max=5"`
			}]()
		}, "A", "max has no meaning"},
		{"a float without step", func() (*game.Sim, error) { return register[struct{ F float32 }]() }, "F", "step"},
		{"a step that is no number", func() (*game.Sim, error) {
			return register[struct {
				F float32 `sync:"step=1/0"`
			}]()
		}, "F", "step=1/0"},
		{"a step of more digits than are exact", func() (*game.Sim, error) {
			return register[struct {
				F float32 `sync:"step=0.12345678901234567"`
			}]()
		}, "F", "step=0.1"},
		{"a step below zero", func() (*game.Sim, error) {
			return register[struct {
				F float32 `sync:"step=-1"`
			}]()
		}, "F", "step=-1"},
		{"a fraction without a bottom", func() (*game.Sim, error) {
			return register[struct {
				F float32 `sync:"step=1/"`
			}]()
		}, "F", "step=1/"},
		{"a number that is not decimal", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"k=0x1"`
			}]()
		}, "A", "k=0x1"},
		{"a number beyond 64 bits", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"unit=99999999999999999999"`
			}]()
		}, "A", "unit=9"},
		{"a comma with nothing after it", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"lerp,"`
			}]()
		}, "A", `unknown tag ""`},
		{"pos of 64 bits", func() (*game.Sim, error) {
			return register[struct {
				A int64 `sync:"pos"`
			}]()
		}, "A", "pos"},
		{"pos of text", func() (*game.Sim, error) {
			return register[struct {
				A string `sync:"pos"`
			}]()
		}, "A", "pos"},
		{"angle of a size that machines disagree about", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"angle"`
			}]()
		}, "A", "angle"},
		{"a tag on a field that is not sent", func() (*game.Sim, error) {
			return register[struct {
				N int
				a int `sync:"lerp"`
			}]()
		}, "a", "no effect"},
		{"two fields of one name", func() (*game.Sim, error) {
			return register[struct {
				A int
				B int `sync:"name=a"`
			}]()
		}, "B", "called a"},
		{"a name that is none", func() (*game.Sim, error) {
			return register[struct {
				A int `sync:"name=a b"`
			}]()
		}, "A", `"a b"`},
		{"a map", func() (*game.Sim, error) { return register[struct{ M map[int]int }]() }, "M", "cannot be saved"},
		{"a hidden map", func() (*game.Sim, error) { return register[struct{ m map[int]int }]() }, "m", "cannot be saved"},
		{"a pointer", func() (*game.Sim, error) { return register[struct{ P *int }]() }, "P", "ptr"},
		{"a slice", func() (*game.Sim, error) { return register[struct{ s []int32 }]() }, "s", "slice"},
		{"an interface", func() (*game.Sim, error) { return register[struct{ V any }]() }, "V", "interface"},
		{"a func deep inside", func() (*game.Sim, error) {
			return register[struct{ In [2]struct{ f func() } }]()
		}, "In.f", "func"},
		{"a chan", func() (*game.Sim, error) { return register[struct{ c chan int }]() }, "c", "chan"},
		{"a complex number", func() (*game.Sim, error) { return register[struct{ C complex64 }]() }, "C", "complex64"},
		{"not a struct", func() (*game.Sim, error) { return register[int]() }, "", "must be a struct"},
		{"more than 31 columns", func() (*game.Sim, error) { return register[struct{ A [32]int8 }]() }, "", "at most 31"},
		{"an order of masks that are none", func() (*game.Sim, error) {
			return register[point](game.Order(9))
		}, "", "mask"},
		{"a message with an unexported field", func() (*game.Sim, error) {
			return message[struct{ a int }](true)
		}, "a", "never be sent"},
		{"bounds of an input that leave out 0, as a player sends who sends nothing", func() (*game.Sim, error) {
			return message[struct {
				Slot uint8 `sync:"min=1,max=4"`
			}](true)
		}, "Slot", "leave out 0"},
		{"bounds of an input below 0", func() (*game.Sim, error) {
			return message[struct {
				F float32 `sync:"step=0.5,max=-1"`
			}](true)
		}, "F", "leave out 0"},
		{"edge in a command, which is never repeated", func() (*game.Sim, error) {
			return message[struct {
				A bool `sync:"edge"`
			}](false)
		}, "A", "edge"},
		{"edge in an event", func() (*game.Sim, error) {
			return game.NewSim(lab(func(w *game.World, _ *hooks) {
				game.NewEvents[struct {
					A int `sync:"edge"`
				}](w, "news")
			}), 1, nil)
		}, "A", "edge"},
		{"edge on text, which is no press", func() (*game.Sim, error) {
			return message[struct {
				S string `sync:"edge"`
			}](true)
		}, "S", "edge has no meaning for text"},
		{"edge on bytes", func() (*game.Sim, error) {
			return message[struct {
				B []byte `sync:"max=9,edge"`
			}](true)
		}, "B", "edge has no meaning for text"},
		{"a uint64 whose upper half no message holds", func() (*game.Sim, error) {
			return message[struct{ U uint64 }](false)
		}, "U", "2^63"},
		{"an order of a table that clients do not see", func() (*game.Sim, error) {
			return register[struct{ a int }](game.Order(0))
		}, "", "without exported fields"},
		{"bounds the wrong way round", func() (*game.Sim, error) {
			return message[struct {
				A int `sync:"min=5,max=4"`
			}](true)
		}, "A", "max=4"},
		{"a bound that the type cannot hold", func() (*game.Sim, error) {
			return message[struct {
				A uint8 `sync:"max=256"`
			}](true)
		}, "A", "max=256"},
		{"pos in a message", func() (*game.Sim, error) {
			return message[struct {
				A int `sync:"pos"`
			}](false)
		}, "A", "pos has no meaning"},
		{"a float in a message without step", func() (*game.Sim, error) {
			return message[struct{ F float64 }](false)
		}, "F", "step"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			_, err := tc.make()
			var bad *game.DefinitionError
			if !errors.As(err, &bad) || bad.Game != "lab" || bad.Field != tc.field || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %#v: %v", bad, err)
			}
		})
	}
}

func TestDefinitionRefuses(t *testing.T) {
	nothing := func(*game.World) game.Game { return &hooks{} }
	for _, tc := range []struct {
		why  string
		def  game.Definition
		want string
	}{
		{"no New", game.Definition{Name: "x"}, "New is missing"},
		{"New returns nothing", game.Definition{Name: "x", New: func(*game.World) game.Game { return nil }}, "New returned"},
		{"no name", game.Definition{New: nothing}, "Name must be"},
		{"a name with capitals", game.Definition{Name: "Arena", New: nothing}, "lower-case letters"},
		{"a name with a space", game.Definition{Name: "my arena", New: nothing}, "lower-case letters"},
		{"a name of 33 bytes", game.Definition{Name: strings.Repeat("x", 33), New: nothing}, "1 to 32"},
		{"frames that never come", game.Definition{Name: "x", New: nothing, Stride: 32}, "Stride is 32"},
		{"a negative stride", game.Definition{Name: "x", New: nothing, Stride: -1}, "1 to 31"},
		{"less than no players", game.Definition{Name: "x", New: nothing, MaxPlayers: -1}, "MaxPlayers is -1"},
		{"a rate that no clock keeps", game.Definition{Name: "x", New: nothing, Rate: 1000}, "1 to 128"},
		{"a negative rate", game.Definition{Name: "x", New: nothing, Rate: -1}, "1 to 128"},
		{"two tables of one name", lab(func(w *game.World, _ *hooks) {
			game.NewTable[point](w, "a")
			game.NewTable[point](w, "a")
		}), "two of this name"},
		{"a Var is a table too", lab(func(w *game.World, _ *hooks) {
			game.NewTable[point](w, "a")
			game.NewVar(w, "a", point{})
		}), "two of this name"},
		{"two commands of one name", lab(func(w *game.World, _ *hooks) {
			game.NewCommands[point](w, "a")
			game.NewCommands[point](w, "a")
		}), "two of this name"},
		{"two events of one name", lab(func(w *game.World, _ *hooks) {
			game.NewEvents[point](w, "a")
			game.NewEvents[point](w, "a")
		}), "two of this name"},
		{"two inputs", lab(func(w *game.World, _ *hooks) {
			game.NewInputs[point](w)
			game.NewInputs[point](w)
		}), "one kind of input"},
		{"a name that is none", lab(func(w *game.World, _ *hooks) { game.NewTable[point](w, "No Name") }), "letters"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			_, err := game.NewSim(tc.def, 1, nil)
			var bad *game.DefinitionError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a panic of New that is no registration is the game's", func(t *testing.T) {
		_, err := game.NewSim(lab(func(*game.World, *hooks) { panic("boom") }), 1, nil)
		var failed *game.GameError
		if !errors.As(err, &failed) || failed.Hook != "New" || failed.Cause != "boom" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("registering in a tick is too late", func(t *testing.T) {
		s := start(t, lab(func(w *game.World, h *hooks) {
			h.tick = func(*game.Tick) error {
				game.NewTable[point](w, "late")
				return nil
			}
		}))
		if _, err := s.Step(nil); err == nil || !strings.Contains(err.Error(), "New") {
			t.Errorf("got %v", err)
		}
	})
}

// What stands in a field, and what a client sees of it.
func TestCells(t *testing.T) {
	type row struct {
		I8    int8
		U32   uint32
		Int   int
		Uint  uint
		On    bool
		Wide  uint64
		Pos   int32   `sync:"pos,drop=5"`
		Max   int32   `sync:"drop=1"`
		Small uint8   `sync:"drop=2"`
		Angle uint8   `sync:"angle,drop=2"`
		Turn  int16   `sync:"angle"`
		F     float64 `sync:"step=1/4"`
		G     float32 `sync:"step=1/4"`
		Text  string
		Bytes []byte
	}
	wide := uint64(1)<<63 | 5
	for _, tc := range []struct {
		why   string
		row   row
		cells []int32
	}{
		{"extremes", row{
			I8: -128, U32: math.MaxUint32, Int: math.MinInt32, Uint: math.MaxUint32, On: true, Wide: wide,
			Pos: math.MaxInt32, Max: math.MinInt32, Small: 255, Angle: 255, Turn: -1, F: math.Inf(1), G: float32(math.Inf(-1)),
		}, []int32{
			-128, -1, math.MinInt32, -1, 1, 5, math.MinInt32, 1 << 26, -1 << 30, 64, 0, 0xffff, math.MaxInt32, math.MinInt32,
		}},
		{
			"halves are rounded up, below zero too",
			row{Pos: 16, Max: -1, Small: 2, Angle: 6, F: 0.125, G: -0.125},
			[]int32{0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1, 0},
		},
		{
			"less than half is rounded down",
			row{Pos: -17, Max: -3, Small: 1, Angle: 253, F: math.NaN(), G: -0.13},
			[]int32{0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 63, 0, 0, -1},
		},
	} {
		t.Run(tc.why, func(t *testing.T) {
			tc.row.Text, tc.row.Bytes = "héllo", []byte{0, 255}
			s, err := once(t, func(_ *game.Tick, table *game.Table[row]) { table.Add(tc.row) })
			if err != nil {
				t.Fatal(err)
			}
			r, table := view(t, s, "rows")
			if got := r.Cells(table, 0); !slices.Equal(got, tc.cells) {
				t.Errorf("got  %v\nwant %v", got, tc.cells)
			}
			if got := r.Texts(table, 0); !slices.Equal(got, []string{"héllo", "\x00\xff"}) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestCaptureRefuses(t *testing.T) {
	type row struct {
		N    int
		U    uint
		Text string
		B    []byte
		free string
	}
	for _, tc := range []struct {
		why  string
		row  row
		want string
	}{
		{"1 KiB is allowed, and unexported fields have no limit", row{
			Text: strings.Repeat("x", 1024), B: make([]byte, 1024), free: strings.Repeat("x", 5000),
		}, ""},
		{"an int beyond 32 bits", row{N: math.MaxInt32 + 1}, "N is 2147483648"},
		{"an int beyond 32 bits, downward", row{N: math.MinInt32 - 1}, "32 bits"},
		{"a uint beyond 32 bits", row{U: math.MaxUint32 + 1}, "U is 4294967296"},
		{"a long string", row{Text: strings.Repeat("x", 1025)}, "Text has 1025"},
		{"long bytes", row{B: make([]byte, 1025)}, "B has 1025"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s, err := once(t, func(_ *game.Tick, table *game.Table[row]) { table.Add(tc.row) })
			if tc.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var failed *game.GameError
			if !errors.As(err, &failed) || failed.Hook != "capture" || failed.Tick != 1 || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
			if _, again := s.Step(nil); !errors.Is(again, err) {
				t.Errorf("the sim is not dead: %v", again)
			}
		})
	}
}

// Bytes are changed in place, strings are not; a snapshot must show each tick as it was.
func TestCaptureKeepsTexts(t *testing.T) {
	type row struct {
		Text  string
		Bytes []byte
	}
	s := start(t, lab(func(w *game.World, h *hooks) {
		table := game.NewTable[row](w, "rows")
		h.tick = func(t *game.Tick) error {
			switch t.Number() {
			case 1:
				table.Add(row{Text: "a", Bytes: []byte("one")})
			case 3:
				for id, r := range table.All() {
					r.Bytes[0] = 'O'
					past, ok := table.At(2)
					if !ok {
						panic("there is no past")
					}
					if was, there := past.Get(id); !there || string(was.Bytes) != "one" || was.Text != "a" {
						panic("the past has changed: " + string(was.Bytes))
					}
				}
			}
			return nil
		}
	}))
	for range 3 {
		tick(t, s)
	}
	r, table := view(t, s, "rows")
	if got := r.Texts(table, 0); got[1] != "One" {
		t.Errorf("got %q", got)
	}
}

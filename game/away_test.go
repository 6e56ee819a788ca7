package game_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// sitter is a game that writes down which of its hooks are called, and what it is told in them.
func sitter(log *[]string) game.Definition {
	say := func(t *game.Tick, what string, p game.Player) {
		*log = append(*log, fmt.Sprintf("%s %d away=%v %s/%s", what, p, t.Away(p), t.Name(p), t.Identity(p)))
	}
	def := lab(func(w *game.World, h *hooks) {
		in := game.NewInputs[stick](w)
		h.join = func(t *game.Tick, p game.Player) error {
			say(t, "join", p)
			if t.Name(p) == "bad" {
				return errors.New("no")
			}
			return nil
		}
		h.drop = func(t *game.Tick, p game.Player) { say(t, "drop", p) }
		h.resume = func(t *game.Tick, p game.Player) { say(t, "resume", p) }
		h.leave = func(t *game.Tick, p game.Player, _ game.Reason) { say(t, "leave", p) }
		h.closing = func(_ *game.Tick, ticks int) { *log = append(*log, fmt.Sprint("close ", ticks)) }
		h.tick = func(t *game.Tick) error {
			for p := range t.Players() {
				if dx := in.Of(t, p).DX; dx != 0 {
					*log = append(*log, fmt.Sprint("input ", p))
				}
			}
			return nil
		}
	})
	def.Grace = 40
	return def
}

// What a player may go through, and what the game is told of it.
func TestAway(t *testing.T) {
	const p, bad = 10, 20
	drop, resume := game.Entry{Kind: game.EntryDrop, Player: p}, game.Entry{Kind: game.EntryResume, Player: p}
	leave := game.Entry{Kind: game.EntryLeave, Player: p}
	dropped, resumed := "drop 10 away=true a/me", "resume 10 away=false a/me"
	for _, tc := range []struct {
		why   string
		inbox []game.Entry
		want  []string
		away  bool
		gone  bool
	}{
		{"a player who is there is not away", nil, nil, false, false},
		{"a lost connection", []game.Entry{drop}, []string{dropped}, true, false},
		{"lost twice is lost once", []game.Entry{drop, drop}, []string{dropped}, true, false},
		{"back again", []game.Entry{drop, resume}, []string{dropped, resumed}, false, false},
		{"back twice is back once", []game.Entry{drop, resume, resume}, []string{dropped, resumed}, false, false},
		{"who was not away does not come back", []game.Entry{resume}, nil, false, false},
		{"again and again", []game.Entry{drop, resume, drop}, []string{dropped, resumed, dropped}, true, false},
		{"who is away leaves", []game.Entry{drop, leave}, []string{dropped, "leave 10 away=true a/me"}, false, true},
		{
			"who is back leaves",
			[]game.Entry{drop, resume, leave},
			[]string{dropped, resumed, "leave 10 away=false a/me"},
			false, true,
		},
		{"who has left is not lost", []game.Entry{leave, drop, resume}, []string{"leave 10 away=false a/me"}, false, true},
		{"a stranger is nobody", []game.Entry{
			{Kind: game.EntryDrop, Player: 99}, {Kind: game.EntryResume, Player: 99},
		}, nil, false, false},
		{"nobody is nobody", []game.Entry{{Kind: game.EntryDrop}, {Kind: game.EntryResume}}, nil, false, false},
		{"the game knows nothing of whom it refused", []game.Entry{
			{Kind: game.EntryDrop, Player: bad}, {Kind: game.EntryResume, Player: bad}, {Kind: game.EntryDrop, Player: bad},
		}, nil, false, false},
		{
			"but sees it leave",
			[]game.Entry{{Kind: game.EntryDrop, Player: bad}, {Kind: game.EntryLeave, Player: bad}},
			[]string{"leave 20 away=true bad/"},
			false, false,
		},
		{"the server says that it stops, and corrects itself", []game.Entry{
			{Kind: game.EntryClosing, Tick: 750}, {Kind: game.EntryClosing, Tick: 0},
		}, []string{"close 750", "close 0"}, false, false},
	} {
		t.Run(tc.why, func(t *testing.T) {
			var log []string
			s := start(t, sitter(&log))
			tick(t, s,
				game.Entry{Kind: game.EntryJoin, Player: p, Name: "a", Identity: "me"},
				game.Entry{Kind: game.EntryJoin, Player: bad, Name: "bad"})
			log = nil
			for _, e := range tc.inbox[:len(tc.inbox)/2] { // each in a tick of its own, and the rest in one
				tick(t, s, e)
			}
			s = restored(t, s)
			tick(t, s, tc.inbox[len(tc.inbox)/2:]...)
			if !slices.Equal(log, tc.want) {
				t.Errorf("the game is told %q, not %q", log, tc.want)
			}
			if s.Away(p) != tc.away || slices.Contains(s.Players(), p) == tc.gone {
				t.Errorf("away %v, players %v", s.Away(p), s.Players())
			}
		})
	}
}

// Whoever is away does for 250 ms more what it did last, and then nothing, as everybody who sends nothing.
func TestAwayInputs(t *testing.T) {
	var log []string
	s := start(t, sitter(&log))
	p := join(t, s, "a")
	tick(t, s, put(p, s.Now()+1, stick{DX: 1}), game.Entry{Kind: game.EntryDrop, Player: p})
	for range 30 {
		tick(t, s)
	}
	n := len(slices.DeleteFunc(slices.Clone(log), func(line string) bool { return !strings.HasPrefix(line, "input") }))
	if want := 1 + 30*250/1000; n != want {
		t.Errorf("its input was there for %d ticks, not %d", n, want)
	}
	log = nil
	tick(t, s, game.Entry{Kind: game.EntryResume, Player: p}, put(p, s.Now()+1, stick{DX: 1}))
	if !slices.Contains(log, fmt.Sprint("input ", p)) {
		t.Errorf("whoever is back cannot play: %q", log)
	}
	if put := put(p, 1, stick{}); s.Dropped(p) != 0 {
		t.Error("inputs were dropped")
	} else if tick(t, s, put); s.Dropped(p) != 1 || s.Dropped(99) != 0 {
		t.Errorf("%d inputs of one were dropped", s.Dropped(p))
	}
}

// The game may give a player more time, or none; it is told to the server and kept.
func TestSetGrace(t *testing.T) {
	var set func(*game.Tick)
	def := lab(func(_ *game.World, h *hooks) {
		h.tick = func(t *game.Tick) error {
			set(t)
			return nil
		}
	})
	def.Grace = 40
	s := start(t, def)
	set = func(*game.Tick) {}
	a, b := join(t, s, "a"), join(t, s, "b")
	if s.Grace(a) != 40 || s.Grace(b) != 40 {
		t.Errorf("before: %d, %d", s.Grace(a), s.Grace(b))
	}
	set = func(t *game.Tick) {
		t.SetGrace(a, 300)
		t.SetGrace(b, 7)
		t.SetGrace(b, 0)
		t.SetGrace(99, 5)
	}
	out := tick(t, s)
	if want := []game.Grace{{Player: a, Seconds: 300}, {Player: b, Seconds: 7}, {Player: b}}; !slices.Equal(out.Graces, want) {
		t.Errorf("the server is told %v, not %v", out.Graces, want)
	}
	set = func(*game.Tick) {}
	s = restored(t, s)
	if s.Grace(a) != 300 || s.Grace(b) != 0 || s.Grace(99) != 40 {
		t.Errorf("after: %d, %d", s.Grace(a), s.Grace(b))
	}
	if out = tick(t, s); len(out.Graces) > 0 {
		t.Errorf("it is told again: %v", out.Graces)
	}
	if c := join(t, s, "c"); s.Grace(c) != 40 {
		t.Errorf("a newcomer has %d", s.Grace(c))
	}
}

func TestDefinitionGrace(t *testing.T) {
	for _, tc := range []struct {
		why         string
		grace, want int
		ok          bool
	}{
		{"nothing said", 0, 30, true},
		{"one second", 1, 1, true},
		{"as long as may be", 300, 300, true},
		{"longer", 301, 0, false},
		{"not at all", -1, 0, true},
	} {
		def := lab(func(*game.World, *hooks) {})
		def.Grace = tc.grace
		s, err := game.NewSim(def, 1, nil)
		var bad *game.DefinitionError
		if tc.ok != (err == nil) || err != nil && !errors.As(err, &bad) {
			t.Errorf("%s: %v", tc.why, err)
		}
		if err == nil && s.Grace(1) != tc.want {
			t.Errorf("%s: %d seconds, not %d", tc.why, s.Grace(1), tc.want)
		}
	}
}

// A seat from outside is none that Step would not have made.
func TestRestoreRefusesSeats(t *testing.T) {
	var log []string
	s := start(t, sitter(&log))
	tick(t, s, game.Entry{Kind: game.EntryJoin, Player: 10, Name: "a", Identity: "me"},
		game.Entry{Kind: game.EntryDrop, Player: 10})
	saved := s.Checkpoint(nil)
	good := "\x0a\x01a\x02me\x01\x00\x00"
	for _, tc := range []struct {
		why, seat string
		ok        bool
	}{
		{"as it was", good, true},
		{"a grace of 300 seconds", "\x0a\x01a\x02me\x01\x00\xad\x02", true},
		{"one of 301", "\x0a\x01a\x02me\x01\x00\xae\x02", false},
		{"a name that is not UTF-8", "\x0a\x01\xff\x02me\x01\x00\x00", false},
		{"an identity that is not UTF-8", "\x0a\x01a\x02m\xff\x01\x00\x00", false},
		{"a name that is too long", "\x0a\x41" + strings.Repeat("a", 65) + "\x02me\x01\x00\x00", false},
		{"an identity that is too long", "\x0a\x01a\x81\x01" + strings.Repeat("a", 129) + "\x01\x00\x00", false},
		{"neither away nor there", "\x0a\x01a\x02me\x02\x00\x00", false},
		{"neither refused nor let in", "\x0a\x01a\x02me\x01\x02\x00", false},
	} {
		changed := bytes.Replace(saved, []byte(good), []byte(tc.seat), 1)
		if !tc.ok && bytes.Equal(changed, saved) {
			t.Fatal("a seat is written in another way")
		}
		err := start(t, sitter(&log)).Restore(changed)
		if bad := (*game.CheckpointError)(nil); tc.ok != (err == nil) || err != nil && !errors.As(err, &bad) {
			t.Errorf("%s: %v", tc.why, err)
		}
	}
}

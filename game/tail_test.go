package game_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/tickwire/tickwire/game"
)

// doomed is a game of chaos that panics in the tick in which somebody of this name joins.
func doomed() game.Definition {
	def := chaos()
	calm := def.New
	def.New = func(w *game.World) game.Game { return &doom{Game: calm(w)} }
	return def
}

type doom struct{ game.Game }

func (d *doom) Join(t *game.Tick, p game.Player) error {
	if t.Name(p) == "doom" {
		panic("the end of " + t.Identity(p))
	}
	return d.Game.(game.Joiner).Join(t, p)
}

func (d *doom) Leave(t *game.Tick, p game.Player, why game.Reason) {
	d.Game.(game.Leaver).Leave(t, p, why)
}
func (d *doom) Drop(t *game.Tick, p game.Player)   { d.Game.(game.Dropper).Drop(t, p) }
func (d *doom) Resume(t *game.Tick, p game.Player) { d.Game.(game.Resumer).Resume(t, p) }

// A recording may begin in the middle of a room's life, and goes on as the room did.
func TestRecorderAt(t *testing.T) {
	for _, before := range []int{0, 1, 70} {
		s, err := game.NewSim(chaos(), 3, map[string]string{"limit": "few"})
		if err != nil {
			t.Fatal(err)
		}
		r := game.NewRand(9)
		for range before {
			tick(t, s, feed(r, s)...)
		}
		var file bytes.Buffer
		to, err := game.NewRecorderAt(&file, s)
		if err != nil {
			t.Fatal(err)
		}
		var hashes []uint64
		for range 40 {
			inbox := feed(r, s)
			if err := to.Tick(inbox); err != nil {
				t.Fatal(err)
			}
			tick(t, s, inbox...)
			hashes = append(hashes, s.Hash())
		}
		rec := reread(t, file.Bytes())
		if rec.After != uint32(before) || len(rec.Ticks) != 40 || len(rec.Checkpoint) == 0 {
			t.Fatalf("read: after tick %d, %d ticks", rec.After, len(rec.Ticks))
		}
		if err := rec.Replay(chaos(), func(s *game.Sim, _ *game.Output) error {
			if s.Hash() != hashes[s.Now()-uint32(before)-1] {
				t.Fatalf("begun after tick %d: tick %d is another", before, s.Now())
			}
			hashes[s.Now()-uint32(before)-1] = 0
			return nil
		}); err != nil || hashes[39] != 0 {
			t.Errorf("replay: %v", err)
		}
	}
}

// reread reads a recording that must be whole, and be the same when it is written again.
func reread(t *testing.T, file []byte) *game.Recording {
	t.Helper()
	rec, err := game.ReadRecording(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := rec.Write(&again); err != nil || !bytes.Equal(again.Bytes(), file) {
		t.Fatalf("written again it is another file (%v)", err)
	}
	return rec
}

func TestRecorderRefuses(t *testing.T) {
	s, err := game.NewSim(chaos(), 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	tick(t, s)
	var file bytes.Buffer
	var bad *game.RecordingError
	if _, err := game.NewRecorder(&file, s); !errors.As(err, &bad) || file.Len() > 0 {
		t.Errorf("a recording from the first tick on, of a room in its second: %v", err)
	}
	if _, err := game.NewRecorderAt(&file, s); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	rec := reread(t, whole)
	nothing := func(*game.Sim, *game.Output) error { return nil }
	for why, change := range map[string]func(*game.Recording){
		"another tick":         func(r *game.Recording) { r.After++ },
		"a damaged checkpoint": func(r *game.Recording) { r.Checkpoint = r.Checkpoint[:len(r.Checkpoint)-1] },
	} {
		changed := *rec
		change(&changed)
		if err := changed.Replay(chaos(), nothing); err == nil {
			t.Errorf("%s: it is played", why)
		}
	}
	rec.Checkpoint = nil
	file.Reset()
	if err := rec.Write(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := game.ReadRecording(&file); !errors.As(err, &bad) {
		t.Errorf("a tick without a checkpoint: %v", err)
	}
	for n := range whole {
		if rec, err := game.ReadRecording(bytes.NewReader(whole[:n])); rec != nil || err == nil {
			t.Fatalf("the first %d of %d bytes are taken for a recording", n, len(whole))
		}
	}
	failed := start(t, lab(func(_ *game.World, h *hooks) { h.tick = func(*game.Tick) error { return io.EOF } }))
	_, want := failed.Step(nil)
	if _, err := game.NewRecorderAt(&file, failed); !errors.Is(err, want) {
		t.Errorf("a recording of a failed room: %v", err)
	}
}

// The tail of a room that failed fails as the room did, however long it was played before.
func TestTailFails(t *testing.T) {
	const keep = 20
	for played := range 3*keep + 2 {
		s, err := game.NewSim(doomed(), 3, map[string]string{"limit": "few"})
		if err != nil {
			t.Fatal(err)
		}
		tail := game.NewTail(s, keep)
		r := game.NewRand(uint64(played))
		for range played {
			inbox := feed(r, s)
			tail.Add(s, inbox)
			tick(t, s, inbox...)
		}
		last := []game.Entry{{Kind: game.EntryJoin, Player: s.NextID(), Name: "doom", Identity: "Ada"}}
		tail.Add(s, last)
		_, want := s.Step(last)
		tail.Add(s, nil) // a room that does not know yet
		var file bytes.Buffer
		if err := tail.Write(&file); err != nil {
			t.Fatal(err)
		}
		rec := reread(t, file.Bytes())
		if n, most := len(rec.Ticks), 2*keep; n > most || n < min(keep, played+1) || rec.After+uint32(n) != uint32(played+1) {
			t.Fatalf("after %d ticks it keeps %d, from tick %d on", played+1, n, rec.After+1)
		}
		n := 1
		got := rec.Replay(doomed(), func(*game.Sim, *game.Output) error { n++; return nil })
		var failed, again *game.GameError
		if !errors.As(want, &failed) || !errors.As(got, &again) || failed.Error() != again.Error() ||
			failed.Hook != "Join" || again.Hook != "Join" || failed.Tick != again.Tick || n != len(rec.Ticks) {
			t.Fatalf("the room failed with %v, its tail after %d of %d ticks with %v", want, n, len(rec.Ticks), got)
		}
	}
}

// tail is the recording of a room that was played for a while, in which so many ticks at least were kept.
func tail(tb testing.TB, played, keep int) []byte {
	tb.Helper()
	s, err := game.NewSim(chaos(), 3, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r, kept := game.NewRand(6), game.NewTail(s, keep)
	for range played {
		inbox := feed(r, s)
		kept.Add(s, inbox)
		tick(tb, s, inbox...)
	}
	var file bytes.Buffer
	if err := kept.Write(&file); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// An inbox that Step refused is not played, and ticks that nobody added cannot be.
func TestTailMends(t *testing.T) {
	const keep = 5
	wrong := []game.Entry{{Kind: 99}}
	refused := func(_ *testing.T, tail *game.Tail, s *game.Sim) { tail.Add(s, wrong) }
	for _, tc := range []struct {
		why    string
		before int // ticks
		play   func(t *testing.T, tail *game.Tail, s *game.Sim)
		ticks  int
	}{
		{"nothing odd", 3, func(*testing.T, *game.Tail, *game.Sim) {}, 4},
		{"a refused inbox", 3, refused, 4},
		{"the first one refused", 0, refused, 1},
		{"the first one of a segment refused", keep, refused, 6},
		{"the last one of a segment refused", keep - 1, refused, 5},
		{"refused twice", 7, func(_ *testing.T, tail *game.Tail, s *game.Sim) {
			tail.Add(s, wrong)
			tail.Add(s, wrong)
		}, 8},
		{"a tick left out", 8, func(t *testing.T, _ *game.Tail, s *game.Sim) {
			t.Helper()
			tick(t, s)
		}, 1},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s, err := game.NewSim(chaos(), 3, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, tail := game.NewRand(5), game.NewTail(s, keep)
			for range tc.before {
				inbox := feed(r, s)
				tail.Add(s, inbox)
				tick(t, s, inbox...)
			}
			tc.play(t, tail, s)
			inbox := feed(r, s)
			tail.Add(s, inbox)
			tick(t, s, inbox...)
			var file bytes.Buffer
			if err := tail.Write(&file); err != nil {
				t.Fatal(err)
			}
			rec := reread(t, file.Bytes())
			var end uint64
			if err := rec.Replay(chaos(), func(s *game.Sim, _ *game.Output) error {
				end = s.Hash()
				return nil
			}); err != nil || len(rec.Ticks) != tc.ticks || end != s.Hash() {
				t.Errorf("%d ticks, not %d, and the end is the same: %v (%v)", len(rec.Ticks), tc.ticks, end == s.Hash(), err)
			}
		})
	}
}

func TestTailWrites(t *testing.T) {
	s, err := game.NewSim(chaos(), 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	tail := game.NewTail(s, 0) // 1
	var bad *game.RecordingError
	if err := tail.Write(io.Discard); !errors.As(err, &bad) {
		t.Errorf("a tail of nothing: %v", err)
	}
	for range 3 {
		tail.Add(s, nil)
		tick(t, s)
	}
	full := errors.New("the disk is full")
	for n := range 3 {
		if err := tail.Write(&limited{n, full}); !errors.Is(err, full) {
			t.Errorf("after %d writes: %v", n, err)
		}
	}
	if err := tail.Write(iotest.TruncateWriter(io.Discard, 1<<20)); err != nil {
		t.Error(err)
	}
}

// limited takes so many writes.
type limited struct {
	left int
	err  error
}

func (l *limited) Write(b []byte) (int, error) {
	if l.left--; l.left < 0 {
		return 0, l.err
	}
	return len(b), nil
}

// A tail costs a room no garbage.
func TestTailAllocatesNothing(t *testing.T) {
	s, inbox := fleet(t, 64, true, true)
	const keep = 10
	tail := game.NewTail(s, keep)
	var err error
	turn := func() {
		tail.Add(s, inbox)
		err = errors.Join(err, advance(s, inbox))
	}
	for range 20 * keep {
		turn()
	}
	if n := testing.AllocsPerRun(4*keep, turn); n > 0 || err != nil {
		t.Errorf("%v allocations a tick, %v", n, err)
	}
}

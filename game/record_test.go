package game_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tickwire/tickwire/game"
)

// record plays a game of chaos and returns the recording's bytes, where each tick ends in them, and each tick's hash.
func record(tb testing.TB, ticks int) (file []byte, ends []int, hashes []uint64) {
	tb.Helper()
	s, err := game.NewSim(chaos(), 3, map[string]string{"limit": "few", "b": "c"})
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	rec, err := game.NewRecorder(&b, s)
	if err != nil {
		tb.Fatal(err)
	}
	ends = append(ends, b.Len())
	r := game.NewRand(4)
	for range ticks {
		inbox := feed(r, s)
		if err := rec.Tick(inbox); err != nil {
			tb.Fatal(err)
		}
		tick(tb, s, inbox...)
		ends, hashes = append(ends, b.Len()), append(hashes, s.Hash())
	}
	return b.Bytes(), ends, hashes
}

func TestRecording(t *testing.T) {
	file, _, hashes := record(t, 120)
	for name, from := range map[string]io.Reader{
		"at once": bytes.NewReader(file), "byte by byte": iotest.OneByteReader(bytes.NewReader(file)),
	} {
		rec, err := game.ReadRecording(from)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if rec.Game != "chaos" || rec.Seed != 3 || !maps.Equal(rec.Options, map[string]string{"limit": "few", "b": "c"}) {
			t.Errorf("%s: got %q %d %v", name, rec.Game, rec.Seed, rec.Options)
		}
		n := 0
		if err := rec.Replay(chaos(), func(s *game.Sim, _ *game.Output) error {
			if s.Hash() != hashes[n] {
				return fmt.Errorf("tick %d is another", s.Now())
			}
			n++
			return nil
		}); err != nil || n != len(hashes) {
			t.Errorf("%s: %d ticks, %v", name, n, err)
		}
		var again bytes.Buffer
		if err := rec.Write(&again); err != nil || !bytes.Equal(again.Bytes(), file) {
			t.Errorf("%s: written again it is another file (%v)", name, err)
		}
	}
	if len(file) > 120*60 {
		t.Errorf("%d bytes for 120 ticks", len(file))
	}
}

// A room may die in the middle of a write: the whole ticks before that count.
func TestRecordingCutOff(t *testing.T) {
	file, ends, _ := record(t, 30)
	for n := range file {
		rec, err := game.ReadRecording(bytes.NewReader(file[:n]))
		whole := -1
		for _, end := range ends {
			if end <= n {
				whole++
			}
		}
		if whole < 0 {
			if rec != nil || err == nil {
				t.Fatalf("%d bytes have no head, but give %v, %v", n, rec, err)
			}
			continue
		}
		if rec == nil || len(rec.Ticks) != whole {
			t.Fatalf("%d bytes hold %d ticks, but give %v", n, whole, err)
		}
		var cut *game.RecordingError
		if atEnd := ends[whole] == n; atEnd != (err == nil) || !atEnd && (!errors.As(err, &cut) || cut.Tick != uint32(whole+1)) {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
}

func TestRecordingRefuses(t *testing.T) {
	file, ends, _ := record(t, 3)
	change := func(at int, b ...byte) []byte {
		c := bytes.Clone(file)
		copy(c[at:], b)
		return c
	}
	for _, tc := range []struct {
		why   string
		bytes []byte
		want  string
	}{
		{"nothing", nil, "no recording"},
		{"something else", []byte("hello, world"), "no recording"},
		{"another version", change(4, 1), "no recording"},
		{"a head longer than any", append([]byte("TWRC\x02"), 0xff, 0xff, 0xff, 0x7f), "limits"},
		{"a tick longer than any", append(bytes.Clone(file), 0xff, 0xff, 0xff, 0x7f), "limits"},
		{"a length that never ends", append(bytes.Clone(file), bytes.Repeat([]byte{0xff}, 20)...), "limits"},
		{"an unknown kind of entry", append(bytes.Clone(file), 3, 1, 99, 1), "damaged"},
		{"more entries than bytes", append(bytes.Clone(file), 2, 100, 1), "damaged"},
		{"bytes after the entries", append(bytes.Clone(file), 2, 0, 0), "damaged"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			_, err := game.ReadRecording(bytes.NewReader(tc.bytes))
			var bad *game.RecordingError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("an error of the reader is its own", func(t *testing.T) {
		broken := errors.New("broken disk")
		rec, err := game.ReadRecording(io.MultiReader(bytes.NewReader(file[:ends[2]]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) || rec == nil || len(rec.Ticks) != 2 {
			t.Errorf("got %v, %v", rec, err)
		}
	})
	rec, err := game.ReadRecording(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	none := func(*game.Sim, *game.Output) error { return nil }
	t.Run("another game", func(t *testing.T) {
		if err := rec.Replay(lab(func(*game.World, *hooks) {}), none); err == nil || !strings.Contains(err.Error(), "chaos") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the game has changed", func(t *testing.T) {
		other := *rec
		other.StateHash++
		if err := other.Replay(chaos(), none); err == nil || !strings.Contains(err.Error(), "changed") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a field that no client sees has changed its type", func(t *testing.T) {
		one, _ := register[struct {
			N int32
			a int32
		}]()
		other, _ := register[struct {
			N int32
			a uint32
		}]()
		var b bytes.Buffer
		if _, err := game.NewRecorder(&b, one); err != nil {
			t.Fatal(err)
		}
		rec, err := game.ReadRecording(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := rec.Replay(one.Definition(), none); err != nil {
			t.Errorf("its own game is another: %v", err)
		}
		if one.Schema().StateHash() != other.Schema().StateHash() {
			t.Error("clients are told of it")
		}
		if err := rec.Replay(other.Definition(), none); err == nil || !strings.Contains(err.Error(), "changed") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("each stops it", func(t *testing.T) {
		stop, n := errors.New("stop"), 0
		err := rec.Replay(chaos(), func(*game.Sim, *game.Output) error {
			n++
			return stop
		})
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("got %v after %d ticks", err, n)
		}
	})
}

// FuzzReadRecording: whatever the bytes, no panic, not in a replay either; what is read can be written and read again.
func FuzzReadRecording(f *testing.F) {
	file, ends, _ := record(f, 12)
	f.Add(file)
	f.Add(file[:ends[3]])
	f.Add(file[:ends[5]+1])
	f.Add(tail(f, 7, 3))
	f.Add([]byte("TWRC\x02\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := game.ReadRecording(bytes.NewReader(b))
		if rec == nil {
			if err == nil {
				t.Fatal("nothing, and no error")
			}
			return
		}
		if len(rec.Ticks) > len(b) {
			t.Fatalf("%d ticks in %d bytes", len(rec.Ticks), len(b))
		}
		var out bytes.Buffer
		if err := rec.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := game.ReadRecording(bytes.NewReader(out.Bytes()))
		if err != nil || fmt.Sprint(again.Ticks) != fmt.Sprint(rec.Ticks) {
			t.Fatalf("written and read again it is another: %v", err)
		}
		_ = rec.Replay(chaos(), func(*game.Sim, *game.Output) error { return nil })
	})
}

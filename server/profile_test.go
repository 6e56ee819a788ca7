package server

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/world"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// profiled reads what frames consisted of, by table and field, and how many were looked at.
func profiled(t *testing.T, m *metrics) (bytes map[string]float64, frames, rates float64) {
	t.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	bytes = map[string]float64{}
	for _, f := range families {
		for _, c := range f.GetMetric() {
			names := []string{}
			for _, l := range c.GetLabel() {
				if l.GetName() != "game" {
					names = append(names, l.GetValue())
				}
			}
			switch f.GetName() {
			case "tickwire_profile_bytes_total":
				bytes[strings.Join(names, ".")] = c.GetCounter().GetValue() // field, then table
			case "tickwire_profile_frames_total":
				frames += c.GetCounter().GetValue()
			case "tickwire_client_bytes_per_second":
				rates += float64(c.GetHistogram().GetSampleCount())
			}
		}
	}
	return bytes, frames, rates
}

// What is said of the frames that are looked at is all that they consist of. The names are those of the game's tables and
// columns, and a few more.
func TestProfileIsExact(t *testing.T) {
	t.Parallel()
	h := roomOf(t, world.Definition())
	h.bySeed(t, 7, map[string]string{"size": "64"})
	h.join(t, tickwirev1.Codec_CODEC_PACKED)
	one := &tape{}
	h.room.inbox.filled.entries[1].conn.wire.out = one
	for range 20 {
		h.join(t, tickwirev1.Codec_CODEC_PLAIN) // nobody looks at these
	}
	for range 300 {
		h.room.profile.next = time.Time{}
		h.tick(t, []int64{0, 0, 1})
	}
	sent := 0
	for _, f := range one.frames {
		sent += len(f)
	}
	bytes, frames, _ := profiled(t, h.room.server.metrics)
	sum := 0.0
	for _, n := range bytes {
		sum += n
	}
	if frames != 300 || math.Abs(sum-float64(sent)) > 1e-3 {
		t.Errorf("%v bytes in %v frames, %d were sent in %d", sum, frames, sent, len(one.frames))
	}
	for _, name := range []string{
		"x.walkers", "(enters).food", "(leaves).food", "(marks).walkers", "(head).(frame)", "(envelope).(frame)",
	} {
		if bytes[name] == 0 {
			t.Errorf("%s: nothing; %v", name, bytes)
		}
	}
}

// A room looks at one frame and at one client a second.
func TestProfileIsSampled(t *testing.T) {
	t.Parallel()
	h := roomOf(t, world.Definition())
	for range 5 {
		h.join(t, tickwirev1.Codec_CODEC_PACKED)
	}
	for range 10 * h.room.def.Rate {
		h.tick(t, nil)
	}
	if _, frames, rates := profiled(t, h.room.server.metrics); frames != 10 || rates != 9 {
		t.Errorf("%v frames and %v clients in 10 s", frames, rates)
	}
}

// However many tables and columns a game has, there are no more metrics than that.
func TestProfileIsBounded(t *testing.T) {
	t.Parallel()
	m := newMetrics()
	s := &game.Schema{}
	for i := range 60 {
		table := &game.TableSchema{Name: "t" + string(rune('a'+i/26)) + string(rune('a'+i%26))}
		for c := range 30 {
			table.Columns = append(table.Columns, game.Column{
				Name: "c" + string(rune('a'+c/26)) + string(rune('a'+c%26)), Kind: game.Int, Bits: 32, K: 2, KE: 6,
			})
		}
		s.Tables = append(s.Tables, table)
	}
	if err := s.Prepare(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		m.profiles.of(m, "wide", s)
	}
	bytes, _, _ := profiled(t, m)
	if _, rest := bytes["(other).(other)"]; len(bytes) != maxProfiled+1 || !rest {
		t.Errorf("%d metrics, the rest together: %v", len(bytes), rest)
	}
}

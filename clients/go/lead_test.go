package client

import "testing"

// A player whose inputs take delay ticks to arrive, in a room whose slack is the minimum of the last second.
func TestLeadFindsItsPlace(t *testing.T) {
	const rate = 30
	for _, c := range []struct {
		why   string
		delay func(tick int) int32 // eighths of a tick
		least uint32
		most  uint32
	}{
		{"loopback", func(int) int32 { return 2 }, 2, 3},
		{"a far server", func(int) int32 { return 80 }, 11, 13},
		{"too far for the range", func(int) int32 { return 1000 }, maxLead, maxLead},
		{"a line that gets better", func(tick int) int32 {
			if tick < 300 {
				return 60
			}
			return 4
		}, 2, 3},
		{"a late packet now and then", func(tick int) int32 {
			if tick%20 == 0 {
				return 24
			}
			return 4
		}, 4, 6},
	} {
		l := lead{}
		var slack [rate]int32
		for tick := range 3000 {
			slack[tick%rate] = int32(l.now()*8) - c.delay(tick)
			least := slack[0]
			for _, s := range slack[:min(tick+1, rate)] {
				least = min(least, s)
			}
			l.adapt(least, 1, rate)
		}
		if l.ticks < c.least || l.ticks > c.most {
			t.Errorf("%s: lead %d, want %d to %d", c.why, l.ticks, c.least, c.most)
		}
		settled := l.ticks
		changes := 0
		for tick := 3000; tick < 4000; tick++ {
			slack[tick%rate] = int32(l.now()*8) - c.delay(tick)
			least := slack[0]
			for _, s := range slack {
				least = min(least, s)
			}
			if l.adapt(least, 1, rate); l.ticks != settled {
				settled = l.ticks
				changes++
			}
		}
		if changes > 0 {
			t.Errorf("%s: it changed %d times more", c.why, changes)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		why                  string
		last, target, stride uint32
		first, count         uint32
	}{
		{"the first input", 0, 10, 1, 10, 1},
		{"the first input of a slow game", 0, 10, 4, 7, 4},
		{"one tick on", 10, 11, 1, 11, 1},
		{"nothing new", 11, 11, 1, 0, 0},
		{"the lead became shorter", 12, 11, 1, 0, 0},
		{"two ticks on", 10, 12, 1, 11, 2},
		{"after a stall only what the server takes", 10, 100, 1, 93, 8},
		{"a stride above that", 10, 30, 20, 11, 20},
		{"never more than a frame may carry", 10, 1000, 64, 969, 32},
		{"ticks begin with 1", 0, 1, 4, 1, 1},
	} {
		in := input{set: true, last: c.last}
		if first, count := in.span(c.target, c.stride); first != c.first && c.count > 0 || count != c.count {
			t.Errorf("%s: %d from %d, want %d from %d", c.why, count, first, c.count, c.first)
		}
	}
}

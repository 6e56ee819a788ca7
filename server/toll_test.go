package server_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tickwire/tickwire/server/servertest"
)

// toll is what the rooms of a server paid for a time: how many ticks they ran, what the dearest of a hundred cost, and how
// many they gave up.
type toll struct {
	ticks, slips float64
	p99          time.Duration
}

// costs are the buckets of tick_cost_seconds: how many ticks cost at most so much.
type costs struct {
	bounds, counts []float64
	slips          float64
}

// costsOf reads them. The histogram is that of all rooms.
func costsOf(t *testing.T, s *servertest.Server) costs {
	t.Helper()
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	c := costs{slips: metric(t, s, "tick_slips_total")}
	for line := range strings.Lines(w.Body.String()) {
		at, ok := strings.CutPrefix(strings.TrimSpace(line), `tickwire_tick_cost_seconds_bucket{le="`)
		if !ok {
			continue
		}
		bound, count, _ := strings.Cut(at, `"} `)
		b, err := strconv.ParseFloat(bound, 64) // +Inf is a number too
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.ParseFloat(count, 64)
		if err != nil {
			t.Fatal(err)
		}
		c.bounds, c.counts = append(c.bounds, b), append(c.counts, n)
	}
	return c
}

// since is what was paid from an earlier reading on. Within a bucket the costs are taken to be spread evenly.
func (c costs) since(before costs) toll {
	counts := slices.Clone(c.counts)
	for i := range counts {
		counts[i] -= before.counts[i]
	}
	all := counts[len(counts)-1]
	p, low, under := toll{ticks: all, slips: c.slips - before.slips}, 0.0, 0.0
	for i, n := range counts {
		high := c.bounds[i]
		if math.IsInf(high, 1) {
			high = 2 * low
		}
		if n >= 0.99*all {
			p.p99 = time.Duration((low + (high-low)*(0.99*all-under)/max(n-under, 1)) * float64(time.Second))
			break
		}
		low, under = high, n
	}
	return p
}

// tollOf is what the rooms of a server pay while something goes on.
func tollOf(t *testing.T, s *servertest.Server, during func()) toll {
	t.Helper()
	before := costsOf(t, s)
	during()
	return costsOf(t, s).since(before)
}

// calmest is the least toll of several times. A machine that is busy with other things makes ticks dearer now and then;
// what the server does makes them dearer every time.
func calmest(all []toll) toll {
	return slices.MinFunc(all, func(a, b toll) int {
		switch {
		case a.slips != b.slips:
			return int(a.slips - b.slips)
		default:
			return int(a.p99 - b.p99)
		}
	})
}

func TestToll(t *testing.T) {
	t.Parallel()
	bounds := []float64{0.001, 0.002, 0.004, math.Inf(1)}
	before := costs{bounds: bounds, counts: []float64{10, 10, 10, 10}, slips: 1}
	for _, tc := range []struct {
		why   string
		after costs
		want  toll
	}{
		{"a hundred cheap ones", costs{bounds, []float64{110, 110, 110, 110}, 1}, toll{100, 0, 990 * time.Microsecond}},
		{"one of a hundred is dear", costs{bounds, []float64{109, 109, 110, 110}, 1}, toll{100, 0, time.Millisecond}},
		{"two are", costs{bounds, []float64{108, 108, 110, 110}, 3}, toll{100, 2, 3 * time.Millisecond}},
		{"two are beyond all", costs{bounds, []float64{108, 108, 108, 110}, 1}, toll{100, 0, 6 * time.Millisecond}},
	} {
		if got := tc.after.since(before); got.ticks != tc.want.ticks || got.slips != tc.want.slips ||
			(got.p99-tc.want.p99).Abs() > time.Microsecond {
			t.Errorf("%s: %+v, want %+v", tc.why, got, tc.want)
		}
	}
}

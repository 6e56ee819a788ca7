package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// What is read of a server's metrics.
const (
	costMetric = `tickwire_tick_cost_seconds_bucket{le="`
	lateMetric = `tickwire_tick_late_seconds_bucket{le="`
	slipMetric = `tickwire_tick_slips_total`
)

// ticks is what a server says of its ticks: what they cost, how late they began, and how many were given up.
type ticks struct {
	cost, late buckets
	slips      float64
}

// buckets is a histogram: how many took at most so many seconds.
type buckets map[float64]float64

// scrape reads ticks from a server's admin address.
func scrape(ctx context.Context, admin string) (*ticks, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(admin, "/")+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // only read
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s/metrics answered %s", admin, res.Status)
	}
	const most = 4 << 20
	return parseTicks(io.LimitReader(res.Body, most))
}

func parseTicks(r io.Reader) (*ticks, error) {
	t := &ticks{cost: buckets{}, late: buckets{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, count, _ := strings.Cut(lines.Text(), " ")
		var err error
		switch bound := name[strings.IndexByte(name, '"')+1:]; {
		case strings.HasPrefix(name, costMetric):
			err = t.cost.read(bound, count)
		case strings.HasPrefix(name, lateMetric):
			err = t.late.read(bound, count)
		case name == slipMetric:
			t.slips, err = strconv.ParseFloat(count, 64)
		}
		if err != nil {
			return nil, fmt.Errorf("metric %s: %w", name, err)
		}
	}
	return t, lines.Err()
}

// read takes in one bucket: its bound, up to a quotation mark, and its count.
func (b buckets) read(bound, count string) error {
	le, err := strconv.ParseFloat(strings.TrimSuffix(bound, `"}`), 64)
	if err != nil {
		return err
	}
	b[le], err = strconv.ParseFloat(count, 64)
	return err
}

// since is what has come since before.
func (b buckets) since(before buckets) buckets {
	all := buckets{}
	for le, n := range b {
		all[le] = n - before[le]
	}
	return all
}

// longest is the upper bound, in ms, of the highest bucket that got something. ok is false if there was nothing, or the
// longest is beyond all buckets.
func (b buckets) longest() (ms float64, ok bool) {
	total := b[math.Inf(1)]
	best := math.Inf(1)
	for le, n := range b {
		if n >= total && le < best {
			best = le
		}
	}
	return best * 1000, total > 0 && !math.IsInf(best, 1)
}

// quantile is what a part of all took at most, in ms, if those of one bucket lie evenly in it, as Prometheus reckons. What
// is beyond all buckets counts as the highest bound; of nothing it is 0.
func (b buckets) quantile(part float64) float64 {
	rank := part * b[math.Inf(1)]
	from, below := 0.0, 0.0
	for _, le := range slices.Sorted(maps.Keys(b)) {
		switch n := b[le]; {
		case math.IsInf(le, 1) || rank <= 0:
			return from * 1000
		case n >= rank:
			return (from + (le-from)*(rank-below)/(n-below)) * 1000
		default:
			from, below = le, n
		}
	}
	return from * 1000
}

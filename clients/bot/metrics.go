package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// tickBuckets is the server's histogram of what ticks cost: how many took at most so many seconds.
type tickBuckets map[float64]float64

const tickMetric = `tickwire_tick_cost_seconds_bucket{le="`

// scrape reads the histogram from a server's admin address.
func scrape(ctx context.Context, admin string) (tickBuckets, error) {
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

func parseTicks(r io.Reader) (tickBuckets, error) {
	buckets := tickBuckets{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), tickMetric)
		if !ok {
			continue
		}
		bound, count, ok := strings.Cut(rest, `"} `)
		if !ok {
			continue
		}
		le, err := strconv.ParseFloat(bound, 64)
		if err != nil {
			return nil, fmt.Errorf("a bucket of the tick histogram: %w", err)
		}
		if buckets[le], err = strconv.ParseFloat(count, 64); err != nil {
			return nil, fmt.Errorf("a bucket of the tick histogram: %w", err)
		}
	}
	return buckets, lines.Err()
}

// longestSince is the upper bound, in ms, of the highest bucket that got a tick since before. ok is false if there was no
// tick, or the longest is beyond all buckets.
func (b tickBuckets) longestSince(before tickBuckets) (ms float64, ok bool) {
	total := b[math.Inf(1)] - before[math.Inf(1)]
	best := math.Inf(1)
	for le, n := range b {
		if n-before[le] >= total && le < best {
			best = le
		}
	}
	return best * 1000, total > 0 && !math.IsInf(best, 1)
}

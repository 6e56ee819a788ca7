package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/tickwire/tickwire/clients/bot/peers/child"
)

// comparison is our server and bare gws, measured in turn on the same machine with frames and inputs of the same size.
type comparison struct {
	// CPURatio and RSSRatio are ours over gws's, of the medians.
	CPURatio float64  `json:"cpu_ratio"`
	RSSRatio float64  `json:"rss_ratio"`
	Ours     medians  `json:"tickwire"`
	Gws      medians  `json:"gws"`
	Rounds   []*round `json:"rounds"`
}

// medians of the rounds.
type medians struct {
	CPU           float64  `json:"server_cpu_us_per_client_tick"`
	RSS           float64  `json:"server_rss_kb_per_client"`
	FrameInterval interval `json:"frame_interval_ms"`
	InputToState  latency  `json:"input_to_state_ms"`
	FrameBytes    float64  `json:"frame_bytes_mean"`
	InputBytes    float64  `json:"up_bytes_mean"`
}

// round is one measurement of each.
type round struct {
	Ours *report `json:"tickwire"`
	Gws  *report `json:"gws"`
}

// compareGws builds both servers and measures them alternately. It returns the exit code.
func compareGws(ctx context.Context, cfg *config, out, notes io.Writer) int {
	c, broken, err := compare(ctx, cfg, notes)
	if err == nil {
		err = show(out, notes, cfg.json, c, c.table, broken)
	}
	if err != nil {
		_, _ = fmt.Fprintln(notes, "bot:", err) // nothing can be done if standard error is gone
		return 2
	}
	if len(broken) > 0 {
		return 1
	}
	return 0
}

func compare(ctx context.Context, cfg *config, notes io.Writer) (*comparison, []string, error) {
	dir, err := os.MkdirTemp("", "tickwire-compare-")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the system cleans it up some day
	ours := cfg.serverCmd
	if ours == "" {
		if ours, err = child.Build(ctx, dir, "dev", "github.com/tickwire/tickwire/server/dev"); err != nil {
			return nil, nil, err
		}
	}
	bare, err := child.Build(ctx, dir, "gws", "github.com/tickwire/tickwire/clients/bot/peers/gws")
	if err != nil {
		return nil, nil, err
	}
	c := &comparison{}
	var broken []string
	for n := range cfg.rounds {
		r := &round{}
		if r.Ours, err = measureOurs(ctx, cfg, ours, notes); err != nil {
			return nil, nil, fmt.Errorf("our server: %w", err)
		}
		if r.Gws, err = measureBare(ctx, cfg, bare, r.Ours, notes); err != nil {
			return nil, nil, fmt.Errorf("bare gws: %w", err)
		}
		c.Rounds = append(c.Rounds, r)
		for _, b := range cfg.bounds.check(r.Ours) {
			broken = append(broken, fmt.Sprintf("round %d: %s", n+1, b))
		}
		if r.Gws.Connected < r.Gws.Clients || r.Gws.Dropped > 0 {
			broken = append(broken, fmt.Sprintf("round %d: bare gws had %d of %d clients and lost %d", n+1, r.Gws.Connected,
				r.Gws.Clients, r.Gws.Dropped))
		}
		_, _ = fmt.Fprintf(notes, "bot: round %d of %d: %s us and %s KB a client, bare gws %s us and %s KB\n", n+1, cfg.rounds,
			optional(r.Ours.ServerCPU, "%.2f"), optional(r.Ours.ServerRSS, "%.1f"),
			optional(r.Gws.ServerCPU, "%.2f"), optional(r.Gws.ServerRSS, "%.1f")) // only a note
	}
	c.summarize()
	broken = append(broken, cfg.bounds.most("max-cpu-ratio", c.CPURatio, cfg.bounds.cpuRatio)...)
	broken = append(broken, cfg.bounds.most("max-rss-ratio", c.RSSRatio, cfg.bounds.rssRatio)...)
	return c, broken, nil
}

func measureOurs(ctx context.Context, cfg *config, binary string, notes io.Writer) (*report, error) {
	one := *cfg
	one.peer = ""
	return measureServer(ctx, &one, notes, binary, "--addr=127.0.0.1:0", "--admin=", "--log-level=error")
}

// measureBare measures the bare server with frames and inputs as long as ours were, unless the flags say how long.
func measureBare(ctx context.Context, cfg *config, binary string, ours *report, notes io.Writer) (*report, error) {
	one := *cfg
	one.peer, one.admin = peerGws, ""
	if one.frameBytes == 0 {
		one.frameBytes = max(peerHeader, int(ours.FrameBytesMean+0.5))
	}
	if one.inputBytes == 0 {
		one.inputBytes = max(peerInput, int(ours.InputBytesMean+0.5))
	}
	rate := peerRate
	if ours.Frames > 0 {
		rate = max(1, int(ours.Frames+0.5))
	}
	return measureServer(ctx, &one, notes, binary,
		fmt.Sprintf("--frame-bytes=%d", one.frameBytes), fmt.Sprintf("--rate=%d", rate))
}

// measureServer starts a server that prints its address, measures it, and stops it.
func measureServer(ctx context.Context, cfg *config, notes io.Writer, binary string, args ...string) (*report, error) {
	s, err := child.Start(ctx, notes, nil, binary, args...)
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	cfg.url, cfg.serverPID = "http://"+s.Addresses[0], s.PID()
	return measure(ctx, cfg, notes)
}

func (c *comparison) summarize() {
	c.Ours = mediansOf(c.Rounds, func(r *round) *report { return r.Ours })
	c.Gws = mediansOf(c.Rounds, func(r *round) *report { return r.Gws })
	if c.Gws.CPU > 0 {
		c.CPURatio = c.Ours.CPU / c.Gws.CPU
	}
	if c.Gws.RSS > 0 {
		c.RSSRatio = c.Ours.RSS / c.Gws.RSS
	}
}

func mediansOf(rounds []*round, pick func(*round) *report) medians {
	median := func(value func(*report) float64) float64 {
		all := make([]float64, 0, len(rounds))
		for _, r := range rounds {
			all = append(all, value(pick(r)))
		}
		slices.Sort(all)
		return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
	}
	or0 := func(v *float64) float64 {
		if v == nil {
			return 0
		}
		return *v
	}
	return medians{
		CPU: median(func(r *report) float64 { return or0(r.ServerCPU) }),
		RSS: median(func(r *report) float64 { return or0(r.ServerRSS) }),
		FrameInterval: interval{
			P50:  median(func(r *report) float64 { return r.FrameInterval.P50 }),
			P99:  median(func(r *report) float64 { return r.FrameInterval.P99 }),
			P999: median(func(r *report) float64 { return r.FrameInterval.P999 }),
		},
		InputToState: latency{
			P50: median(func(r *report) float64 { return r.InputToState.P50 }),
			P99: median(func(r *report) float64 { return r.InputToState.P99 }),
		},
		FrameBytes: median(func(r *report) float64 { return r.FrameBytesMean }),
		InputBytes: median(func(r *report) float64 { return r.InputBytesMean }),
	}
}

// table prints the comparison for a person.
func (c *comparison) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(t, "medians of %d\ttickwire\tbare gws\tratio\n", len(c.Rounds)) // errors come out of Flush
	line := func(name string, ours, gws float64) {
		ratio := "-"
		if gws > 0 {
			ratio = fmt.Sprintf("%.2f", ours/gws)
		}
		_, _ = fmt.Fprintln(t, strings.Join([]string{name, fmt.Sprintf("%.2f", ours), fmt.Sprintf("%.2f", gws), ratio}, "\t"))
	}
	line("server CPU, us per client and tick", c.Ours.CPU, c.Gws.CPU)
	line("server memory, KB a client", c.Ours.RSS, c.Gws.RSS)
	line("frame interval p99, ms", c.Ours.FrameInterval.P99, c.Gws.FrameInterval.P99)
	line("input to state p50, ms", c.Ours.InputToState.P50, c.Gws.InputToState.P50)
	line("bytes of a frame", c.Ours.FrameBytes, c.Gws.FrameBytes)
	line("bytes of an input", c.Ours.InputBytes, c.Gws.InputBytes)
	return t.Flush()
}

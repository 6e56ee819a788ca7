package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakePlayer gets 30 frames a second of 100 bytes from the moment it joins.
type fakePlayer struct {
	joined time.Time
	fails  error
	lost   string
	g      *gauges
	left   *atomic.Int32
}

func (p *fakePlayer) join(context.Context) error {
	p.joined = time.Now()
	return p.fails
}
func (p *fakePlayer) leave()        { p.left.Add(1) }
func (p *fakePlayer) ended() string { return p.lost }
func (p *fakePlayer) totals() totals {
	n := int(time.Since(p.joined) * 30 / time.Second)
	if p.g.measuring.Load() {
		p.g.interval.add(33 * time.Millisecond)
	}
	return totals{
		frames: n, bytes: n * 100, body: n * 80, wire: int64(n) * 102, ticks: uint64(n), rows: n * 9, samples: n,
	}
}
func (p *fakePlayer) about() (string, int) { return "room", 30 }

func TestFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left atomic.Int32
		cfg, err := parse([]string{"--clients=10", "--duration=20s", "--ramp=2", "--json"}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		f := newFleet(cfg, io.Discard, func(_ *config, g *gauges, n int) player {
			p := &fakePlayer{g: g, left: &left}
			switch n {
			case 3:
				p.fails = &client.Error{Code: 4423}
			case 5:
				p.lost = "SLOW"
			}
			return p
		})
		r, err := f.run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start).Round(time.Second); took != 26*time.Second && took != 25*time.Second {
			t.Errorf("it took %v: 4.5 s of joins at 2 a second, 1 s of warm-up, 20 s", took)
		}
		if r.Connected != 9 || r.Lost != 1 || r.Errors["FULL"] != 1 || r.Errors["SLOW"] != 1 || left.Load() != 9 {
			t.Errorf("connected %d, lost %d, errors %v, left %d", r.Connected, r.Lost, r.Errors, left.Load())
		}
		if math.Abs(r.Frames-30) > 0.1 || math.Abs(r.BytesDown-3000) > 10 || math.Abs(r.WireDown-3060) > 10 ||
			r.BodyBytesMean != 80 || r.FrameBytesMean != 100 || r.Rows != 9 || r.Rooms != 1 {
			t.Errorf("report %+v", r)
		}
		if broken := cfg.bounds.check(r); len(broken) != 3 {
			t.Errorf("broken %q: want the missing client, the lost one, and the errors", broken)
		}
	})
}

// The first thirteen names of the JSON are what other tools read.
func TestReportNames(t *testing.T) {
	var out bytes.Buffer
	r := &report{Errors: map[string]int{}}
	if err := show(&out, io.Discard, true, r, r.table, nil); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%q is not one line of JSON: %v", out.String(), err)
	}
	for _, name := range []string{
		"clients", "connected", "dropped", "resumed", "frames_per_client_s", "bytes_down_per_client_s",
		"wire_bytes_down_per_client_s", "frame_interval_ms", "input_to_state_ms", "desyncs", "errors",
		"server_cpu_us_per_client_tick", "server_rss_kb_per_client",
	} {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	if _, ok := got["frame_interval_ms"].(map[string]any)["p999"]; !ok {
		t.Error("frame_interval_ms.p999 is missing")
	}
	out.Reset()
	if err := r.table(&out); err != nil || !strings.Contains(out.String(), "desyncs") {
		t.Errorf("the table is %q (%v)", out.String(), err)
	}
}

func TestBounds(t *testing.T) {
	cpu := 20.0
	good := report{Clients: 1, Connected: 1, Frames: 30, BodyBytesMean: 80, ServerCPU: &cpu, FrameInterval: interval{P99: 40}}
	for _, c := range []struct {
		why    string
		args   []string
		change func(*report)
		broken int
	}{
		{"nothing is asked for", nil, func(*report) {}, 0},
		{"all bounds hold", []string{"--max-cpu-us=20", "--max-interval-p99=40", "--min-frames=30"}, func(*report) {}, 0},
		{"cpu", []string{"--max-cpu-us=19.9"}, func(*report) {}, 1},
		{"a bound of 0 is one", []string{"--max-body-bytes=0"}, func(*report) {}, 1},
		{"interval", []string{"--max-interval-p99=39"}, func(*report) {}, 1},
		{"too few frames", []string{"--min-frames=31"}, func(*report) {}, 1},
		{"not measured is broken", []string{"--max-tick-ms=5"}, func(*report) {}, 1},
		{"a desync needs no flag", nil, func(r *report) { r.Desyncs = 1 }, 1},
		{"a desync that is allowed", []string{"--max-desyncs=1"}, func(r *report) { r.Desyncs = 1 }, 0},
		{"a client that was lost, and its error", nil, func(r *report) {
			r.Lost, r.Dropped, r.Errors = 1, 1, map[string]int{"LOST": 1}
		}, 2},
		{"a loss that is allowed", []string{"--max-lost=1"}, func(r *report) {
			r.Lost, r.Dropped, r.Errors = 1, 1, map[string]int{"LOST": 1}
		}, 0},
		{"who comes back is not lost", nil, func(r *report) { r.Dropped, r.Resumed = 100, 100 }, 0},
		{"but may not be dropped too often", []string{"--max-dropped=99"}, func(r *report) {
			r.Dropped, r.Resumed = 100, 100
		}, 1},
		{"too long away", []string{"--max-resume-p99=500"}, func(r *report) { r.ResumeTime.P99 = 501 }, 1},
	} {
		cfg, err := parse(c.args, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		r := good
		c.change(&r)
		if broken := cfg.bounds.check(&r); len(broken) != c.broken {
			t.Errorf("%s: %q", c.why, broken)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"--clients=0"},
		{"--duration=0s"},
		{"--ramp=0"},
		{"--codec=json"},
		{"--peer=foo"},
		{"--nope"},
		{"extra"},
		{"--frame-bytes=7"},
		{"--rounds=0"},
		{"--net-profile=fast"},
		{"--cut-every=-1s"},
		{"--cut-every=5s", "--peer=gws"},
		{"--net-profile=wifi", "--compare-gws"},
	} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

func TestProc(t *testing.T) {
	cpu, err := parseStat([]byte("12 (a) b) R 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 5 0 0 0\n"))
	if err != nil || cpu != 2*time.Second {
		t.Errorf("cpu %v (%v), want 2 s", cpu, err)
	}
	kb, err := parseStatus([]byte("Name:\tx\nVmRSS:\t   2048 kB\nThreads:\t5\n"))
	if err != nil || kb != 2048 {
		t.Errorf("rss %v (%v), want 2048", kb, err)
	}
	for _, bad := range []string{"", "12 (a", "1 (a) R 1", "1 (a) R 1 2 3 4 5 6 7 8 9 10 x 5 6"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("stat %q was read", bad)
		}
		if _, err := parseStatus([]byte(bad)); err == nil {
			t.Errorf("status %q was read", bad)
		}
	}
}

func TestTicks(t *testing.T) {
	read := func(text string) *ticks {
		b, err := parseTicks(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	line := func(metric, le, n string) string { return metric + le + `"} ` + n + "\n" }
	three := func(a, b, c string) string {
		return line(costMetric, "0.001", a) + line(costMetric, "0.002", b) + line(costMetric, "+Inf", c)
	}
	before := read("# HELP x\n" + three("5", "6", "7"))
	for _, c := range []struct {
		why   string
		after string
		ms    float64
		ok    bool
	}{
		{"all in the first bucket", three("9", "10", "11"), 1, true},
		{"one in the second", three("8", "10", "11"), 2, true},
		{"one beyond all", three("8", "9", "11"), 0, false},
		{"no tick", three("5", "6", "7"), 0, false},
	} {
		ms, ok := read(c.after).cost.since(before.cost).longest()
		if ok != c.ok || ok && ms != c.ms {
			t.Errorf("%s: %v %v", c.why, ms, ok)
		}
	}
	if all := read(three("1", "2", "3") + line(lateMetric, "+Inf", "4") + slipMetric + " 5\n"); len(all.late) != 1 ||
		all.late[math.Inf(1)] != 4 || all.slips != 5 {
		t.Errorf("lateness and slips were read as %v, %v", all.late, all.slips)
	}
	for _, bad := range []string{line(costMetric, "x", "1"), line(lateMetric, "1", "x"), slipMetric + " x"} {
		if _, err := parseTicks(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		why  string
		of   buckets
		part float64
		ms   float64
	}{
		{"in the middle of the first bucket", buckets{0.001: 10, 0.002: 10, math.Inf(1): 10}, 0.5, 0.5},
		{"a quarter into the second", buckets{0.001: 5, 0.002: 9, math.Inf(1): 10}, 0.6, 1.25},
		{"at a bound", buckets{0.001: 5, 0.002: 9, math.Inf(1): 10}, 0.9, 2},
		{"beyond all", buckets{0.001: 5, 0.002: 9, math.Inf(1): 10}, 0.99, 2},
		{"of nothing", buckets{0.001: 0, math.Inf(1): 0}, 0.99, 0},
		{"without buckets", nil, 0.99, 0},
	} {
		if ms := c.of.quantile(c.part); math.Abs(ms-c.ms) > 1e-9 {
			t.Errorf("%s: %v ms, want %v", c.why, ms, c.ms)
		}
	}
}

// Whatever the schema, what the monkey sends is what the schema allows.
func TestMonkey(t *testing.T) {
	m := &monkey{rng: rand.New(rand.NewPCG(1, 1))}
	message := &game.Message{Fields: []game.Field{
		{Kind: game.FieldInt, Min: math.MinInt64, Max: math.MaxInt64},
		{Kind: game.FieldInt, Min: -1, Max: 1},
		{Kind: game.FieldInt, Min: math.MaxInt64 - 1, Max: math.MaxInt64},
		{Kind: game.FieldString, Max: 3},
		{Kind: game.FieldFloat, Min: 5, Max: 5, Step: 0.5},
		{Kind: game.FieldBytes, Max: 0},
		{Kind: game.FieldBool, Max: 1},
	}}
	seen := map[int64]bool{}
	for range 200 {
		m.fill(message)
		if err := message.Check(m.values, m.blobs); err != nil {
			t.Fatalf("%v %q: %v", m.values, m.blobs, err)
		}
		seen[m.values[1]] = true
	}
	if len(seen) != 3 {
		t.Errorf("of three values it sent %v", seen)
	}
}

func TestCodeOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&client.Error{Code: 4413}, "SLOW"},
		{&client.Error{Code: client.CodeLost}, "LOST"},
		{&client.Error{Code: 1002}, "1002"},
		{context.DeadlineExceeded, "TIMEOUT"},
		{errors.New("x"), "OTHER"},
	} {
		if got := codeOf(c.err); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}

func TestMedians(t *testing.T) {
	of := func(cpu float64) *round { return &round{Ours: &report{ServerCPU: &cpu}, Gws: &report{}} }
	c := &comparison{Rounds: []*round{of(3), of(100), of(5), of(7)}}
	if c.summarize(); c.Ours.CPU != 6 || c.CPURatio != 0 {
		t.Errorf("median %v ratio %v, want 6 and, without a measurement of the other, 0", c.Ours.CPU, c.CPURatio)
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// notebook takes notes of several: servers write to it too.
type notebook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notebook) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(b)
}

func (n *notebook) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// The whole chain, with few clients: all systems are built, started, played on, measured and stopped, and what is there
// already is not measured again.
func TestBench(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "..", ".."))
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no Node")
	}
	if _, err := os.Stat(filepath.Join(twin, "node_modules", "@colyseus", "core")); err != nil {
		t.Skip("the packages of Colyseus are not installed: npm ci in " + twin)
	}
	out := t.TempDir()
	args := []string{
		"--arena=6", "--world=6", "--rooms=40", "--rounds=1", "--duration=500ms", "--lateness=500ms", "--warmup=200ms",
		"--out=" + out, "--node=node",
	}
	var notes notebook
	if err := run(t.Context(), args, &notes); err != nil {
		t.Fatalf("%v\n%s", err, notes.String())
	}
	s, err := openStore(filepath.Join(out, "results.jsonl"), false)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := parse(args, &notes)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range plan(cfg) {
		l := s.find(k)
		if l == nil {
			t.Errorf("%s is missing\n%s", k, notes.String())
			continue
		}
		r := l.Report
		if r.Connected != k.Clients || r.Lost != 0 || len(r.Errors) > 0 || r.Frames < rate/2 || r.CPU <= 0 ||
			r.WireDown <= r.BytesDown || r.FrameMean <= 0 || r.Desyncs > 0 || r.BadFrames > 0 ||
			(r.TickMax == nil) != (k.System == gws) || k.Game == rooms && (r.TickLate == nil || r.TickLate.P999 <= 0) {
			t.Errorf("%s: %+v", k, r)
		}
	}
	for _, file := range []string{"RESULTS.md", "cpu.svg", "bytes.svg", "memory.svg", "interval.svg"} {
		if info, err := os.Stat(filepath.Join(out, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	before := len(notes.String())
	if err := run(t.Context(), args, &notes); err != nil || len(notes.String()) != before {
		t.Errorf("the second run measured again (%v):\n%s", err, notes.String()[before:])
	}
}

func TestStopped(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "..", ".."))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, []string{"--systems=gws", "--out=" + t.TempDir()}, t.Output()); err == nil {
		t.Error("a run that is stopped says nothing")
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		why  string
		args []string
		want string
	}{
		{"all by default", nil, ""},
		{"a part", []string{"--systems=gws,tickwire", "--games=world", "--world=500,20"}, ""},
		{"unknown system", []string{"--systems=nakama"}, "nakama"},
		{"unknown game", []string{"--games=chess"}, "chess"},
		{"no number", []string{"--arena=64,x"}, `"x"`},
		{"no clients", []string{"--world=0"}, `"0"`},
		{"no rounds", []string{"--rounds=0"}, "--rounds"},
		{"a word too many", []string{"arena"}, "arena"},
	} {
		cfg, err := parse(c.args, t.Output())
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.why, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v is not about %s", c.why, err, c.want)
		}
		_ = cfg
	}
	cfg, err := parse([]string{"--arena=512,64,64", "--world=1500", "--rounds=2"}, t.Output())
	if err != nil || !slices.Equal(cfg.clients[arena], []int{64, 512}) {
		t.Fatalf("%v (%v)", cfg, err)
	}
	keys := plan(cfg)
	if want := 2 * (2*3 + 2 + 1); len(keys) != want {
		t.Errorf("%d measurements, want %d: the twin of the world ends at 500, and rooms are ours alone", len(keys), want)
	}
	if first := []key{{tickwire, arena, 64, 1}, {gws, arena, 64, 1}, {colyseus, arena, 64, 1}}; !slices.Equal(keys[:3], first) {
		t.Errorf("it begins with %v", keys[:3])
	}
}

// A room of the world has the density of 1,500 players in the default one, whatever their number.
func TestWorldSize(t *testing.T) {
	for clients, want := range map[int]int{1500: 512, 500: 296, 200: 187} {
		if got := worldSize(clients); got != want {
			t.Errorf("%d clients: %d, want %d", clients, got, want)
		}
	}
}

// made is a measurement.
func made(system string, clients, round int, cpu, frames float64) line {
	return line{key: key{system, arena, clients, round}, Report: report{
		Connected: clients, CPU: cpu, Frames: frames, BodyMean: 50, WireDown: 1200, RSS: 30, FrameInterval: interval{P99: 51},
	}}
}

func TestSummary(t *testing.T) {
	failed := made(gws, 512, 2, 0, 0)
	failed.Failed = "it fell over"
	slips := 2.0
	late := made(tickwire, 3200, 1, 11, 20)
	late.Game, late.Report.Rooms = rooms, 200
	late.Report.TickLate, late.Report.TickSlips = &interval{0.25, 1.5, 4.5}, &slips
	r := summarize([]line{
		late,
		made(tickwire, 512, 1, 10, 20), made(gws, 512, 1, 20, 20), made(colyseus, 512, 1, 40, 20),
		made(tickwire, 512, 2, 30, 20), failed, made(colyseus, 512, 2, 40, 18.9),
		made(tickwire, 512, 3, 12, 20), made(gws, 512, 3, 16, 20), made(colyseus, 512, 3, 36, 18),
		made(tickwire, 64, 1, 25, 20),
	})
	at := place{arena, 512}
	if got := r.at(tickwire, at).cpu; got != (figure{12, 10, 30}) {
		t.Errorf("CPU %v, want the median 12 of 10 to 30", got)
	}
	cpu := func(r *report) float64 { return r.CPU }
	if got := r.ratio(gws, at, cpu); got != 0.625 {
		t.Errorf("ratio %v, want that between 10/20 and 12/16, as round 2 has none", got)
	}
	if got := r.ratio(colyseus, at, cpu); got != 12.0/36 {
		t.Errorf("ratio %v, want the median 12/36", got)
	}
	if got := r.ratio(gws, place{arena, 64}, cpu); got != 0 {
		t.Errorf("ratio %v of nothing", got)
	}
	if first, missed, _ := r.missed(colyseus, arena); !missed || first != 512 {
		t.Errorf("Colyseus missed its rate at %d (%v), want 512: 18.9 is below 95 %% of 20", first, missed)
	}
	if _, missed, most := r.missed(tickwire, arena); missed || most != 512 {
		t.Errorf("ours missed its rate (%v), measured up to %d", missed, most)
	}
	text := string(r.markdown())
	for _, want := range []string{
		"| 512 | Tickwire | 12.0 (10.0–30.0) | 1000 | 1200 | 30.0 | 20.00 |", "| 512 | 0.62 | 0.33 |",
		"| 3200 | 200 | 1 | 0.2 | 1.5 | 4.5 | 2 | 11.0 | 20.00 | - |",
		"- Colyseus 0.18: 512", "- Tickwire: none; measured up to 512", "## How to repeat",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	s, err := openStore(path, false)
	if err != nil {
		t.Fatal(err)
	}
	failed := made(gws, 64, 1, 1, 20)
	failed.Failed = "x"
	for _, l := range []line{made(tickwire, 64, 1, 1, 20), failed, made(tickwire, 64, 1, 2, 20)} {
		if err := s.add(l); err != nil {
			t.Fatal(err)
		}
	}
	again, err := openStore(path, false)
	if err != nil || len(again.lines) != 2 {
		t.Fatalf("%d lines (%v), want two: one was measured again", len(again.lines), err)
	}
	if l := again.find(key{tickwire, arena, 64, 1}); l == nil || l.Report.CPU != 2 {
		t.Errorf("the newer one is not there: %v", l)
	}
	if again.find(failed.key) != nil {
		t.Error("one that failed counts as measured")
	}
	if fresh, err := openStore(path, true); err != nil || len(fresh.lines) != 0 {
		t.Errorf("fresh: %v (%v)", fresh, err)
	}
	if err := os.WriteFile(path, []byte("{\n"), readable); err != nil {
		t.Fatal(err)
	}
	if _, err := openStore(path, false); err == nil || !errors.As(err, new(*json.SyntaxError)) {
		t.Errorf("a broken file: %v", err)
	}
}

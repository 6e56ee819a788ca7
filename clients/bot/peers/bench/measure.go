package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// measureAll does what is still to be done, round by round: what is compared is measured within the same minutes.
func measureAll(ctx context.Context, cfg *config, s *store, notes io.Writer) error {
	dir, err := os.MkdirTemp("", "tickwire-peers-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the system cleans it up some day
	p, err := prepare(ctx, cfg, dir)
	if err != nil {
		return err
	}
	failed := 0
	keys := plan(cfg)
	for i, k := range keys {
		if s.find(k) != nil {
			continue
		}
		ours := s.find(key{tickwire, k.Game, k.Clients, k.Round})
		if k.System == gws && ours == nil {
			notef(notes, "%d/%d %s: ours was not measured, so nothing says how long its frames are", i+1, len(keys), k)
			failed++
			continue
		}
		l := line{
			key: k, At: time.Now().UTC().Truncate(time.Second), Machine: machine(), Version: p.versions[k.System], Rate: rate,
		}
		quiet := beginDisturbance()
		r, err := p.measure(ctx, cfg, notes, k, ours)
		l.Others = quiet.cores()
		switch {
		case ctx.Err() != nil:
			return errors.New("stopped; the next run goes on from here")
		case err != nil:
			l.Failed = err.Error()
			failed++
			notef(notes, "%d/%d %s: FAILED: %v", i+1, len(keys), k, err)
		default:
			l.Report = *r
			notef(notes, "%d/%d %s: %.1f us of CPU, %.0f B/s, %.1f KB a client, %.2f frames/s, p99 %.1f ms; others had %.2f cores",
				i+1, len(keys), k, r.CPU, r.WireDown, r.RSS, r.Frames, r.FrameInterval.P99, l.Others)
		}
		if err := s.add(l); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d measurements failed; the next run tries them again", failed, len(keys))
	}
	return nil
}

// String names a measurement for people.
func (k key) String() string {
	return fmt.Sprintf("round %d, %s, %d clients, %s", k.Round, k.Game, k.Clients, k.System)
}

// plan lists all that is to be measured.
func plan(cfg *config) []key {
	var keys []key
	for round := range cfg.rounds {
		for _, game := range cfg.games {
			for _, clients := range cfg.clients[game] {
				for _, system := range systemNames() {
					if slices.Contains(cfg.systems, system) && skips(system, game, clients) == "" {
						keys = append(keys, key{system, game, clients, round + 1})
					}
				}
			}
		}
	}
	return keys
}

// measure starts a system's server, lets the bots play on it, and stops it.
func (p *programs) measure(ctx context.Context, cfg *config, notes io.Writer, k key, ours *line) (*report, error) {
	s, err := p.start(ctx, notes, k, ours)
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	window := cfg.duration
	if k.Game == rooms {
		window = cfg.lateness
	}
	args := []string{
		"--json", "--url=http://" + s.Addresses[0], "--game=" + sampleOf(k.Game), "--pilot=blind",
		"--clients=" + strconv.Itoa(k.Clients), "--duration=" + window.String(), "--warmup=" + cfg.warmup.String(),
		"--ramp=" + strconv.Itoa(cmp.Or(cfg.ramp, ramps[k.Game])), "--server-pid=" + strconv.Itoa(s.PID()),
	}
	if len(s.Addresses) > 1 {
		args = append(args, "--admin=http://"+s.Addresses[1])
	}
	if k.Game == world && k.System != gws {
		args = append(args, "--option=size="+strconv.Itoa(worldSize(k.Clients)))
	}
	switch k.System {
	case gws:
		args = append(args, "--peer=gws", "--frame-bytes="+strconv.Itoa(frameBytes(ours)),
			"--input-bytes="+strconv.Itoa(inputBytes(ours)))
	case colyseus:
		args = append(args, "--peer=colyseus")
	}
	command := append([]string{p.bot}, args...)
	if k.Game == rooms { // how late ticks are is the server's alone if the bots give way, who should be elsewhere
		command = append([]string{"nice", "-n", "19"}, command...)
	}
	return play(ctx, notes, command)
}

// play runs the bots. They exit with 1 if a client failed; the report says so too.
func play(ctx context.Context, notes io.Writer, command []string) (*report, error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // just built
	cmd.Stdout, cmd.Stderr = &out, notes
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	r := &report{}
	if wrong := json.Unmarshal(lines[len(lines)-1], r); wrong != nil {
		return nil, errors.Join(errors.New("the bots could not play"), err)
	}
	if r.Connected == 0 {
		return nil, errors.New("no client could join")
	}
	return r, nil
}

func notef(w io.Writer, format string, values ...any) {
	_, _ = fmt.Fprintf(w, "bench: "+format+"\n", values...) // only a note
}

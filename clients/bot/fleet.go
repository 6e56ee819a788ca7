package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// gauges is what all players of a fleet write to.
type gauges struct {
	measuring, cutting                     atomic.Bool
	interval, input, command, join, resume *histogram
	http                                   *http.Client
}

// fleet is one load: players that join, play for a while, are measured, and leave.
type fleet struct {
	cfg     *config
	notes   io.Writer
	gauges  *gauges
	players []player
	rates   rates

	mu     sync.Mutex
	joined []player
	errors map[string]int
}

// moment is what is read at the beginning and at the end of the measurement.
type moment struct {
	at     time.Time
	sums   totals
	server time.Duration // CPU
	bot    time.Duration
	ticks  *ticks // nil without --admin
}

func newFleet(cfg *config, notes io.Writer, player func(*config, *gauges, int) player) *fleet {
	f := &fleet{cfg: cfg, notes: notes, errors: map[string]int{}, gauges: &gauges{
		interval: newHistogram(), input: newHistogram(), command: newHistogram(), join: newHistogram(),
		resume: newHistogram(), http: &http.Client{Transport: &http.Transport{
			MaxIdleConnsPerHost: 64, DialContext: newNetwork(cfg, lobbyNetwork, nil).dial,
		}},
	}}
	for i := range cfg.clients {
		f.players = append(f.players, player(cfg, f.gauges, i))
	}
	return f
}

// run does all of it. An error means that nothing could be measured.
func (f *fleet) run(ctx context.Context) (*report, error) {
	r := &report{Clients: f.cfg.clients, Server: "tickwire", Game: f.cfg.game, Codec: f.cfg.codec, Network: f.cfg.profile}
	switch f.cfg.peer {
	case peerGws:
		r.Server, r.Game, r.Codec = peerGws, "frames of fixed size", ""
	case peerColyseus:
		r.Server, r.Codec = peerColyseus, ""
	}
	if f.cfg.serverPID != 0 {
		kb, err := process{f.cfg.serverPID}.rssKB()
		if err != nil {
			return nil, fmt.Errorf("--server-pid: %w", err)
		}
		r.ServerIdleKB = &kb
	}
	defer f.gauges.http.CloseIdleConnections()
	f.join(ctx)
	defer f.leave()
	f.gauges.cutting.Store(true)
	pause(ctx, f.cfg.warmup)
	begin, err := f.moment(ctx)
	if err != nil {
		return nil, err
	}
	f.gauges.measuring.Store(true)
	f.watch(ctx, begin)
	f.gauges.measuring.Store(false)
	f.gauges.cutting.Store(false)
	end, err := f.moment(ctx)
	if err != nil {
		return nil, err
	}
	if f.cfg.serverPID != 0 {
		kb, err := process{f.cfg.serverPID}.rssKB()
		if err != nil {
			return nil, fmt.Errorf("--server-pid: the server has ended: %w", err)
		}
		r.ServerRSSKB = &kb
	}
	f.fill(r, begin, end)
	f.settle(ctx)
	f.account(r)
	return r, ctx.Err()
}

// join lets the players join at the ramp's rate and waits until each has a seat or an error.
func (f *fleet) join(ctx context.Context) {
	var joining sync.WaitGroup
	start := time.Now()
	for i, p := range f.players {
		due := time.Duration(float64(i) / f.cfg.ramp * float64(time.Second))
		if !pause(ctx, due-time.Since(start)) {
			break
		}
		joining.Go(func() {
			from := time.Now()
			err := p.join(ctx)
			f.mu.Lock()
			defer f.mu.Unlock()
			if err != nil {
				f.errors[codeOf(err)]++
				if f.errors[codeOf(err)] == 1 {
					f.notef("join: %v", err)
				}
				return
			}
			f.gauges.join.add(time.Since(from))
			f.joined = append(f.joined, p)
		})
	}
	joining.Wait()
}

// leave lets the players leave, some at a time.
func (f *fleet) leave() {
	var leaving sync.WaitGroup
	slots := make(chan struct{}, 64)
	for _, p := range f.joined {
		slots <- struct{}{}
		leaving.Go(func() {
			p.leave()
			<-slots
		})
	}
	leaving.Wait()
}

func (f *fleet) moment(ctx context.Context) (*moment, error) {
	m := &moment{}
	var err error
	if f.cfg.admin != "" {
		if m.ticks, err = scrape(ctx, f.cfg.admin); err != nil {
			return nil, fmt.Errorf("--admin: %w", err)
		}
	}
	if f.cfg.serverPID != 0 {
		if m.server, err = (process{f.cfg.serverPID}).cpu(); err != nil {
			return nil, fmt.Errorf("--server-pid: %w", err)
		}
	}
	m.at = time.Now()
	for _, p := range f.joined {
		m.sums.add(p.totals())
	}
	m.bot = ownCPU()
	return m, nil
}

// watch waits for the end and says each second how it goes, if somebody is looking.
func (f *fleet) watch(ctx context.Context, begin *moment) {
	last := begin.sums.frames
	if f.cfg.profiling {
		f.rates.sample(f.joined, begin.at)
	}
	for left := f.cfg.duration; left > 0; left = f.cfg.duration - time.Since(begin.at) {
		if !pause(ctx, min(left, time.Second)) {
			return
		}
		if f.cfg.profiling {
			f.rates.sample(f.joined, time.Now())
		}
		if !terminal(f.notes) {
			continue
		}
		sums, alive := totals{}, 0
		for _, p := range f.joined {
			sums.add(p.totals())
			if p.ended() == "" {
				alive++
			}
		}
		f.notef("%3.0f s: %d of %d clients, %.1f frames a second each, p99 %.1f ms, %d dropped, %d resumed, %d lost, %d desyncs",
			time.Since(begin.at).Seconds(), alive, f.cfg.clients,
			float64(sums.frames-last)/float64(max(1, alive)), f.gauges.interval.ms(99),
			sums.dropped, sums.resumed, len(f.joined)-alive, sums.desyncs)
		last = sums.frames
	}
}

func (f *fleet) notef(format string, values ...any) {
	_, _ = fmt.Fprintf(f.notes, "bot: "+format+"\n", values...) // only a note
}

// pause waits; false if ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ownCPU is this process's user and system time; 0 where it is not known.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// codeOf is an error's name in the report.
func codeOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "TIMEOUT"
	case errors.Is(err, context.Canceled):
		return "CANCELED"
	default:
		return tickwireCode(err)
	}
}

// source is the bot's own randomness: the same seed plays the same way, as far as the server does.
func source(cfg *config, number int) *rand.Rand {
	return rand.New(rand.NewPCG(cfg.seed, uint64(number))) //nolint:gosec // not a secret; numbers are not negative
}

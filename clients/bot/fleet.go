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
	measuring                      atomic.Bool
	interval, input, command, join *histogram
	http                           *http.Client
}

// fleet is one load: players that join, play for a while, are measured, and leave.
type fleet struct {
	cfg     *config
	notes   io.Writer
	gauges  *gauges
	players []player

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
	ticks  tickBuckets
}

func newFleet(cfg *config, notes io.Writer, player func(*config, *gauges, int) player) *fleet {
	f := &fleet{cfg: cfg, notes: notes, errors: map[string]int{}, gauges: &gauges{
		interval: newHistogram(), input: newHistogram(), command: newHistogram(), join: newHistogram(),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DialContext: cfg.dial}},
	}}
	for i := range cfg.clients {
		f.players = append(f.players, player(cfg, f.gauges, i))
	}
	return f
}

// run does all of it. An error means that nothing could be measured.
func (f *fleet) run(ctx context.Context) (*report, error) {
	r := &report{Clients: f.cfg.clients, Server: "tickwire", Game: f.cfg.game, Codec: f.cfg.codec}
	if f.cfg.peer != "" {
		r.Server, r.Game, r.Codec = f.cfg.peer, "frames of fixed size", ""
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
	pause(ctx, f.cfg.warmup)
	begin, err := f.moment(ctx)
	if err != nil {
		return nil, err
	}
	f.gauges.measuring.Store(true)
	f.watch(ctx, begin)
	f.gauges.measuring.Store(false)
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
	for left := f.cfg.duration; left > 0; left = f.cfg.duration - time.Since(begin.at) {
		if !pause(ctx, min(left, time.Second)) {
			return
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
		f.notef("%3.0f s: %d of %d clients, %.1f frames a second each, p99 %.1f ms, %d desyncs",
			time.Since(begin.at).Seconds(), alive, f.cfg.clients,
			float64(sums.frames-last)/float64(max(1, alive)), f.gauges.interval.ms(99), sums.desyncs)
		last = sums.frames
	}
}

// fill computes the report from the two moments.
func (f *fleet) fill(r *report, begin, end *moment) {
	a, b, g := begin.sums, end.sums, f.gauges
	seconds := end.at.Sub(begin.at).Seconds()
	n := float64(max(1, len(f.joined)))
	frames := float64(max(1, b.frames-a.frames))
	rooms := map[string]bool{}
	for _, p := range f.joined {
		room, _ := p.about()
		rooms[room] = true
		if code := p.ended(); code != "" {
			r.Dropped++
			f.errors[code]++
		}
	}
	r.Connected, r.Rooms, r.Seconds, r.Errors = len(f.joined), len(rooms), seconds, f.errors
	r.Frames = float64(b.frames-a.frames) / n / seconds
	r.BytesDown = float64(b.bytes-a.bytes) / n / seconds
	r.WireDown = float64(b.wire-a.wire) / n / seconds
	r.BytesUp = float64(b.bytesSent-a.bytesSent) / n / seconds
	r.Sent = float64(b.sent-a.sent) / n / seconds
	r.InputBytesMean = float64(b.bytesSent-a.bytesSent) / float64(max(1, b.sent-a.sent))
	r.BodyBytesMean = float64(b.body-a.body) / frames
	r.FrameBytesMean = float64(b.bytes-a.bytes) / frames
	r.FrameInterval = interval{P50: g.interval.ms(50), P99: g.interval.ms(99), P999: g.interval.ms(99.9)}
	r.InputToState, r.CommandAnswer, r.JoinTime = g.input.latency(), g.command.latency(), g.join.latency()
	r.Desyncs, r.BadFrames = b.desyncs, b.badFrames
	r.Rings, r.Wholes = b.rings-a.rings, b.wholes-a.wholes
	r.Commands, r.Refused = b.commands-a.commands, b.refused-a.refused
	samples := float64(max(1, b.samples-a.samples))
	r.Rows = float64(b.rows-a.rows) / samples
	if b.hasShots {
		shots := float64(b.shots-a.shots) / samples
		r.Shots = &shots
	}
	r.RTT, r.LeadMean = float64(b.rtt.Microseconds())/1000/n, float64(b.lead)/n
	r.BotCPU = float64((end.bot - begin.bot).Microseconds()) / frames
	f.server(r, begin, end)
}

// server fills what the operating system and the server itself say.
func (f *fleet) server(r *report, begin, end *moment) {
	ticks := end.sums.ticks - begin.sums.ticks
	if f.cfg.serverPID != 0 && ticks > 0 {
		micros := float64((end.server - begin.server).Microseconds()) / float64(ticks)
		r.ServerCPU = &micros
	}
	if r.ServerRSSKB != nil && len(f.joined) > 0 {
		each := (*r.ServerRSSKB - *r.ServerIdleKB) / float64(len(f.joined))
		r.ServerRSS = &each
	}
	if ms, ok := end.ticks.longestSince(begin.ticks); ok {
		r.TickMSMax = &ms
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

package main

import (
	"context"
	"time"
)

// fill computes the report from the two moments.
func (f *fleet) fill(r *report, begin, end *moment) {
	a, b, g := begin.sums, end.sums, f.gauges
	seconds := end.at.Sub(begin.at).Seconds()
	n := float64(max(1, len(f.joined)))
	frames := float64(max(1, b.frames-a.frames))
	r.Seconds = seconds
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
	if f.cfg.profiling {
		r.Profile = f.profiled(b.bytes-a.bytes-b.body+a.body, seconds)
	}
}

// settleTime is more than the longest time between two attempts of a client to come back.
const settleTime = 20 * time.Second

// settle waits for the players that are away to come back, now that nobody cuts them any more.
func (f *fleet) settle(ctx context.Context) {
	for end := time.Now().Add(settleTime); time.Now().Before(end); {
		away := false
		for _, p := range f.joined {
			t := p.totals()
			away = away || t.away() && p.ended() == ""
		}
		if !away || !pause(ctx, settleTime/200) {
			return
		}
	}
}

// account fills what counts for the whole of the run, after all who could have come back.
func (f *fleet) account(r *report) {
	rooms := map[string]bool{}
	var sums totals
	for _, p := range f.joined {
		room, _ := p.about()
		rooms[room] = true
		t := p.totals()
		sums.add(t)
		code := p.ended()
		if code == "" && t.away() {
			code = "AWAY"
		}
		if code != "" {
			r.Lost++
			f.errors[code]++
		}
	}
	r.Connected, r.Rooms, r.Errors = len(f.joined), len(rooms), f.errors
	r.Dropped, r.Resumed, r.EventsLost = sums.dropped, sums.resumed, sums.eventsLost
	r.Desyncs, r.BadFrames = sums.desyncs, sums.badFrames
	r.ResumeTime = f.gauges.resume.latency()
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
	if end.ticks != nil {
		r.ticks(begin.ticks, end.ticks)
	}
}

// ticks fills what the server says of its ticks.
func (r *report) ticks(begin, end *ticks) {
	if ms, ok := end.cost.since(begin.cost).longest(); ok {
		r.TickMSMax = &ms
	}
	late := end.late.since(begin.late)
	r.TickLate = &interval{P50: late.quantile(0.5), P99: late.quantile(0.99), P999: late.quantile(0.999)}
	slips := end.slips - begin.slips
	r.TickSlips = &slips
}

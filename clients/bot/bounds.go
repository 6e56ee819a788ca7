package main

import (
	"flag"
	"fmt"
)

// bounds are the --max-… and --min-… flags. One that is not given is not checked, except those on what must
// not happen at all: their bound is 0 unless told otherwise.
type bounds struct {
	given                                    map[string]bool
	intervalP50, intervalP99, intervalP999   float64
	inputP50, inputP99                       float64
	bodyBytes, bytesDown, cpuMicros, rssKB   float64
	tickMS, botMicros                        float64
	desyncs, lost, errors, badFrames, missed int
	dropped                                  int
	resumeP99                                float64
	minFrames                                float64
	cpuRatio, rssRatio                       float64
}

func (b *bounds) flags(f *flag.FlagSet) {
	f.Float64Var(&b.intervalP50, "max-interval-p50", 0, "ms between two frames, median")
	f.Float64Var(&b.intervalP99, "max-interval-p99", 0, "ms between two frames, 99th percentile")
	f.Float64Var(&b.intervalP999, "max-interval-p999", 0, "ms between two frames, 99.9th percentile")
	f.Float64Var(&b.inputP50, "max-input-p50", 0, "ms from an input to the state that has it, median")
	f.Float64Var(&b.inputP99, "max-input-p99", 0, "ms from an input to the state that has it, 99th percentile")
	f.Float64Var(&b.bodyBytes, "max-body-bytes", 0, "mean bytes of state in a frame")
	f.Float64Var(&b.bytesDown, "max-bytes", 0, "payload bytes down per client and second")
	f.Float64Var(&b.cpuMicros, "max-cpu-us", 0, "us of server CPU per client and tick")
	f.Float64Var(&b.rssKB, "max-rss-kb", 0, "KB of server memory per client")
	f.Float64Var(&b.tickMS, "max-tick-ms", 0, "ms of the server's longest tick; wants --admin")
	f.Float64Var(&b.botMicros, "max-bot-us", 0, "us of this program's CPU per frame")
	f.IntVar(&b.desyncs, "max-desyncs", 0, "hashes that differed")
	f.IntVar(&b.lost, "max-lost", 0, "clients that were lost for good")
	f.IntVar(&b.dropped, "max-dropped", 0, "connections that were lost; if it is not given any number may be")
	f.Float64Var(&b.resumeP99, "max-resume-p99", 0, "ms from the loss of a connection to the next state, 99th percentile")
	f.IntVar(&b.errors, "max-errors", 0, "errors in all")
	f.IntVar(&b.badFrames, "max-bad-frames", 0, "frames that could not be decoded")
	f.IntVar(&b.missed, "max-missing", 0, "clients that did not get a seat")
	f.Float64Var(&b.minFrames, "min-frames", 0, "frames per client and second")
	f.Float64Var(&b.cpuRatio, "max-cpu-ratio", 0, "with --compare-gws: our CPU over bare gws's")
	f.Float64Var(&b.rssRatio, "max-rss-ratio", 0, "with --compare-gws: our memory over bare gws's")
}

// check names every bound that a report breaks.
func (b *bounds) check(r *report) []string {
	var broken []string
	add := func(text string, is bool) {
		if is {
			broken = append(broken, text)
		}
	}
	errors := 0
	for _, n := range r.Errors {
		errors += n
	}
	add(fmt.Sprintf("%d of %d clients did not connect", r.Clients-r.Connected, r.Clients), r.Clients-r.Connected > b.missed)
	add(fmt.Sprintf("%d clients were lost for good, at most %d may be", r.Lost, b.lost), r.Lost > b.lost)
	add(fmt.Sprintf("%d connections were lost, at most %d may be", r.Dropped, b.dropped),
		b.given["max-dropped"] && r.Dropped > b.dropped)
	add(fmt.Sprintf("%d hashes differed, at most %d may", r.Desyncs, b.desyncs), r.Desyncs > b.desyncs)
	add(fmt.Sprintf("%d frames were bad, at most %d may be", r.BadFrames, b.badFrames), r.BadFrames > b.badFrames)
	add(fmt.Sprintf("%d errors, at most %d may be", errors, b.errors+b.lost+b.missed),
		errors > b.errors+b.lost+b.missed)
	broken = append(broken, b.most("max-interval-p50", r.FrameInterval.P50, b.intervalP50)...)
	broken = append(broken, b.most("max-interval-p99", r.FrameInterval.P99, b.intervalP99)...)
	broken = append(broken, b.most("max-interval-p999", r.FrameInterval.P999, b.intervalP999)...)
	broken = append(broken, b.most("max-input-p50", r.InputToState.P50, b.inputP50)...)
	broken = append(broken, b.most("max-input-p99", r.InputToState.P99, b.inputP99)...)
	broken = append(broken, b.most("max-resume-p99", r.ResumeTime.P99, b.resumeP99)...)
	broken = append(broken, b.most("max-body-bytes", r.BodyBytesMean, b.bodyBytes)...)
	broken = append(broken, b.most("max-bytes", r.BytesDown, b.bytesDown)...)
	broken = append(broken, b.measured("max-cpu-us", r.ServerCPU, b.cpuMicros, "--server-pid")...)
	broken = append(broken, b.measured("max-rss-kb", r.ServerRSS, b.rssKB, "--server-pid")...)
	broken = append(broken, b.measured("max-tick-ms", r.TickMSMax, b.tickMS, "--admin")...)
	broken = append(broken, b.most("max-bot-us", r.BotCPU, b.botMicros)...)
	if b.given["min-frames"] && r.Frames < b.minFrames {
		broken = append(broken, fmt.Sprintf("--min-frames: %.4g is below %.4g", r.Frames, b.minFrames))
	}
	return broken
}

func (b *bounds) most(flag string, value, bound float64) []string {
	if !b.given[flag] || value <= bound {
		return nil
	}
	return []string{fmt.Sprintf("--%s: %.4g is above %.4g", flag, value, bound)}
}

// measured is most for a value that may be missing; a bound on a missing value is broken.
func (b *bounds) measured(flag string, value *float64, bound float64, want string) []string {
	if !b.given[flag] {
		return nil
	}
	if value == nil {
		return []string{fmt.Sprintf("--%s: not measured, wants %s", flag, want)}
	}
	return b.most(flag, *value, bound)
}

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// report is the result. Fields that were not measured are null. The first block has the names that other tools rely on.
type report struct {
	Clients       int            `json:"clients"`
	Connected     int            `json:"connected"`
	Dropped       int            `json:"dropped"`
	Resumed       int            `json:"resumed"`
	Frames        float64        `json:"frames_per_client_s"`
	BytesDown     float64        `json:"bytes_down_per_client_s"`
	WireDown      float64        `json:"wire_bytes_down_per_client_s"`
	FrameInterval interval       `json:"frame_interval_ms"`
	InputToState  latency        `json:"input_to_state_ms"`
	Desyncs       int            `json:"desyncs"`
	Errors        map[string]int `json:"errors"`
	ServerCPU     *float64       `json:"server_cpu_us_per_client_tick"`
	ServerRSS     *float64       `json:"server_rss_kb_per_client"`

	Lost           int       `json:"lost"`
	EventsLost     int       `json:"events_lost"`
	ResumeTime     latency   `json:"resume_ms"`
	Network        string    `json:"network,omitempty"`
	Server         string    `json:"server"`
	Game           string    `json:"game"`
	Codec          string    `json:"codec,omitempty"`
	Seconds        float64   `json:"seconds"`
	Rooms          int       `json:"rooms"`
	BodyBytesMean  float64   `json:"body_bytes_mean"`
	FrameBytesMean float64   `json:"frame_bytes_mean"`
	BytesUp        float64   `json:"bytes_up_per_client_s"`
	InputBytesMean float64   `json:"up_bytes_mean"`
	Sent           float64   `json:"up_messages_per_client_s"`
	Rings          int       `json:"ring_frames"`
	Wholes         int       `json:"whole_frames"`
	BadFrames      int       `json:"bad_frames"`
	Rows           float64   `json:"rows_mean"`
	Shots          *float64  `json:"shots_mean"`
	RTT            float64   `json:"rtt_ms_mean"`
	LeadMean       float64   `json:"lead_ticks_mean"`
	Commands       int       `json:"commands"`
	Refused        int       `json:"commands_refused"`
	CommandAnswer  latency   `json:"command_answer_ms"`
	JoinTime       latency   `json:"join_ms"`
	ServerRSSKB    *float64  `json:"server_rss_kb"`
	ServerIdleKB   *float64  `json:"server_rss_kb_before"`
	TickMSMax      *float64  `json:"tick_ms_max"`
	TickLate       *interval `json:"tick_late_ms"`
	TickSlips      *float64  `json:"tick_slips"`
	BotCPU         float64   `json:"bot_cpu_us_per_frame"`

	Profile *profileReport `json:"profile,omitempty"`
}

type interval struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
}

type latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// histogram collects durations from many goroutines. The unit is the microsecond.
type histogram struct {
	mu sync.Mutex
	h  *hdrhistogram.Histogram
}

const longest = 60_000_000 // a minute; what is longer counts as one

func newHistogram() *histogram { return &histogram{h: hdrhistogram.New(1, longest, 3)} }

func (h *histogram) add(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.h.RecordValue(min(max(d.Microseconds(), 1), longest)) // always in range
}

// ms is the value at a percentile, in milliseconds; 0 if there is none.
func (h *histogram) ms(percentile float64) float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return float64(h.h.ValueAtPercentile(percentile)) / 1000
}

func (h *histogram) latency() latency { return latency{P50: h.ms(50), P99: h.ms(99)} }

// table prints the report for a person.
func (r *report) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, format string, values ...any) {
		_, _ = fmt.Fprintf(t, name+"\t"+format+"\n", values...) // errors come out of Flush
	}
	line("server", "%s, %s, %d rooms, %.1f s", r.Server, r.Game, r.Rooms, r.Seconds)
	line("clients", "%d connected of %d, %d lost for good", r.Connected, r.Clients, r.Lost)
	line("connections", "%d dropped, %d resumed in p50 %.0f  p99 %.0f ms, %d events lost", r.Dropped, r.Resumed,
		r.ResumeTime.P50, r.ResumeTime.P99, r.EventsLost)
	line("frames", "%.2f a second; %.1f B of state, %.1f B in all; %d ring, %d whole", r.Frames, r.BodyBytesMean,
		r.FrameBytesMean, r.Rings, r.Wholes)
	line("down", "%.0f B/s a client, %.0f with WebSocket framing", r.BytesDown, r.WireDown)
	line("up", "%.0f B/s a client, %.1f B a message", r.BytesUp, r.InputBytesMean)
	line("frame interval", "p50 %.2f  p99 %.2f  p99.9 %.2f ms", r.FrameInterval.P50, r.FrameInterval.P99, r.FrameInterval.P999)
	line("input to state", "p50 %.2f  p99 %.2f ms; lead %.1f ticks, round trip %.2f ms", r.InputToState.P50,
		r.InputToState.P99, r.LeadMean, r.RTT)
	line("commands", "%d, %d refused, answered p50 %.2f  p99 %.2f ms", r.Commands, r.Refused, r.CommandAnswer.P50,
		r.CommandAnswer.P99)
	line("rows seen", "%.1f, shots %s", r.Rows, optional(r.Shots, "%.1f"))
	line("desyncs", "%d, bad frames %d", r.Desyncs, r.BadFrames)
	line("errors", "%s", errorList(r.Errors))
	line("server CPU", "%s us per client and tick; longest tick below %s ms", optional(r.ServerCPU, "%.2f"),
		optional(r.TickMSMax, "%.2f"))
	if late := r.TickLate; late != nil {
		line("ticks late", "p50 %.2f  p99 %.2f  p99.9 %.2f ms; %s slips", late.P50, late.P99, late.P999,
			optional(r.TickSlips, "%.0f"))
	}
	line("server memory", "%s KB a client; %s KB before, %s KB in all", optional(r.ServerRSS, "%.1f"),
		optional(r.ServerIdleKB, "%.0f"), optional(r.ServerRSSKB, "%.0f"))
	line("this program", "%.2f us per frame", r.BotCPU)
	if err := t.Flush(); err != nil || r.Profile == nil {
		return err
	}
	return r.Profile.table(w)
}

func optional(v *float64, format string) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf(format, *v)
}

func errorList(errors map[string]int) string {
	if len(errors) == 0 {
		return "none"
	}
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(errors)) {
		parts = append(parts, fmt.Sprintf("%s %d", code, errors[code]))
	}
	return strings.Join(parts, ", ")
}

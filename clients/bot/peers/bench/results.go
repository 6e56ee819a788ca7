package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tickwire/tickwire/clients/bot/peers/plot"
)

// about is the part of RESULTS.md that no measurement changes.
//
//go:embed about.md
var about string

// chart is one of the pictures: what is drawn, over the number of clients.
type chart struct {
	file, title, y string
	value          func(*summary) figure
	without        string // a system that is not drawn
	note           string
}

var charts = []chart{ //nolint:gochecknoglobals // constants
	{file: "cpu.svg", title: "Server CPU per client and tick", y: "µs", value: func(s *summary) figure { return s.cpu }},
	{
		file: "bytes.svg", title: "Bytes down per client and second, on the wire", y: "bytes",
		value: func(s *summary) figure { return s.wire }, without: gws, note: " Bare gws sends as much as Tickwire.",
	},
	{file: "memory.svg", title: "Server memory per client", y: "KB", value: func(s *summary) figure { return s.rss }},
	{
		file: "interval.svg", title: "Time between two frames, 99th percentile", y: "ms",
		value: func(s *summary) figure { return s.p99 }, note: " 50 ms is right.",
	},
}

// writeResults writes RESULTS.md and the charts into a folder.
func writeResults(folder string, lines []line) error {
	r := summarize(lines)
	for _, c := range charts {
		if err := c.write(filepath.Join(folder, c.file), r); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "RESULTS.md"), r.markdown(), readable)
}

// write draws a chart: a panel for each game, a line for each system.
func (c *chart) write(path string, r *results) error {
	drawn := plot.Chart{
		Title: c.title, X: "clients", Y: c.y,
		Note: "Medians of the rounds; the whiskers are the least and the greatest." + c.note,
	}
	for _, game := range r.compared() {
		panel := plot.Panel{Title: gameTitles[game]}
		for _, system := range systemNames() {
			s := plot.Series{Name: titles[system], Colour: colours[system]}
			for _, p := range r.places {
				if of := r.at(system, p); p.game == game && of != nil && system != c.without {
					v := c.value(of)
					s.Points = append(s.Points, plot.Point{X: float64(p.clients), Y: v.median, Low: v.low, High: v.high})
				}
			}
			if s.Points != nil {
				panel.Series = append(panel.Series, s)
			}
		}
		drawn.Panels = append(drawn.Panels, panel)
	}
	var b bytes.Buffer
	if err := drawn.Write(&b); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), readable)
}

// colours are the systems'.
var colours = map[string]string{ //nolint:gochecknoglobals // constants
	tickwire: plot.Blue, gws: plot.Grey, colyseus: plot.Orange,
}

var gameTitles = map[string]string{ //nolint:gochecknoglobals // constants
	arena: "arena, rooms of 64", world: "world, one room, each sees 32 units far",
}

// compared are the games in which all systems were measured, in order.
func (r *results) compared() []string {
	var games []string
	for _, p := range r.places {
		if p.game != rooms && !slices.Contains(games, p.game) {
			games = append(games, p.game)
		}
	}
	return games
}

// markdown is RESULTS.md.
func (r *results) markdown() []byte {
	var b bytes.Buffer
	b.WriteString("# Tickwire beside its peers\n\n")
	b.WriteString("<!-- Written by clients/bot/peers/bench; its about.md has the words. -->\n\n")
	r.where(&b)
	for _, game := range r.compared() {
		fmt.Fprintf(&b, "\n## %s\n\n", gameTitles[game])
		r.table(&b, game)
		b.WriteString("\n")
		r.ratios(&b, game)
		b.WriteString("\n")
		r.limits(&b, game)
	}
	r.lateness(&b)
	b.WriteString("\n## Charts\n\n")
	for _, c := range charts {
		fmt.Fprintf(&b, "![%s](%s)\n\n", c.title, c.file)
	}
	b.WriteString(about)
	return b.Bytes()
}

// where says when, where and what was measured.
func (r *results) where(b *bytes.Buffer) {
	var days, machines []string
	versions := map[string][]string{}
	note := func(all []string, s string) []string {
		if slices.Contains(all, s) {
			return all
		}
		return append(all, s)
	}
	rounds, seconds := 0, 0.0
	others := make([]float64, 0, len(r.lines))
	for _, l := range r.lines {
		days, machines = note(days, l.At.Format(time.DateOnly)), note(machines, l.Machine)
		versions[l.System] = note(versions[l.System], l.Version)
		if l.Game != rooms {
			rounds, seconds = max(rounds, l.Round), max(seconds, l.Report.Seconds)
		}
		others = append(others, l.Others)
	}
	slices.Sort(days)
	fmt.Fprintf(b, "Measured on %s, on %s, over loopback; the bots run on the same cores.\n", strings.Join(days, ", "),
		strings.Join(machines, " and "))
	fmt.Fprintf(b, "Medians of %d alternating rounds of %.0f s each; all at %d ticks, frames and inputs a second.\n\n",
		rounds, seconds, rate)
	o := spread(others)
	fmt.Fprintf(b, "Others than bots and servers had %.2f of the machine's cores meanwhile, in the worst measurement %.2f.\n\n",
		o.median, o.high)
	for _, system := range systemNames() {
		if v := versions[system]; v != nil {
			fmt.Fprintf(b, "- %s: %s\n", titles[system], strings.Join(v, " and "))
		}
	}
}

// table has a row for each system and number of clients.
func (r *results) table(b *bytes.Buffer, game string) {
	b.WriteString("| clients | system | CPU µs per client-tick | state B/s | wire B/s | memory KB a client | frames/s | " +
		"interval ms p50 / p99 / p99.9 | longest tick ms | errors | desyncs |\n")
	b.WriteString("|--:|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, p := range r.places {
		if p.game != game {
			continue
		}
		for _, system := range systemNames() {
			r.row(b, system, p)
		}
	}
}

func (r *results) row(b *bytes.Buffer, system string, p place) {
	s := r.at(system, p)
	if s == nil {
		why := skips(system, p.game, p.clients)
		if why == "" && r.of[key{System: system, Game: p.game, Clients: p.clients}] != nil {
			why = "failed"
		}
		if why != "" {
			fmt.Fprintf(b, "| %d | %s | %s |||||||||\n", p.clients, titles[system], why)
		}
		return
	}
	desyncs := "-"
	if system == tickwire {
		desyncs = strconv.Itoa(s.desyncs)
	}
	fmt.Fprintf(b, "| %d | %s | %s | %.0f | %.0f | %.1f | %.2f | %.1f / %.1f / %.1f | %s | %d | %s |\n",
		p.clients, titles[system], ranged(s.cpu), s.state.median, s.wire.median, s.rss.median, s.frames.median,
		s.p50.median, s.p99.median, s.p999.median, s.longest(), s.errors+s.badFrames+s.failed, desyncs)
}

// ratios compares ours with the others, within each round.
func (r *results) ratios(b *bytes.Buffer, game string) {
	b.WriteString("Tickwire over the other, medians of the ratios within a round:\n\n")
	b.WriteString("| clients | CPU, of gws | CPU, of Colyseus | wire bytes, of Colyseus | memory, of gws " +
		"| memory, of Colyseus |\n")
	b.WriteString("|--:|--:|--:|--:|--:|--:|\n")
	cpu := func(r *report) float64 { return r.CPU }
	rss := func(r *report) float64 { return r.RSS }
	wire := func(r *report) float64 { return r.WireDown }
	for _, p := range r.places {
		if p.game != game {
			continue
		}
		cell := func(other string, value func(*report) float64) string {
			if v := r.ratio(other, p, value); v > 0 {
				return fmt.Sprintf("%.2f", v)
			}
			return "-"
		}
		fmt.Fprintf(b, "| %d | %s | %s | %s | %s | %s |\n", p.clients, cell(gws, cpu), cell(colyseus, cpu), cell(colyseus, wire),
			cell(gws, rss), cell(colyseus, rss))
	}
}

// limits says where each first misses its rate.
func (r *results) limits(b *bytes.Buffer, game string) {
	fmt.Fprintf(b, "The fewest clients at which less than %.0f %% of the frames came, or not all got in:\n\n", enough*100)
	for _, system := range systemNames() {
		first, missed, most := r.missed(system, game)
		switch {
		case missed:
			fmt.Fprintf(b, "- %s: %d\n", titles[system], first)
		case most > 0:
			fmt.Fprintf(b, "- %s: none; measured up to %d\n", titles[system], most)
		}
	}
}

// lateness says how late the ticks of many rooms are.
func (r *results) lateness(b *bytes.Buffer) {
	title := "\n## arena, rooms of 16: how late ticks are\n\n" +
		"| clients | rooms | rounds | late ms p50 | p99 | p99.9 | slips | CPU µs per client-tick | frames/s " +
		"| longest tick ms |\n" +
		"|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
	for _, p := range r.places {
		s := r.at(tickwire, p)
		if p.game != rooms || s == nil {
			continue
		}
		fmt.Fprintf(b, title+"| %d | %d | %d | %s | %s | %s | %.0f | %s | %.2f | %s |\n", p.clients, s.rooms, s.rounds,
			ranged(s.late50), ranged(s.late99), ranged(s.late999), s.slips, ranged(s.cpu), s.frames.median, s.longest())
		title = ""
	}
}

// longest is the longest tick, as far as it is known.
func (s *summary) longest() string {
	if s.tick == nil {
		return "-"
	}
	return "≤ " + strconv.FormatFloat(*s.tick, 'f', -1, 64)
}

// ranged is a figure with its ends.
func ranged(f figure) string {
	if f.low == f.high {
		return fmt.Sprintf("%.1f", f.median)
	}
	return fmt.Sprintf("%.1f (%.1f–%.1f)", f.median, f.low, f.high)
}

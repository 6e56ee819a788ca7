package main

import (
	"cmp"
	"slices"
)

// place is what all systems are compared at.
type place struct {
	game    string
	clients int
}

// figure is the median of the rounds, with the least and the greatest.
type figure struct{ median, low, high float64 }

// summary is what is known of one system at one place.
type summary struct {
	rounds, failed                                int
	cpu, state, wire, rss, frames, p50, p99, p999 figure
	late50, late99, late999                       figure   // how late ticks were; only of ours
	slips                                         float64  // of all rounds
	tick                                          *float64 // the longest of all rounds, an upper bound
	joined                                        int      // the fewest of all rounds
	lost, errors, desyncs, badFrames, rooms       int
}

// results are all summaries.
type results struct {
	lines  []line
	places []place
	of     map[key]*summary // round 0
}

func summarize(lines []line) *results {
	r := &results{lines: lines, of: map[key]*summary{}}
	groups := map[key][]line{}
	for _, l := range lines {
		k := l.key
		k.Round = 0
		groups[k] = append(groups[k], l)
		if at := (place{k.Game, k.Clients}); !slices.Contains(r.places, at) {
			r.places = append(r.places, at)
		}
	}
	slices.SortFunc(r.places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.game, b.game), cmp.Compare(a.clients, b.clients))
	})
	for k, group := range groups {
		r.of[k] = summarizeOne(group)
	}
	return r
}

func summarizeOne(group []line) *summary {
	s := &summary{}
	var good []line
	for _, l := range group {
		if l.Failed != "" {
			s.failed++
			continue
		}
		good = append(good, l)
		for _, n := range l.Report.Errors {
			s.errors += n
		}
		s.lost += l.Report.Lost
		s.desyncs += l.Report.Desyncs
		s.badFrames += l.Report.BadFrames
		s.rooms = max(s.rooms, l.Report.Rooms)
		if s.rounds == 0 || l.Report.Connected < s.joined {
			s.joined = l.Report.Connected
		}
		s.rounds++
		if n := l.Report.TickSlips; n != nil {
			s.slips += *n
		}
		if t := l.Report.TickMax; t != nil && (s.tick == nil || *t > *s.tick) {
			s.tick = t
		}
	}
	over := func(value func(*report) float64) figure {
		all := make([]float64, 0, len(good))
		for i := range good {
			all = append(all, value(&good[i].Report))
		}
		return spread(all)
	}
	s.cpu = over(func(r *report) float64 { return r.CPU })
	s.state = over(func(r *report) float64 { return r.BodyMean * r.Frames })
	s.wire = over(func(r *report) float64 { return r.WireDown })
	s.rss = over(func(r *report) float64 { return r.RSS })
	s.frames = over(func(r *report) float64 { return r.Frames })
	s.p50 = over(func(r *report) float64 { return r.FrameInterval.P50 })
	s.p99 = over(func(r *report) float64 { return r.FrameInterval.P99 })
	s.p999 = over(func(r *report) float64 { return r.FrameInterval.P999 })
	late := func(value func(*interval) float64) figure {
		return over(func(r *report) float64 {
			if r.TickLate == nil {
				return 0
			}
			return value(r.TickLate)
		})
	}
	s.late50 = late(func(i *interval) float64 { return i.P50 })
	s.late99 = late(func(i *interval) float64 { return i.P99 })
	s.late999 = late(func(i *interval) float64 { return i.P999 })
	return s
}

// spread is the median and the ends of some values; nothing of none.
func spread(all []float64) figure {
	if len(all) == 0 {
		return figure{}
	}
	slices.Sort(all)
	return figure{(all[(len(all)-1)/2] + all[len(all)/2]) / 2, all[0], all[len(all)-1]}
}

// at finds a system's summary; nil if it has none, or none that did not fail.
func (r *results) at(system string, p place) *summary {
	s := r.of[key{System: system, Game: p.game, Clients: p.clients}]
	if s == nil || s.rounds == 0 {
		return nil
	}
	return s
}

// ratio is the median of ours over the other's, each within one round; 0 if there is no such round.
func (r *results) ratio(other string, p place, value func(*report) float64) float64 {
	rounds := map[int]map[string]float64{}
	for i := range r.lines {
		l := &r.lines[i]
		if l.Failed != "" || l.Game != p.game || l.Clients != p.clients {
			continue
		}
		if rounds[l.Round] == nil {
			rounds[l.Round] = map[string]float64{}
		}
		rounds[l.Round][l.System] = value(&l.Report)
	}
	var all []float64
	for _, of := range rounds {
		if ours, theirs := of[tickwire], of[other]; ours > 0 && theirs > 0 {
			all = append(all, ours/theirs)
		}
	}
	return spread(all).median
}

// enough is the part of its rate that a system must keep.
const enough = 0.95

// missed is the fewest clients of a game at which a system did not keep its rate, and whether there are such; most is the
// greatest number at which it was measured.
func (r *results) missed(system, game string) (first int, missed bool, most int) {
	for _, p := range r.places {
		s := r.at(system, p)
		if p.game != game || s == nil {
			continue
		}
		most = p.clients
		if s.frames.median < enough*rate || s.joined < p.clients {
			return p.clients, true, most
		}
	}
	return 0, false, most
}

package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// profileReport is what the frames of a measurement consisted of.
type profileReport struct {
	// Clients are the bytes that one client got in one second.
	Clients percentiles `json:"bytes_per_client_s"`
	// Fields are all that bytes were spent on, the most first.
	Fields []fieldReport `json:"fields"`
}

type percentiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// fieldReport is one field of one table, or what belongs to no field or to no table, in brackets.
type fieldReport struct {
	Table string  `json:"table"`
	Field string  `json:"field"`
	Bytes float64 `json:"bytes_per_client_s"`
	Share float64 `json:"share"`
}

// body is called by the room with each packed state.
func (b *bot) body(r *client.Room, tick, base uint32, body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.meter == nil {
		meter, err := game.NewMeter(r.Schema())
		if err != nil {
			return // cannot be: the client has prepared it
		}
		b.meter = meter
	}
	if !b.gauges.measuring.Load() {
		return
	}
	_ = b.meter.Received(r.Replica(), tick, base, body) // what is wrong with it the copy says too
}

// rates collects what each player gets in a second.
type rates struct {
	h    *hdrhistogram.Histogram
	last []int
	at   time.Time
}

const mostRate = 1 << 30 // bytes a second; more counts as that

// sample takes the players' bytes in, if about a second has passed since the last time.
func (s *rates) sample(players []player, now time.Time) {
	passed := now.Sub(s.at).Seconds()
	if s.last != nil && passed < 0.9 {
		return
	}
	if s.h == nil {
		s.h = hdrhistogram.New(1, mostRate, 3)
	}
	next := make([]int, len(players))
	for i, p := range players {
		next[i] = p.totals().bytes
		if s.last != nil {
			_ = s.h.RecordValue(min(max(int64(float64(next[i]-s.last[i])/passed), 1), mostRate)) // always in range
		}
	}
	s.last, s.at = next, now
}

func (s *rates) percentiles() percentiles {
	at := func(p float64) float64 { return float64(s.h.ValueAtPercentile(p)) }
	return percentiles{P50: at(50), P90: at(90), P99: at(99), Max: float64(s.h.Max())}
}

// profiled makes the profile of a measurement. envelope is the bytes of its frames but for their state.
func (f *fleet) profiled(envelope int, seconds float64) *profileReport {
	var all *game.Usage
	var schema *game.Schema
	for _, p := range f.joined {
		b, ok := p.(*bot)
		if !ok {
			continue
		}
		b.mu.Lock()
		if b.meter != nil && all == nil {
			all, schema = &b.meter.Usage, b.room.Schema()
		} else if b.meter != nil {
			all.Add(&b.meter.Usage)
		}
		b.mu.Unlock()
	}
	if all == nil {
		return nil
	}
	r := &profileReport{Clients: f.rates.percentiles()}
	whole := float64(all.Bits())/8 + float64(envelope)
	add := func(table, field string, bytes float64) {
		if bytes > 0 {
			each := bytes / float64(len(f.joined)) / seconds
			r.Fields = append(r.Fields, fieldReport{Table: table, Field: field, Bytes: each, Share: bytes / whole})
		}
	}
	add("(frame)", "(envelope, events)", float64(envelope))
	add("(frame)", "(head)", float64(all.Head)/8)
	for i, t := range all.Tables {
		add(t.Name, "(leaves)", float64(t.Leaves)/8)
		add(t.Name, "(enters)", float64(t.Enters)/8)
		add(t.Name, "(moves)", float64(t.Moves)/8)
		add(t.Name, "(marks)", float64(t.Marks)/8)
		for c, bits := range t.Columns {
			add(t.Name, schema.Tables[i].Columns[c].Name, float64(bits)/8)
		}
	}
	slices.SortStableFunc(r.Fields, func(a, b fieldReport) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return r
}

// table prints the profile for a person.
func (r *profileReport) table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(format string, values ...any) { _, _ = fmt.Fprintf(t, format+"\n", values...) } // errors come out of Flush
	line("bytes a client and second\tp50 %.0f  p90 %.0f  p99 %.0f  most %.0f", r.Clients.P50, r.Clients.P90, r.Clients.P99,
		r.Clients.Max)
	line("\ntable\tfield\tB a client and second\tshare")
	for _, f := range r.Fields {
		line("%s\t%s\t%.1f\t%.1f %%", f.Table, f.Field, f.Bytes, 100*f.Share)
	}
	return t.Flush()
}

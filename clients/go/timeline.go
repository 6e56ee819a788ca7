package client

import (
	"math"
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
)

// timeline keeps the last states of a room and says which of them a screen should show. Guarded by Room.mu.
type timeline struct {
	step    time.Duration // one tick
	stride  uint32
	start   time.Time
	samples []*sample // ascending by tick, at most keepSamples
	// Arrivals: when each frame came, minus when its tick would be if it were 0 at start.
	arrivals []time.Duration
	next     int
	since    int // arrivals since the last measure
	target   time.Duration
	// shift is what now is behind the server's ticks, as shown: arrival of the fastest frames plus delay.
	shift, delay time.Duration
	shown        float64 // the tick last shown; 0: none
	cells        []int32
}

// sample is a copy of one state.
type sample struct {
	tick   uint32
	tables []sampleTable
}

type sampleTable struct {
	ids   []game.ID
	cells []int32
	texts []string
	width int // cells of a row
	blobs int // texts of a row
}

const (
	keepSamples  = 64
	keepArrivals = 300 // ten seconds at 30 frames a second
	measureEvery = 16
	longestDelay = 300 * time.Millisecond
	extrapolate  = 100 * time.Millisecond
	snapShift    = time.Second
)

func newTimeline(rate uint32, start time.Time) *timeline {
	return &timeline{step: time.Second / time.Duration(rate), start: start}
}

// restart forgets what was before a break in the frames: nothing moves across it, and the next frame sets the clock.
func (l *timeline) restart() {
	l.samples, l.arrivals, l.next, l.since = l.samples[:0], l.arrivals[:0], 0, 0
}

// add records the replica's state of a tick.
func (l *timeline) add(replica *game.Replica, tick, stride uint32, at time.Time) {
	if n := len(l.samples); tick == 0 || n > 0 && l.samples[n-1].tick >= tick {
		return
	}
	l.stride = stride
	s := &sample{}
	if len(l.samples) == keepSamples {
		s = l.samples[0]
		l.samples = slices.Delete(l.samples, 0, 1)
	}
	s.copy(replica, tick)
	l.samples = append(l.samples, s)
	l.arrived(at.Sub(l.start) - time.Duration(tick)*l.step)
}

func (s *sample) copy(replica *game.Replica, tick uint32) {
	s.tick = tick
	tables := replica.Schema().Tables
	s.tables = append(s.tables, make([]sampleTable, len(tables)-len(s.tables))...)
	for i := range tables {
		t := &s.tables[i]
		t.ids = append(t.ids[:0], replica.IDs(i)...)
		t.cells, t.texts, t.width, t.blobs = t.cells[:0], t.texts[:0], 0, 0
		for row := range t.ids {
			cells, texts := replica.Cells(i, row), replica.Texts(i, row)
			t.cells, t.texts = append(t.cells, cells...), append(t.texts, texts...)
			t.width, t.blobs = len(cells), len(texts)
		}
	}
}

// arrived moves the shift towards what arrivals ask for: quickly when pictures come too late, slowly when they come
// early, because a jump is seen and a change of speed is not.
func (l *timeline) arrived(offset time.Duration) {
	if len(l.arrivals) < keepArrivals {
		l.arrivals = append(l.arrivals, offset)
	} else {
		l.arrivals[l.next] = offset
		l.next = (l.next + 1) % keepArrivals
	}
	interval := l.step * time.Duration(l.stride)
	if l.since++; l.since >= measureEvery || len(l.arrivals) < measureEvery {
		l.since = 0
		sorted := slices.Clone(l.arrivals)
		slices.Sort(sorted)
		p99 := sorted[(len(sorted)*99)/100] - sorted[0]
		if len(sorted) < measureEvery {
			p99 = 0
		}
		l.delay = min(max(2*interval, p99+interval), max(longestDelay, 2*interval))
		l.target = sorted[0] + l.delay
	}
	off := l.target - l.shift
	switch {
	case len(l.arrivals) == 1 || off > snapShift || off < -snapShift:
		l.shift = l.target
	case off > 0:
		l.shift += min(off, interval/20)
	default:
		l.shift += max(off, -interval/50)
	}
}

// display is the tick, with fraction, to show at a time.
func (l *timeline) display(at time.Time) float64 {
	return float64(at.Sub(l.start)-l.shift) / float64(l.step)
}

// between finds the states around a tick and the fraction of the way from one to the next; above 1 it is extrapolation.
func (l *timeline) between(tick float64) (from, to *sample, part float64) {
	n := len(l.samples)
	if n == 0 {
		return nil, nil, 0
	}
	at := n - 1
	for at > 0 && float64(l.samples[at].tick) > tick {
		at--
	}
	from = l.samples[at]
	switch {
	case tick <= float64(from.tick) || n == 1:
		return from, from, 0
	case at == n-1:
		before := l.samples[at-1]
		over := min(tick-float64(from.tick), float64(extrapolate)/float64(l.step))
		return before, from, 1 + over/float64(from.tick-before.tick)
	default:
		to = l.samples[at+1]
		return from, to, (tick - float64(from.tick)) / float64(to.tick-from.tick)
	}
}

// each calls do for every row to be shown, with cells good during the call.
func (l *timeline) each(table int, units []unit, at time.Time, do func(game.ID, []int32, []string)) {
	tick := l.display(at)
	from, to, part := l.between(tick)
	if from == nil {
		return
	}
	l.shown = min(tick, float64(to.tick)+float64(extrapolate)/float64(l.step))
	base, next := &from.tables[table], &to.tables[table]
	if part >= 1 { // the newest state says who is there
		base, next = next, base
	}
	strides := max(1, (to.tick-from.tick)/max(1, l.stride))
	other := 0
	for row, id := range base.ids {
		l.cells = append(l.cells[:0], base.cells[row*base.width:(row+1)*base.width]...)
		cells := l.cells
		for other < len(next.ids) && next.ids[other] < id {
			other++
		}
		var there []int32
		if other < len(next.ids) && next.ids[other] == id {
			there = next.cells[other*next.width : (other+1)*next.width]
		}
		for _, u := range units {
			switch {
			case there == nil:
				cells[u.cell] = u.field(float64(cells[u.cell]))
			case part >= 1:
				cells[u.cell] = u.between(there[u.cell], cells[u.cell], part, strides)
			default:
				cells[u.cell] = u.between(cells[u.cell], there[u.cell], part, strides)
			}
		}
		do(id, cells, base.texts[row*base.blobs:(row+1)*base.blobs])
	}
}

// view is how far the picture lies behind the newest state, in eighths of a tick; 0 if nothing was interpolated.
func (r *Room) view() uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lines == nil || r.lines.shown == 0 {
		return 0
	}
	// What was shown last is up to a frame old; what is shown now is what counts.
	behind := float64(r.acked) - r.lines.display(time.Now())
	const most = 1 << 10
	return uint32(math.Round(min(max(behind*8, 0), most)))
}

// unit is how one interpolated column is computed.
type unit struct {
	cell  int
	scale float64 // field units per cell
	wrap  float64 // cells in a turn; 0: not an angle
	jump  float64 // cells per stride; 0: never
	mask  int64   // of the result; 0: none
}

// refine returns a copy of a table's schema in which interpolated cells are in field units, so that the fraction that
// drop cuts off is kept, and what to do to them.
func refine(t *game.TableSchema) (*game.TableSchema, []unit) {
	fine := *t
	fine.Columns = slices.Clone(t.Columns)
	var units []unit
	cell := 0
	for i := range fine.Columns {
		c := &fine.Columns[i]
		if c.Lerp && (c.Kind == game.Pos || c.Kind == game.Int || c.Kind == game.Float || c.Kind == game.Angle) {
			u := unit{cell: cell, scale: float64(int64(1) << c.Drop), jump: float64(c.Jump)}
			if c.Kind == game.Angle {
				u.wrap = math.Exp2(float64(c.Bits))
				c.Bits += c.Drop
				u.mask = int64(1)<<c.Bits - 1
			}
			c.Drop = 0
			units = append(units, u)
		}
		switch c.Kind {
		case game.Wide:
			cell += 2
		case game.String, game.Bytes:
		default:
			cell++
		}
	}
	return &fine, units
}

// between computes a cell in field units. part > 1 goes on beyond b.
func (u *unit) between(a, b int32, part float64, strides uint32) int32 {
	d := float64(b) - float64(a)
	if u.wrap > 0 {
		d = math.Mod(d+1.5*u.wrap, u.wrap) - u.wrap/2
	}
	if u.jump > 0 && math.Abs(d) > u.jump*float64(strides) {
		if part >= 1 {
			return u.field(float64(b))
		}
		return u.field(float64(a))
	}
	return u.field(float64(a) + d*part)
}

func (u *unit) field(v float64) int32 {
	n := int64(math.Round(v * u.scale))
	if u.mask != 0 {
		n &= u.mask
	}
	return int32(n) //nolint:gosec // the field is 32 bits wide
}

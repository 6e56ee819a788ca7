package server

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// profileEvery is how often a room looks at one frame and at one client's bytes, so that it costs nothing worth speaking of.
const profileEvery = time.Second

// maxProfiled bounds how many metrics a game's tables and fields get. Names come from registered games only.
const maxProfiled = 512

// The fields of the metrics that are no columns, and the table of what belongs to none.
const (
	profileLeaves   = "(leaves)"
	profileEnters   = "(enters)"
	profileMoves    = "(moves)"
	profileMarks    = "(marks)"
	profileHead     = "(head)"
	profileEnvelope = "(envelope)"
	profileFrame    = "(frame)"
	profileOther    = "(other)"
)

// profile says what a room's frames consist of and what its clients get, by samples: one frame of one client every second,
// and in turns the bytes that one client got in a second. It belongs to whoever has the room in hand, and to the worker that
// makes the frame.
type profile struct {
	meter    *game.Meter
	counters *gameCounters
	next     time.Time
	turn     int

	before   game.Baseline // of the client whose frame is looked at
	envelope int           // bytes of that frame besides its state; 0: none was

	who   *session // whose bytes are being counted; nil: nobody's
	since time.Time
	bytes uint64 // what it had got then
}

// newProfile makes the profile of a room.
func newProfile(m *metrics, def *game.Definition, s *game.Schema) (profile, error) {
	meter, err := game.NewMeter(s)
	return profile{meter: meter, counters: m.profiles.of(m, def.Name, s)}, err
}

// begin picks the client whose frame is looked at, if it is time.
func (p *profile) begin(dues []due, sessions []*session, now time.Time) {
	if now.Before(p.next) || len(sessions) == 0 {
		return
	}
	p.next = now.Add(profileEvery)
	p.turn++
	p.rate(sessions[p.turn%len(sessions)], now)
	for i := range dues {
		d := &dues[(p.turn+i)%len(dues)]
		if d.session.line.codec == tickwirev1.Codec_CODEC_PACKED {
			d.profile = p
			return
		}
	}
}

// rate notes what the client got whose bytes were counted, and goes on with another.
func (p *profile) rate(next *session, now time.Time) {
	if s := p.who; s != nil && s.line.conn != nil && !s.line.since.After(p.since) {
		p.counters.rates.Observe(float64(s.received-p.bytes) / now.Sub(p.since).Seconds())
	}
	p.who, p.since, p.bytes = next, now, next.received
}

// hold notes what the client holds before its frame is made.
func (p *profile) hold(b *game.Baseline) {
	if p != nil {
		p.before.Copy(b)
	}
}

// take looks at the frame that was made.
func (p *profile) take(e *game.Encoder, stride, base uint32, body, frame []byte) {
	if p == nil {
		return
	}
	if err := p.meter.Sent(e, &p.before, stride, base, body); err == nil { // else the frame is wrong, which its client says
		p.envelope = len(frame) - len(body)
	}
}

// end adds what was looked at to the metrics.
func (p *profile) end() {
	if p.meter.Frames == 0 {
		return
	}
	p.counters.add(&p.meter.Usage, p.envelope)
	p.meter.Clear()
}

// profiles are the metrics of all games that were played.
type profiles struct {
	mu    sync.Mutex
	games map[string]*gameCounters
}

// gameCounters are the metrics of one game.
type gameCounters struct {
	frames         prometheus.Counter
	rates          prometheus.Observer
	head, envelope prometheus.Counter
	tables         []tableCounters
}

// tableCounters are the metrics of one table.
type tableCounters struct {
	leaves, enters, moves, marks prometheus.Counter
	columns                      []prometheus.Counter
}

// of returns the metrics of a game. All rooms of a game have the same tables.
func (p *profiles) of(m *metrics, name string, s *game.Schema) *gameCounters {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.games[name]; c != nil && c.fits(s) {
		return c
	}
	count := 0
	counter := func(table, field string) prometheus.Counter {
		if count++; count > maxProfiled {
			table, field = profileOther, profileOther
		}
		return m.profileBytes.WithLabelValues(name, table, field)
	}
	c := &gameCounters{
		frames: m.profileFrames.WithLabelValues(name), rates: m.clientRates.WithLabelValues(name),
		head: counter(profileFrame, profileHead), envelope: counter(profileFrame, profileEnvelope),
	}
	for _, t := range s.Tables {
		x := tableCounters{
			leaves: counter(t.Name, profileLeaves), enters: counter(t.Name, profileEnters),
			moves: counter(t.Name, profileMoves), marks: counter(t.Name, profileMarks),
		}
		for i := range t.Columns {
			x.columns = append(x.columns, counter(t.Name, t.Columns[i].Name))
		}
		c.tables = append(c.tables, x)
	}
	if p.games == nil {
		p.games = map[string]*gameCounters{}
	}
	p.games[name] = c
	return c
}

// fits reports whether the metrics are those of a schema.
func (c *gameCounters) fits(s *game.Schema) bool {
	if len(c.tables) != len(s.Tables) {
		return false
	}
	for i, t := range s.Tables {
		if len(c.tables[i].columns) != len(t.Columns) {
			return false
		}
	}
	return true
}

// add adds what frames consisted of.
func (c *gameCounters) add(u *game.Usage, envelope int) {
	c.frames.Add(float64(u.Frames))
	c.envelope.Add(float64(envelope))
	add := func(to prometheus.Counter, bits int) {
		if bits > 0 {
			to.Add(float64(bits) / 8)
		}
	}
	add(c.head, u.Head)
	for i := range u.Tables {
		x, t := &u.Tables[i], &c.tables[i]
		add(t.leaves, x.Leaves)
		add(t.enters, x.Enters)
		add(t.moves, x.Moves)
		add(t.marks, x.Marks)
		for n, bits := range x.Columns {
			add(t.columns[n], bits)
		}
	}
}

package server

import (
	"time"

	"github.com/tickwire/tickwire/game"
)

// due is a client that gets a frame, and what it may see.
type due struct {
	session *session
	view    game.View
	profile *profile // nil: nobody looks at the frame
}

// round is the frames of one tick of a room. It is a task: each frame touches only its session and its framer.
type round struct {
	room *room
	tick uint32
	now  time.Time
	dues []due // memory kept, that of views too
}

// work implements task.
func (o *round) work(worker, from, to int) {
	f := o.room.framers[worker]
	for i := from; i < to; i++ {
		f.serve(o.room, &o.dues[i], o.tick, o.now)
	}
}

// sendFrames moves every socket on, and when a frame is due builds and sends one to each client that can take it. One
// that cannot is skipped: nothing is built, nothing waits, and its next frame is a ring or a whole one. An error is the
// game's.
func (r *room) sendFrames(tick uint32, due bool, now time.Time) error {
	o := &r.round
	o.room, o.tick, o.now, o.dues = r, tick, now, o.dues[:0]
	for _, s := range r.sessions {
		if r.ready(s, tick, due, now) {
			o.dues = extend(o.dues)
			o.dues[len(o.dues)-1].session = s
		}
	}
	if err := r.look(o.dues); err != nil {
		return err
	}
	r.profile.begin(o.dues, r.sessions, now)
	cores := r.crew.cores(len(o.dues))
	for len(r.framers) < cores {
		r.framers = append(r.framers, newFramer(r.sim))
	}
	for _, f := range r.framers[1:cores] {
		f.encoder.Begin()
	}
	r.crew.run(o, len(o.dues), cores)
	for _, f := range r.framers {
		f.tally.add(r.server.metrics)
	}
	for i := range o.dues {
		o.dues[i].session, o.dues[i].profile = nil, nil // it may leave before the next round
	}
	r.profile.end()
	return nil
}

// ready moves a session's socket on and reports whether it gets a frame.
func (r *room) ready(s *session, tick uint32, due bool, now time.Time) bool {
	c := s.line.conn
	if c == nil {
		return false
	}
	c.flush(now)
	if !due || !s.flow.turn(tick, r.stride()) {
		return false
	}
	t := &r.framers[0].tally
	if c.busy() || !s.flow.open(now, r.interval()) {
		s.flow.skip(now)
		t.skipped++
		return false
	}
	if s.budget.fill(&r.limits, now); !s.budget.open() && !s.mail.waits() {
		t.skipped++
		t.short++
		return false
	}
	return true
}

// look asks the game what some players may see.
func (r *room) look(dues []due) error {
	if !r.views {
		return nil
	}
	r.watch.begin(r.server.age())
	for i := range dues {
		d := &dues[i]
		if err := r.sim.View(d.session.player, &d.view); err != nil {
			return err
		}
	}
	if !r.watch.end() {
		return errHangs
	}
	return nil
}

// sendLast sends a player who is here the frame before the end, even one who has not taken the frame before: it and the
// end wait together for as long as the connection lingers. An error is the game's.
func (r *room) sendLast(s *session, now time.Time) error {
	if s.line.conn == nil {
		return nil
	}
	o := &r.round
	o.dues = extend(o.dues[:0])
	o.dues[0].session = s
	if err := r.look(o.dues); err != nil {
		return err
	}
	s.line.conn.part()
	r.framers[0].serve(r, &o.dues[0], r.sim.Now(), now)
	o.dues[0].session = nil
	return nil
}

// tally counts what became of frames, until it is added to the metrics.
type tally struct{ sent, skipped, short int }

// add adds a tally to the metrics and empties it.
func (t *tally) add(m *metrics) {
	if t.sent > 0 {
		m.framesSent.Add(float64(t.sent))
	}
	if t.skipped > 0 {
		m.framesSkipped.Add(float64(t.skipped))
	}
	if t.short > 0 {
		m.limits.WithLabelValues(string(limitFrameBytes)).Add(float64(t.short))
	}
	*t = tally{}
}

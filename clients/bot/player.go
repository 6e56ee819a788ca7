package main

import (
	"context"
	"time"
)

// player is one client of a fleet, of whichever server.
type player interface {
	// join takes a seat. It is called once, on a goroutine of its own.
	join(ctx context.Context) error
	// leave ends a player that joined.
	leave()
	// ended is why the player was lost for good; "" while it plays, or tries to come back.
	ended() string
	// totals are the player's counters since it joined.
	totals() totals
	// about names the room and the ticks a second.
	about() (room string, rate int)
}

// totals are counters of one player, or sums of them.
type totals struct {
	frames, rings, wholes, bytes, body, sent, bytesSent int
	wire                                                int64
	ticks                                               uint64 // ticks that frames covered
	desyncs, badFrames, commands, refused               int
	rows, shots, samples                                int
	hasShots                                            bool
	rtt                                                 time.Duration
	lead                                                int
	dropped, resumed, eventsLost                        int
}

// away says whether the player's connection was lost and it is not back.
func (t *totals) away() bool { return t.dropped > t.resumed }

func (t *totals) add(o totals) {
	t.frames, t.rings, t.wholes = t.frames+o.frames, t.rings+o.rings, t.wholes+o.wholes
	t.bytes, t.body, t.wire = t.bytes+o.bytes, t.body+o.body, t.wire+o.wire
	t.sent, t.bytesSent, t.ticks = t.sent+o.sent, t.bytesSent+o.bytesSent, t.ticks+o.ticks
	t.desyncs, t.badFrames = t.desyncs+o.desyncs, t.badFrames+o.badFrames
	t.commands, t.refused = t.commands+o.commands, t.refused+o.refused
	t.rows, t.shots, t.samples = t.rows+o.rows, t.shots+o.shots, t.samples+o.samples
	t.hasShots = t.hasShots || o.hasShots
	t.dropped, t.resumed, t.eventsLost = t.dropped+o.dropped, t.resumed+o.resumed, t.eventsLost+o.eventsLost
	t.rtt, t.lead = t.rtt+o.rtt, t.lead+o.lead
}

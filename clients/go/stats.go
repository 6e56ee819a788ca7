package client

import "time"

// Stats are a room's counters since it was joined, over all its connections.
type Stats struct {
	// Tick is the newest state's; Applied the newest input's in it.
	Tick, Applied uint32
	// Frames of state; Chains, Rings and Wholes are parts of it.
	Frames, Chains, Rings, Wholes int
	// Bytes of all these messages and BodyBytes of the states in them.
	Bytes, BodyBytes int
	// Sent messages and BytesSent of them.
	Sent, BytesSent int
	// Desyncs are hashes that differed; BadFrames could not be decoded. Either is somebody's bug.
	Desyncs, BadFrames int
	// EventsDropped were kept for nobody who asked for them in time.
	EventsDropped int
	// EventsLost never came: the server no longer had them when the room was back.
	EventsLost int
	// Dropped counts lost connections that the room tried to replace, Resumed those from which it came back.
	Dropped, Resumed int
	// RTT is the last round trip, once a second; 0: not known yet.
	RTT time.Duration
	// Slack is how early inputs arrive, in eighths of a tick; negative: late.
	Slack int
	// Lead is how many ticks ahead of the newest state inputs are meant for.
	Lead int
	// Delay is how far Interpolated lags behind the newest state; 0 if it is not used.
	Delay time.Duration
}

func (s *Stats) note(f *Frame, slack int32) {
	s.Tick, s.Applied, s.Slack = f.Tick, f.Applied, int(slack)
	s.Frames++
	s.Bytes += f.Bytes
	s.BodyBytes += f.Body
	switch f.Kind {
	case Chain:
		s.Chains++
	case Ring:
		s.Rings++
	case Whole:
		s.Wholes++
	}
}

// Stats returns the room's counters.
func (r *Room) Stats() Stats {
	r.out.Lock()
	sent, bytes := r.sent, r.bytesSent
	r.out.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Sent, s.BytesSent = sent, bytes
	if r.lines != nil {
		s.Delay = r.lines.delay
	}
	return s
}

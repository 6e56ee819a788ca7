package server

import "github.com/prometheus/client_golang/prometheus"

// metrics are a Server's own: two Servers in one process do not mix. Labels come from closed lists, never from rooms,
// players or what clients send.
type metrics struct {
	registry *prometheus.Registry

	tickCost      prometheus.Histogram // seconds of work in one tick
	tickLate      prometheus.Histogram // seconds between when a tick was due and when it began
	slips         prometheus.Counter   // ticks of time given up because a room fell too far behind
	framesSent    prometheus.Counter
	framesSkipped prometheus.Counter // frames not made, because the client was not ready for one
	bytesOut      prometheus.Counter // what went to sockets, WebSocket framing included
	bytesIn       prometheus.Counter
	desyncs       prometheus.Counter // clients whose hash differed: each one is a bug
	conns         prometheus.Gauge
	rooms         prometheus.Gauge
	players       prometheus.Gauge
	stuck         prometheus.Gauge       // games that hang
	stateAge      prometheus.Histogram   // seconds between a tick and when the client says it has applied it
	away          prometheus.Gauge       // players whose seat is kept although they have no connection
	tokenReuse    prometheus.Counter     // reconnect tokens shown after a newer one had replaced them
	resumes       *prometheus.CounterVec // what became of reconnect tokens
	limits        *prometheus.CounterVec // times a limit was reached, by limit
	cuts          *prometheus.CounterVec // ended connections by code
	refused       *prometheus.CounterVec // handshakes refused before 101, by code
	calls         *prometheus.CounterVec // lobby calls by method and code

	profiles      profiles
	profileBytes  *prometheus.CounterVec   // of sampled frames, by game, table and field
	profileFrames *prometheus.CounterVec   // sampled frames, by game
	clientRates   *prometheus.HistogramVec // bytes that a client got in a second, by game
}

// namespace begins the names of all metrics.
const namespace = "tickwire"

// newMetrics registers all metrics in a registry of their own.
func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.tickCost = m.histogram("tick_cost_seconds", "Work in one tick of one room.")
	m.tickLate = m.histogram("tick_late_seconds", "From when a tick was due to when it began.")
	m.slips = m.counter("tick_slips_total", "Ticks of time given up because a room fell too far behind.")
	m.framesSent = m.counter("frames_sent_total", "Frames written to clients.")
	m.framesSkipped = m.counter("frames_skipped_total", "Frames not made because the client was not ready for one.")
	m.bytesOut = m.counter("bytes_out_total", "Bytes written to sockets, WebSocket framing included.")
	m.bytesIn = m.counter("bytes_in_total", "Bytes read from sockets, WebSocket framing included.")
	m.desyncs = m.counter("desyncs_total", "Clients whose state hash differed from the server's. Each one is a bug.")
	m.conns = m.gauge("connections", "Open WebSockets.")
	m.rooms = m.gauge("rooms", "Rooms, the lobby included.")
	m.players = m.gauge("players", "Players in rooms, the lobby included.")
	m.stuck = m.gauge("rooms_stuck", "Rooms given up because their game hangs, and hangs still.")
	m.stateAge = m.histogram("state_age_seconds",
		"From a tick to when a client says it has applied it, once a second and client.")
	m.away = m.gauge("players_away", "Players whose seat is kept although they have no connection.")
	m.tokenReuse = m.counter("token_reuse_total", "Reconnect tokens shown after a newer one had replaced them.")
	m.resumes = m.counters("resumes_total", "What became of reconnect tokens that were shown.", "outcome")
	m.limits = m.counters("limits_total", "Times a limit was reached, by its name in Limits.", "limit")
	for _, l := range limitNames {
		m.limits.WithLabelValues(string(l)) // so that none is missing before it is reached
	}
	m.cuts = m.counters("connections_ended_total", "Ended connections by code.", "code")
	m.refused = m.counters("handshakes_refused_total", "WebSocket handshakes refused before the upgrade.", "code")
	m.calls = m.counters("lobby_calls_total", "Lobby calls by method and answer.", "method", "code")
	m.profileFrames = m.counters("profile_frames_total", "Frames that were looked at, one a second and room.", "game")
	m.profileBytes = m.counters("profile_bytes_total", "What those frames consisted of.", "game", "table", "field")
	m.clientRates = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace, Name: "client_bytes_per_second",
		Help:    "Bytes of frames that a client got in a second, one client a second and room.",
		Buckets: prometheus.ExponentialBuckets(64, 1.5, 24), // to 718 KB
	}, []string{"game"})
	m.registry.MustRegister(m.clientRates)
	return m
}

func (m *metrics) histogram(name, help string) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: namespace, Name: name, Help: help,
		Buckets:                     prometheus.ExponentialBuckets(10e-6, 2, 15), // 10 us to 164 ms
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100,
	})
	m.registry.MustRegister(h)
	return h
}

func (m *metrics) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *metrics) gauge(name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(g)
	return g
}

func (m *metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

// reached counts that a limit refused or ended something. The empty limit is none.
func (m *metrics) reached(l limit) {
	if l != "" {
		m.limits.WithLabelValues(string(l)).Inc()
	}
}

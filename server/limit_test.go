package server

import (
	"reflect"
	"testing"
	"time"
)

// reached reads how often each limit was reached.
func reached(t *testing.T, m *metrics) map[limit]float64 {
	t.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[limit]float64{}
	for _, f := range families {
		if f.GetName() != "tickwire_limits_total" {
			continue
		}
		for _, c := range f.GetMetric() {
			counts[limit(c.GetLabel()[0].GetValue())] = c.GetCounter().GetValue()
		}
	}
	return counts
}

// Every name is a field of Limits, so that whoever reads the metric knows what to change, or has no field at all. Fields
// that refuse nothing have no name.
func TestLimitNames(t *testing.T) {
	t.Parallel()
	silent := map[string]bool{"Header": true, "Ping": true, "Linger": true, "WriteBuffer": true, "FrameBurst": true}
	fixed := map[limit]bool{limitInputs: true, limitWaiting: true, limitMail: true}
	named := map[string]bool{}
	for _, l := range limitNames {
		if _, ok := reflect.TypeFor[Limits]().FieldByName(string(l)); ok == fixed[l] || named[string(l)] {
			t.Errorf("%s: a field of Limits: %v, twice: %v", l, ok, named[string(l)])
		}
		named[string(l)] = true
	}
	for field := range reflect.TypeFor[Limits]().Fields() {
		if named[field.Name] == silent[field.Name] {
			t.Errorf("Limits.%s: has a name %v, needs none %v", field.Name, named[field.Name], silent[field.Name])
		}
	}
	m := newMetrics()
	if n := len(reached(t, m)); n != len(limitNames) {
		t.Errorf("%d limits are shown before any was reached, want %d", n, len(limitNames))
	}
	if m.reached(""); len(reached(t, m)) != len(limitNames) {
		t.Error("no limit was counted as one")
	}
}

func TestLimitsCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why    string
		limits Limits
		ok     bool
	}{
		{"the defaults", Limits{}, true},
		{"nobody is ever idle", Limits{Idle: -1}, true},
		{"a negative time", Limits{Message: -1}, false},
		{"a negative number", Limits{GreetingAll: -1}, false},
		{"eight fragments", Limits{Fragments: 8}, true},
		{"nine", Limits{Fragments: 9}, false},
	} {
		if err := c.limits.check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// The defaults are what the documentation says.
func TestLimitsDefaults(t *testing.T) {
	t.Parallel()
	want := Limits{
		Header: 5 * time.Second, FirstMessage: 5 * time.Second, Confirm: 10 * time.Second, Message: 5 * time.Second,
		Seat: 15 * time.Second, Ping: 5 * time.Second, Dead: 12 * time.Second, Write: 2 * time.Second,
		Ack: 10 * time.Second, Session: 12 * time.Hour, Linger: time.Second, Idle: 5 * time.Minute,
		EmptyNew: 300 * time.Second, Empty: 60 * time.Second, Drain: 25 * time.Second,
		TickWarn: 2 * time.Second, TickLost: 10 * time.Second,
		MessageSize: 4096, HelloSize: 1024, FramesPerSecond: 120, PingsPerSecond: 1, Fragments: 0, CommandsPerSecond: 10,
		BytesPerSecond: 32 << 10, FrameBytesPerSecond: 32 << 10, FrameBurst: 16 << 10, WriteBuffer: 64 << 10,
		Rooms: 1000, RoomsPerAddress: 64, HandshakesPerSecond: 10, HandshakesAll: 500, Greeting: 64, GreetingAll: 1000,
		ConnsPerAddress: 200, CallsPerSecond: 10, HeldSeats: 64, Lookups: 20, FailedCalls: 10, JoinsPerSecond: 1,
	}
	if got := (Limits{}).withDefaults(); got != want {
		t.Errorf("%+v", got)
	}
}

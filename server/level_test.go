package server_test

import (
	"fmt"
	"maps"
	"os"
	"runtime"

	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/internal/issued"
)

// By how much the heap may grow in a time of churn: by what is measured for the first time, and no more for many players
// than for few. A player leaves not a hundredth of an object behind.
const (
	heapSlope   = 256 << 10 // bytes
	objectSlope = 1000
)

// level is what there is of all that could pile up.
type level struct {
	goroutines, descriptors int
	heap, objects           uint64
	secrets, visits         int
	tables                  map[string]int
	gauges                  map[string]float64
}

func (c *churn) level() level {
	c.t.Helper()
	l := level{
		goroutines: runtime.NumGoroutine(), heap: heap(), secrets: issued.Count(),
		tables: server.Tables(c.s.Server), gauges: map[string]float64{},
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	l.objects = m.HeapObjects
	for _, n := range c.ends {
		l.visits += n
	}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		l.descriptors = len(entries)
	}
	for _, name := range []string{"rooms", "players", "players_away", "connections", "rooms_stuck"} {
		l.gauges[name] = metric(c.t, c.s, name)
	}
	return l
}

// secretSize is how much the test itself keeps of a secret that was given out, which is no leak of the server's.
const secretSize = 40

// back says what is more than it was; "" if nothing is.
func (l *level) back(before *level) string {
	grown := int64(l.heap) - int64(before.heap) - int64(secretSize*(l.secrets-before.secrets))
	objects := int64(l.objects) - int64(before.objects)
	switch {
	case l.goroutines > before.goroutines:
		return fmt.Sprintf("%d goroutines, before %d", l.goroutines, before.goroutines)
	case l.descriptors > before.descriptors:
		return fmt.Sprintf("%d descriptors, before %d", l.descriptors, before.descriptors)
	case !maps.Equal(l.tables, before.tables):
		return fmt.Sprintf("tables %v, before %v", l.tables, before.tables)
	case !maps.Equal(l.gauges, before.gauges):
		return fmt.Sprintf("gauges %v, before %v", l.gauges, before.gauges)
	case objects > objectSlope+int64(l.visits-before.visits)/100:
		return fmt.Sprintf("%d objects more for %d players", objects, l.visits-before.visits)
	case grown > heapSlope:
		return fmt.Sprintf("%d KiB of heap more, of %d", grown>>10, before.heap>>10)
	}
	return ""
}

package link

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// run plays 300 frames of 100 bytes, 30 a second, over a link and says when each arrived, counted from the start.
func run(t *testing.T, o Options, up bool) (late []time.Duration, hiccups int) {
	t.Helper()
	const interval = time.Second / 30
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(o)
		from, to := server, client
		if up {
			from, to = client, server
		}
		start := time.Now()
		go func() {
			for range 300 {
				time.Sleep(interval)
				mustWrite(t, from, string(make([]byte, 100)))
			}
			_ = from.Close()
		}()
		d := arrivals(to, start.Add(time.Hour))
		for i := 99; i < len(d.at); i += 100 {
			late = append(late, d.at[i].Sub(start)-time.Duration(i/100+1)*interval)
		}
		hiccups = client.Link().Hiccups(Both)
	})
	if len(late) != 300 {
		t.Fatalf("%d frames of 300 arrived", len(late))
	}
	return late, hiccups
}

// The same seed gives the same deliveries, to the nanosecond; another one others; so do the two directions.
func TestDeterminism(t *testing.T) {
	for _, p := range Profiles() {
		if p.Options.Jitter == 0 {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			o := p.Options
			o.Seed = 7
			first, lost := run(t, o, false)
			again, lostAgain := run(t, o, false)
			if !slices.Equal(first, again) || lost != lostAgain {
				t.Error("the same seed delivered otherwise")
			}
			o.Seed = 8
			if other, _ := run(t, o, false); slices.Equal(first, other) {
				t.Error("another seed delivered the same")
			}
			o.Seed = 7
			if other, _ := run(t, o, true); slices.Equal(first, other) {
				t.Error("the other direction delivered the same")
			}
		})
	}
}

// Each profile is what its figures say.
func TestProfiles(t *testing.T) {
	for _, c := range []struct {
		name        string
		least, most time.Duration // of frames that nothing went wrong with
		lost        [2]int        // of 300 frames: at least, at most
	}{
		{"perfect", 0, 0, [2]int{0, 0}},
		{"lan", 500 * time.Microsecond, 708 * time.Microsecond, [2]int{0, 0}},
		{"wifi", 10 * time.Millisecond, 20100 * time.Microsecond, [2]int{0, 6}},
		{"mobile", 30 * time.Millisecond, 60100 * time.Microsecond, [2]int{0, 10}},
		{"bad", 75 * time.Millisecond, 175400 * time.Microsecond, [2]int{5, 30}},
		{"satellite", 300 * time.Millisecond, 340100 * time.Microsecond, [2]int{0, 6}},
		{"slow", 110 * time.Millisecond, 160 * time.Millisecond, [2]int{0, 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ProfileByName(c.name)
			if err != nil {
				t.Fatal(err)
			}
			late, lost := run(t, p.Options, false)
			if lost < c.lost[0] || lost > c.lost[1] {
				t.Errorf("%d of 300 frames were lost once", lost)
			}
			slices.Sort(late)
			if late[0] < c.least || late[0] > c.least+(c.most-c.least)/4 {
				t.Errorf("the quickest frame took %v", late[0])
			}
			if median := late[150]; median > c.most {
				t.Errorf("the median frame took %v", median)
			}
			slowest, bound := late[299], c.most
			if lost > 0 {
				bound += p.Options.defaults().HiccupTime
			}
			if slowest > bound || (slowest > c.most) != (lost > 0) {
				t.Errorf("the slowest frame took %v with %d losses; at most %v", slowest, lost, bound)
			}
		})
	}
	if len(Profiles()) != 7 {
		t.Error("a profile is not tested")
	}
	if _, err := ProfileByName("fast"); err == nil {
		t.Error("there is a profile fast")
	}
}

// A bandwidth is kept, in each direction its own, and a long write comes in parts.
func TestUpBandwidth(t *testing.T) {
	for _, c := range []struct {
		why  string
		opts Options
		up   bool
		took time.Duration
	}{
		{"down", Options{Bandwidth: 10000, UpBandwidth: 1000}, false, 2 * time.Second},
		{"up", Options{Bandwidth: 10000, UpBandwidth: 1000}, true, 20 * time.Second},
		{"up is as down if nothing is said", Options{Bandwidth: 10000}, true, 2 * time.Second},
		{"only up", Options{UpBandwidth: 1000}, false, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := Pipe(c.opts)
				from, to := server, client
				if c.up {
					from, to = client, server
				}
				start := time.Now()
				mustWrite(t, from, string(make([]byte, 20000)))
				_ = from.Close()
				d := arrivals(to, start.Add(time.Minute))
				if len(d.at) != 20000 || d.at[19999].Sub(start).Round(time.Millisecond) != c.took {
					t.Fatalf("%d bytes, the last after %v", len(d.at), d.at[len(d.at)-1].Sub(start))
				}
				if half := d.at[10000].Sub(start); c.took > 0 && (half < c.took*4/10 || half > c.took*6/10) {
					t.Errorf("half of it came after %v", half)
				}
			})
		})
	}
}

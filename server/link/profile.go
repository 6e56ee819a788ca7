package link

import (
	"fmt"
	"strings"
	"time"
)

// Profile is a named kind of network.
type Profile struct {
	// Name is what ProfileByName takes.
	Name string
	// About says what it is like, in a few words and figures.
	About string
	// Options are the link's. The seed is 0.
	Options Options
}

// Profiles are the kinds of networks that Tickwire is tested on, best first. The figures are round ones near what players
// see. On bad and slow no game is fun, but it must stay right.
//
//	name       round trip  jitter    lost once  down       up          buffer
//	perfect    0           0         0          no limit   no limit    64 KiB
//	lan        1 ms        0.2 ms    0          12.5 MB/s  12.5 MB/s   64 KiB
//	wifi       20 ms       10 ms     0.5 %      6 MB/s     2.5 MB/s    64 KiB
//	mobile     60 ms       30 ms     1 %        2.5 MB/s   1 MB/s      64 KiB
//	bad        150 ms      100 ms    5 %        250 KB/s   64 KB/s     64 KiB
//	satellite  600 ms      40 ms     0.5 %      1.25 MB/s  250 KB/s    64 KiB
//	slow       200 ms      50 ms     1 %        10 KB/s    10 KB/s     16 KiB
//
// The jitter is that of each direction, and of every segment: 0 to so much, evenly spread.
func Profiles() []Profile {
	const ms, kb, mb = time.Millisecond, 1000, 1000 * 1000
	return []Profile{
		{"perfect", "no delay, no loss", Options{}},
		{"lan", "1 ms round trip", Options{
			Latency: ms / 2, Jitter: ms / 5, Bandwidth: 12.5 * mb,
		}},
		{"wifi", "20 ms round trip, 10 ms jitter, 0.5 % lost", Options{
			Latency: 10 * ms, Jitter: 10 * ms, Hiccup: 0.005, Bandwidth: 6 * mb, UpBandwidth: 2.5 * mb,
		}},
		{"mobile", "60 ms round trip, 30 ms jitter, 1 % lost", Options{
			Latency: 30 * ms, Jitter: 30 * ms, Hiccup: 0.01, Bandwidth: 2.5 * mb, UpBandwidth: 1 * mb,
		}},
		{"bad", "150 ms round trip, 100 ms jitter, 5 % lost, 250 KB/s", Options{
			Latency: 75 * ms, Jitter: 100 * ms, Hiccup: 0.05, Bandwidth: 250 * kb, UpBandwidth: 64 * kb,
		}},
		{"satellite", "600 ms round trip, 40 ms jitter, 0.5 % lost", Options{
			Latency: 300 * ms, Jitter: 40 * ms, Hiccup: 0.005, Bandwidth: 1.25 * mb, UpBandwidth: 250 * kb,
		}},
		{"slow", "200 ms round trip, 50 ms jitter, 1 % lost, 10 KB/s", Options{
			Latency: 100 * ms, Jitter: 50 * ms, Hiccup: 0.01, Bandwidth: 10 * kb, Buffer: 16 << 10,
		}},
	}
}

// ProfileByName finds one of Profiles. The error names all of them.
func ProfileByName(name string) (Profile, error) {
	var names []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, fmt.Errorf("there is no network profile %q, but %s", name, strings.Join(names, ", "))
}

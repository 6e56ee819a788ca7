package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// key names one measurement.
type key struct {
	System  string `json:"system"`
	Game    string `json:"game"`
	Clients int    `json:"clients"`
	Round   int    `json:"round"`
}

// line is one measurement as it stands in results.jsonl.
type line struct {
	key

	At time.Time `json:"at"`
	// Machine and Version say on what, and of what.
	Machine string `json:"machine"`
	Version string `json:"version"`
	Rate    int    `json:"rate"`
	// Others is how many cores others had meanwhile.
	Others float64 `json:"others_cores"`
	// Failed says why there is no report.
	Failed string `json:"failed,omitempty"`
	Report report `json:"report,omitzero"`
}

// report is what the bots say, as far as it is used here. results.jsonl has no more than that.
type report struct {
	Connected     int            `json:"connected"`
	Lost          int            `json:"lost"`
	Rooms         int            `json:"rooms"`
	Seconds       float64        `json:"seconds"`
	Frames        float64        `json:"frames_per_client_s"`
	BytesDown     float64        `json:"bytes_down_per_client_s"`
	WireDown      float64        `json:"wire_bytes_down_per_client_s"`
	BodyMean      float64        `json:"body_bytes_mean"`
	FrameMean     float64        `json:"frame_bytes_mean"`
	InputMean     float64        `json:"up_bytes_mean"`
	Sent          float64        `json:"up_messages_per_client_s"`
	Rows          float64        `json:"rows_mean"`
	FrameInterval interval       `json:"frame_interval_ms"`
	Desyncs       int            `json:"desyncs"`
	BadFrames     int            `json:"bad_frames"`
	Errors        map[string]int `json:"errors"`
	CPU           float64        `json:"server_cpu_us_per_client_tick"`
	RSS           float64        `json:"server_rss_kb_per_client"`
	RSSAll        float64        `json:"server_rss_kb"`
	RSSBefore     float64        `json:"server_rss_kb_before"`
	TickMax       *float64       `json:"tick_ms_max"`
	TickLate      *interval      `json:"tick_late_ms,omitempty"`
	TickSlips     *float64       `json:"tick_slips,omitempty"`
	BotCPU        float64        `json:"bot_cpu_us_per_frame"`
}

type interval struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
}

// store is results.jsonl.
type store struct {
	path  string
	lines []line
}

// openStore reads what was measured before. fresh forgets it.
func openStore(path string, fresh bool) (*store, error) {
	s := &store{path: path}
	b, err := os.ReadFile(path) //nolint:gosec // the user names it
	if errors.Is(err, fs.ErrNotExist) || fresh && err == nil {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	text := bufio.NewScanner(bytes.NewReader(b))
	for n := 1; text.Scan(); n++ {
		var l line
		if err := json.Unmarshal(text.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w; --fresh begins anew", path, n, err)
		}
		s.lines = append(s.lines, l)
	}
	return s, text.Err()
}

// find returns a measurement that did not fail; nil if there is none.
func (s *store) find(k key) *line {
	for i := range s.lines {
		if s.lines[i].key == k && s.lines[i].Failed == "" {
			return &s.lines[i]
		}
	}
	return nil
}

// add keeps a measurement, in the place of an older one, and writes all of them.
func (s *store) add(l line) error {
	s.lines = slices.DeleteFunc(s.lines, func(old line) bool { return old.key == l.key })
	s.lines = append(s.lines, l)
	var b bytes.Buffer
	for _, l := range s.lines {
		text, err := json.Marshal(l)
		if err != nil {
			return err
		}
		b.Write(append(text, '\n'))
	}
	return os.WriteFile(s.path, b.Bytes(), readable)
}

// readable is for files that all may read.
const readable = 0o644

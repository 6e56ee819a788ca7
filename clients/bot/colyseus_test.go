package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tickwire/tickwire/clients/bot/peers/child"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples/arena"
	"github.com/tickwire/tickwire/game/samples/world"
)

const twin = "peers/colyseus"

// node finds Node and the twin's packages, or skips the test.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node")
	}
	if _, err := os.Stat(filepath.Join(twin, "node_modules", "@colyseus", "core")); err != nil {
		t.Skip("the twin's packages are not installed: npm ci in clients/bot/" + twin)
	}
	return path
}

// held is what clients hold after a tick: the rows of each table, as cells.
type held map[string][][]int32

// script is a match for both.
type script struct {
	Game    string            `json:"game"`
	Seed    int               `json:"seed"`
	Players int               `json:"players"`
	Options map[string]string `json:"options"`
	Inputs  [][][3]int        `json:"inputs"`
}

// The twin's games are ours: of the same match, with the same seed and inputs, clients get the same in every tick.
func TestTwinPlaysTheSameMatch(t *testing.T) {
	node := node(t)
	for _, c := range []struct {
		def     game.Definition
		players int
		ticks   int
		options map[string]string
		tables  []string
		happens string // a table of which a row must change its column, or the match says nothing
		column  int
	}{
		{arena.Definition(), 64, 1200, nil, []string{"ships", "pilots", "shots"}, "pilots", 1},
		{
			world.Definition(), 80, 300,
			map[string]string{"size": "100", "food": "30", "rocks": "3"},
			[]string{"rocks", "food", "walkers", "bags", "mates", "map"},
			"bags", 0,
		},
	} {
		t.Run(c.def.Name, func(t *testing.T) {
			match := script{Game: c.def.Name, Seed: 11, Players: c.players, Options: c.options}
			for step := range uint32(c.ticks) {
				match.Inputs = append(match.Inputs, blindInputs(c.players, step))
			}
			text, err := json.Marshal(match)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), node, filepath.Join(twin, "play.js"))
			cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			theirs := json.NewDecoder(bytes.NewReader(out))
			ours := newOwnMatch(t, c.def, &match)
			happened := int32(0)
			for tick, inputs := range match.Inputs {
				ours.step(inputs)
				var got held
				if err := theirs.Decode(&got); err != nil {
					t.Fatal(err)
				}
				for _, table := range c.tables {
					if want := ours.table(table); !slices.EqualFunc(got[table], want, slices.Equal) {
						t.Fatalf("tick %d: %s are\n%v, want\n%v", tick+1, table, got[table], want)
					}
				}
				happened = 0
				for _, row := range got[c.happens] {
					happened += row[c.column]
				}
			}
			if happened == 0 {
				t.Errorf("nothing happened to the %s", c.happens)
			}
			t.Logf("%d ticks, sum of column %d of the %s: %d", c.ticks, c.column, c.happens, happened)
		})
	}
}

// blindInputs are what so many players do in a step.
func blindInputs(players int, step uint32) [][3]int {
	inputs := make([][3]int, players)
	for i := range inputs {
		axes, button := blindly(i, step)
		inputs[i] = [3]int{int(axes[0]), int(axes[1])}
		if button {
			inputs[i][2] = 1
		}
	}
	return inputs
}

// ownMatch is a game as Tickwire runs it, seen through a replica that is shown all.
type ownMatch struct {
	t       *testing.T
	sim     *game.Sim
	encoder *game.Encoder
	replica *game.Replica
	held    game.Baseline
	entries []game.Entry
	players []game.Player
}

func newOwnMatch(t *testing.T, def game.Definition, match *script) *ownMatch {
	t.Helper()
	sim, err := game.NewSim(def, uint64(match.Seed), match.Options)
	if err != nil {
		t.Fatal(err)
	}
	replica, err := game.NewReplica(sim.Schema())
	if err != nil {
		t.Fatal(err)
	}
	m := &ownMatch{t: t, sim: sim, replica: replica, encoder: game.NewEncoder(sim.Schema(), sim.History())}
	for i := range match.Players {
		p := sim.NextID() + game.Player(i)
		m.players = append(m.players, p)
		m.entries = append(m.entries, game.Entry{Kind: game.EntryJoin, Player: p, Name: "x"})
	}
	return m
}

// step runs a tick with the players' inputs.
func (m *ownMatch) step(inputs [][3]int) {
	m.t.Helper()
	for i, in := range inputs {
		m.entries = append(m.entries, game.Entry{
			Kind: game.EntryInput, Player: m.players[i], Tick: m.sim.Now() + 1,
			Values: []int64{int64(in[0]), int64(in[1]), int64(in[2])},
		})
	}
	if _, err := m.sim.Step(m.entries); err != nil {
		m.t.Fatal(err)
	}
	m.entries = m.entries[:0]
	m.encoder.Begin()
	base, body := m.encoder.Frame(nil, &m.held, 1, nil)
	if err := m.replica.Apply(m.sim.Now(), base, body); err != nil {
		m.t.Fatal(err)
	}
}

// table is all rows of a table as a client holds them now.
func (m *ownMatch) table(name string) [][]int32 {
	at := tableAt(m.sim.Schema(), name)
	rows := make([][]int32, 0, m.replica.Len(at))
	for i := range m.replica.Len(at) {
		rows = append(rows, m.replica.Cells(at, i))
	}
	return rows
}

// Bots play on the twin, and a client with its own SDK sees it beside them.
func TestColyseusBots(t *testing.T) {
	node := node(t)
	for _, c := range []struct {
		game    string
		options []string
		lasts   string
	}{
		{"arena", nil, "1s"},
		{"world", []string{"size=110"}, "4s"}, // farther than walkers see
	} {
		t.Run(c.game, func(t *testing.T) {
			s, err := child.Start(t.Context(), os.Stderr, []string{"NODE_ENV=production"}, node, filepath.Join(twin, "server.js"))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Stop()
			args := []string{
				"--peer=colyseus", "--url=http://" + s.Addresses[0], "--admin=http://" + s.Addresses[1], "--game=" + c.game,
				"--clients=30", "--duration=" + c.lasts, "--warmup=500ms",
			}
			for _, option := range c.options {
				args = append(args, "--option="+option)
			}
			cfg, err := parse(args, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			check := exec.CommandContext(t.Context(), node, append([]string{filepath.Join(twin, "check.js"), s.Addresses[0], c.game},
				c.options...)...)
			var saw bytes.Buffer
			check.Stdout, check.Stderr = &saw, os.Stderr
			if err := check.Start(); err != nil {
				t.Fatal(err)
			}
			r, err := measure(t.Context(), cfg, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range cfg.bounds.check(r) {
				t.Error(broken)
			}
			if err := check.Wait(); err != nil {
				t.Errorf("the other client is not convinced: %v", err)
			}
			if r.Frames < 10 || r.BodyBytesMean < 20 || r.Sent < 10 || r.Rooms != 1 || r.Wholes != 0 || r.TickMSMax == nil {
				t.Errorf("report %+v", r)
			}
			t.Logf("%.1f frames/s of %.0f B; the other client saw %s", r.Frames, r.BodyBytesMean, saw.String())
		})
	}
}

// What a blind player does depends on its number and the step alone, and it does all that there is.
func TestBlindly(t *testing.T) {
	seen := map[[3]int8]int{}
	changes := 0
	for number := range 50 {
		var before [3]int8
		for step := range uint32(600) {
			axes, button := blindly(number, step)
			again, same := blindly(number, step)
			if again != axes || same != button {
				t.Fatal("it differs from call to call")
			}
			now := [3]int8{axes[0], axes[1]}
			if button {
				now[2] = 1
			}
			if now != before {
				changes++
			}
			before = now
			seen[now]++
		}
	}
	if len(seen) != 3*3*2 {
		t.Errorf("it does %d of 18 things", len(seen))
	}
	if changes < 50*600/blindSpan*3/4 || changes > 50*600/blindSpan+50 {
		t.Errorf("it changed its mind %d times", changes)
	}
}

//go:build !js

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/gametest"
	"github.com/tickwire/tickwire/game/samples/arena"
)

// What the two programs tell each other.
type (
	jsonEntry struct {
		Kind   game.EntryKind `json:"kind"`
		Player game.Player    `json:"player"`
		Name   string         `json:"name"`
		ID     string         `json:"identity"`
		Reason game.Reason    `json:"reason"`
		Tick   uint32         `json:"tick"`
		View   uint32         `json:"view"`
		Values []int64        `json:"values"`
		Blobs  [][]byte       `json:"blobs"`
	}
	jsonFrame struct {
		Base uint32 `json:"base"`
		Body []byte `json:"body"`
	}
	jsonScript struct {
		Name       string            `json:"name"`
		Seed       string            `json:"seed"`
		Options    map[string]string `json:"options"`
		Ticks      [][]jsonEntry     `json:"ticks"`
		Frames     []jsonFrame       `json:"frames"`
		Checkpoint []byte            `json:"checkpoint"`
	}
	jsonRow struct {
		ID         game.ID  `json:"id"`
		Cells      []int32  `json:"cells"`
		Velocities []int32  `json:"velocities"`
		Texts      []string `json:"texts"`
	}
	jsonSeen struct {
		Hashes  []string             `json:"hashes"`
		Frames  int                  `json:"frames"`
		Errors  []string             `json:"errors"`
		Replica uint32               `json:"replica"`
		Rows    map[string][]jsonRow `json:"rows"`
	}
)

const ticks = 200

// TestNode plays a match in Node, restored in the middle, and compares every hash, and what a client sees, with the same
// match here. It does so with each program that make wasm makes.
func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not here; the tests of gametest demand it")
	}
	rec, hashes := gametest.Play(t, arena.Definition(), match())
	for _, tags := range []string{"all", "arena"} {
		t.Run(tags, func(t *testing.T) { compare(t, node, tags, rec, hashes) })
	}
}

func compare(t *testing.T, node, tags string, rec *game.Recording, hashes []uint64) {
	t.Helper()
	want, script := replica(t, rec)
	seen := inNode(t, node, tags, script)
	for i, h := range hashes {
		if i >= len(seen.Hashes) || seen.Hashes[i] != strconv.FormatUint(h, 10) {
			t.Fatalf("tick %d is the first with another state in Node", i+1)
		}
	}
	if seen.Frames != ticks || seen.Replica != want.Hash() {
		t.Errorf("after %d frames the replica's hash in Node is %x, not %x", seen.Frames, seen.Replica, want.Hash())
	}
	for i, table := range want.Schema().Tables {
		rows, ok := seen.Rows[table.Name]
		if !ok {
			continue
		}
		if len(rows) != want.Len(i) {
			t.Fatalf("table %s has %d rows in Node, not %d", table.Name, len(rows), want.Len(i))
		}
		for r, row := range rows {
			if row.ID != want.IDs(i)[r] || !slices.Equal(row.Cells, want.Cells(i, r)) ||
				!slices.Equal(row.Velocities, want.Velocities(i, r)) || !slices.Equal(row.Texts, want.Texts(i, r)) {
				t.Errorf("table %s, row %d is another in Node: %+v", table.Name, r, row)
			}
		}
	}
	if len(seen.Rows["ships"]) < 3 || len(seen.Rows["rules"]) != 1 || seen.Rows["pilots"][0].Texts[0] != "Ada 0" {
		t.Errorf("the rows in Node look empty: %+v", seen.Rows)
	}
	for i, word := range []string{"no game", "entry 0", "fresh", "bad frame", "no table", "no such sim", "damaged"} {
		if i >= len(seen.Errors) || !strings.Contains(seen.Errors[i], word) {
			t.Errorf("attempt %d should be refused with %q: %q", i, word, seen.Errors)
		}
	}
}

// match is a lively one: everybody flies and shoots, some leave, and one is away when it is restored.
func match() gametest.Script {
	return gametest.Script{Seed: 11, Ticks: ticks, Tick: func(s *gametest.Stage) {
		if s.Tick()%10 == 1 && s.Tick() < 60 {
			s.Join("Ada " + strconv.Itoa(int(s.Tick()/10)))
		}
		switch s.Tick() {
		case 65:
			s.Add(game.Entry{Kind: game.EntryJoin, Player: s.Sim().NextID(), Name: "Ada", Identity: "somebody"})
		case 90:
			s.Drop(s.Players()[1])
		case 110:
			s.Resume(s.Players()[1])
			s.Add(game.Entry{Kind: game.EntryClosing, Tick: 90})
		}
		for i, p := range s.Players() {
			if i > 2 && s.Tick() == 150 {
				s.Leave(p, game.ReasonLeft)
				break
			}
			gametest.Input(s, p, arena.Steer{
				Thrust: int8(s.Rand().Range(0, 1)), Turn: int8(s.Rand().Range(-1, 1)), Fire: true,
			})
		}
	}}
}

// replica is what a client here holds at the end. The script has what a program that makes neither frames nor checkpoints
// gets from a server.
func replica(t *testing.T, rec *game.Recording) (*game.Replica, jsonScript) {
	t.Helper()
	var r *game.Replica
	var e *game.Encoder
	var b game.Baseline
	script := jsonScript{Name: rec.Game, Seed: strconv.FormatUint(rec.Seed, 10), Options: rec.Options}
	for _, inbox := range rec.Ticks {
		tick := []jsonEntry{}
		for _, e := range inbox {
			tick = append(tick, jsonEntry{e.Kind, e.Player, e.Name, e.Identity, e.Reason, e.Tick, e.View, e.Values, e.Blobs})
		}
		script.Ticks = append(script.Ticks, tick)
	}
	if err := rec.Replay(arena.Definition(), func(s *game.Sim, _ *game.Output) (err error) {
		if r == nil {
			e = game.NewEncoder(s.Schema(), s.History())
			if r, err = game.NewReplica(s.Schema()); err != nil {
				return err
			}
		}
		if s.Now() == ticks/2 {
			script.Checkpoint = s.Checkpoint(nil)
		}
		e.Begin()
		base, body := e.Frame(nil, &b, 1, nil)
		script.Frames = append(script.Frames, jsonFrame{base, body})
		return r.Apply(s.Now(), base, body)
	}); err != nil {
		t.Fatal(err)
	}
	return r, script
}

// inNode builds a program and plays the script with it.
func inNode(t *testing.T, node, tags string, s jsonScript) (seen jsonSeen) {
	t.Helper()
	dir := t.TempDir()
	program, script := filepath.Join(dir, "game.wasm"), filepath.Join(dir, "script.json")
	build := exec.CommandContext(t.Context(), "go", "run", "./build", "-tags", tags, "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go run ./build: %v\n%s", err, out)
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(script, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	runtime := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	cmd := exec.CommandContext(t.Context(), node, "testdata/check.mjs", runtime, program, script)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	if err := json.Unmarshal(out, &seen); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return seen
}

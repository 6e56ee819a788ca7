package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/tickwire/tickwire/clients/bot/peers/child"
)

// The systems, in the order in which they are measured in a round. Ours is the first: bare gws sends frames as long as its.
const (
	tickwire = "tickwire"
	gws      = "gws"
	colyseus = "colyseus"
)

func systemNames() []string { return []string{tickwire, gws, colyseus} }

// titles are how the systems are called in the results.
var titles = map[string]string{ //nolint:gochecknoglobals // constants
	tickwire: "Tickwire", gws: "bare gws", colyseus: "Colyseus 0.18",
}

// The games. Rooms are the arena in many small rooms, of which only ours is measured: how late its ticks are.
const (
	arena = "arena"
	world = "world"
	rooms = "rooms"
)

func gameNames() []string { return []string{arena, world, rooms} }

// sampleOf is the sample that a game is.
func sampleOf(game string) string {
	if game == rooms {
		return arena
	}
	return game
}

// ramps are joins a second. Who joins the world is told all that is near, and 500 do not do that at once.
var ramps = map[string]int{arena: 400, world: 100, rooms: 400} //nolint:gochecknoglobals // constants

const (
	rate      = 20
	arenaRoom = 64
	smallRoom = 16
	module    = "github.com/tickwire/tickwire/"
	twin      = "clients/bot/peers/colyseus"
)

// skips says why a system is not measured with so many clients; "" if it is.
func skips(system, game string, clients int) string {
	const mostViews = 500
	switch {
	case system == colyseus && game == world && clients > mostViews:
		return "the twin of the world is measured up to 500 clients"
	case system != tickwire && game == rooms:
		return "nothing says how late its ticks are"
	default:
		return ""
	}
}

// worldSize is the side of a world in which so many players have as much room each as 1,500 in the default one.
func worldSize(clients int) int {
	const side, players = 512, 1500
	return int(math.Round(side * math.Sqrt(float64(clients)/players)))
}

// programs are the built binaries.
type programs struct {
	bot, tickwire, gws, node string
	versions                 map[string]string
}

// prepare builds what is needed and finds Node.
func prepare(ctx context.Context, cfg *config, dir string) (*programs, error) {
	p := &programs{versions: map[string]string{}}
	for _, b := range []struct {
		to        *string
		name, pkg string
	}{
		{&p.bot, "bot", module + "clients/bot"},
		{&p.tickwire, tickwire, module + "clients/bot/peers/tickwire"},
		{&p.gws, gws, module + "clients/bot/peers/gws"},
	} {
		var err error
		if *b.to, err = child.Build(ctx, dir, b.name, b.pkg); err != nil {
			return nil, err
		}
	}
	p.versions[tickwire] = runtime.Version()
	if revision, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output(); err == nil {
		p.versions[tickwire] = strings.TrimSpace(string(revision)) + ", " + runtime.Version()
	}
	p.versions[gws] = moduleVersion(ctx, "github.com/lxzan/gws") + ", " + runtime.Version()
	if slices.Contains(cfg.systems, colyseus) {
		return p, p.findNode(ctx, cfg.node)
	}
	return p, nil
}

// findNode finds Node and the packages of the twin, or says what is missing.
func (p *programs) findNode(ctx context.Context, node string) error {
	if _, err := os.Stat(filepath.Join(twin, "node_modules", "@colyseus", "core")); err != nil {
		return fmt.Errorf("the packages of %s are missing: `make bench-peers` installs them, or `npm ci` in that folder; "+
			"--systems tickwire,gws does without", twin)
	}
	if node == "" {
		node = filepath.Join(twin, "node_modules", ".bin", "node")
		if _, err := os.Stat(node); err != nil {
			node = "node"
		}
	}
	path, err := exec.LookPath(node)
	if err != nil {
		return fmt.Errorf("no Node to run Colyseus with: %w; --systems tickwire,gws does without", err)
	}
	if p.node, err = filepath.Abs(path); err != nil {
		return err
	}
	version, err := exec.CommandContext(ctx, p.node, "--version").Output() //nolint:gosec // the user's own
	if err != nil {
		return fmt.Errorf("%s --version: %w", p.node, err)
	}
	p.versions[colyseus] = packageVersions(twin) + ", Node " + strings.TrimPrefix(strings.TrimSpace(string(version)), "v")
	return nil
}

// start runs a system's server. ours is the measurement of our server in the same round.
func (p *programs) start(ctx context.Context, notes io.Writer, k key, ours *line) (*child.Server, error) {
	seats := map[string]int{arena: arenaRoom, world: k.Clients, rooms: smallRoom}[k.Game]
	switch k.System {
	case tickwire:
		return child.Start(ctx, notes, nil, p.tickwire, "--game="+sampleOf(k.Game), "--rate="+strconv.Itoa(rate),
			"--seats="+strconv.Itoa(seats))
	case gws:
		return child.Start(ctx, notes, nil, p.gws, "--rate="+strconv.Itoa(rate), "--room="+strconv.Itoa(seats),
			"--frame-bytes="+strconv.Itoa(frameBytes(ours)))
	default:
		return child.Start(ctx, notes, []string{"NODE_ENV=production"}, p.node, filepath.Join(twin, "server.js"))
	}
}

// frameBytes is the mean length of our frames, as far as the bare server can send as little.
func frameBytes(ours *line) int {
	const least = 8
	return max(least, int(ours.Report.FrameMean+0.5))
}

// inputBytes is that of what clients send.
func inputBytes(ours *line) int {
	const least = 4
	return max(least, int(ours.Report.InputMean+0.5))
}

// Bench measures Tickwire beside its peers: bare gws, which is the floor of the socket path, and the same games as rooms of
// Colyseus. All run on this machine, one after the other, in rounds that alternate between them, with the same players,
// inputs and rates. It writes RESULTS.md, the charts and every single measurement.
//
//	go run ./clients/bot/peers/bench --games arena --arena 64,512 --rounds 3
//
// A run that was stopped goes on where it was: measurements that are in results.jsonl already are kept, unless --fresh.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// errUsage marks mistakes in the command line; flag has printed them.
var errUsage = errors.New("usage")

// config is the command line.
type config struct {
	systems, games   []string
	clients          map[string][]int // by game
	rounds           int
	duration, warmup time.Duration
	lateness         time.Duration
	ramp             int
	out, node        string
	fresh, report    bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil {
		if !errors.Is(err, errUsage) {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
		os.Exit(1)
	}
}

// run is the program.
func run(ctx context.Context, args []string, notes io.Writer) error {
	cfg, err := parse(args, notes)
	if err != nil {
		return err
	}
	s, err := openStore(filepath.Join(cfg.out, "results.jsonl"), cfg.fresh)
	if err != nil {
		return err
	}
	if !cfg.report {
		err = measureAll(ctx, cfg, s, notes)
	}
	if len(s.lines) == 0 {
		return errors.Join(err, errors.New("nothing was measured"))
	}
	return errors.Join(err, writeResults(cfg.out, s.lines))
}

func parse(args []string, notes io.Writer) (*config, error) {
	c := &config{clients: map[string][]int{}}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(notes)
	systems := f.String("systems", strings.Join(systemNames(), ","), "what to measure")
	games := f.String("games", strings.Join(gameNames(), ","), "the games")
	inArena := f.String("arena", "64,256,512,1000,1500", "numbers of clients in the arena, in rooms of 64")
	inWorld := f.String("world", "200,500,1500", "numbers of clients in the world, in one room")
	inRooms := f.String("rooms", "3200", "numbers of clients in the arena, in rooms of 16, to see how late ticks are")
	f.IntVar(&c.rounds, "rounds", 3, "rounds; the medians count")
	f.DurationVar(&c.duration, "duration", 6*time.Second, "how long each is measured")
	f.DurationVar(&c.lateness, "lateness", 20*time.Second, "how long it is measured how late ticks are")
	f.DurationVar(&c.warmup, "warmup", 2*time.Second, "how long each plays before")
	f.IntVar(&c.ramp, "ramp", 0, "joins a second; 0: 400 in the arena, 100 in the world")
	f.StringVar(&c.out, "out", filepath.Join("clients", "bot", "peers"), "the folder for what is written")
	f.StringVar(&c.node, "node", "", "the Node that runs Colyseus; empty: that of its packages, else of the PATH")
	f.BoolVar(&c.fresh, "fresh", false, "forget what was measured before")
	f.BoolVar(&c.report, "report", false, "measure nothing, only write the results again")
	if err := f.Parse(args); err != nil {
		return nil, errors.Join(errUsage, err)
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if c.rounds < 1 || c.duration <= 0 || c.lateness <= 0 || c.warmup < 0 || c.ramp < 0 {
		return nil, errors.New("--rounds, --duration and --lateness must be above 0, --warmup and --ramp not below")
	}
	var err error
	if c.systems, err = names("--systems", *systems, systemNames()); err != nil {
		return nil, err
	}
	if c.games, err = names("--games", *games, gameNames()); err != nil {
		return nil, err
	}
	if c.clients[arena], err = counts("--arena", *inArena); err != nil {
		return nil, err
	}
	if c.clients[world], err = counts("--world", *inWorld); err != nil {
		return nil, err
	}
	c.clients[rooms], err = counts("--rooms", *inRooms)
	return c, err
}

// names reads a list of words that must be known.
func names(option, list string, known []string) ([]string, error) {
	words := strings.Split(list, ",")
	for _, word := range words {
		if !slices.Contains(known, word) {
			return nil, fmt.Errorf("%s: %q is none of %s", option, word, strings.Join(known, ", "))
		}
	}
	return words, nil
}

// counts reads a list of numbers of clients.
func counts(option, list string) ([]int, error) {
	const most = 20_000
	var all []int
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > most {
			return nil, fmt.Errorf("%s: %q is not a number of clients", option, word)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/tickwire/tickwire/server/link"
)

// config is the command line.
type config struct {
	url, game, codec string
	clients          int
	duration, warmup time.Duration
	ramp             float64
	seed             uint64
	json             bool
	profiling        bool
	serverPID        int
	admin            string
	bounds           bounds

	profile  string // of the network; empty: as it is
	netSeed  uint64
	cutEvery time.Duration // 0: never

	options map[string]string // of the room
	pilot   string

	peer                   string
	frameBytes, inputBytes int

	// dial opens all connections, but those of --peer.
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	compare   bool
	rounds    int
	serverCmd string
}

// parse reads the flags; mistakes are printed to notes.
func parse(args []string, notes io.Writer) (*config, error) {
	c := &config{dial: (&net.Dialer{Timeout: 10 * time.Second}).DialContext}
	f := flag.NewFlagSet("bot", flag.ContinueOnError)
	f.SetOutput(notes)
	f.StringVar(&c.url, "url", "http://127.0.0.1:8080", "the server")
	f.StringVar(&c.game, "game", "arena", "the game; unknown ones are played with random inputs")
	f.IntVar(&c.clients, "clients", 64, "how many clients play at once")
	f.DurationVar(&c.duration, "duration", 10*time.Second, "how long to measure, after all have joined and warmed up")
	f.DurationVar(&c.warmup, "warmup", time.Second, "how long to play before measuring")
	f.Float64Var(&c.ramp, "ramp", 200, "joins a second")
	f.Uint64Var(&c.seed, "seed", 1, "of what the bots do")
	f.StringVar(&c.codec, "codec", "packed", "packed or plain")
	f.BoolVar(&c.json, "json", false, "print one JSON object as the last line")
	f.BoolVar(&c.profiling, "profile", false, "say what the bytes of the frames were spent on, by table and field")
	f.IntVar(&c.serverPID, "server-pid", 0, "the server's process, for its CPU and memory (Linux)")
	f.StringVar(&c.admin, "admin", "", "the server's admin URL, for the longest tick from its /metrics")
	f.StringVar(&c.profile, "net-profile", "", "play over a worse network: "+profileNames()+"; empty: as it is")
	f.Uint64Var(&c.netSeed, "net-seed", 1, "of the delays of --net-profile and the moments of --cut-every")
	f.DurationVar(&c.cutEvery, "cut-every", 0, "cut each client's connection at random, so often on average; 0: never")
	f.StringVar(&c.pilot, "pilot", "", "how to play: blind, the same inputs whatever the state is, or empty: as well as can be")
	f.Func("option", "an option of the room, as name=value; may be given more than once", c.addOption)
	f.StringVar(&c.peer, "peer", "", "measure another server: gws or colyseus, those in clients/bot/peers")
	f.IntVar(&c.frameBytes, "frame-bytes", 0, "peer: bytes of a frame; 0: 100, and with --compare-gws as many as ours had")
	f.IntVar(&c.inputBytes, "input-bytes", 0, "peer: bytes of an input; 0: 14, and with --compare-gws as many as ours had")
	f.BoolVar(&c.compare, "compare-gws", false, "build and start our server and a bare gws one in turn, and compare them")
	f.IntVar(&c.rounds, "rounds", 3, "with --compare-gws: rounds; the medians count")
	f.StringVar(&c.serverCmd, "server-cmd", "", "with --compare-gws: our server's binary; empty: build ./server/dev")
	c.bounds.flags(f)
	if err := f.Parse(args); err != nil {
		return nil, errors.Join(errUsage, err)
	}
	return c, c.check(f)
}

func (c *config) check(f *flag.FlagSet) error {
	c.bounds.given = map[string]bool{}
	f.Visit(func(x *flag.Flag) { c.bounds.given[x.Name] = true })
	switch {
	case f.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", f.Arg(0))
	case c.clients < 1 || c.clients > 20000:
		return errors.New("--clients must be 1 to 20000")
	case c.duration <= 0 || c.warmup < 0:
		return errors.New("--duration must be above 0 and --warmup not below")
	case c.ramp <= 0:
		return errors.New("--ramp must be above 0")
	case c.codec != "packed" && c.codec != "plain":
		return errors.New("--codec is packed or plain")
	case c.peer != "" && c.peer != peerGws && c.peer != peerColyseus:
		return errors.New("--peer is gws, colyseus or nothing")
	case c.pilot != "" && c.pilot != pilotBlind:
		return errors.New("--pilot is blind or nothing")
	case c.profiling && (c.codec != "packed" || c.peer != "" || c.compare):
		return errors.New("--profile is for Tickwire's own server and the packed codec only")
	case c.cutEvery < 0:
		return errors.New("--cut-every must not be below 0")
	case (c.profile != "" || c.cutEvery > 0) && (c.peer != "" || c.compare):
		return errors.New("--net-profile and --cut-every are for Tickwire's own server only")
	case c.rounds < 1:
		return errors.New("--rounds must be at least 1")
	case c.frameBytes != 0 && c.frameBytes < peerHeader || c.inputBytes != 0 && c.inputBytes < peerInput:
		return fmt.Errorf("--frame-bytes must be at least %d and --input-bytes at least %d", peerHeader, peerInput)
	}
	if c.profile != "" {
		if _, err := link.ProfileByName(c.profile); err != nil {
			return fmt.Errorf("--net-profile: %w", err)
		}
	}
	return nil
}

// addOption reads one --option.
func (c *config) addOption(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("want name=value")
	}
	if c.options == nil {
		c.options = map[string]string{}
	}
	c.options[name] = value
	return nil
}

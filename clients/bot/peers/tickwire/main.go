// Tickwire is our own server as it is measured beside the others: the sample games at a given rate, with the limits raised
// that keep strangers from opening hundreds of connections at once, as all clients come from this machine, and with the
// garbage collector set as server/dev sets it. All else is what package server does by default.
//
// Its first line of output is the address that clients use, then the one of /metrics.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
)

// heapGrowth is that of server/dev.
const heapGrowth = 25

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tickwire:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, notes io.Writer) error {
	flags := flag.NewFlagSet("tickwire", flag.ContinueOnError)
	flags.SetOutput(notes)
	addr := flags.String("addr", "127.0.0.1:0", "where to listen; the address is the first line of output")
	name := flags.String("game", "arena", "the sample game")
	rate := flags.Int("rate", 20, "ticks and frames a second")
	seats := flags.Int("seats", 0, "players of a room; 0: as many as the game says")
	if err := flags.Parse(args); err != nil {
		return err
	}
	def, err := definition(*name, *rate, *seats)
	if err != nil {
		return err
	}
	s, err := server.New(server.Options{
		Games:  []game.Definition{def},
		Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Limits: limits(),
		Log:    zerolog.New(notes).Level(zerolog.ErrorLevel),
	})
	if err != nil {
		return err
	}
	return serve(ctx, s, *addr, out)
}

// definition is a sample as it is to be measured.
func definition(name string, rate, seats int) (game.Definition, error) {
	def, ok := samples.ByName(name)
	if !ok {
		return def, fmt.Errorf("there is no sample %q", name)
	}
	if rate < 1 || seats < 0 {
		return def, errors.New("--rate must be at least 1, and --seats not below 0")
	}
	def.Rate = rate
	if seats > 0 {
		def.MaxPlayers = seats
	}
	return def, nil
}

// limits let thousands of clients of one machine in at once. What a client that plays may take is as it always is.
func limits() server.Limits {
	const many = 20_000
	return server.Limits{HandshakesAll: many, GreetingAll: many}
}

// serve runs the server on two ports until ctx is done.
func serve(ctx context.Context, s *server.Server, addr string, out io.Writer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var open sync.WaitGroup
	defer open.Wait()
	var addresses []any
	for _, door := range []struct {
		addr    string
		handler http.Handler
	}{{addr, s}, {"127.0.0.1:0", s.Admin()}} {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", door.addr)
		if err != nil {
			return err
		}
		addresses = append(addresses, listener.Addr())
		web := &http.Server{Handler: door.handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
		defer func() { _ = web.Close() }() // it is to end
		open.Go(func() {
			if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				cancel(err)
			}
		})
	}
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	select {
	case <-s.Ready():
		if _, err := fmt.Fprintln(out, addresses...); err != nil {
			cancel(err)
		}
	case err := <-ran:
		return err
	}
	err := <-ran
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// Bot plays a game with many clients at once and measures what they get: it is the load tool and the instrument that
// every figure about Tickwire comes from.
//
//	go run ./clients/bot --url http://127.0.0.1:8080 --game arena --clients 64 --duration 10s --json --server-pid $PID
//
// The last line of its output is one JSON object with --json, else a table. It exits with 1 if a client failed, a hash
// differed or a --max-… bound was broken, and with 2 if it could not run at all.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// errUsage marks mistakes in the command line; flag has printed them.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program. It returns the exit code.
func run(ctx context.Context, args []string, out, notes io.Writer) int {
	cfg, err := parse(args, notes)
	if err != nil {
		if !errors.Is(err, errUsage) {
			_, _ = fmt.Fprintln(notes, "bot:", err) // nothing can be done if standard error is gone
		}
		return 2
	}
	if cfg.compare {
		return compareGws(ctx, cfg, out, notes)
	}
	report, err := measure(ctx, cfg, notes)
	if err != nil {
		_, _ = fmt.Fprintln(notes, "bot:", err)
		return 2
	}
	broken := cfg.bounds.check(report)
	if err := show(out, notes, cfg.json, report, report.table, broken); err != nil {
		_, _ = fmt.Fprintln(notes, "bot:", err)
		return 2
	}
	if len(broken) > 0 {
		return 1
	}
	return 0
}

// show prints a result as JSON or as a table, and what is wrong with it.
func show(out, notes io.Writer, asJSON bool, result any, table func(io.Writer) error, broken []string) error {
	for _, b := range broken {
		if _, err := fmt.Fprintln(notes, "bot: FAILED:", b); err != nil {
			return err
		}
	}
	if !asJSON {
		return table(out)
	}
	line, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	_, err = fmt.Fprintln(out, string(line))
	return err
}

// measure runs one load against one server.
func measure(ctx context.Context, cfg *config, notes io.Writer) (*report, error) {
	switch cfg.peer {
	case peerGws:
		return newFleet(cfg, notes, newPeerBot).run(ctx)
	case peerColyseus:
		return newFleet(cfg, notes, newColyseusBot).run(ctx)
	}
	return newFleet(cfg, notes, newBot).run(ctx)
}

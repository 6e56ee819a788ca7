// Command dev runs a Tickwire server with the sample games and the web pages, for people who want to play, write games
// or write clients. It needs nothing but itself.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// heapGrowth is by how many percent the heap grows between two collections. Play leaves next to nothing to collect, so a
// quarter of what is usual costs no time that can be measured, and saves a third of the memory.
const heapGrowth = 25

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // before anything ends: from here on a second signal ends the program at once
		cancel()
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it serves until ctx is done and returns the exit code. Whatever goes wrong is one line on stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run a Tickwire server with the sample games and the web pages",
		Long: "Run a Tickwire server with the sample games and the web pages.\n\n" +
			"Settings come from flags, then from the environment (TICKWIRE_LOG_LEVEL for --log-level), then from the\n" +
			"YAML file of --config (log-level: debug), then from the defaults below. Unknown ones are errors.\n\n" +
			"When it is ready it prints its URL. Ctrl-C lets rooms and players end in order; a second Ctrl-C ends at once.",
		Args:              cobra.NoArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	addFlags(cmd.Flags())
	cmd.RunE = func(*cobra.Command, []string) error {
		c, err := loadConfig(cmd.Flags(), os.Environ)
		if err != nil {
			return err
		}
		return serve(ctx, c, stdout, stderr)
	}
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	if err := cmd.ExecuteContext(ctx); err != nil {
		line := strings.Join(strings.Fields(err.Error()), " ")
		_, _ = fmt.Fprintf(stderr, "dev: %s (--help shows all settings)\n", line) // nowhere to say that this failed
		return 1
	}
	return 0
}

package server_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What README.md shows of Go and TypeScript stands word for word in files that are tested.
func TestReadmeShowsWhatIsTested(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ mark, source string }{
		{"game", "../game/example_test.go"},
		{"client", "../clients/ts/test/readme.test.ts"},
	} {
		tested := between(t, read(t, tc.source), "// "+tc.mark+":begin", "// "+tc.mark+":end")
		if shown(t, tc.mark) != tested {
			t.Errorf("README.md and %s differ between their marks %q", tc.source, tc.mark)
		}
	}
}

// The game of README.md is built from what it shows, passes its own test, serves a lobby and ends when told to.
func TestReadmeGameRuns(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("testdata", "coins") //nolint:usetesting // inside the module, so that it needs no other
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	address := freeAddress(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("coins.go", "package main\n\nimport \"github.com/tickwire/tickwire/game\"\n\n"+shown(t, "game"))
	write("main.go", strings.Replace(shown(t, "main"), "127.0.0.1:8080", address, 1))
	write("coins_test.go", shown(t, "test"))
	program := filepath.Join(t.TempDir(), "coins")
	command(t, "go", "build", "-o", program, "./"+dir)
	command(t, "go", "test", "./"+dir)

	coins := exec.CommandContext(t.Context(), program)
	if err := coins.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "http://"+address+"/tickwire.v1.LobbyService/List")
	if err := coins.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := coins.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// waitFor asks until the lobby answers.
func waitFor(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	defer http.DefaultClient.CloseIdleConnections()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s does not answer: %v", url, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// freeAddress is one that nobody listens on, yet.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// shown is the code that README.md shows between two marks.
func shown(t *testing.T, mark string) string {
	t.Helper()
	code := between(t, read(t, "../README.md"), "<!-- "+mark+":begin -->", "<!-- "+mark+":end -->")
	_, code, _ = strings.Cut(code, "\n")
	return strings.TrimSpace(strings.TrimSuffix(code, "```"))
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, text, begins := strings.Cut(text, from)
	text, _, ends := strings.Cut(text, to)
	if !begins || !ends {
		t.Fatalf("there is nothing between %q and %q", from, to)
	}
	return strings.TrimSpace(text)
}

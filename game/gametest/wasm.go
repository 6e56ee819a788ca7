package gametest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
)

// The calling test is run again on WebAssembly. These tell it where the recording is, and which call of Determinism in
// that test is meant.
const (
	dirVariable  = "TICKWIRE_GAMETEST_DIR"
	callVariable = "TICKWIRE_GAMETEST_CALL"
)

// The files in that directory.
const (
	recordingFile = "recording"
	marksFile     = "marks"
	resultFile    = "result"
)

// wasmTimeout bounds building and running the test there.
const wasmTimeout = 5 * time.Minute

var calls = struct { //nolint:gochecknoglobals // tests may run beside each other, and each counts its own calls
	sync.Mutex

	of map[string]int
}{of: map[string]int{}}

// nextCall counts the calls of a test.
func nextCall(test string) int {
	calls.Lock()
	defer calls.Unlock()
	calls.of[test]++
	return calls.of[test]
}

// there says whether this is the run on WebAssembly.
func there() bool { return runtime.GOOS == "js" && os.Getenv(dirVariable) != "" }

// elsewhere runs the calling test on WebAssembly and reports what it found.
func elsewhere(tb testing.TB, rec *game.Recording, marks []mark, call int) {
	tb.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		tb.Errorf("gametest: Node is needed to play the game on WebAssembly, and there is no program called node; " +
			"install it, or give gametest.WithoutWasm() as an option")
		return
	}
	dir := tb.TempDir()
	if err := deposit(dir, rec, marks); err != nil {
		tb.Fatalf("gametest: %v", err)
	}
	output, err := runThere(tb.Name(), dir, node, call)
	result, missing := os.ReadFile(filepath.Join(dir, resultFile)) //nolint:gosec // our own temporary directory
	switch {
	case missing != nil:
		tb.Errorf("gametest: on WebAssembly the test did not get to this call of Determinism (go test: %v):\n%s", err, output)
	case string(result) != "":
		tb.Errorf("gametest: played on WebAssembly, the game differs: %s; it depends on the machine: on floats, perhaps, "+
			"or on the size of int", result)
	}
}

// runThere is `go test` of the calling test in its own directory, which is that of its package.
func runThere(test, dir, node string, call int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), wasmTimeout)
	defer cancel()
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-vet=off", //nolint:gosec // the test's own name
		"-run", strings.Join(parts, "/"), "-exec", quote(node)+" --stack-size=8192 "+quote(runner), ".")
	cmd.Env = append(smallEnvironment(), "GOOS=js", "GOARCH=wasm",
		dirVariable+"="+dir, callVariable+"="+strconv.Itoa(call))
	return cmd.CombinedOutput()
}

// quote makes a path one word for -exec.
func quote(path string) string { return "'" + path + "'" }

// smallEnvironment is what the go command needs, and no more: Go programs on WebAssembly refuse a large environment.
func smallEnvironment() []string {
	var kept []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch name {
		case "PATH", "HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "SYSTEMROOT",
			"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GOROOT", "GOPATH", "GOCACHE", "GOMODCACHE", "GOPROXY", "GONOSUMDB", "GOFLAGS",
			"GONOPROXY", "GOPRIVATE", "GOSUMDB", "GOTOOLCHAIN", "GOWORK", "GOENV":
			kept = append(kept, pair)
		}
	}
	return kept
}

// deposit writes what the other run needs.
func deposit(dir string, rec *game.Recording, marks []mark) error {
	var b bytes.Buffer
	if err := rec.Write(&b); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, recordingFile), b.Bytes(), 0o600); err != nil {
		return err
	}
	b.Reset()
	if err := binary.Write(&b, binary.LittleEndian, marks); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, marksFile), b.Bytes(), 0o600)
}

// answer is the other side: it plays the recording that is meant for this call and leaves the result in a file.
func answer(tb testing.TB, def game.Definition, call int) {
	tb.Helper()
	dir := os.Getenv(dirVariable)
	if os.Getenv(callVariable) != strconv.Itoa(call) {
		return
	}
	result, err := replayThere(dir, def)
	if err != nil {
		result = err.Error()
	}
	if err := os.WriteFile(filepath.Join(dir, resultFile), []byte(result), 0o600); err != nil { //nolint:gosec // as above
		tb.Fatalf("gametest: %v", err)
	}
}

// replayThere says where the run on WebAssembly differs; "" if nowhere.
func replayThere(dir string, def game.Definition) (string, error) {
	file, err := os.ReadFile(filepath.Join(dir, recordingFile)) //nolint:gosec // the test that started this one made it
	if err != nil {
		return "", err
	}
	rec, err := game.ReadRecording(bytes.NewReader(file))
	if err != nil {
		return "", err
	}
	if file, err = os.ReadFile(filepath.Join(dir, marksFile)); err != nil { //nolint:gosec // as above
		return "", err
	}
	want := make([]mark, len(file)/binary.Size(mark{}))
	if err := binary.Read(bytes.NewReader(file), binary.LittleEndian, want); err != nil {
		return "", err
	}
	got, err := run(def, rec, play{})
	if diff := difference(rec, want, got); diff != "" {
		return diff, nil
	}
	return "", err
}

//go:build !js

package game_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the prefix of all packages that are ours.
const module = "github.com/tickwire/tickwire/"

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath, Name                   string
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

// rule says what the packages of a folder may import of ours, in their code and in their tests. A name with /... at its
// end is the folder and all below it. The first rule that names a package is the one that counts.
type rule struct {
	who   string
	code  []string
	tests []string
	pure  bool // nothing but the quiet part of the standard library
}

var (
	anybody = []string{"..."}
	play    = []string{"game/..."}
	shared  = []string{"game", "proto/..."}
)

// rules: game and proto know nobody; server and clients/go know these two and not each other; programs and tests wire
// things together.
var rules = []rule{
	{who: "game", tests: play, pure: true},
	{who: "game/samples/...", code: []string{"game", "game/samples/..."}, tests: play, pure: true},
	{who: "game/gametest", code: []string{"game"}, tests: play},
	{who: "game/wasm/...", code: []string{"game", "game/samples/..."}, tests: play},
	{who: "game/cmd/...", code: play, tests: play},
	{who: "proto/...", code: []string{"proto/..."}, tests: []string{"proto/..."}},
	{who: "server", code: []string{"game", "proto/...", "server/internal/..."}, tests: anybody},
	{who: "server/internal/...", code: shared, tests: anybody},
	{who: "server/link"},
	{who: "server/servertest", code: anybody, tests: anybody},
	{who: "server/dev/...", code: anybody, tests: anybody},
	{who: "clients/go", code: shared, tests: anybody},
	{who: "clients/web", tests: anybody},
	{who: "clients/bot/...", code: anybody, tests: anybody},
}

// direct may not be imported by pure packages themselves; anywhere may not be among their dependencies at all, because
// each makes the program for the browser much larger, or lets a game see the world outside.
var (
	direct   = []string{"log", "sync", "sync/atomic", "syscall", "syscall/js", "math/rand", "math/rand/v2"}
	anywhere = []string{"fmt", "net", "os", "time", "math/rand", "math/rand/v2", "crypto/rand"}
)

func TestImports(t *testing.T) {
	for _, goos := range []string{"", "js"} {
		pattern := "./..."
		if goos == "js" {
			pattern = "./game/..." // what has other files there
		}
		pkgs := list(t, goos, pattern)
		if len(pkgs) < 3 {
			t.Fatalf("go list %s found %d packages of ours", pattern, len(pkgs))
		}
		for _, p := range pkgs {
			for _, v := range violations(p) {
				t.Error(v)
			}
		}
	}
}

// TestImportsFails shows that the rules can fail, each with the package that breaks it.
func TestImportsFails(t *testing.T) {
	for _, tc := range []struct {
		why string
		p   pkg
		bad bool
	}{
		{"game knows nobody", pkg{ImportPath: "game", Imports: ours("proto/tickwire/v1")}, true},
		{"game uses the standard library only", pkg{ImportPath: "game", Imports: []string{"github.com/rs/zerolog"}}, true},
		{"game has no lock", pkg{ImportPath: "game", Imports: []string{"sync"}}, true},
		{"locks inside the standard library are its own", pkg{ImportPath: "game", Deps: []string{"sync"}}, false},
		{"game has no clock, not even through others", pkg{ImportPath: "game", Deps: []string{"time"}}, true},
		{"fmt is too big for wasm", pkg{ImportPath: "game/samples/x", Deps: []string{"fmt"}}, true},
		{"a sample rolls the seeded dice", pkg{ImportPath: "game/samples/x", Imports: []string{"math/rand/v2"}}, true},
		{"a sample is a game, not a server", pkg{ImportPath: "game/samples/x", Imports: ours("server")}, true},
		{"the tests of game use the test kit", pkg{ImportPath: "game", XTestImports: ours("game/gametest")}, false},
		{"the tests of game need no server", pkg{ImportPath: "game", XTestImports: ours("server")}, true},
		{"proto knows nobody", pkg{ImportPath: "proto/tickwire/v1", Imports: ours("game")}, true},
		{"server knows game", pkg{ImportPath: "server", Imports: ours("game")}, false},
		{"server does not know clients", pkg{ImportPath: "server", Imports: ours("clients/go")}, true},
		{"server is given its games", pkg{ImportPath: "server", Imports: ours("game/samples")}, true},
		{"tests of the server use the client", pkg{ImportPath: "server", TestImports: ours("clients/go")}, false},
		{"clients do not know the server", pkg{ImportPath: "clients/go", Imports: ours("server")}, true},
		{"a link carries bytes and knows nobody", pkg{ImportPath: "server/link", Imports: ours("game")}, true},
		{"bots play over links", pkg{ImportPath: "clients/bot", Imports: ours("server/link")}, false},
		{"the dev server wires", pkg{ImportPath: "server/dev", Imports: ours("server", "clients/web")}, false},
		{"a new folder needs a rule", pkg{ImportPath: "helpers"}, true},
	} {
		tc.p.ImportPath = module + tc.p.ImportPath
		if got := violations(tc.p); (len(got) > 0) != tc.bad {
			t.Errorf("%s: got %q", tc.why, got)
		}
	}
}

func ours(names ...string) []string {
	for i := range names {
		names[i] = module + names[i]
	}
	return names
}

// violations says in words how p breaks the rules.
func violations(p pkg) []string {
	name := strings.TrimPrefix(p.ImportPath, module)
	i := slices.IndexFunc(rules, func(r rule) bool { return matches(name, r.who) })
	if i < 0 {
		return []string{name + ": no rule says who this package may import"}
	}
	r := rules[i]
	var bad []string
	check := func(kind string, imports, allowed []string) {
		for _, path := range imports {
			of, mine := strings.CutPrefix(path, module)
			if mine && of != name && !slices.ContainsFunc(allowed, func(a string) bool { return matches(of, a) }) {
				bad = append(bad, fmt.Sprintf("%s: its %s may not import %s", name, kind, of))
			}
		}
	}
	check("code", p.Imports, r.code)
	check("tests", slices.Concat(p.TestImports, p.XTestImports), r.tests)
	if !r.pure {
		return bad
	}
	for _, path := range p.Imports {
		foreign := strings.Contains(strings.Split(path, "/")[0], ".") && !strings.HasPrefix(path, module)
		if foreign || slices.Contains(direct, path) {
			bad = append(bad, fmt.Sprintf("%s may not import %s", name, path))
		}
	}
	for _, path := range p.Deps {
		if slices.Contains(anywhere, path) {
			bad = append(bad, fmt.Sprintf("%s may not depend on %s", name, path))
		}
	}
	return bad
}

// matches says whether a package is named by a pattern of a rule.
func matches(name, pattern string) bool {
	folder, below := strings.CutSuffix(pattern, "...")
	if !below {
		return name == pattern
	}
	return strings.HasPrefix(name+"/", folder)
}

// list asks the go command for our packages as they are built for an operating system.
func list(t *testing.T, goos, pattern string) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e",
		"-json=ImportPath,Name,Imports,TestImports,XTestImports,Deps", pattern)
	cmd.Dir = ".."
	cmd.Env = os.Environ()
	if goos == "js" {
		cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return pkgs
		case err != nil:
			t.Fatalf("go list: %v", err)
		}
		pkgs = append(pkgs, p)
	}
}

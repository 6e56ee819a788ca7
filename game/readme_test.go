//go:build !js

package game_test

import (
	"os"
	"strings"
	"testing"
)

// The game that README.md shows is the Example, which is compiled and run.
func TestReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	between := func(s, from, to string) string {
		_, s, _ = strings.Cut(s, from)
		s, _, found := strings.Cut(s, to)
		if !found {
			t.Fatalf("there is no %s … %s", from, to)
		}
		return strings.TrimSpace(s)
	}
	want := between(string(source), "// game:begin\n", "// game:end\n")
	got := between(string(readme), "<!-- game:begin -->", "<!-- game:end -->")
	if got != "```go\n"+want+"\n```" {
		t.Errorf("put this between the marks of README.md:\n```go\n%s\n```", want)
	}
}

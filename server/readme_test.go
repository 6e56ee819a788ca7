package server_test

import (
	"os"
	"strings"
	"testing"
)

// What README.md shows is what is compiled and run here.
func TestReadmeShowsWhatIsTested(t *testing.T) {
	t.Parallel()
	readme := read(t, "../README.md")
	for _, tc := range []struct{ mark, source string }{
		{"game", "../game/example_test.go"},
		{"serve", "example_test.go"},
		{"client", "../clients/ts/test/readme.test.ts"},
	} {
		code := between(t, read(t, tc.source), "// "+tc.mark+":begin", "// "+tc.mark+":end")
		shown := between(t, readme, "<!-- "+tc.mark+":begin -->", "<!-- "+tc.mark+":end -->")
		_, shown, _ = strings.Cut(shown, "\n")
		if strings.TrimSpace(code) != strings.TrimSpace(strings.TrimSuffix(shown, "```")) {
			t.Errorf("README.md and %s differ between their marks %q", tc.source, tc.mark)
		}
	}
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

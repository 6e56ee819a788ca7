package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// machine says on what is measured.
func machine() string {
	name := runtime.GOARCH
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if model, ok := field(b, "model name"); ok {
			name = model
		}
	}
	system := runtime.GOOS
	if b, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		release, _, _ := strings.Cut(strings.TrimSpace(string(b)), "-")
		system = "Linux " + release
	}
	return fmt.Sprintf("%s, %d cores, %s", name, runtime.NumCPU(), system)
}

// field finds the first "name : value".
func field(b []byte, name string) (string, bool) {
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// moduleVersion is the version of a module that we are built with.
func moduleVersion(ctx context.Context, path string) string {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Version}}", path).Output() //nolint:gosec // a constant
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(string(out))
}

// packageVersions are those of what the twin is made of, as installed.
func packageVersions(folder string) string {
	packages := [...]string{"@colyseus/core", "@colyseus/schema", "@colyseus/ws-transport", "ws"}
	parts := make([]string, 0, len(packages))
	for _, name := range packages {
		var p struct {
			Version string `json:"version"`
		}
		b, err := os.ReadFile(filepath.Join(folder, "node_modules", name, "package.json")) //nolint:gosec // constants
		if err != nil || json.Unmarshal(b, &p) != nil {
			p.Version = "?"
		}
		parts = append(parts, name+" "+p.Version)
	}
	return strings.Join(parts, ", ")
}

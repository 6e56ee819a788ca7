// Package child builds and runs the servers that are measured, each as a process of its own.
package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// Build compiles a program of this module into dir and returns the binary's path: `go run` would stand between us and the
// process that is to be measured.
func Build(ctx context.Context, dir, name, pkg string) (string, error) {
	binary := filepath.Join(dir, name)
	text, err := exec.CommandContext(ctx, "go", "build", "-o", binary, pkg).CombinedOutput() //nolint:gosec // our own packages
	if err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	return binary, nil
}

// Server is a server that runs. Stop it.
type Server struct {
	// Addresses are those in the first line of its output that has any, host and port.
	Addresses []string

	cmd *exec.Cmd
}

// How long a server may take to say where it is, and to end.
const (
	startTime = 20 * time.Second
	stopTime  = 30 * time.Second
)

// Start runs a server with env added to the environment, its errors going to notes, and waits until it names its address.
func Start(ctx context.Context, notes io.Writer, env []string, binary string, args ...string) (*Server, error) {
	cmd := exec.Command(binary, args...) //nolint:gosec,noctx // just built, or named by the user; ended by Stop
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = notes
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{cmd: cmd}
	found := make(chan []string, 1)
	go func() { // ends with the server
		found <- addressesIn(output)
		_, _ = io.Copy(io.Discard, output)
	}()
	late := time.NewTimer(startTime)
	defer late.Stop()
	err = nil
	select {
	case s.Addresses = <-found:
		if s.Addresses == nil {
			err = errors.New("the server ended without naming its address")
		}
	case <-late.C:
		err = errors.New("the server does not name its address")
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// PID is the process's number.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Stop ends the server, in order if it can, and waits until it has ended.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	kill := time.AfterFunc(stopTime, func() { _ = s.cmd.Process.Kill() })
	_ = s.cmd.Wait() // how it ends is not what is measured
	kill.Stop()
}

var hostPort = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

// addressesIn reads up to the line that has addresses.
func addressesIn(output io.Reader) []string {
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if found := hostPort.FindAllString(lines.Text(), -1); found != nil {
			return found
		}
	}
	return nil
}

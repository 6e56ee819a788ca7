package child_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tickwire/tickwire/clients/bot/peers/child"
)

// The test's own binary plays the server, if this says which.
const role = "TICKWIRE_CHILD_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		goleak.VerifyTestMain(m)
	case "good":
		_, _ = os.Stdout.WriteString("hello\nopen http://127.0.0.1:123/ or 127.0.0.1:456\n127.0.0.1:789\n")
		wait()
	case "silent":
		wait()
	case "short":
		_, _ = os.Stdout.WriteString("hello\n")
	}
}

// wait ends when it is told to, as a server does.
func wait() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	<-told
}

func start(ctx context.Context, t *testing.T, as string) (*child.Server, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return child.Start(ctx, io.Discard, []string{role + "=" + as}, self)
}

func TestStart(t *testing.T) {
	s, err := start(t.Context(), t, "good")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"127.0.0.1:123", "127.0.0.1:456"}; !slices.Equal(s.Addresses, want) {
		t.Errorf("addresses %q, want %q", s.Addresses, want)
	}
	pid := s.PID()
	if err := syscall.Kill(pid, 0); err != nil {
		t.Errorf("it does not run: %v", err)
	}
	s.Stop()
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("it is there still: %v", err)
	}
}

func TestStartFails(t *testing.T) {
	if _, err := start(t.Context(), t, "short"); err == nil {
		t.Error("an address out of nothing")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := start(ctx, t, "silent"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it waits for ever: %v", err)
	}
	if _, err := child.Start(t.Context(), io.Discard, nil, "/no/such/program"); err == nil {
		t.Error("it started what is not there")
	}
}

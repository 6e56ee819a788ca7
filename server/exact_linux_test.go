package server

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

// A timer of the system is never early, is ended by its context, and leaves no descriptor behind.
func TestExactTimer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	a := newAlarm(ctx)
	for _, d := range []time.Duration{time.Millisecond, 1500 * time.Microsecond, 0, -time.Hour} {
		start := time.Now()
		if stop := a.wait(start.Add(d), true); stop || time.Since(start) < d || a.exact == nil {
			t.Errorf("%v: %v after %v", d, stop, time.Since(start))
		}
	}
	time.AfterFunc(time.Millisecond, cancel)
	if !a.wait(time.Now().Add(time.Hour), true) {
		t.Error("not told to stop")
	}
	start := time.Now()
	if a.wait(start.Add(time.Millisecond), true) || time.Since(start) < time.Millisecond {
		t.Error("told to stop twice, or early")
	}
	a.close()
	if err := a.exact.file.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the descriptor was left open: %v", err)
	}
}

package server

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// An alarm rings on time; it says once that the room is to stop, and goes on ringing for a game that wants to end well.
func TestAlarm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		a := newAlarm(ctx)
		defer a.close()
		start := time.Now()
		for at := time.Second; at <= 3*time.Second; at += time.Second {
			if stop := a.wait(start.Add(at), false); stop || time.Since(start) != at {
				t.Fatalf("%v after %v", stop, time.Since(start))
			}
		}
		if a.wait(start, false) || time.Since(start) != 3*time.Second {
			t.Error("what is past was waited for")
		}
		time.AfterFunc(time.Second/2, cancel)
		if !a.wait(start.Add(time.Hour), false) || time.Since(start) != 7*time.Second/2 {
			t.Errorf("not told to stop after %v", time.Since(start))
		}
		if a.wait(start.Add(4*time.Second), false) || time.Since(start) != 4*time.Second {
			t.Errorf("told to stop twice, or early: after %v", time.Since(start))
		}
	})
}

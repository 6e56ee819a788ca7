//go:build !linux

package server

import (
	"context"
	"time"
)

// exactTimer does not exist on this system.
type exactTimer struct{}

// newExactTimer returns nil.
func newExactTimer(context.Context) *exactTimer { return nil }

func (*exactTimer) wait(time.Duration) bool { return false }
func (*exactTimer) close()                  {}

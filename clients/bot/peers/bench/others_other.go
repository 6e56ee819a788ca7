//go:build !linux

package main

import "time"

// others is not known on this system.
func others() time.Duration { return 0 }

//go:build race

package server_test

import "time"

// The race detector makes all of it ten times as slow.
const (
	churnWarm = 10 * time.Second
	churnTime = 30 * time.Second
)

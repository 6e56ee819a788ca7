//go:build !race

package server_test

import "time"

// churnWarm is how long players come and go until all that is there once is there, churnTime how long after that.
const (
	churnWarm = time.Minute
	churnTime = 10 * time.Minute
)

//go:build !linux

package server

import "time"

// since knows nothing on this system.
func (*descriptor) since() (time.Duration, bool) { return 0, false }

// answer does nothing on this system.
func (*descriptor) answer() {}

package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime reads a process's own clock: the user and system time of all its threads, those that have ended included, to the
// nanosecond. /proc/PID/stat has the same in hundredths of a second, which is coarse for a few clients and seconds.
func cpuTime(pid int) (time.Duration, bool) {
	const schedClock = 2 // CPUCLOCK_SCHED, of a whole process
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|schedClock), &t) != nil { //nolint:gosec // how the kernel numbers these clocks
		return 0, false
	}
	return time.Duration(t.Nano()), true
}

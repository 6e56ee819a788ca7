package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// userHertz is in what part of a second Linux counts time in /proc/stat.
const userHertz = 100

// others is the time that cores were not idle, less what we and our children had.
func others() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	var ours time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) != nil {
			return 0
		}
		ours += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return busy(string(stat)) - ours
}

// busy is the time in /proc/stat that cores were neither idle nor waiting for a disk; what a host took is in it.
func busy(stat string) time.Duration {
	line, _, _ := strings.Cut(stat, "\n")
	var ticks int64
	for i, count := range strings.Fields(line) {
		const idle, disk, guest = 4, 5, 9 // guests are in the user's
		if n, err := strconv.ParseInt(count, 10, 64); err == nil && i != idle && i != disk && i < guest {
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / userHertz
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// process reads what the operating system has accounted to another process. Wall time would say nothing on a machine
// that is busy with other things.
type process struct{ pid int }

// userHZ is the unit of utime and stime in /proc/PID/stat. It is 100 on every Linux that Go runs on, by the kernel's ABI.
const userHZ = 100

// cpu is the process's user and system time.
func (p process) cpu() (time.Duration, error) {
	if d, ok := cpuTime(p.pid); ok {
		return d, nil
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	if err != nil {
		return 0, err
	}
	return parseStat(b)
}

// parseStat finds fields 14 and 15; the second field is a name in brackets that may hold anything.
func parseStat(b []byte) (time.Duration, error) {
	end := bytes.LastIndexByte(b, ')')
	fields := bytes.Fields(b[end+1:])
	const utime, stime = 14 - 3, 15 - 3
	if end < 0 || len(fields) <= stime {
		return 0, errors.New("/proc/PID/stat is not as expected")
	}
	var ticks int64
	for _, f := range [][]byte{fields[utime], fields[stime]} {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return 0, errors.New("/proc/PID/stat is not as expected")
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / userHZ, nil
}

// rssKB is the process's resident memory.
func (p process) rssKB() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return 0, err
	}
	return parseStatus(b)
}

func parseStatus(b []byte) (float64, error) {
	for line := range bytes.Lines(b) {
		rest, ok := bytes.CutPrefix(line, []byte("VmRSS:"))
		if !ok {
			continue
		}
		fields := bytes.Fields(rest)
		if len(fields) == 2 && string(fields[1]) == "kB" {
			return strconv.ParseFloat(string(fields[0]), 64)
		}
	}
	return 0, errors.New("/proc/PID/status is not as expected")
}

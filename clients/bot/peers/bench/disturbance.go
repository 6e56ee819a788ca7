package main

import "time"

// disturbance is how much of the machine's cores others have: programs that are not part of the measurement, and, of a
// virtual machine, its neighbours.
type disturbance struct {
	began  time.Time
	others time.Duration // since the machine was started
}

// beginDisturbance begins to watch.
func beginDisturbance() disturbance { return disturbance{time.Now(), others()} }

// cores is how many cores others had since then; 0 if the system does not say. Children count once they have ended.
func (d disturbance) cores() float64 {
	return max(0, float64(others()-d.others)/float64(time.Since(d.began)))
}

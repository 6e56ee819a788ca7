package server

import "time"

// readSize is how much is read at once. Inputs are small; a greater message comes in several reads.
const readSize = 512

// drive is the feeder of a conn that has a goroutine of its own: it waits for bytes and feeds them. On any system and
// any net.Conn.
func (c *conn) drive() {
	if len(c.early) > 0 && !c.feed(c.early, time.Now()) {
		return
	}
	c.early = nil
	buf := make([]byte, readSize)
	for {
		n, err := c.wire.nc.Read(buf)
		if n > 0 {
			more := c.feed(buf[:n], time.Now())
			c.metrics.bytesIn.Add(float64(c.count()))
			if !more {
				return
			}
		}
		if err != nil || c.wire.closing.Load() {
			return
		}
	}
}

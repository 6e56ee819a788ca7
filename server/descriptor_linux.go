package server

import (
	"time"

	"golang.org/x/sys/unix"
)

// since is how long ago the newest bytes came, to some milliseconds. False: the system does not know.
func (d *descriptor) since() (time.Duration, bool) {
	info, err := socketInfo(d.fd)
	return time.Duration(info.Last_data_recv) * time.Millisecond, err == 0
}

// answer tells the system that what is read next is answered at once, so that it is acknowledged with the answer and not
// by a segment of its own. The system finds that out by itself, and forgets it each time that an answer is late.
func (d *descriptor) answer() { _ = setOption(d.fd, unix.TCP_QUICKACK, 0) } // without it all goes on as well

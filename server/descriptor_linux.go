package server

import (
	"time"

	"golang.org/x/sys/unix"
)

// since is how long ago the newest bytes came, to some milliseconds. False: the system does not know.
func (d *descriptor) since() (time.Duration, bool) {
	info, err := unix.GetsockoptTCPInfo(d.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return 0, false
	}
	return time.Duration(info.Last_data_recv) * time.Millisecond, true
}

package server

import "time"

// since is how long ago the newest bytes came, to some milliseconds. False: the system does not know.
func (d *descriptor) since() (time.Duration, bool) {
	info, err := socketInfo(d.fd)
	return time.Duration(info.Last_data_recv) * time.Millisecond, err == 0
}

package server

import (
	"crypto/tls"
	"net"
)

// Listener returns l for an http.Server that speaks TLS: below it the ticks of rooms can read the sockets that l accepts, as
// they read all plain ones by themselves. Give it to ServeTLS. Without it, and on systems where ticks read no sockets, each
// TLS socket has two goroutines of its own.
func Listener(l net.Listener) net.Listener { return &passages{l} }

// passages is a listener that puts each socket into a passage.
type passages struct{ net.Listener }

// Accept implements net.Listener.
func (p *passages) Accept() (net.Conn, error) {
	nc, err := p.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &passage{nc}, nil
}

// passage is what TLS stands on: the socket that was accepted, and a seal instead of it from when a room reads it. It is
// changed once, by the only one who uses it then.
type passage struct{ net.Conn }

// bottom is the socket below TLS and passages.
func bottom(nc net.Conn) net.Conn {
	if sealed, ok := nc.(*tls.Conn); ok {
		nc = sealed.NetConn()
	}
	if p, ok := nc.(*passage); ok {
		nc = p.Conn
	}
	return nc
}

// detach takes the socket out of Go's netpoller, so that a room can read it. False: it cannot be, and is as it was. Whoever
// opened the wire may call it, before anybody else knows of the wire.
func (w *wire) detach() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	var below *passage
	sealed, _ := w.nc.(*tls.Conn)
	if sealed != nil {
		if below, _ = sealed.NetConn().(*passage); below == nil {
			return false // nobody gets between TLS and its socket
		}
	}
	if !w.own.take(bottom(w.nc)) {
		return false
	}
	fd := &w.own
	w.nc, w.fd, w.out, w.box = nil, fd, fd, nil
	if sealed != nil {
		w.seal = &seal{tls: sealed, fd: fd, busy: &w.busy}
		w.out, below.Conn = w.seal, w.seal
	}
	return true
}

// nowhere is the address of what nobody asks for its address.
type nowhere struct{}

// Network implements net.Addr.
func (nowhere) Network() string { return "" }

// String implements net.Addr.
func (nowhere) String() string { return "" }

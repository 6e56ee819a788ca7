package server_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
)

// attacker is a client that does not stop when something is refused, and of which there may be thousands.
type attacker struct {
	game  string
	dial  func(ctx context.Context) (net.Conn, error)
	lobby tickwirev1connect.LobbyServiceClient
}

// newAttacker makes an attacker who comes over a real network, from an IP address of its own if ip is not empty, so that
// it has limits of its own. It keeps no connections that are not used.
func newAttacker(url, game, ip string) *attacker {
	d := net.Dialer{}
	if ip != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(ip)}
	}
	dial := func(ctx context.Context) (net.Conn, error) {
		return d.DialContext(ctx, "tcp", strings.TrimPrefix(url, "http://"))
	}
	calls := &http.Client{Transport: &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
		DisableKeepAlives: true,
	}}
	return &attacker{game, dial, tickwirev1connect.NewLobbyServiceClient(calls, url)}
}

// ticket asks the lobby for a seat.
func (a *attacker) ticket(ctx context.Context) (string, error) {
	res, err := a.lobby.JoinOrCreate(ctx, connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: a.game}))
	if err != nil {
		return "", err
	}
	return res.Msg.GetSeat().GetTicket(), nil
}

// request is a handshake with a ticket.
func request(ticket string) string {
	return "GET /tickwire/v1/connect HTTP/1.1\r\nHost: tickwire.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Protocol: tickwire.v1, ticket." + ticket + "\r\n\r\n"
}

// shake opens a WebSocket with a ticket and returns the status of the answer. The connection is closed when ctx is done;
// the caller closes it before.
func (a *attacker) shake(ctx context.Context, ticket string) (*mob, int, error) {
	conn, err := a.dial(ctx)
	if err != nil {
		return nil, 0, err
	}
	m := &mob{Conn: conn, r: bufio.NewReaderSize(conn, 512)}
	m.forget = context.AfterFunc(ctx, func() { _ = conn.Close() })
	if _, err = io.WriteString(conn, request(ticket)); err != nil {
		m.leave()
		return nil, 0, err
	}
	res, err := http.ReadResponse(m.r, nil)
	if err != nil {
		m.leave()
		return nil, 0, err
	}
	_ = res.Body.Close()
	return m, res.StatusCode, nil
}

// enter opens a WebSocket with a ticket.
func (a *attacker) enter(ctx context.Context, ticket string) (*mob, error) {
	m, status, err := a.shake(ctx, ticket)
	if err == nil && status != http.StatusSwitchingProtocols {
		m.leave()
		err = refusedError(status)
	}
	return m, err
}

// refusedError is the status of a handshake that was refused.
type refusedError int

func (r refusedError) Error() string { return fmt.Sprintf("refused with %d", int(r)) }

// join takes a seat, opens a WebSocket and says hello.
func (a *attacker) join(ctx context.Context) (*mob, error) {
	ticket, err := a.ticket(ctx)
	if err != nil {
		return nil, err
	}
	m, err := a.enter(ctx, ticket)
	if err != nil {
		return nil, err
	}
	m.say(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	return m, nil
}

// mob is the WebSocket of an attacker.
type mob struct {
	net.Conn

	r      *bufio.Reader
	forget func() bool

	tick, stride uint32
	token        string
}

// leave closes the socket.
func (m *mob) leave() {
	m.forget()
	_ = m.Close()
}

// say sends a message. That the server may have closed is no matter.
func (m *mob) say(f *tickwirev1.ClientFrame) {
	if b, err := proto.Marshal(f); err == nil {
		_, _ = m.Write(wsFrame(data, b))
	}
}

// next reads one message; the error has the code of the close frame, if there was one.
func (m *mob) next() ([]byte, error) {
	for {
		var head [2]byte
		if _, err := io.ReadFull(m.r, head[:]); err != nil {
			return nil, err
		}
		size := int(head[1])
		switch size {
		case 126:
			var long [2]byte
			if _, err := io.ReadFull(m.r, long[:]); err != nil {
				return nil, err
			}
			size = int(binary.BigEndian.Uint16(long[:]))
		case 127:
			return nil, errors.New("a long frame")
		}
		payload := make([]byte, size)
		if _, err := io.ReadFull(m.r, payload); err != nil {
			return nil, err
		}
		switch {
		case head[0] == shut && size >= 2:
			return nil, closedError(binary.BigEndian.Uint16(payload))
		case head[0] == data:
			return payload, nil
		}
	}
}

// closedError is the code of a close frame.
type closedError uint16

func (c closedError) Error() string { return fmt.Sprintf("closed with %d", uint16(c)) }

// frame reads the next message and acknowledges its state if it should.
func (m *mob) frame(acknowledge bool) (*tickwirev1.ServerFrame, error) {
	b, err := m.next()
	if err != nil {
		return nil, err
	}
	f := &tickwirev1.ServerFrame{}
	if err := proto.Unmarshal(b, f); err != nil {
		return nil, err
	}
	if w := f.GetWelcome(); w != nil {
		m.stride = w.GetStride()
	}
	if f.GetDelta() == nil && len(f.GetBody()) == 0 {
		return f, nil
	}
	if m.tick += m.stride; f.GetTick() != 0 {
		m.tick = f.GetTick()
	}
	if acknowledge {
		m.say(&tickwirev1.ClientFrame{Ack: m.tick})
	}
	return f, nil
}

// rest reads until the end and returns the code of the close frame; 0 if there was none.
func (m *mob) rest() uint16 {
	for {
		if _, err := m.next(); err != nil {
			code, _ := errors.AsType[closedError](err)
			return uint16(code)
		}
	}
}

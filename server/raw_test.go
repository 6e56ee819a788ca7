package server_test

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// raw is a client made of bytes: it can break every rule.
type raw struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader

	tick, stride uint32 // of the newest frame with state
	event        uint32 // the newest
	token        string // the newest
	mute         bool   // it acknowledges nothing
}

// seatIn asks the lobby for a seat in a room of the pilot game.
func seatIn(t *testing.T, s *servertest.Server) *tickwirev1.Seat {
	t.Helper()
	return seatOf(t, s, "pilot")
}

// seatOf asks the lobby for a seat in a room of a game.
func seatOf(t *testing.T, s *servertest.Server, name string) *tickwirev1.Seat {
	t.Helper()
	lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
	res, err := lobby.JoinOrCreate(t.Context(), connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: name}))
	if err != nil {
		t.Fatalf("seat: %v", err)
	}
	return res.Msg.GetSeat()
}

// refusal asks for a seat in a room of the pilot game, without the network, and returns with what code that is refused.
func refusal(t *testing.T, s *servertest.Server) tickwirev1.Code {
	t.Helper()
	lobby := tickwirev1connect.NewLobbyServiceClient(&http.Client{Transport: direct{s}}, s.URL)
	_, err := lobby.JoinOrCreate(t.Context(), connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: "pilot"}))
	refused, ok := errors.AsType[*connect.Error](err)
	if !ok || len(refused.Details()) == 0 {
		t.Fatalf("the seat is not refused: %v", err)
	}
	detail, err := refused.Details()[0].Value()
	if err != nil {
		t.Fatal(err)
	}
	return detail.(*tickwirev1.Error).GetCode()
}

// list asks the lobby for all rooms.
func list(t *testing.T, s *servertest.Server) []*tickwirev1.Room {
	t.Helper()
	lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
	res, err := lobby.List(t.Context(), connect.NewRequest(&tickwirev1.ListRequest{}))
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return res.Msg.GetRooms()
}

// upgrade opens a WebSocket with a ticket and returns the status of the answer.
func upgrade(t *testing.T, s *servertest.Server, ticket string, header http.Header) (*raw, int) {
	t.Helper()
	c, res := dial(t, s, ticket, header)
	return c, res.StatusCode
}

// dial opens a WebSocket with a ticket and returns the answer.
func dial(t *testing.T, s *servertest.Server, ticket string, header http.Header) (*raw, *http.Response) {
	t.Helper()
	conn, err := s.Dial(t.Context(), "tcp", "")
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://tickwire.test/tickwire/v1/connect", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	key := make([]byte, 16)
	_, _ = rand.Read(key)
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "websocket")
	req.Header.Set("Sec-WebSocket-Version", "13")
	req.Header.Set("Sec-WebSocket-Key", base64.StdEncoding.EncodeToString(key))
	req.Header.Set("Sec-WebSocket-Protocol", "tickwire.v1")
	if ticket != "" {
		req.Header.Set("Sec-WebSocket-Protocol", "tickwire.v1, ticket."+ticket)
	}
	maps.Copy(req.Header, header)
	if err := req.Write(conn); err != nil {
		t.Fatalf("write the handshake: %v", err)
	}
	c := &raw{t: t, conn: conn, r: bufio.NewReader(conn)}
	res, err := http.ReadResponse(c.r, req)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	_ = res.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return c, res
}

// direct is a transport without a network.
type direct struct{ http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1"
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// play opens a WebSocket and says hello.
func play(t *testing.T, s *servertest.Server) *raw {
	t.Helper()
	return playIn(t, s, "pilot")
}

// playIn is play for any game.
func playIn(t *testing.T, s *servertest.Server, name string) *raw {
	t.Helper()
	c, status := upgrade(t, s, seatOf(t, s, name).GetTicket(), nil)
	if status != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", status)
	}
	c.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{Codecs: []tickwirev1.Codec{tickwirev1.Codec_CODEC_PACKED}}})
	return c
}

// again opens another WebSocket to the same session, as a client that kept all it had, and says hello.
func (c *raw) again(s *servertest.Server) *raw {
	c.t.Helper()
	lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
	res, err := lobby.Resume(c.t.Context(), connect.NewRequest(&tickwirev1.ResumeRequest{Token: c.token}))
	if err != nil {
		c.t.Fatalf("resume: %v", err)
	}
	n, status := upgrade(c.t, s, res.Msg.GetSeat().GetTicket(), nil)
	if status != http.StatusSwitchingProtocols {
		c.t.Fatalf("status %d", status)
	}
	n.tick, n.stride, n.event, n.token = c.tick, c.stride, c.event, c.token
	n.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{
		Codecs: []tickwirev1.Codec{tickwirev1.Codec_CODEC_PACKED}, LastTick: c.tick, LastEvent: c.event,
	}})
	return n
}

// The opcodes of RFC 6455.
const (
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPing   = 0x9
	opPong   = 0xA
)

// wsFrame makes one masked frame; head is its first byte.
func wsFrame(head byte, payload []byte) []byte {
	b := []byte{head}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, 0, 0, 0, 0) // a mask that changes nothing
	return append(b, payload...)
}

// bytes sends bytes as they are. That the server may have closed already is not this side's fault.
func (c *raw) bytes(b []byte) { _, _ = c.conn.Write(b) }

// message sends a ClientFrame.
func (c *raw) message(f *tickwirev1.ClientFrame) {
	c.t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		c.t.Fatal(err)
	}
	c.bytes(wsFrame(0x80|opBinary, b))
}

// next reads one frame from the server.
func (c *raw) next() (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return 0, nil, err
	}
	size := uint64(head[1] & 0x7f)
	switch size {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(c.r, b[:])
		size = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(c.r, b[:])
		size = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, nil, err
	}
	if head[1]&0x80 != 0 || size > 1<<20 {
		return 0, nil, fmt.Errorf("bad head % x", head)
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(c.r, payload)
	return head[0] & 0xf, payload, err
}

// frame reads the next ServerFrame and acknowledges it.
func (c *raw) frame() *tickwirev1.ServerFrame {
	c.t.Helper()
	for {
		op, payload, err := c.next()
		if err != nil {
			c.t.Fatalf("read: %v", err)
		}
		if op == opBinary {
			return c.take(payload)
		}
	}
}

// take decodes a ServerFrame and acknowledges its state.
func (c *raw) take(payload []byte) *tickwirev1.ServerFrame {
	c.t.Helper()
	f := &tickwirev1.ServerFrame{}
	if err := proto.Unmarshal(payload, f); err != nil {
		c.t.Fatalf("server frame: %v", err)
	}
	if w := f.GetWelcome(); w != nil {
		c.stride, c.token = w.GetStride(), w.GetToken()
	}
	for _, e := range f.GetEvents() {
		c.event = e.GetSeq()
	}
	if f.GetDelta() == nil && len(f.GetBody()) == 0 {
		return f
	}
	if c.tick += c.stride; f.GetTick() != 0 {
		c.tick = f.GetTick()
	}
	if !c.mute {
		c.message(&tickwirev1.ClientFrame{Ack: c.tick})
	}
	return f
}

// end reads until the close frame and returns its code, and the code of the Bye before it. It behaves as a client that is
// alive if it should.
func (c *raw) end(alive bool) (code, bye tickwirev1.Code) {
	c.t.Helper()
	c.mute = !alive
	for {
		op, payload, err := c.next()
		switch {
		case err != nil && (errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)):
			return 0, bye
		case err != nil:
			c.t.Fatalf("read: %v", err)
		case op == opClose && len(payload) >= 2:
			return tickwirev1.Code(binary.BigEndian.Uint16(payload)), bye
		case op == opPing && alive:
			c.bytes(wsFrame(0x80|opPong, payload))
		case op == opBinary:
			if f := c.take(payload); f.GetBye() != nil {
				bye = f.GetBye().GetCode()
			}
		}
	}
}

// pilot is the smallest game with an input, a command and an event.
type pilot struct {
	ships *game.Table[ship]
	steer *game.Inputs[steer]
	say   *game.Commands[say]
	said  *game.Events[say]
}

type ship struct {
	X, Y int32 `sync:"pos"`
}

type steer struct {
	DX int8 `sync:"min=-1,max=1"`
	DY int8 `sync:"min=-1,max=1"`
}

type say struct {
	Text string `sync:"max=16"`
}

func newPilot(w *game.World) game.Game {
	return &pilot{
		ships: game.NewTable[ship](w, "ships"), steer: game.NewInputs[steer](w),
		say: game.NewCommands[say](w, "say"), said: game.NewEvents[say](w, "said"),
	}
}

func (g *pilot) Join(_ *game.Tick, p game.Player) error {
	g.ships.Put(p, ship{})
	return nil
}

func (g *pilot) Leave(_ *game.Tick, p game.Player, _ game.Reason) { g.ships.Delete(p) }

func (g *pilot) Tick(t *game.Tick) error {
	for c := range g.say.All(t) {
		switch c.Value.Text {
		case "panic":
			panic("as asked")
		case "over":
			return game.ErrOver
		case "kick":
			t.Kick(c.Player, "as asked")
		case "":
			c.Refuse(7, "say something")
		default:
			g.said.Broadcast(t, c.Value)
		}
	}
	for p := range t.Players() {
		in := g.steer.Of(t, p)
		s := g.ships.Get(p)
		s.X += int32(in.DX) * 10
		s.Y += int32(in.DY) * 10
	}
	return nil
}

func pilots() server.Options {
	return server.Options{Games: []game.Definition{{Name: "pilot", New: newPilot, MaxPlayers: 4}}}
}

// since is the time that passed since start, for messages.
func since(start time.Time) time.Duration { return time.Since(start) }

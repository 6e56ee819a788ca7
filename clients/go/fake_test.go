package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/lxzan/gws"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"

	client "github.com/tickwire/tickwire/clients/go"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a server that does what a test says, over connections in memory, so that it works in a bubble of synctest.
type fake struct {
	tickwirev1connect.UnimplementedLobbyServiceHandler
	gws.BuiltinEventHandler

	t        *testing.T
	web      *http.Server
	accept   chan net.Conn
	closed   chan struct{}
	upgrader *gws.Upgrader

	lobbyErr error  // what lobby calls answer, if set
	status   int    // what handshakes answer, if set
	ticket   string // offered by the client, as the server saw it
	name     string // as the lobby saw it
	rooms    []*tickwirev1.Room

	opened chan *gws.Conn
	frames chan *tickwirev1.ClientFrame
	ended  chan error

	mu   sync.Mutex
	conn *gws.Conn
	net  net.Conn
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		t: t, accept: make(chan net.Conn), closed: make(chan struct{}), opened: make(chan *gws.Conn, 1),
		frames: make(chan *tickwirev1.ClientFrame, 1024), ended: make(chan error, 1),
	}
	f.upgrader = gws.NewUpgrader(f, &gws.ServerOption{SubProtocols: []string{"tickwire.v1"}})
	mux := http.NewServeMux()
	path, handler := tickwirev1connect.NewLobbyServiceHandler(f)
	mux.Handle(path, handler)
	mux.HandleFunc("/ws", f.connect)
	f.web = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	var serving sync.WaitGroup
	serving.Go(func() { _ = f.web.Serve(f) }) // ends with Close
	t.Cleanup(func() {
		_ = f.web.Close()
		f.cut()
		serving.Wait()
	})
	return f
}

// Accept, Close and Addr make the fake a listener.
func (f *fake) Accept() (net.Conn, error) {
	select {
	case c := <-f.accept:
		return c, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

func (f *fake) Close() error {
	close(f.closed)
	return nil
}

func (f *fake) Addr() net.Addr { return &net.TCPAddr{} }

func (f *fake) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case f.accept <- theirs:
		return ours, nil
	case <-f.closed:
		return nil, errors.New("refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *fake) connect(w http.ResponseWriter, r *http.Request) {
	f.ticket = r.Header.Get("Sec-WebSocket-Protocol")
	if f.status != 0 {
		w.WriteHeader(f.status)
		return
	}
	conn, err := f.upgrader.Upgrade(w, r)
	if err != nil {
		return
	}
	f.mu.Lock()
	f.conn, f.net = conn, conn.NetConn()
	f.mu.Unlock()
	f.opened <- conn
	conn.ReadLoop()
}

func (f *fake) OnMessage(_ *gws.Conn, m *gws.Message) {
	frame := &tickwirev1.ClientFrame{}
	if err := proto.Unmarshal(m.Bytes(), frame); err != nil {
		f.t.Errorf("the client sent what is no ClientFrame: %v", err)
	}
	f.frames <- frame
}

func (f *fake) OnClose(_ *gws.Conn, err error) { f.ended <- err }

// cut ends the connection without a word.
func (f *fake) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.net != nil {
		_ = f.net.Close()
	}
}

func (f *fake) seat(name string) (*tickwirev1.Seat, error) {
	f.name = name
	return &tickwirev1.Seat{
		Url: "ws://fake/ws", Ticket: "t1cket", RoomId: "room-1", SessionId: "session-1", Code: "ABCD",
	}, f.lobbyErr
}

func (f *fake) JoinOrCreate(
	_ context.Context, r *connect.Request[tickwirev1.JoinOrCreateRequest],
) (*connect.Response[tickwirev1.JoinOrCreateResponse], error) {
	seat, err := f.seat(r.Msg.GetName())
	return connect.NewResponse(&tickwirev1.JoinOrCreateResponse{Seat: seat}), err
}

func (f *fake) Create(
	_ context.Context, r *connect.Request[tickwirev1.CreateRequest],
) (*connect.Response[tickwirev1.CreateResponse], error) {
	seat, err := f.seat(r.Msg.GetName())
	return connect.NewResponse(&tickwirev1.CreateResponse{Seat: seat}), err
}

func (f *fake) Join(
	_ context.Context, r *connect.Request[tickwirev1.JoinRequest],
) (*connect.Response[tickwirev1.JoinResponse], error) {
	seat, err := f.seat(r.Msg.GetName())
	return connect.NewResponse(&tickwirev1.JoinResponse{Seat: seat}), err
}

// List answers two pages.
func (f *fake) List(
	_ context.Context, r *connect.Request[tickwirev1.ListRequest],
) (*connect.Response[tickwirev1.ListResponse], error) {
	if r.Msg.GetPage() == "" {
		return connect.NewResponse(&tickwirev1.ListResponse{Rooms: f.rooms[:1], NextPage: "2"}), f.lobbyErr
	}
	return connect.NewResponse(&tickwirev1.ListResponse{Rooms: f.rooms[1:]}), f.lobbyErr
}

// send sends a frame to the client.
func (f *fake) send(frame *tickwirev1.ServerFrame) {
	f.t.Helper()
	b, err := proto.Marshal(frame)
	if err != nil {
		f.t.Fatal(err)
	}
	f.write(gws.OpcodeBinary, b)
}

func (f *fake) write(op gws.Opcode, b []byte) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.conn.WriteMessage(op, b); err != nil {
		f.t.Errorf("the fake could not write: %v", err)
	}
}

// next is the client's next frame.
func (f *fake) next() *tickwirev1.ClientFrame {
	f.t.Helper()
	select {
	case frame := <-f.frames:
		return frame
	case <-time.After(time.Minute):
		f.t.Fatal("the client sent nothing")
		return nil
	}
}

// shipSchema is that of the worked example of the packed codec, with an input, commands and an event.
func shipSchema() *tickwirev1.Schema {
	return &tickwirev1.Schema{
		Tables: []*tickwirev1.Table{{Name: "ships", Columns: []*tickwirev1.Column{
			{Name: "x", Kind: tickwirev1.ColumnKind_COLUMN_KIND_POS, Bits: 32, Ke: 11, Lerp: true},
			{Name: "y", Kind: tickwirev1.ColumnKind_COLUMN_KIND_POS, Bits: 32, Ke: 11, Lerp: true},
			{Name: "angle", Kind: tickwirev1.ColumnKind_COLUMN_KIND_ANGLE, Bits: 8, K: 2, Ke: 7, Unsigned: true, Lerp: true},
			{Name: "hp", Kind: tickwirev1.ColumnKind_COLUMN_KIND_INT, Bits: 8, K: 2, Ke: 6, Unsigned: true},
			{Name: "on", Kind: tickwirev1.ColumnKind_COLUMN_KIND_BOOL, Bits: 1, K: 2, Ke: 6},
		}}},
		Input: &tickwirev1.Message{Fields: []*tickwirev1.Field{
			{Name: "thrust", Kind: tickwirev1.FieldKind_FIELD_KIND_INT, Min: -1, Max: 1},
			{Name: "fire", Kind: tickwirev1.FieldKind_FIELD_KIND_BOOL, Max: 1, Edge: true},
		}},
		Commands: []*tickwirev1.Message{
			{Name: "say", Fields: []*tickwirev1.Field{
				{Name: "text", Kind: tickwirev1.FieldKind_FIELD_KIND_STRING, Max: 32},
				{Name: "to", Kind: tickwirev1.FieldKind_FIELD_KIND_INT, Max: 100},
			}},
			{Name: "stop", Internal: true},
		},
		Events: []*tickwirev1.Message{{Name: "boom", Fields: []*tickwirev1.Field{
			{Name: "at.x", Kind: tickwirev1.FieldKind_FIELD_KIND_INT, Min: -1000, Max: 1000},
			{Name: "by", Kind: tickwirev1.FieldKind_FIELD_KIND_STRING, Max: 32},
		}}},
	}
}

func welcome(codec client.Codec) *tickwirev1.Welcome {
	return &tickwirev1.Welcome{
		RoomId: "room-1", SessionId: "session-1", Player: 7, Rate: 30, Stride: 1, Codec: codec, Schema: shipSchema(),
		Game: "ships",
	}
}

// join returns a room that was welcomed. The fake has taken the hello.
func (f *fake) join(o *client.JoinOptions, w *tickwirev1.Welcome) *client.Room {
	f.t.Helper()
	c := client.New("http://fake", &client.Options{Dial: f.dial, Codec: w.GetCodec(), Name: "ann"})
	defer c.Close()
	go func() {
		<-f.opened
		<-f.frames
		f.send(&tickwirev1.ServerFrame{Welcome: w})
	}()
	room, err := c.JoinOrCreate(f.t.Context(), "ships", o)
	if err != nil {
		f.t.Fatal(err)
	}
	return room
}

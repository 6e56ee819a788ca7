package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"
	"github.com/lxzan/gws"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/server/servertest"
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

	lobbyErr error                           // what lobby calls answer, if set
	resume   func(token string) error        // what calls to resume answer; nil: there is no such call
	dialing  func(ctx context.Context) error // before each connection, if set
	buffer   int                             // of connections; 0: plenty
	status   int                             // what handshakes answer, if set
	ticket   string                          // offered by the client, as the server saw it
	name     string                          // as the lobby saw it
	rooms    []*tickwirev1.Room

	opened chan *gws.Conn
	frames chan *tickwirev1.ClientFrame
	ended  chan error

	mu     sync.Mutex
	conn   *gws.Conn // the newest
	net    net.Conn
	hold   chan struct{} // until when nothing more is read, if set
	tokens []string      // that came with calls to resume
	times  []time.Time
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		t: t, accept: make(chan net.Conn), closed: make(chan struct{}), opened: make(chan *gws.Conn, 64),
		frames: make(chan *tickwirev1.ClientFrame, 1024), ended: make(chan error, 64),
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
	if f.dialing != nil {
		if err := f.dialing(ctx); err != nil {
			return nil, err
		}
	}
	ours, theirs := servertest.Pipe(servertest.Options{Buffer: f.buffer})
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
	f.mu.Lock()
	status := f.status
	f.mu.Unlock()
	if status != 0 {
		w.WriteHeader(status)
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
	f.mu.Lock()
	hold := f.hold
	f.mu.Unlock()
	if hold != nil {
		<-hold
	}
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

func (f *fake) Resume(
	_ context.Context, r *connect.Request[tickwirev1.ResumeRequest],
) (*connect.Response[tickwirev1.ResumeResponse], error) {
	if f.resume == nil {
		return nil, connect.NewError(connect.CodeUnimplemented, errors.New("no such call"))
	}
	f.mu.Lock()
	f.tokens, f.times = append(f.tokens, r.Msg.GetToken()), append(f.times, time.Now())
	f.mu.Unlock()
	if err := f.resume(r.Msg.GetToken()); err != nil {
		return nil, err
	}
	seat, err := f.seat(f.name)
	return connect.NewResponse(&tickwirev1.ResumeResponse{Seat: seat}), err
}

// stall makes the fake read nothing after the next frame, until resume is called.
func (f *fake) stall() (resume func()) {
	synctest.Wait() // for the frame before to be dealt with
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hold = make(chan struct{})
	return sync.OnceFunc(func() { close(f.hold) })
}

// refuse makes handshakes answer a status; 0: no more.
func (f *fake) refuse(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = status
}

// resumed is what calls to resume brought, and when.
func (f *fake) resumed() ([]string, []time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.tokens), slices.Clone(f.times)
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

package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"
	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		why   string
		do    func(f *fake)
		code  client.Code
		retry bool
		text  string
	}{
		{
			why: "a bye, then the close frame", code: tickwirev1.Code_CODE_KICKED, text: "out",
			do: func(f *fake) {
				f.send(&tickwirev1.ServerFrame{Bye: &tickwirev1.Bye{Code: tickwirev1.Code_CODE_KICKED, Message: "out"}})
				_ = f.conn.WriteClose(4430, []byte("other words"))
			},
		},
		{
			why: "a close frame alone", code: tickwirev1.Code_CODE_STOPPING, retry: true, text: "stopping",
			do: func(f *fake) { _ = f.conn.WriteClose(4503, []byte("stopping")) },
		},
		{
			why: "not a word", code: client.CodeLost, retry: true, text: "the connection was lost",
			do: func(f *fake) { f.cut() },
		},
		{
			why: "silence", code: tickwirev1.Code_CODE_SILENT, retry: true, text: "the server has not been heard for too long",
			do: func(*fake) {},
		},
		{
			why: "text", code: 1002, text: "the server sent a text message",
			do: func(f *fake) { f.write(gws.OpcodeText, []byte("hi")) },
		},
		{
			why: "bytes that are no frame", code: 1002, text: "the server sent a message that is not a frame",
			do: func(f *fake) { f.write(gws.OpcodeBinary, []byte{0xff, 0xff}) },
		},
		{
			why: "an event that is cut", code: 1002, text: "the server sent a part of a frame that cannot be read",
			do: func(f *fake) { f.write(gws.OpcodeBinary, []byte{0x3a, 0x01, 0x08}) },
		},
		{
			why: "a second welcome", code: 1002, text: "the server sent a welcome that is not one",
			do: func(f *fake) { f.send(&tickwirev1.ServerFrame{Welcome: welcome(client.Plain)}) },
		},
		{
			// 2^64-1 bytes: gws panics on it.
			why: "a frame of negative length", code: 1002, text: "the server sent a frame that is not WebSocket",
			do: func(f *fake) { _, _ = f.net.Write([]byte{0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255}) },
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				room := f.join(nil, welcome(client.Plain))
				start := time.Now()
				go c.do(f)
				<-room.Done()
				e := room.Err()
				if e == nil || e.Code != c.code || e.Retry != c.retry || e.Message != c.text {
					t.Errorf("the room ended with %+v, want %v %q retry %v", e, c.code, c.text, c.retry)
				}
				if took := time.Since(start); took > 13*time.Second {
					t.Errorf("it took %v", took)
				}
				if err := room.Leave(); !errors.Is(err, error(e)) {
					t.Errorf("leave says %v, want why it had ended", err)
				}
			})
		})
	}
}

// A server that pings is not silent, and its pings are answered with their payload.
func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		room := f.join(nil, welcome(client.Plain))
		for range 10 {
			time.Sleep(5 * time.Second)
			must(t, f.conn.WritePing([]byte("p")))
		}
		if room.Err() != nil {
			t.Errorf("ended with %v", room.Err())
		}
		must(t, room.Leave())
	})
}

func TestJoinFails(t *testing.T) {
	detailed := connect.NewError(connect.CodeResourceExhausted, errors.New("no seat"))
	if d, err := connect.NewErrorDetail(&tickwirev1.Error{Code: tickwirev1.Code_CODE_FULL}); err == nil {
		detailed.AddDetail(d)
	}
	noSchema := welcome(client.Plain)
	noSchema.Schema.Tables[0].Columns[0].Kind = 77
	for _, c := range []struct {
		why   string
		setup func(f *fake)
		after func(f *fake) // once the socket is open
		code  client.Code
		retry bool
	}{
		{why: "the lobby says why", setup: func(f *fake) { f.lobbyErr = detailed }, code: tickwirev1.Code_CODE_FULL, retry: true},
		{
			why:   "the lobby says only a Connect code",
			setup: func(f *fake) { f.lobbyErr = connect.NewError(connect.CodeNotFound, errors.New("none")) },
			code:  tickwirev1.Code_CODE_NOT_FOUND,
		},
		{
			why: "the ticket is refused", setup: func(f *fake) { f.status = http.StatusUnauthorized },
			code: tickwirev1.Code_CODE_UNAUTHENTICATED, retry: true,
		},
		{why: "a foreign place", setup: func(f *fake) { f.status = http.StatusForbidden }, code: tickwirev1.Code_CODE_FORBIDDEN},
		{
			why: "another sub-protocol", code: 1002,
			setup: func(f *fake) {
				f.upgrader = gws.NewUpgrader(f, &gws.ServerOption{SubProtocols: []string{"ticket.t1cket"}})
			},
		},
		{
			why: "a bye instead of a welcome", code: tickwirev1.Code_CODE_GAME_FAILED, retry: true,
			after: func(f *fake) {
				f.send(&tickwirev1.ServerFrame{Bye: &tickwirev1.Bye{Code: tickwirev1.Code_CODE_GAME_FAILED}})
			},
		},
		{
			why: "a schema that cannot be", code: 1002,
			after: func(f *fake) { f.send(&tickwirev1.ServerFrame{Welcome: noSchema}) },
		},
		{
			why: "state before the welcome", code: 1002,
			after: func(f *fake) { f.send(whole(1)) },
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				if c.setup != nil {
					c.setup(f)
				}
				go func() {
					select {
					case <-f.opened:
					case <-time.After(time.Second):
						return
					}
					select {
					case <-f.frames:
					case <-time.After(time.Second): // the client gave up before hello
						return
					}
					if c.after != nil {
						c.after(f)
					}
				}()
				cl := client.New("http://fake", &client.Options{Dial: f.dial})
				defer cl.Close()
				_, err := cl.Create(t.Context(), "ships", nil)
				var e *client.Error
				if !errors.As(err, &e) || e.Code != c.code || e.Retry != c.retry {
					t.Errorf("got %v, want %v retry %v", err, c.code, c.retry)
				}
				time.Sleep(3 * time.Second) // of the bubble: the goroutine above ends
			})
		})
	}
}

// counted is a conn that says when it is closed, and can be half closed as TCP can.
type counted struct {
	net.Conn

	closed func()
}

func (*counted) CloseWrite() error { return nil }

func (c *counted) Close() error {
	c.closed()
	return c.Conn.Close()
}

// A join that is refused leaves no socket behind: not of the handshake, and after Close not of the lobby.
func TestRefusedJoinsCloseTheirSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.status = http.StatusTooManyRequests
		var open atomic.Int64
		cl := client.New("http://fake", &client.Options{
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				nc, err := f.dial(ctx, network, address)
				if err == nil {
					open.Add(1)
					nc = &counted{nc, sync.OnceFunc(func() { open.Add(-1) })}
				}
				return nc, err
			},
		})
		for range 3 {
			if _, err := cl.JoinOrCreate(t.Context(), "ships", nil); err == nil {
				t.Error("joined")
			}
		}
		cl.Close()
		synctest.Wait()
		if n := open.Load(); n != 0 {
			t.Errorf("%d sockets are open", n)
		}
	})
}

// A server that takes the connection and says nothing does not hold a join longer than its limit, or than ctx.
func TestJoinTakesTooLong(t *testing.T) {
	for _, limit := range []time.Duration{time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			cl := client.New("http://fake", &client.Options{Dial: f.dial})
			defer cl.Close()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			start := time.Now()
			_, err := cl.JoinCode(ctx, "abcd", nil)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(start); took > min(limit, 10*time.Second) {
				t.Errorf("it took %v", took)
			}
		})
	}
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

func TestList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.rooms = []*tickwirev1.Room{{Id: "a", Game: "ships", Players: 1, MaxPlayers: 4}, {Id: "b"}, {Id: "c"}}
		cl := client.New("http://fake/", &client.Options{Dial: f.dial})
		defer cl.Close()
		rooms, err := cl.List(t.Context(), "", nil)
		must(t, err)
		if len(rooms) != 3 || rooms[0].MaxPlayers != 4 || rooms[2].ID != "c" {
			t.Errorf("rooms %+v", rooms)
		}
	})
}

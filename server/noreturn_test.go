package server_test

import (
	"context"
	"encoding/binary"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// What ends a session for good ends its token at once.
func TestNoWayBack(t *testing.T) {
	t.Parallel()
	say := func(text string) func(*testing.T, *servertest.Server, *raw) {
		return func(_ *testing.T, _ *servertest.Server, c *raw) {
			c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte(text)}}}})
		}
	}
	for _, tc := range []struct {
		why   string
		leave func(*testing.T, *servertest.Server, *raw)
		code  tickwirev1.Code // of the socket
	}{
		{"the player left", func(_ *testing.T, _ *servertest.Server, c *raw) {
			c.bytes(wsFrame(0x80|opClose, binary.BigEndian.AppendUint16(nil, 1000)))
		}, 1000},
		{"the game removed the player", say("kick"), tickwirev1.Code_CODE_KICKED},
		{"the room is over", say("over"), tickwirev1.Code_CODE_OVER},
		{"the game failed", say("panic"), tickwirev1.Code_CODE_GAME_FAILED},
		{"the client is broken", func(_ *testing.T, _ *servertest.Server, c *raw) {
			c.bytes(wsFrame(0x80|opBinary, []byte{0xff}))
		}, tickwirev1.Code_CODE_MALFORMED},
		{"a ban", func(t *testing.T, s *servertest.Server, _ *raw) {
			if n := s.Expel("ada", "go away"); n != 1 {
				t.Errorf("%d sessions were ended", n)
			}
		}, tickwirev1.Code_CODE_KICKED},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := patientPilots()
				o.Authenticate = func(context.Context, http.Header) (server.Identity, error) {
					return server.Identity{ID: "ada"}, nil
				}
				s := servertest.Start(t, o)
				c, w := enterPilot(t, s)
				held, _ := resume(t, s, w.GetToken())
				waits := socketFor(t, s, w.GetToken())
				tc.leave(t, s, c)
				if code := <-c.living(); code != tc.code {
					t.Errorf("the socket ended with %v, want %v", code, tc.code)
				}
				settle()
				wantResume(t, s, "afterwards", w.GetToken(), tickwirev1.Code_CODE_NOT_FOUND)
				if _, status := upgrade(t, s, held.GetTicket(), nil); status != http.StatusUnauthorized {
					t.Errorf("a ticket of before: %d", status)
				}
				waits.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
				if code := <-waits.living(); code == 0 || code == 1000 {
					t.Errorf("a socket of before ended with %v", code)
				}
				if n := seats(t, s); n > 0 {
					t.Errorf("%d seats are taken", n)
				}
			})
		})
	}
}

// While the room is being ended: whatever comes first, nobody hangs and nobody is let in afterwards.
func TestResumeWhileTheRoomEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		for n := range 60 {
			c, w := enterPilot(t, s)
			old := c.living()
			held, _ := resume(t, s, w.GetToken())
			c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte("over")}}}})
			time.Sleep(time.Duration(n) * time.Millisecond) // up to two ticks
			next, status := upgrade(t, s, held.GetTicket(), nil)
			switch status {
			case http.StatusSwitchingProtocols:
				next.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
				switch code := <-next.living(); code {
				case tickwirev1.Code_CODE_OVER, tickwirev1.Code_CODE_NOT_FOUND:
				default:
					t.Errorf("%d ms after the end was asked for: the socket ended with %v", n, code)
				}
			case http.StatusUnauthorized:
			default:
				t.Errorf("%d ms after the end was asked for: %d", n, status)
			}
			if code := <-old; code != tickwirev1.Code_CODE_OVER && code != tickwirev1.Code_CODE_SUPERSEDED {
				t.Errorf("the old socket ended with %v", code)
			}
			settle()
			wantResume(t, s, "afterwards", w.GetToken(), tickwirev1.Code_CODE_NOT_FOUND)
			if rooms := list(t, s); len(rooms) != 0 {
				t.Fatalf("rooms: %v", rooms)
			}
		}
	})
}

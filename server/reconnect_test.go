package server_test

import (
	"encoding/binary"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/servertest"
)

// patientPilots are pilots of a server that counts no address's calls.
func patientPilots() server.Options {
	o := pilots()
	const many = 1 << 20
	o.Limits = server.Limits{
		CallsPerSecond: many, HandshakesPerSecond: many, HandshakesAll: many, FailedCalls: many, JoinsPerSecond: many,
	}
	return o
}

// resume shows a token. It returns the seat, or the code of the refusal.
func resume(t *testing.T, s *servertest.Server, token string) (*tickwirev1.Seat, tickwirev1.Code) {
	t.Helper()
	lobby := tickwirev1connect.NewLobbyServiceClient(&http.Client{Transport: direct{s}}, s.URL)
	res, err := lobby.Resume(t.Context(), connect.NewRequest(&tickwirev1.ResumeRequest{Token: token}))
	if err == nil {
		return res.Msg.GetSeat(), 0
	}
	refused, ok := errors.AsType[*connect.Error](err)
	if !ok || len(refused.Details()) != 1 {
		t.Fatalf("resume: %v", err)
	}
	detail, err := refused.Details()[0].Value()
	if err != nil {
		t.Fatal(err)
	}
	return nil, detail.(*tickwirev1.Error).GetCode()
}

// wantResume shows a token and checks the code of the answer; 0: a ticket.
func wantResume(t *testing.T, s *servertest.Server, why, token string, code tickwirev1.Code) {
	t.Helper()
	if _, got := resume(t, s, token); got != code {
		t.Errorf("%s: %v, want %v", why, got, code)
	}
}

// socketFor buys a ticket with a token and opens a socket with it, which has not said hello.
func socketFor(t *testing.T, s *servertest.Server, token string) *raw {
	t.Helper()
	seat, code := resume(t, s, token)
	if seat == nil {
		t.Fatalf("resume: %v", code)
	}
	c, status := upgrade(t, s, seat.GetTicket(), nil)
	if status != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", status)
	}
	return c
}

// hello opens the session and returns the Welcome.
func (c *raw) hello() *tickwirev1.Welcome {
	c.t.Helper()
	c.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	return c.welcome()
}

// welcome reads the Welcome, and acknowledges the frame unless the client is mute.
func (c *raw) welcome() *tickwirev1.Welcome {
	c.t.Helper()
	for range 10 {
		if w := c.frame().GetWelcome(); w != nil {
			return w
		}
	}
	c.t.Fatal("no welcome")
	return nil
}

// settle lets the room take in what was sent.
func settle() {
	time.Sleep(200 * time.Millisecond)
	synctest.Wait()
}

// enterPilot joins, and plays until the server knows that the token has arrived.
func enterPilot(t *testing.T, s *servertest.Server) (*raw, *tickwirev1.Welcome) {
	t.Helper()
	c := play(t, s)
	w := c.welcome()
	c.frame()
	settle()
	return c, w
}

// living reads and acknowledges in the background. The channel gets the code of the Bye when the socket has ended; that
// of the close frame if there is no Bye.
func (c *raw) living() <-chan tickwirev1.Code {
	ended := make(chan tickwirev1.Code, 1)
	go func() {
		code, bye := c.end(true)
		if bye != 0 {
			code = bye
		}
		ended <- code
	}()
	return ended
}

// deaf reads and answers pings but acknowledges nothing, until the socket has ended with a code.
func (c *raw) deaf() tickwirev1.Code {
	c.t.Helper()
	for {
		switch op, payload, err := c.next(); {
		case err != nil:
			c.t.Fatalf("read: %v", err)
		case op == opPing:
			c.bytes(wsFrame(0x80|opPong, payload))
		case op == opClose:
			return tickwirev1.Code(binary.BigEndian.Uint16(payload))
		}
	}
}

// drop loses the connection.
func (c *raw) drop() {
	_ = c.conn.Close()
	settle()
}

// seats are how many seats of the only room are taken; -1 if there is no room.
func seats(t *testing.T, s *servertest.Server) int {
	t.Helper()
	if rooms := list(t, s); len(rooms) == 1 {
		return int(rooms[0].GetPlayers())
	}
	return -1
}

// Valid, twice in sequence, an old generation, two generations old, previous after confirm.
func TestResumeInSequence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		c, first := enterPilot(t, s)
		if first.GetToken() == "" || first.GetGrace() != 30 || first.GetResumed() {
			t.Fatalf("the first welcome: %v", first)
		}
		tokens := []string{first.GetToken()}
		for range 3 {
			c.drop()
			c = socketFor(t, s, tokens[len(tokens)-1])
			w := c.hello()
			if !w.GetResumed() || w.GetPlayer() != first.GetPlayer() || w.GetSessionId() != first.GetSessionId() ||
				w.GetRoomId() != first.GetRoomId() || slices.Contains(tokens, w.GetToken()) {
				t.Fatalf("the next welcome: %v; the first was %v", w, first)
			}
			c.frame()
			settle()
			for _, old := range tokens {
				wantResume(t, s, "an old token", old, tickwirev1.Code_CODE_FORBIDDEN)
			}
			tokens = append(tokens, w.GetToken())
		}
		if n := seats(t, s); n != 1 {
			t.Errorf("%d seats are taken", n)
		}
		ended := c.living()
		settle()
		select {
		case code := <-ended:
			t.Errorf("old tokens ended the socket of the player with %v", code)
		default:
		}
	})
}

// A Welcome that is lost costs nobody the seat: until a frame of the new socket is acknowledged the token before is good,
// however often that happens, and when the new socket was cut because it acknowledged nothing.
func TestTheWelcomeIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		c, first := enterPilot(t, s)
		token := first.GetToken()
		c.drop()
		for range 5 {
			c = socketFor(t, s, token)
			c.mute = true
			c.hello() // is not read, as far as the server knows
			c.drop()
		}
		c = socketFor(t, s, token)
		c.mute = true
		c.hello()
		start := time.Now()
		if code := c.deaf(); code != tickwirev1.Code_CODE_LATE {
			t.Errorf("a socket that acknowledges nothing ended with %v", code)
		}
		if took := since(start); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("after %v", took)
		}
		c = socketFor(t, s, token)
		w := c.hello()
		if !w.GetResumed() || w.GetPlayer() != first.GetPlayer() {
			t.Errorf("welcome: %v", w)
		}
		c.frame()
		settle()
		wantResume(t, s, "when it was used", token, tickwirev1.Code_CODE_FORBIDDEN)
		wantResume(t, s, "the new one", w.GetToken(), 0)
	})
}

// A wrong token, a right one whose owner does not come, and a socket that says nothing touch neither the grace, nor the
// seat, nor the room's time.
func TestWrongTokensTouchNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		c, w := enterPilot(t, s)
		_ = c.conn.Close()
		start := time.Now()
		forged := []byte(w.GetToken())
		forged[20] ^= 1
		until := func(at time.Duration) {
			time.Sleep(time.Until(start.Add(at)))
		}
		for second := range 30 {
			until(time.Duration(second) * time.Second)
			wantResume(t, s, "forged", string(forged), tickwirev1.Code_CODE_UNAUTHENTICATED)
			wantResume(t, s, "right", w.GetToken(), 0)
		}
		silent := socketFor(t, s, w.GetToken())
		held, _ := resume(t, s, w.GetToken())
		until(30*time.Second - 50*time.Millisecond)
		if n := seats(t, s); n != 1 {
			t.Errorf("just before the grace is over %d seats are taken", n)
		}
		until(30*time.Second + 100*time.Millisecond)
		if n := seats(t, s); n != 0 {
			t.Errorf("when the grace is over %d seats are taken", n)
		}
		wantResume(t, s, "after the grace", w.GetToken(), tickwirev1.Code_CODE_NOT_FOUND)
		if _, status := upgrade(t, s, held.GetTicket(), nil); status != http.StatusUnauthorized {
			t.Errorf("a ticket of before: %d", status)
		}
		silent.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
		if code, _ := silent.end(true); code == 0 {
			t.Error("a socket of before was let in")
		}
		for second := 31; second < 90; second++ {
			until(time.Duration(second) * time.Second)
			wantResume(t, s, "forged", string(forged), tickwirev1.Code_CODE_UNAUTHENTICATED)
			wantResume(t, s, "gone", w.GetToken(), tickwirev1.Code_CODE_NOT_FOUND)
		}
		until(90*time.Second - 100*time.Millisecond)
		if n := seats(t, s); n != 0 {
			t.Errorf("just before the room's time is over: %d", n)
		}
		until(91 * time.Second)
		if n := seats(t, s); n != -1 {
			t.Errorf("the room is still there, with %d seats taken", n)
		}
	})
}

package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/servertest"
)

// peerSaw is what a client of another make tells of its game: it flies to the right for so many frames.
type peerSaw struct {
	Protocol string
	Frames   int
	Ticks    []uint32
	Player   uint32
	X        int32
	Code     int
	Pong     string
}

const peerFrames = 30

// Clients of other makes, which share no code with the server and know only what the protocol says, join by JSON, open a
// WebSocket with the ticket, read the plain codec, steer, and leave.
func TestPeers(t *testing.T) {
	for _, tc := range []struct {
		why  string
		play func(t *testing.T, url string) *peerSaw
	}{
		{"Go: github.com/coder/websocket", playCoder},
		{"Node: ws", func(t *testing.T, url string) *peerSaw {
			t.Helper()
			if _, err := os.Stat("../clients/node_modules/ws/package.json"); err != nil {
				t.Skip("ws is not installed: run npm ci in clients")
			}
			return playProgram(t, "node", "testdata/peer.mjs", url)
		}},
		{"Python: websockets", func(t *testing.T, url string) *peerSaw {
			t.Helper()
			for _, python := range []string{"python3", "/usr/bin/python3"} { // a second one may come before Debian's
				if exec.Command(python, "-c", "import websockets").Run() == nil {
					return playProgram(t, python, "testdata/peer.py", url)
				}
			}
			t.Skip("no Python has the package websockets: install python3-websockets")
			return nil
		}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			s := servertest.StartTCP(t, pilots())
			w := watch(t, s)
			saw := tc.play(t, s.URL)
			saw.check(t)
			for _, name := range []string{"NORMAL"} {
				if n := waitMetric(t, s, `connections_ended_total{code="`+name+`"}`, 1); n != 1 {
					t.Errorf("%v connections ended with %s", n, name)
				}
			}
			if n := metric(t, s, "desyncs_total"); n != 0 {
				t.Errorf("%v desyncs", n)
			}
			if n := waitMetric(t, s, "players", 1); n != 1 {
				t.Errorf("%v players are there, want the witness", n)
			}
			for _, f := range w.take(1) {
				w.follow(f)
			}
		})
	}
}

// waitMetric reads a metric until it has a value, or for as long as patience lasts.
func waitMetric(t *testing.T, s *servertest.Server, name string, value float64) float64 {
	t.Helper()
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if n := metric(t, s, name); n == value || since(start) > patience {
			return n
		}
	}
}

// check checks that it was a game.
func (p *peerSaw) check(t *testing.T) {
	t.Helper()
	if p.Protocol != "tickwire.v1" || p.Code != 1000 || p.Pong != "echo" {
		t.Errorf("sub-protocol %q, pong %q, close code %d", p.Protocol, p.Pong, p.Code)
	}
	if p.Frames != peerFrames || len(p.Ticks) != peerFrames || p.Player == 0 {
		t.Fatalf("player %d, %d frames, ticks %v", p.Player, p.Frames, p.Ticks)
	}
	for i, tick := range p.Ticks[1:] {
		if tick <= p.Ticks[i] {
			t.Errorf("tick %d follows tick %d", tick, p.Ticks[i])
		}
	}
	ticks := int32(p.Ticks[peerFrames-1] - p.Ticks[0])
	if p.X < shipSpeed || p.X > shipSpeed*ticks || p.X%shipSpeed != 0 {
		t.Errorf("the ship is at %d after %d ticks", p.X, ticks)
	}
}

// playProgram lets a program play, which prints what it saw.
func playProgram(t *testing.T, program, script, url string) *peerSaw {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("there is no %s", program)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, script, url)
	said := &bytes.Buffer{}
	cmd.Stderr = said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	saw := &peerSaw{}
	if err := json.Unmarshal(out, saw); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return saw
}

// joinByJSON asks the lobby for a seat as curl would.
func joinByJSON(t *testing.T, url string) (socket, ticket string) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport}).Post(url+"/tickwire.v1.LobbyService/JoinOrCreate",
		"application/json", strings.NewReader(`{"game":"pilot","name":"coder"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct{ Seat struct{ URL, Ticket string } }
	if b, err := io.ReadAll(res.Body); err != nil || json.Unmarshal(b, &answer) != nil || answer.Seat.Ticket == "" {
		t.Fatalf("%d %s, %v", res.StatusCode, b, err)
	}
	return answer.Seat.URL, answer.Seat.Ticket
}

// playCoder plays with another WebSocket library of Go, which offers compression too.
func playCoder(t *testing.T, url string) *peerSaw {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	socket, ticket := joinByJSON(t, url)
	c, res, err := websocket.Dial(ctx, socket, &websocket.DialOptions{
		HTTPClient:      &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		Subprotocols:    []string{"tickwire.v1", "ticket." + ticket},
		CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	if extensions := res.Header.Get("Sec-WebSocket-Extensions"); extensions != "" {
		t.Errorf("extensions %q", extensions)
	}
	saw := &peerSaw{Protocol: c.Subprotocol()}
	send := func(f *tickwirev1.ClientFrame) {
		b, err := proto.Marshal(f)
		if err == nil {
			err = c.Write(ctx, websocket.MessageBinary, b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	send(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	ponged := make(chan error, 1)
	go func() { ponged <- c.Ping(ctx) }() // returns when the pong comes, which Read reads
	stride := uint32(1)
	for tick := uint32(0); saw.Frames < peerFrames; {
		kind, b, err := c.Read(ctx)
		f := &tickwirev1.ServerFrame{}
		if err != nil || kind != websocket.MessageBinary || proto.Unmarshal(b, f) != nil {
			t.Fatalf("%v % x, %v", kind, b, err)
		}
		if w := f.GetWelcome(); w != nil {
			saw.Player, stride = w.GetPlayer(), w.GetStride()
		}
		if f.GetDelta() == nil {
			continue
		}
		if tick += stride; f.GetTick() != 0 {
			tick = f.GetTick()
		}
		saw.Frames++
		saw.Ticks = append(saw.Ticks, tick)
		for _, table := range f.GetDelta().GetTables() {
			for _, row := range table.GetRows() {
				if row.GetId() == saw.Player && row.GetColumns()&1 != 0 {
					saw.X = row.GetCells()[0]
				}
			}
		}
		in := ahead(tick+2, 1)
		in.Ack = tick
		send(in)
	}
	if err := <-ponged; err == nil {
		saw.Pong = "echo"
	}
	if err := c.Close(websocket.StatusNormalClosure, "enough"); err != nil {
		closed, _ := errors.AsType[websocket.CloseError](err)
		saw.Code = int(closed.Code)
		return saw
	}
	saw.Code = 1000 // nil: the other side answered with the same
	return saw
}

package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/lxzan/gws"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// player answers frames and passes on what it saw.
type player struct {
	gws.BuiltinEventHandler

	frames chan []byte
}

func (p *player) OnMessage(socket *gws.Conn, m *gws.Message) {
	frame := append([]byte{}, m.Bytes()...)
	_ = m.Close()
	if binary.LittleEndian.Uint32(frame[4:]) == 0 {
		_ = socket.WriteMessage(gws.OpcodeBinary, []byte{9, 0, 0, 0, 0})
	}
	select {
	case p.frames <- frame:
	default:
	}
}

func TestServes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"--frame-bytes=50", "--rate=100", "--room=2"}, write) }()
	address, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	p := &player{frames: make(chan []byte, 64)}
	options := &gws.ClientOption{Addr: "ws://" + strings.TrimSpace(address) + "/"}
	socket, _, err := gws.NewClient(p, options)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		socket.ReadLoop()
	}()
	last := uint32(0)
	for frame := range p.frames {
		tick, newest := binary.LittleEndian.Uint32(frame), binary.LittleEndian.Uint32(frame[4:])
		if len(frame) != 50 || last != 0 && tick != last+1 {
			t.Fatalf("%d bytes, tick %d after %d", len(frame), tick, last)
		}
		if last = tick; newest == 9 {
			break
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	_ = socket.NetConn().Close()
	<-done
}

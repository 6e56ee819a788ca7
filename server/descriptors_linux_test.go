package server_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tickwire/tickwire/server/servertest"
)

// starvedDescriptors, if set, makes TestStarvedServer the server of TestNoDescriptorsLeft.
const starvedDescriptors = "TICKWIRE_STARVED"

// fewDescriptors is how many that server may have open.
const fewDescriptors = 64

// TestStarvedServer is a server in a process of its own that may open few descriptors. It runs until its standard input
// ends; without being asked for it does nothing.
func TestStarvedServer(t *testing.T) {
	if os.Getenv(starvedDescriptors) == "" {
		t.Skip("a part of TestNoDescriptorsLeft")
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: fewDescriptors, Max: fewDescriptors}); err != nil {
		t.Fatal(err)
	}
	s := servertest.StartTCP(t, patientPilots())
	_, _ = os.Stdout.WriteString("url " + s.URL + "\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// starve starts that process and returns the server's URL, and all that it has said when the test has ended.
func starve(t *testing.T) (url string, said *written) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestStarvedServer$") // its standard input ends it
	cmd.Env = append(os.Environ(), starvedDescriptors+"=1")
	said = &written{}
	cmd.Stderr = said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err = cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		rest, _ := io.ReadAll(out)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server: %v\n%s%s", err, rest, said)
		}
	})
	url, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(url, "url ")), said
}

// A server that may open no more descriptors keeps the players it has, and takes new ones when there are descriptors
// again, without being told.
func TestNoDescriptorsLeft(t *testing.T) {
	url, said := starve(t)
	a := newAttacker(url, "pilot", "")
	player, err := a.join(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var frames atomic.Int64
	var reading sync.WaitGroup
	defer reading.Wait()
	defer player.leave()
	_ = player.SetDeadline(time.Now().Add(3 * patience))
	playing := make(chan struct{}, 1) // after each frame
	reading.Go(func() {
		defer close(playing)
		for {
			if _, err := player.frame(true); err != nil {
				return
			}
			frames.Add(1)
			select {
			case playing <- struct{}{}:
			default:
			}
		}
	})

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var taken []net.Conn
	for len(taken) < 4*fewDescriptors { // the kernel takes them, the server cannot
		conn, err := a.dial(ctx)
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, conn)
	}
	before, start := frames.Load(), time.Now()
	for frames.Load() < before+60 {
		if _, ok := <-playing; !ok {
			t.Fatalf("the player was cut: %s", said)
		}
	}
	t.Logf("60 frames took %v while there were no descriptors", since(start))
	hungry, stop := context.WithTimeout(ctx, 200*time.Millisecond)
	if m, err := a.join(hungry); err == nil {
		m.leave()
		t.Error("a player came in, so there were descriptors")
	}
	stop()
	for _, conn := range taken {
		_ = conn.Close()
	}
	again, stop := context.WithTimeout(ctx, patience)
	defer stop()
	start = time.Now()
	for {
		m, err := a.join(again)
		if err == nil {
			t.Logf("the first player came in %v after", since(start))
			m.leave()
			break
		}
		if again.Err() != nil {
			t.Fatalf("nobody comes in: %v", err)
		}
	}
	if !strings.Contains(said.String(), "too many open files") {
		t.Errorf("the server had descriptors all the time: %q", said)
	}
	if _, status, err := a.shake(t.Context(), "none"); err != nil || status != http.StatusUnauthorized {
		t.Errorf("a handshake after it: %d, %v", status, err)
	}
}

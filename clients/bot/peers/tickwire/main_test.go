package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	client "github.com/tickwire/tickwire/clients/go"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// It serves a sample at the rate it is told, says what its ticks cost, and ends when it is told to.
func TestServes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"--game=arena", "--rate=50", "--seats=3"}, write, t.Output()) }()
	first, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	addresses := strings.Fields(first)
	if len(addresses) != 2 {
		t.Fatalf("addresses %q, want two", addresses)
	}
	web := &http.Client{Transport: &http.Transport{}}
	defer web.CloseIdleConnections()
	c := client.New("http://"+addresses[0], &client.Options{HTTPClient: web})
	room, err := c.JoinOrCreate(ctx, "arena", nil)
	if err != nil {
		t.Fatal(err)
	}
	if room.Rate() != 50 {
		t.Errorf("rate %d, want 50", room.Rate())
	}
	res, err := web.Get("http://" + addresses[1] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(metrics), "tickwire_tick_cost_seconds_bucket") {
		t.Errorf("no ticks in the metrics: %v", err)
	}
	if err := room.Leave(); err != nil {
		t.Error(err)
	}
	_ = res.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		why, want string
		args      []string
	}{
		{"no such game", "chess", []string{"--game=chess"}},
		{"no rate", "--rate", []string{"--rate=0"}},
		{"seats below none", "--seats", []string{"--seats=-1"}},
		{"a port that is none", "x", []string{"--addr=127.0.0.1:x"}},
	} {
		if err := run(t.Context(), c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v is not about %s", c.why, err, c.want)
		}
	}
}

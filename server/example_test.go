package server_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
)

// README.md shows what stands between the next two marks; a test compares them.

// serve:begin

// serve runs games on a listener until ctx is done and everybody has been told.
func serve(ctx context.Context, l net.Listener, games ...game.Definition) error {
	s, err := server.New(server.Options{Games: games})
	if err != nil {
		return err
	}
	web := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	go func() { log.Print(web.Serve(l)) }()
	return s.Run(ctx)
}

// serve:end

// The lobby speaks JSON to whoever sends JSON.
func Example() {
	log.SetOutput(new(strings.Builder))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- serve(ctx, l, game.Definition{Name: "pilot", New: newPilot}) }()

	url := "http://" + l.Addr().String() + "/tickwire.v1.LobbyService/List"
	for status := 0; status != http.StatusOK; { // it is not there at once
		res, err := http.Post(url, "application/json", strings.NewReader(`{"game": "pilot"}`))
		if err == nil {
			status = res.StatusCode
			_ = res.Body.Close()
		}
	}
	fmt.Println("the lobby answers")
	stop()
	fmt.Println("ended:", <-ended)
	_ = l.Close()
	http.DefaultClient.CloseIdleConnections()
	// Output:
	// the lobby answers
	// ended: <nil>
}

package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
)

// serve is what README.md shows between its marks; a test compares them.
//
// serve:begin
func serve(ctx context.Context, games ...game.Definition) error {
	s, err := server.New(server.Options{Games: games})
	if err != nil {
		return err
	}
	web := &http.Server{Addr: "127.0.0.1:8080", Handler: s}
	go web.ListenAndServe()
	defer web.Close()
	return s.Run(ctx) // until ctx is done and everybody has been told
}

// serve:end

// The lobby speaks JSON to whoever sends JSON.
func Example() {
	s, err := server.New(server.Options{Games: []game.Definition{{Name: "pilot", New: newPilot}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error)
	go func() { ran <- s.Run(ctx) }()
	web := httptest.NewServer(s)
	for {
		res, err := http.Post(web.URL+"/tickwire.v1.LobbyService/List", "application/json", strings.NewReader("{}"))
		if err != nil {
			fmt.Println(err)
			break
		}
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			fmt.Println(res.Status)
			break
		}
	}
	web.Close()
	stop()
	fmt.Println(<-ran)
	// Output:
	// 200 OK
	// <nil>
}

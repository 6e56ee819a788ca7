package client_test //nolint:testableexamples // it needs a server

import (
	"context"
	"errors"
	"fmt"

	client "github.com/tickwire/tickwire/clients/go"
)

// Ship has the columns of the arena's table that this program wants.
type Ship struct {
	X, Y  int32
	Angle uint8
	HP    uint8
}

// Steer is the arena's input.
type Steer struct {
	Thrust, Turn int8
	Fire         bool
}

// A player that flies ahead, and shoots when something is alive.
func Example() {
	ctx := context.Background()
	c := client.New("http://127.0.0.1:8080", &client.Options{Name: "ann"})
	defer c.Close()
	room, err := c.JoinOrCreate(ctx, "arena", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ships, err := client.TableOf[Ship](room, "ships")
	if err != nil {
		fmt.Println(err)
		return
	}
	for range room.Frames(ctx) {
		targets := 0
		for id, ship := range ships.All() {
			if id != room.Player() && ship.HP > 0 {
				targets++
			}
		}
		if err := room.Send(Steer{Thrust: 1, Fire: targets > 0}); err != nil {
			fmt.Println(err)
			break
		}
	}
	var e *client.Error
	if err := room.Leave(); errors.As(err, &e) {
		fmt.Println("the server ended it:", e.Code, e.Message)
	}
}

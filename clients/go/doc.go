// Package client plays on a Tickwire server: it finds a seat over HTTP, opens the WebSocket, keeps a right copy of the
// room's state, and sends inputs and commands.
//
//	c := client.New("http://127.0.0.1:8080", nil)
//	room, err := c.JoinOrCreate(ctx, "arena", nil)
//	defer room.Leave()
//	ships, err := client.TableOf[Ship](room, "ships")
//	for range room.Frames(ctx) {
//		for id, ship := range ships.All() { … }
//		room.Send(Steer{Thrust: 1})
//	}
//
// # Lost connections
//
// A Room outlives its connection. When that is lost, the room calls OnDrop, makes another and calls OnReconnect, all by
// itself, as long as the server keeps the seat. The copy of the state stays, and is brought up to date; commands are
// carried out once, events come once, and inputs that got lost are sent again. Meanwhile Send sets what goes out later,
// and up to 16 commands wait. A room ends for good when the game or the player ends it, when the server has no seat for it
// any more, and when no connection could be made in time; then Done is closed and Err says why.
//
// A program that may be restarted keeps Room.Token, and takes its seat again with Client.Resume.
//
// # Goroutines
//
// A Room owns exactly one goroutine. It reads the socket, applies each frame, calls the callbacks, and answers the frame
// with an acknowledgement and the current input; without a connection it sees to the next one. It ends with the room;
// Leave ends it and waits for it, and Done tells when it has ended. A callback (those of JoinOptions, OnEvent, the
// function given to Post) runs on that goroutine: while it runs the room stands still, so it must be short and must not
// wait for the room, that is, call neither Command nor Leave. A panic in a callback is the caller's own and is passed on.
//
// All methods of Client and Room may be called from any goroutine, except Room.Replica, which is for callbacks only.
// What Table returns is a copy and stays good.
package client

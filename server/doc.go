// Package server runs games in rooms and lets players into them over WebSockets.
//
//	s, err := server.New(server.Options{Games: []game.Definition{arena.Definition()}})
//	if err != nil {
//		return err
//	}
//	go http.ListenAndServe("127.0.0.1:8080", s)
//	return s.Run(ctx)
//
// # How it hangs together
//
// A room (room.go) is one goroutine that gives a game.Sim time and inputs and carries its results away. A session
// (session.go) is one player in it. A conn (conn.go) is one socket, which turns bytes into values and knows no game. The
// lobby (lobby.go) gives seats over HTTP, each with a one-time ticket that the WebSocket is opened with.
//
// A session outlives its conns. Who may open one for it is its seat's to say (seat.go), in the directory: tickets, and the
// reconnect token that each Welcome brings. When a conn ends, the room (depart.go) keeps the session for a time of grace or
// frees the seat, by the code; the next Hello (arrive.go) goes on from the state, the events and the commands that the
// client really had. What a client is sent depends on what it acknowledges (flow.go), on what the game lets it see and on
// how many bytes it may have (budget.go). If there are very many players, several cores share a tick's reading and frames
// (crew.go), and the room waits for them. What frames consist of is looked at now and then (profile.go).
//
// Only two things cross between goroutines: entries into a room's inbox (inbox.go), put there by whoever reads a socket
// (intake.go), and frames out of it (outbox.go), written without waiting. So a room never waits for a client, nothing
// queues for a slow one. Locks nest in one order only: outbox, the one inside gws, wire, mailbox or those of TLS and its
// seal. Inbox, directory and addresses have theirs too, under which no other is taken. None is held while anything waits.
//
// Who reads a socket makes no difference to anything above it: a room of at least 10 ticks a second reads its own (poll.go),
// each once in a tick and without waiting, on descriptors that are outside Go's netpoller; elsewhere each socket has a
// goroutine (poll_any.go). Messages that come whole are taken at once (whole.go), and those that go out are written so
// (message.go). All else of the WebSocket is gws's: the handshake, control frames, and by its read loop, which runs as a
// coroutine, what comes in parts. Whoever has gone is seen off without a room (farewells.go).
//
// A tick begins when it is due (alarm.go), which is not when another room's is (phase.go). It allocates nothing, so the
// garbage collector has little to do and may as well do it early: a program that sets GOGC to 25, as the dev server does,
// needs a quarter less memory and no more time.
//
// # Who is refused, and who is cut
//
// A handshake without a good ticket, or from a foreign Origin, is refused before 101. The guard (guard.go) refuses the
// first frame that breaks a rule before a byte of its payload is kept. What a client may take of time, bytes and
// frames stands in Limits; whoever takes more is told with a Code why the connection ends. A game that hangs is given up
// with its room (watch.go), one that panics ends it; Options.Dumps keeps what led to that.
package server

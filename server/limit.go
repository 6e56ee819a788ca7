package server

// limit names a limit for the metrics: the field of Limits that an operator would change.
type limit string

// The limits that refuse something or end it.
const (
	limitFirstMessage limit = "FirstMessage"
	limitConfirm      limit = "Confirm"
	limitMessage      limit = "Message"
	limitSeat         limit = "Seat"
	limitDead         limit = "Dead"
	limitWrite        limit = "Write"
	limitAck          limit = "Ack"
	limitSession      limit = "Session"
	limitIdle         limit = "Idle"
	limitEmptyNew     limit = "EmptyNew"
	limitEmpty        limit = "Empty"
	limitDrain        limit = "Drain"
	limitTickWarn     limit = "TickWarn"
	limitTickLost     limit = "TickLost"
	limitMessageSize  limit = "MessageSize"
	limitHelloSize    limit = "HelloSize"
	limitFrames       limit = "FramesPerSecond"
	limitPings        limit = "PingsPerSecond"
	limitFragments    limit = "Fragments"
	limitCommands     limit = "CommandsPerSecond"
	limitBytes        limit = "BytesPerSecond"
	limitFrameBytes   limit = "FrameBytesPerSecond"
	limitRooms        limit = "Rooms"
	limitRoomsAddress limit = "RoomsPerAddress"
	limitHandshakes   limit = "HandshakesPerSecond"
	limitHandshakeAll limit = "HandshakesAll"
	limitGreeting     limit = "Greeting"
	limitGreetingAll  limit = "GreetingAll"
	limitConns        limit = "ConnsPerAddress"
	limitCalls        limit = "CallsPerSecond"
	limitHeldSeats    limit = "HeldSeats"
	limitLookups      limit = "Lookups"
	limitFailedCalls  limit = "FailedCalls"
	limitJoins        limit = "JoinsPerSecond"

	// These are no fields: the protocol or the game's rate fixes them.

	limitInputs  limit = "inputs"  // inputs of a player, by the rate of ticks
	limitWaiting limit = "waiting" // commands that wait for a tick
	limitMail    limit = "mail"    // events and answers that wait for a client
)

// limitNames are all of them.
//
//nolint:gochecknoglobals // a constant
var limitNames = [...]limit{
	limitFirstMessage, limitConfirm, limitMessage, limitSeat, limitDead, limitWrite, limitAck, limitSession, limitIdle,
	limitEmptyNew, limitEmpty, limitDrain, limitTickWarn, limitTickLost, limitMessageSize, limitHelloSize, limitFrames,
	limitPings, limitFragments, limitCommands, limitBytes, limitFrameBytes, limitRooms, limitRoomsAddress, limitHandshakes,
	limitHandshakeAll, limitGreeting, limitGreetingAll, limitConns, limitCalls, limitHeldSeats, limitLookups,
	limitFailedCalls, limitJoins, limitInputs, limitWaiting, limitMail,
}

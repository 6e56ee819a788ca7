package client

import (
	"strconv"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Code is why something was refused or ended. 42xx: nothing went wrong. 44xx: the client's side. 45xx: the server's side.
// Beside the protocol's own codes, which are those below, it holds those of WebSocket: CodeLost, 1002 and the like.
type Code = tickwirev1.Code

// The protocol's codes. What is said of retrying is what Error.Retry says, and what a Room does by itself: it comes back
// from Late, Silent, Expired, Slow, TooMany and Busy.
const (
	// CodeFailed: the server itself failed at a call. Retry.
	CodeFailed = tickwirev1.Code_CODE_UNSPECIFIED
	// CodeOver: the room's game came to its end.
	CodeOver = tickwirev1.Code_CODE_OVER
	// CodeMalformed: what this library sent is not what the protocol says. A bug.
	CodeMalformed = tickwirev1.Code_CODE_MALFORMED
	// CodeUnauthenticated: the server does not know who asks, or a ticket or token is forged or too old. Join again.
	CodeUnauthenticated = tickwirev1.Code_CODE_UNAUTHENTICATED
	// CodeForbidden: a foreign origin, a wrong identity, or a token that a newer one has replaced.
	CodeForbidden = tickwirev1.Code_CODE_FORBIDDEN
	// CodeNotFound: there is no such game, room, code or session.
	CodeNotFound = tickwirev1.Code_CODE_NOT_FOUND
	// CodeLate: the client's first frames did not come in time. Retry.
	CodeLate = tickwirev1.Code_CODE_LATE
	// CodeIdle: the player did nothing new for too long. Join again when the player is back.
	CodeIdle = tickwirev1.Code_CODE_IDLE
	// CodeSuperseded: a newer connection took the seat.
	CodeSuperseded = tickwirev1.Code_CODE_SUPERSEDED
	// CodeSilent: one side has not heard the other for too long. Retry.
	CodeSilent = tickwirev1.Code_CODE_SILENT
	// CodeExpired: the connection has reached its greatest age. Retry.
	CodeExpired = tickwirev1.Code_CODE_EXPIRED
	// CodeSlow: the client did not read, or not acknowledge, what was sent to it in time. Retry.
	CodeSlow = tickwirev1.Code_CODE_SLOW
	// CodeOutOfRange: a value outside its range, or a command that is not there. A bug.
	CodeOutOfRange = tickwirev1.Code_CODE_OUT_OF_RANGE
	// CodeFull: the room has no free seat. Retry with another room.
	CodeFull = tickwirev1.Code_CODE_FULL
	// CodeTooMany: too many frames, bytes or calls. Retry later and slower.
	CodeTooMany = tickwirev1.Code_CODE_TOO_MANY
	// CodeKicked: the game removed the player.
	CodeKicked = tickwirev1.Code_CODE_KICKED
	// CodeGameFailed: the game failed and its room ended. Join another room.
	CodeGameFailed = tickwirev1.Code_CODE_GAME_FAILED
	// CodeStopping: the server is stopping. Join elsewhere.
	CodeStopping = tickwirev1.Code_CODE_STOPPING
	// CodeBusy: the server has as much to do as it can. Retry later.
	CodeBusy = tickwirev1.Code_CODE_BUSY
)

// The codes of this library's own.
const (
	// CodeLost is a connection that ended without a word from the server, and did not come back.
	CodeLost Code = 1006
	// CodeUnreachable is a connection that could not be made: no such host, nobody listens, TLS failed, no answer in time.
	// Error.Unwrap has the cause.
	CodeUnreachable Code = -1
)

// What RFC 6455 calls the ends of a connection.
const (
	codeNormal      Code = 1000
	codeGoingAway   Code = 1001
	codeProtocol    Code = 1002
	codeUnsupported Code = 1003
	codeNoStatus    Code = 1005
	codeInvalid     Code = 1007
	codeTooBig      Code = 1009
	codeInternal    Code = 1011
	codeRestart     Code = 1012
	codeTryLater    Code = 1013
	codeBadGateway  Code = 1014
)

// retryable is Error.Retry. It follows the comments of the Code enum.
func retryable(code Code) bool {
	switch code {
	case CodeOver, CodeMalformed, CodeForbidden, CodeNotFound, CodeSuperseded, CodeOutOfRange, CodeKicked, codeProtocol,
		codeTooBig:
		return false
	default:
		return true
	}
}

// resumable is whether the server keeps the seat of a connection that ended with this code.
func resumable(code Code) bool {
	switch code {
	case CodeLost, CodeUnreachable, CodeLate, CodeSilent, CodeExpired, CodeSlow, CodeTooMany, CodeBusy,
		codeGoingAway, codeProtocol, codeUnsupported, codeNoStatus, codeInvalid, codeTooBig, codeInternal, codeRestart,
		codeTryLater, codeBadGateway:
		return true
	default:
		return false
	}
}

// forgone is whether a call to resume that was refused with this code would be refused for ever.
func forgone(code Code) bool {
	switch code {
	case CodeUnauthenticated, CodeForbidden, CodeNotFound, CodeMalformed, CodeOutOfRange, codeProtocol:
		return true
	default:
		return false
	}
}

// named is a code in words; empty for those whose sentence says it all.
func named(code Code) string {
	_, known := tickwirev1.Code_name[int32(code)]
	switch {
	case known:
		return code.String()
	case code == CodeLost || code == CodeUnreachable:
		return ""
	default:
		return "WebSocket " + strconv.Itoa(int(code))
	}
}

package client

import (
	"errors"
	"fmt"
	"net/http"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Code is why something was refused or ended. Beside the protocol's own codes it holds WebSocket's: CodeLost, 1002 and
// the like.
type Code = tickwirev1.Code

// CodeLost is the code of a connection that ended without a word from the server.
const CodeLost Code = 1006

const (
	codeProtocol Code = 1002
	codeTooBig   Code = 1009
)

// Error is a call or a room that the server refused or ended, or a connection that was lost.
type Error struct {
	// Code is why.
	Code Code
	// Message is one sentence for a person.
	Message string
	// Retry is set if the same thing may work later or with a new seat; unset if it cannot.
	Retry bool
}

// Error says the code and the sentence.
func (e *Error) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("tickwire: %s (%d)", e.Code, int32(e.Code))
	}
	return fmt.Sprintf("tickwire: %s: %s", e.Code, e.Message)
}

// Refused is a command that the game did not take.
type Refused struct { //nolint:errname // it is an answer of the game, and reads as one
	// Reason is the game's own number.
	Reason uint32
	// Why is the reason in words; it may be empty.
	Why string
}

// Error says the game's words, or its number.
func (r *Refused) Error() string {
	if r.Why == "" {
		return fmt.Sprintf("tickwire: refused by the game, reason %d", r.Reason)
	}
	return "tickwire: refused by the game: " + r.Why
}

// ErrNoInput is what Send returns in a room whose game takes no inputs.
var ErrNoInput = errors.New("tickwire: this game takes no inputs")

// ErrLeft is what calls return after Leave.
var ErrLeft = errors.New("tickwire: the room was left")

func newError(code Code, message string) *Error {
	return &Error{Code: code, Message: message, Retry: retryable(code)}
}

// retryable follows the comments of the Code enum.
func retryable(code Code) bool {
	switch code {
	case tickwirev1.Code_CODE_OVER, tickwirev1.Code_CODE_MALFORMED, tickwirev1.Code_CODE_FORBIDDEN,
		tickwirev1.Code_CODE_NOT_FOUND, tickwirev1.Code_CODE_SUPERSEDED, tickwirev1.Code_CODE_OUT_OF_RANGE,
		tickwirev1.Code_CODE_KICKED, codeProtocol, codeTooBig:
		return false
	default:
		return true
	}
}

// lobbyError turns a failed call into an *Error; errors of the caller's own context stay what they are.
func lobbyError(err error) error {
	var c *connect.Error
	if !errors.As(err, &c) {
		return err
	}
	for _, d := range c.Details() {
		value, derr := d.Value()
		if detail, ok := value.(*tickwirev1.Error); derr == nil && ok {
			return newError(detail.GetCode(), c.Message())
		}
	}
	switch c.Code() {
	case connect.CodeCanceled, connect.CodeDeadlineExceeded:
		return err
	case connect.CodeNotFound:
		return newError(tickwirev1.Code_CODE_NOT_FOUND, c.Message())
	case connect.CodeUnauthenticated:
		return newError(tickwirev1.Code_CODE_UNAUTHENTICATED, c.Message())
	case connect.CodePermissionDenied:
		return newError(tickwirev1.Code_CODE_FORBIDDEN, c.Message())
	case connect.CodeResourceExhausted:
		return newError(tickwirev1.Code_CODE_TOO_MANY, c.Message())
	case connect.CodeInvalidArgument:
		return newError(tickwirev1.Code_CODE_MALFORMED, c.Message())
	default:
		return newError(CodeLost, c.Message())
	}
}

// statusError is the answer to a WebSocket handshake that was not 101.
func statusError(status int) *Error {
	message := fmt.Sprintf("the server answered the WebSocket handshake with %d %s", status, http.StatusText(status))
	code := CodeLost
	switch status {
	case http.StatusUnauthorized:
		code = tickwirev1.Code_CODE_UNAUTHENTICATED
	case http.StatusForbidden:
		code = tickwirev1.Code_CODE_FORBIDDEN
	case http.StatusNotFound:
		code = tickwirev1.Code_CODE_NOT_FOUND
	case http.StatusTooManyRequests:
		code = tickwirev1.Code_CODE_TOO_MANY
	case http.StatusServiceUnavailable:
		code = tickwirev1.Code_CODE_STOPPING
	}
	return newError(code, message)
}

package client

import (
	"errors"
	"fmt"
	"net/http"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Error is a call or a room that the server refused or ended, or a connection that was lost or could not be made.
type Error struct {
	// Code is why.
	Code Code
	// Message is one sentence for a person.
	Message string
	// Retry is set if the same thing may work later or with a new seat; unset if it cannot.
	Retry bool

	cause error
}

// Error says the code and the sentence.
func (e *Error) Error() string {
	name := named(e.Code)
	switch {
	case e.Message == "" && name == "":
		return "tickwire: the connection failed"
	case e.Message == "":
		return fmt.Sprintf("tickwire: %s (%d)", name, int32(e.Code))
	case name == "":
		return "tickwire: " + e.Message
	default:
		return "tickwire: " + name + ": " + e.Message
	}
}

// words is the sentence, or the code where there is none.
func (e *Error) words() string {
	if e.Message != "" {
		return e.Message
	}
	return named(e.Code)
}

// Unwrap is what lies below: the network's error, or that of the last try to come back; nil if there is none.
func (e *Error) Unwrap() error { return e.cause }

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

// ErrBacklog is what Command and Post return when too many commands wait for their answers: 16 while the connection is
// lost, 256 else. Nothing was sent.
var ErrBacklog = errors.New("tickwire: too many commands wait for their answers")

func newError(code Code, message string) *Error {
	return &Error{Code: code, Message: message, Retry: retryable(code)}
}

func unreachable(what string, cause error) *Error {
	said := cause.Error()
	if c, ok := errors.AsType[*connect.Error](cause); ok {
		said = c.Message()
	}
	e := newError(CodeUnreachable, what+": "+said)
	e.cause = cause
	return e
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
		return newError(CodeNotFound, c.Message())
	case connect.CodeUnimplemented:
		return newError(CodeNotFound, "the server has no such call: "+c.Message())
	case connect.CodeUnauthenticated:
		return newError(CodeUnauthenticated, c.Message())
	case connect.CodePermissionDenied:
		return newError(CodeForbidden, c.Message())
	case connect.CodeResourceExhausted:
		return newError(CodeTooMany, c.Message())
	case connect.CodeInvalidArgument:
		return newError(CodeMalformed, c.Message())
	case connect.CodeUnavailable:
		return unreachable("the lobby cannot be reached", c)
	default:
		return newError(CodeFailed, c.Message())
	}
}

// statusError is the answer to a WebSocket handshake that was not 101.
func statusError(status int) *Error {
	message := fmt.Sprintf("the server answered the WebSocket handshake with %d %s", status, http.StatusText(status))
	code := CodeUnreachable
	switch status {
	case http.StatusUnauthorized:
		code = CodeUnauthenticated
	case http.StatusForbidden:
		code = CodeForbidden
	case http.StatusNotFound:
		code = CodeNotFound
	case http.StatusTooManyRequests:
		code = CodeTooMany
	case http.StatusServiceUnavailable:
		code = CodeStopping
	}
	return newError(code, message)
}

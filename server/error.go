package server

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Code is why something was refused or ended; proto/tickwire/v1/error.proto has the closed list.
type Code = tickwirev1.Code

// Error is what a client may know about a refusal: it is sent as it is, so its message never holds addresses, paths,
// secrets or the text of another error.
type Error struct {
	// Code says who is at fault and whether a retry helps.
	Code Code
	// Message is one sentence for a person.
	Message string

	wait time.Duration // after which a retry may help, if it is more than a second
}

// Error implements error.
func (e *Error) Error() string { return e.Code.String() + ": " + e.Message }

// errorf makes an Error.
func errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// status is the HTTP status that refuses a handshake with e.
func (e *Error) status() int {
	switch e.Code {
	case tickwirev1.Code_CODE_UNAUTHENTICATED:
		return http.StatusUnauthorized
	case tickwirev1.Code_CODE_FORBIDDEN:
		return http.StatusForbidden
	case tickwirev1.Code_CODE_NOT_FOUND:
		return http.StatusNotFound
	case tickwirev1.Code_CODE_TOO_MANY:
		return http.StatusTooManyRequests
	case tickwirev1.Code_CODE_STOPPING, tickwirev1.Code_CODE_BUSY:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// retryAfter tells in header when a retry may help, if waiting does.
func (e *Error) retryAfter(header http.Header) {
	if e.Code == tickwirev1.Code_CODE_TOO_MANY || e.Code == tickwirev1.Code_CODE_BUSY {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(max(time.Second, e.wait).Seconds()))))
	}
}

// connectError is the Error as the lobby answers it: a status that HTTP tools understand, with the Code as detail.
func (e *Error) connectError() *connect.Error {
	answer := connect.NewError(e.connectCode(), textError(e.Message))
	e.retryAfter(answer.Meta())
	detail, err := connect.NewErrorDetail(&tickwirev1.Error{Code: e.Code})
	if err == nil {
		answer.AddDetail(detail)
	}
	return answer
}

// The close codes of RFC 6455 that the server sends or reports beside its own.
const (
	codeNormal      Code = 1000 // the client closed
	codeProtocol    Code = 1002 // the client's frames are not WebSocket
	codeUnsupported Code = 1003 // they are, but of a kind that is not taken here
	codeNoStatus    Code = 1005 // the client closed without a code
	codeLost        Code = 1006 // the socket ended without a close frame
	codeInvalid     Code = 1007 // a close reason that is not UTF-8
	codeTooBig      Code = 1009 // a message over the limit
	codeInternal    Code = 1011 // the server failed at this connection
)

// codeName names a close code for logs and metrics, out of a closed list whatever the client sent.
func codeName(c Code) string {
	if name, ok := tickwirev1.Code_name[int32(c)]; ok {
		return name
	}
	switch c {
	case codeNormal:
		return "NORMAL"
	case 1001:
		return "GOING_AWAY"
	case codeProtocol:
		return "PROTOCOL_ERROR"
	case codeUnsupported:
		return "UNSUPPORTED"
	case codeNoStatus:
		return "NO_STATUS"
	case codeLost:
		return "LOST"
	case codeInvalid:
		return "INVALID"
	case codeTooBig:
		return "TOO_BIG"
	case codeInternal:
		return "INTERNAL"
	default:
		return "OTHER"
	}
}

// textError is an error that is only its text.
type textError string

// Error implements error.
func (t textError) Error() string { return string(t) }

// connectCode is the nearest of Connect's codes.
func (e *Error) connectCode() connect.Code {
	switch e.Code {
	case tickwirev1.Code_CODE_MALFORMED, tickwirev1.Code_CODE_OUT_OF_RANGE:
		return connect.CodeInvalidArgument
	case tickwirev1.Code_CODE_UNAUTHENTICATED:
		return connect.CodeUnauthenticated
	case tickwirev1.Code_CODE_FORBIDDEN:
		return connect.CodePermissionDenied
	case tickwirev1.Code_CODE_NOT_FOUND:
		return connect.CodeNotFound
	case tickwirev1.Code_CODE_FULL:
		return connect.CodeFailedPrecondition // not resource_exhausted: the same room will not get better by waiting
	case tickwirev1.Code_CODE_TOO_MANY:
		return connect.CodeResourceExhausted
	case tickwirev1.Code_CODE_STOPPING, tickwirev1.Code_CODE_BUSY:
		return connect.CodeUnavailable
	default:
		return connect.CodeInternal
	}
}

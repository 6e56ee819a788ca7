package server

import (
	"fmt"

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
}

// Error implements error.
func (e *Error) Error() string { return e.Code.String() + ": " + e.Message }

// errorf makes an Error.
func errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// connectError is the Error as the lobby answers it: a status that HTTP tools understand, with the Code as detail.
func (e *Error) connectError() *connect.Error {
	answer := connect.NewError(e.connectCode(), textError(e.Message))
	detail, err := connect.NewErrorDetail(&tickwirev1.Error{Code: e.Code})
	if err == nil {
		answer.AddDetail(detail)
	}
	return answer
}

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
	case tickwirev1.Code_CODE_STOPPING:
		return connect.CodeUnavailable
	default:
		return connect.CodeInternal
	}
}

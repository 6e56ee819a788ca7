package server

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// maxName is the greatest length of a display name in bytes.
const maxName = 32

// maxIdentity is the greatest length of an identity in bytes.
const maxIdentity = 128

// guestPrefix begins the identities of guests.
const guestPrefix = "guest-"

// identify finds out who asks for a seat, and the name to show. What Authenticate says comes before what the caller asks
// for, so that nobody takes another's name.
func (s *Server) identify(ctx context.Context, header http.Header, wanted string) (Identity, error) {
	who, err := s.authenticate(ctx, header)
	if err != nil {
		return Identity{}, err
	}
	if who.ID == "" {
		who.ID = guestPrefix + rand.Text()
	}
	for _, name := range [...]string{who.Name, wanted, guestName()} {
		if who.Name = cleanName(name); who.Name != "" {
			break
		}
	}
	return who, nil
}

// authenticate finds out who calls, as far as Authenticate knows.
func (s *Server) authenticate(ctx context.Context, header http.Header) (Identity, error) {
	if s.options.Authenticate == nil {
		return Identity{}, nil
	}
	by := callOf(ctx).by
	if err := s.addresses.mayFail(by, time.Now()); err != nil {
		return Identity{}, err
	}
	who, err := s.options.Authenticate(ctx, header)
	if err == nil && (len(who.ID) > maxIdentity || !utf8.ValidString(who.ID)) {
		err = fmt.Errorf("the identity is not UTF-8 of at most %d bytes", maxIdentity)
	}
	if err == nil {
		return who, nil
	}
	refused := s.refusal(err)
	switch refused.Code { //nolint:exhaustive // any other is not the caller's fault
	case tickwirev1.Code_CODE_FORBIDDEN, tickwirev1.Code_CODE_UNAUTHENTICATED:
		if ctx.Err() == nil {
			s.addresses.failed(by, time.Now())
		}
	}
	return Identity{}, refused
}

// refusal is what a caller whom Authenticate did not accept may know.
func (s *Server) refusal(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	s.log.Info().Err(err).Msg("authentication failed")
	return errorf(tickwirev1.Code_CODE_FORBIDDEN, "the server does not accept this identity")
}

// cleanName makes a display name safe to show and to log: valid UTF-8, printable (so no line breaks, no marks that turn
// the direction of text), single spaces inside and none outside, at most maxName bytes. What is left may be empty.
func cleanName(name string) string {
	if len(name) > 16*maxName {
		name = name[:16*maxName] // all that could be kept, and no more work than that
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(name, "") {
		switch {
		case unicode.IsSpace(r):
			r = ' '
			if b.Len() == 0 || strings.HasSuffix(b.String(), " ") {
				continue
			}
		case !unicode.IsPrint(r) || r == utf8.RuneError:
			continue
		}
		if b.Len()+utf8.RuneLen(r) > maxName {
			return strings.TrimRight(b.String(), " ")
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ")
}

// guestName is a name for who has none.
func guestName() string {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return fmt.Sprintf(guestPrefix+"%04d", binary.BigEndian.Uint32(b[:])%10000)
}

package server

import (
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server/internal/issued"
)

// token is what a reconnect token says: the way back to a session, for as long as no newer one was used. It is a secret,
// sent in Welcome and in the body of Resume only. The server keeps no more than a hash of its secret.
type token ticket

const (
	// tokenPrefix begins every token and names its format.
	tokenPrefix = "rt1."
	// tokenLeeway is by how much the clocks of two nodes may differ.
	tokenLeeway = time.Minute
)

// errToken is all that a stranger learns about a token that is not good.
var errToken = errors.New("not a good token")

// newToken makes a token of a session that has a room and a generation still to come. A connection that begins now ends
// when life is over at the latest; the token is good for the grace that follows too.
func newToken(session string, now time.Time, life time.Duration) token {
	return token(newTicket("", session, 0, now.Add(life+game.MaxGrace*time.Second)))
}

// hash is what the server keeps of a token.
func (t *token) hash() [sha256.Size]byte { return sha256.Sum256(t.secret[:]) }

// sealToken writes a token.
func (s *signer) sealToken(t token) string {
	text := tokenPrefix + s.tokens.seal((*ticket)(&t))
	issued.Note(text)
	return text
}

// openToken reads a token whose MAC is right and whose time has not come. Any other is errToken. Whether its seat is
// there, and whether a newer one has replaced it, the directory knows.
func (s *signer) openToken(text string, now time.Time) (token, error) {
	text, ok := strings.CutPrefix(text, tokenPrefix)
	if !ok {
		return token{}, errToken
	}
	t, ok := s.tokens.open(text)
	if !ok || !now.Before(t.expires.Add(tokenLeeway)) {
		return token{}, errToken
	}
	return token(t), nil
}

package server

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tickwire/tickwire/server/internal/issued"
)

// ticket is what the way into a session for one socket says. It is a secret: whoever shows it first is let in.
type ticket struct {
	room, session string
	generation    uint32    // of the token that it was bought with; 0: the first, from the lobby
	expires       time.Time // to the millisecond
	secret        [secretSize]byte
}

const (
	secretSize = 16
	macSize    = 16 // HMAC-SHA-256, first half
	// maxTicket is the greatest length of a ticket as text: two names of 255 bytes fit.
	maxTicket = 800
	// minSecret is the least length of Options.Secret.
	minSecret = 16
)

// errTicket is all that a stranger learns about a ticket that is not good.
var errTicket = errors.New("not a good ticket")

// signer writes and reads tickets and tokens. It is safe for use by many goroutines.
type signer struct{ tickets, tokens keys }

// keys are for one purpose. The first one signs, all are believed.
type keys []key

// key is derived from one secret for one purpose.
type key struct {
	kid byte // tells it from the others when the secret is changed
	mac []byte
}

// newSigner derives the keys from the secrets, or makes a random one if there is none to sign with.
func newSigner(secret []byte, old [][]byte) (*signer, error) {
	if secret == nil {
		secret = make([]byte, sha256.Size)
		rand.Read(secret) // never fails
	}
	if len(secret) < minSecret {
		return nil, fmt.Errorf("server: Options.Secret is shorter than %d bytes", minSecret)
	}
	secrets := [][]byte{secret}
	for i, s := range old {
		if len(s) < minSecret {
			return nil, fmt.Errorf("server: Options.OldSecrets[%d] is shorter than %d bytes", i, minSecret)
		}
		secrets = append(secrets, s)
	}
	tickets, err := newKeys(secrets, "tickwire ticket 1")
	if err != nil {
		return nil, err
	}
	tokens, err := newKeys(secrets, "tickwire token 1")
	return &signer{tickets, tokens}, err
}

func newKeys(secrets [][]byte, purpose string) (keys, error) {
	all := make(keys, 0, len(secrets))
	for _, s := range secrets {
		b, err := hkdf.Key(sha256.New, s, nil, purpose, sha256.Size+1)
		if err != nil {
			return nil, err
		}
		all = append(all, key{kid: b[sha256.Size], mac: b[:sha256.Size]})
	}
	return all, nil
}

// newTicket fills in what is random.
func newTicket(room, session string, generation uint32, expires time.Time) ticket {
	t := ticket{room: room, session: session, generation: generation, expires: expires.Truncate(time.Millisecond)}
	rand.Read(t.secret[:]) // never fails
	return t
}

// equal reports whether two tickets say the same.
func (t *ticket) equal(o *ticket) bool {
	return t.room == o.room && t.session == o.session && t.generation == o.generation &&
		t.expires.Equal(o.expires) && hmac.Equal(t.secret[:], o.secret[:])
}

// seal writes a ticket.
func (s *signer) seal(t ticket) string {
	text := s.tickets.seal(&t)
	issued.Note(text)
	return text
}

// open reads a ticket whose MAC is right and whose time has not come. Any other is errTicket.
func (s *signer) open(text string, now time.Time) (ticket, error) {
	t, ok := s.tickets.open(text)
	if !ok || !now.Before(t.expires) {
		return ticket{}, errTicket
	}
	return t, nil
}

// seal writes kid, room, session, generation, expiry, secret, MAC.
func (k keys) seal(t *ticket) string {
	b := []byte{k[0].kid}
	for _, name := range [...]string{t.room, t.session} {
		b = append(b, byte(len(name))) //nolint:gosec // names are made here and short
		b = append(b, name...)
	}
	b = binary.BigEndian.AppendUint32(b, t.generation)
	b = binary.BigEndian.AppendUint64(b, uint64(t.expires.UnixMilli()))
	b = append(b, t.secret[:]...)
	return base64.RawURLEncoding.EncodeToString(append(b, k[0].sum(b)...))
}

// open reads what seal has written with any of the keys.
func (k keys) open(text string) (ticket, bool) {
	if len(text) > maxTicket || strings.ContainsAny(text, "\r\n") { // which the decoder would pass over
		return ticket{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < 1+macSize {
		return ticket{}, false
	}
	b, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	for _, one := range k {
		if one.kid == b[0] && hmac.Equal(mac, one.sum(b)) {
			return parseTicket(b[1:])
		}
	}
	return ticket{}, false
}

// parseTicket reads what stands between kid and MAC.
func parseTicket(b []byte) (t ticket, ok bool) {
	for _, name := range [...]*string{&t.room, &t.session} {
		if len(b) == 0 || len(b) < 1+int(b[0]) {
			return ticket{}, false
		}
		end := 1 + int(b[0])
		*name, b = string(b[1:end]), b[end:]
	}
	if len(b) != 4+8+secretSize {
		return ticket{}, false
	}
	t.generation = binary.BigEndian.Uint32(b)
	t.expires = time.UnixMilli(int64(binary.BigEndian.Uint64(b[4:]))) //nolint:gosec // signed by us
	copy(t.secret[:], b[12:])
	return t, true
}

// sum is the MAC of b.
func (k key) sum(b []byte) []byte {
	h := hmac.New(sha256.New, k.mac)
	h.Write(b)
	return h.Sum(nil)[:macSize]
}

package server

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// ticket is what a seat's ticket says. It is a secret: whoever shows it first gets the seat.
type ticket struct {
	room, session string
	generation    uint32
	expires       time.Time // to the millisecond
	nonce         [nonceSize]byte
}

const (
	nonceSize = 16
	macSize   = 16 // HMAC-SHA-256, first half
	// maxTicket is the greatest length of a ticket as text: two names of 255 bytes fit.
	maxTicket = 800
	// minSecret is the least length of Options.Secret.
	minSecret = 16
)

// errTicket is all that a stranger learns about a ticket that is not good.
var errTicket = errors.New("not a good ticket")

// signer writes and reads tickets. It is safe for use by many goroutines.
type signer struct {
	kid byte // tells keys apart when they are changed
	key []byte
}

// newSigner derives the key from a secret, or makes a random one.
func newSigner(secret []byte) (*signer, error) {
	if secret == nil {
		secret = make([]byte, sha256.Size)
		rand.Read(secret) // never fails
	}
	if len(secret) < minSecret {
		return nil, errors.New("server: Options.Secret is shorter than 16 bytes")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "tickwire ticket 1", sha256.Size+1)
	if err != nil {
		return nil, err
	}
	return &signer{kid: key[sha256.Size], key: key[:sha256.Size]}, nil
}

// newTicket fills in what is random.
func newTicket(room, session string, generation uint32, expires time.Time) ticket {
	t := ticket{room: room, session: session, generation: generation, expires: expires.Truncate(time.Millisecond)}
	rand.Read(t.nonce[:]) // never fails
	return t
}

// equal reports whether two tickets say the same.
func (t ticket) equal(o ticket) bool {
	return t.room == o.room && t.session == o.session && t.generation == o.generation &&
		t.expires.Equal(o.expires) && hmac.Equal(t.nonce[:], o.nonce[:])
}

// seal writes a ticket: kid, room, session, generation, expiry, nonce, MAC.
func (s *signer) seal(t ticket) string {
	b := []byte{s.kid}
	for _, name := range [...]string{t.room, t.session} {
		b = append(b, byte(len(name))) //nolint:gosec // names are made here and short
		b = append(b, name...)
	}
	b = binary.BigEndian.AppendUint32(b, t.generation)
	b = binary.BigEndian.AppendUint64(b, uint64(t.expires.UnixMilli()))
	b = append(b, t.nonce[:]...)
	return base64.RawURLEncoding.EncodeToString(append(b, s.mac(b)...))
}

// open reads a ticket whose MAC is right and whose time has not come. Any other is errTicket.
func (s *signer) open(text string, now time.Time) (ticket, error) {
	if len(text) > maxTicket {
		return ticket{}, errTicket
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < 1+macSize || b[0] != s.kid {
		return ticket{}, errTicket
	}
	b, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	if !hmac.Equal(mac, s.mac(b)) {
		return ticket{}, errTicket
	}
	return parseTicket(b[1:], now)
}

// parseTicket reads what stands between kid and MAC.
func parseTicket(b []byte, now time.Time) (ticket, error) {
	var t ticket
	for _, name := range [...]*string{&t.room, &t.session} {
		if len(b) == 0 || len(b) < 1+int(b[0]) {
			return ticket{}, errTicket
		}
		end := 1 + int(b[0])
		*name, b = string(b[1:end]), b[end:]
	}
	if len(b) != 4+8+nonceSize {
		return ticket{}, errTicket
	}
	t.generation = binary.BigEndian.Uint32(b)
	t.expires = time.UnixMilli(int64(binary.BigEndian.Uint64(b[4:]))) //nolint:gosec // signed by us
	copy(t.nonce[:], b[12:])
	if !now.Before(t.expires) {
		return ticket{}, errTicket
	}
	return t, nil
}

func (s *signer) mac(b []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write(b)
	return h.Sum(nil)[:macSize]
}

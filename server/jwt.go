package server

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// JWTOptions say which access tokens JWT believes. At least one key is needed. Which algorithm checks a token follows
// from the kind of the key, never from the token.
type JWTOptions struct {
	// Secrets are shared with whoever issues tokens with HS256, at least 32 bytes each. Several are for rotation.
	Secrets [][]byte
	// PublicKeys are of whoever issues tokens with EdDSA on Ed25519. Several are for rotation.
	PublicKeys []ed25519.PublicKey
	// Audience is what a token's "aud" must name. Default: not looked at.
	Audience string
	// Issuer is what a token's "iss" must be. Default: not looked at.
	Issuer string
}

const (
	// jwtLeeway is by how much the clocks of issuer and server may differ.
	jwtLeeway = time.Minute
	// maxJWT is the greatest length of an access token.
	maxJWT = 4 << 10
)

// JWT returns a function for Options.Authenticate that believes access tokens: header "Authorization: Bearer …" with a
// JWT whose "sub" becomes Identity.ID (1 to 128 bytes) and whose "name", if any, Identity.Name. A token needs "exp";
// "exp" and "nbf" may be off by a minute. A caller without a good token is answered CODE_UNAUTHENTICATED, never with what
// was wrong. The function is safe for use by many goroutines and asks nobody: a token is good until it expires.
func JWT(o JWTOptions) (func(ctx context.Context, header http.Header) (Identity, error), error) {
	keys, err := newJWTKeys(&o)
	if err != nil {
		return nil, err
	}
	parser := jwt.NewParser(keys.options(&o)...)
	return func(_ context.Context, header http.Header) (Identity, error) {
		text, ok := bearer(header)
		var c jwtClaims
		if ok {
			_, err := parser.ParseWithClaims(text, &c, keys.find)
			ok = err == nil && c.Subject != "" && len(c.Subject) <= maxIdentity && utf8.ValidString(c.Subject)
		}
		if !ok {
			return Identity{}, errorf(tickwirev1.Code_CODE_UNAUTHENTICATED, "the access token is missing, forged or expired")
		}
		return Identity{ID: c.Subject, Name: c.Name}, nil
	}, nil
}

// jwtClaims are what is read of a token.
type jwtClaims struct {
	jwt.RegisteredClaims

	Name string `json:"name"`
}

// jwtKeys are the keys for each algorithm.
type jwtKeys map[string]jwt.VerificationKeySet

// newJWTKeys checks the keys of o.
func newJWTKeys(o *JWTOptions) (jwtKeys, error) {
	keys := jwtKeys{}
	add := func(algorithm string, key jwt.VerificationKey) {
		keys[algorithm] = jwt.VerificationKeySet{Keys: append(keys[algorithm].Keys, key)}
	}
	for i, secret := range o.Secrets {
		if len(secret) < sha256.Size {
			return nil, fmt.Errorf("server: JWTOptions.Secrets[%d] is shorter than %d bytes", i, sha256.Size)
		}
		add(jwt.SigningMethodHS256.Alg(), secret)
	}
	for i, key := range o.PublicKeys {
		if len(key) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("server: JWTOptions.PublicKeys[%d] has not %d bytes", i, ed25519.PublicKeySize)
		}
		add(jwt.SigningMethodEdDSA.Alg(), key)
	}
	if len(keys) == 0 {
		return nil, errors.New("server: JWTOptions has no key")
	}
	return keys, nil
}

// options are what every token must satisfy.
func (k jwtKeys) options(o *JWTOptions) []jwt.ParserOption {
	algorithms := make([]string, 0, len(k))
	for name := range k {
		algorithms = append(algorithms, name)
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithLeeway(jwtLeeway), jwt.WithStrictDecoding(),
	}
	if o.Audience != "" {
		options = append(options, jwt.WithAudience(o.Audience))
	}
	if o.Issuer != "" {
		options = append(options, jwt.WithIssuer(o.Issuer))
	}
	return options
}

// find returns the keys that may have signed a token, those of its algorithm only.
func (k jwtKeys) find(t *jwt.Token) (any, error) {
	if _, critical := t.Header["crit"]; critical {
		return nil, errors.New("the token says that more must be understood than is") // RFC 7515, 4.1.11
	}
	return k[t.Method.Alg()], nil
}

// bearer is the access token of a request that has exactly one.
func bearer(header http.Header) (string, bool) {
	value, one := only(header, "Authorization")
	scheme, text, _ := strings.Cut(value, " ")
	return text, one && strings.EqualFold(scheme, "Bearer") && len(text) <= maxJWT
}

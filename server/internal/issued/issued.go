// Package issued lets tests see that no ticket and no token that a server ever gave out stands where it must not: in a
// log, in a metric. It remembers a hash of each, and only in a process that asks for it by Watch.
package issued

import (
	"bytes"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
)

//nolint:gochecknoglobals // a secret must not stand in the log of any server of the process, whoever gave it out
var (
	watching atomic.Bool
	seed     = maphash.MakeSeed()
	mu       sync.Mutex
	known    map[uint64]struct{}
)

// Watch makes Note remember, from now on and for ever. It may be called by many goroutines, and again.
func Watch() {
	mu.Lock()
	defer mu.Unlock()
	if known == nil {
		known = map[uint64]struct{}{}
	}
	watching.Store(true)
}

// Note is told each ticket and each token before it leaves the server. It does nothing unless Watch was called.
func Note(secret string) {
	if !watching.Load() {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	known[maphash.String(seed, secret[strings.LastIndexByte(secret, '.')+1:])] = struct{}{}
}

// Count is how many secrets are known, so that a test can tell that it looked for any.
func Count() int {
	mu.Lock()
	defer mu.Unlock()
	return len(known)
}

// shortest is less than the length of any ticket.
const shortest = 40

// In returns the first secret that stands in text, without its prefix, and whether there is one.
func In(text []byte) (secret string, found bool) {
	mu.Lock()
	defer mu.Unlock()
	for word := range bytes.FieldsFuncSeq(text, other) {
		if len(word) < shortest {
			continue
		}
		if _, found := known[maphash.Bytes(seed, word)]; found {
			return string(word), true
		}
	}
	return "", false
}

// other reports whether a character stands in no secret, which are base64 for URLs.
func other(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
}

// Log is a place for logs that looks for secrets in all that is written to it, and keeps nothing else. A line must be
// written at once. The zero value is ready; it may be written to by many goroutines.
type Log struct {
	mu    sync.Mutex
	found []string
}

// Write implements io.Writer.
func (l *Log) Write(line []byte) (int, error) {
	if _, found := In(line); found {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.found = append(l.found, string(line))
	}
	return len(line), nil
}

// Found returns the lines in which a secret stood.
func (l *Log) Found() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.found
}

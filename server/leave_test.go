package server

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// leaver is a game that tells a test why players leave.
type leaver struct {
	still

	left *[]game.Reason
}

func (g leaver) Leave(_ *game.Tick, _ game.Player, why game.Reason) { *g.left = append(*g.left, why) }

// A room that meets the socket of a player who is just closing it waits for the reader to say why.
func TestLeftIsNotLost(t *testing.T) {
	t.Parallel()
	var left []game.Reason
	h := seatAt(t, game.Definition{Name: "leaver", New: func(w *game.World) game.Game {
		game.NewVar(w, "x", struct{ A uint8 }{})
		return leaver{left: &left}
	}}, 1, tickwirev1.Codec_CODEC_PACKED)
	s := h.sessions[0]
	c := s.line.conn
	_ = c.wire.Close() // as after the answer to the client's close frame
	h.tick(t, nil)
	if len(h.room.sessions) != 1 || len(left) != 0 {
		t.Fatalf("%d sessions, left %v, before the reader said anything", len(h.room.sessions), left)
	}
	h.room.inbox.put(entry{kind: entryClosed, session: s, conn: c, at: h.now, typ: int32(codeNormal)})
	h.tick(t, nil)
	h.tick(t, nil)
	if len(h.room.sessions) != 0 || len(left) != 1 || left[0] != game.ReasonLeft {
		t.Errorf("%d sessions, left %v, want %d", len(h.room.sessions), left, game.ReasonLeft)
	}
}

// over is a game that is over as soon as it has a player.
type over struct{}

func (over) Tick(t *game.Tick) error {
	for range t.Players() {
		return game.ErrOver
	}
	return nil
}

// listener is a socket that tells a test of close frames.
type listener struct {
	void

	closing func()
}

func (l *listener) TryWrite(p []byte) (int, error) {
	if p[0] == 0x80|opClose {
		l.closing()
	}
	return len(p), nil
}

// Whoever is told that a room has ended can ask for the next one at once and does not get the same.
func TestARoomIsGoneBeforeItsPlayersAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := running(t, Options{Games: []game.Definition{{Name: "over", New: func(w *game.World) game.Game {
			game.NewVar(w, "x", struct{ A uint8 }{})
			return over{}
		}}}})
		asked := ask(t, s, "Create", `{"game":"over"}`).Seat
		id := asked.RoomID
		s.directory.mu.Lock()
		r, seat := s.directory.rooms[id].room, s.directory.seats[asked.SessionID].session
		s.directory.mu.Unlock()
		told := make(chan error, 1)
		c := open(t, &listener{closing: func() {
			_, err := s.directory.Find(context.Background(), id, "")
			told <- err
		}}, &s.options.Limits)
		r.inbox.put(entry{kind: entryConnected, session: seat, conn: c, at: time.Now()})
		r.inbox.put(entry{kind: entryHello, session: seat, conn: c, at: time.Now(), typ: int32(tickwirev1.Codec_CODEC_PLAIN)})
		wantCode(t, "the room, when its player is told", <-told, tickwirev1.Code_CODE_NOT_FOUND)
	})
}

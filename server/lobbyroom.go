package server

import (
	"time"

	"github.com/tickwire/tickwire/game"
)

const (
	// lobbyName is the name of the built-in game and the ID of its only room.
	lobbyName = "lobby"
	// lobbyPlayers is how many may watch the rooms at once.
	lobbyPlayers = 1000
	// lobbyRate is in ticks a second.
	lobbyRate = 5
	// announceGap is the time in which what happens to one room is told as one.
	announceGap = time.Second / lobbyRate / 2
)

// lobbyRoom is the built-in game whose state is the list of public rooms, so that clients see rooms come and go as they
// see anything else. Only the server moves it.
type lobbyRoom struct {
	rooms *game.Table[lobbyRow]
	news  *game.Commands[lobbyNews]
}

// lobbyRow is a room in the lobby's table.
type lobbyRow struct {
	ID, Game     string
	Players, Max uint32
}

// lobbyNews is the command that says what became of a room.
type lobbyNews struct {
	ID           string `sync:"max=64"`
	Game         string `sync:"max=64"`
	Players, Max uint32
	Gone         bool
}

// lobbyDefinition is the lobby as a game.
func lobbyDefinition() game.Definition {
	return game.Definition{Name: lobbyName, New: newLobbyRoom, Rate: lobbyRate, MaxPlayers: lobbyPlayers}.WithDefaults()
}

func newLobbyRoom(w *game.World) game.Game {
	return &lobbyRoom{
		rooms: game.NewTable[lobbyRow](w, "rooms"),
		news:  game.NewCommands[lobbyNews](w, lobbyNewsName, game.Internal()),
	}
}

// lobbyNewsName is the command's name.
const lobbyNewsName = "room"

// Tick implements game.Game.
func (l *lobbyRoom) Tick(t *game.Tick) error {
	var rows map[string]game.ID // made when there is news; the state is the table alone
	for c := range l.news.All(t) {
		if rows == nil {
			rows = make(map[string]game.ID, l.rooms.Len())
			for id, row := range l.rooms.All() {
				rows[row.ID] = id
			}
		}
		v := c.Value
		row, id := lobbyRow{ID: v.ID, Game: v.Game, Players: v.Players, Max: v.Max}, rows[v.ID]
		switch {
		case v.Gone:
			l.rooms.Delete(id)
			delete(rows, v.ID)
		case id == 0:
			rows[v.ID] = l.rooms.Add(row)
		default:
			*l.rooms.Get(id) = row
		}
	}
	return nil
}

// announce tells the lobby room what became of the public rooms, until the rooms end.
func (s *Server) announce(r *room) {
	defer s.directory.tasks.Done()
	gap := time.NewTimer(0)
	defer gap.Stop()
	for {
		select {
		case <-s.running.Done():
			return
		case <-gap.C:
		}
		select {
		case <-s.running.Done():
			return
		case <-s.directory.changed:
		}
		s.putNews(r)
		gap.Reset(announceGap)
	}
}

// putNews puts what is new into the lobby room's inbox.
func (s *Server) putNews(r *room) {
	var values []int64
	var blobs [][]byte
	for _, n := range s.directory.takeNews() {
		values, blobs = game.Pack(lobbyNews{
			ID: n.info.ID, Game: n.info.Game,
			Players: uint32(n.info.Players), Max: uint32(n.info.MaxPlayers), //nolint:gosec // small and not negative
			Gone: n.gone,
		}, values[:0], blobs[:0])
		r.inbox.putMessage(entry{kind: entryCommand, at: time.Now()}, values, blobs) // its only command: type 0
	}
}

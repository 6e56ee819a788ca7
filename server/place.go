package server

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// place is a room in the table.
type place struct {
	info    RoomInfo // Players is kept up to date; Options never change
	number  uint64   // 1, 2, 3 … by age
	code    string   // of a private room
	owner   asker
	lobby   bool
	room    *room         // nil until made is closed
	made    chan struct{} // closed when room or failed is set
	entered time.Time
	failed  *Error
	gone    bool
	newsDue bool // stands in directory.news
	seats   map[*seat]struct{}
}

// matches reports whether a room is of a game and has all the options asked for.
func (p *place) matches(name string, options map[string]string) bool {
	if name != "" && p.info.Game != name {
		return false
	}
	for key, value := range options {
		if have, ok := p.info.Options[key]; !ok || have != value {
			return false
		}
	}
	return true
}

// enter puts a new room into the table, with one seat taken.
func (d *directory) enter(def *game.Definition, options map[string]string, private bool, by asker) (*place, error) {
	if d.stuck.Load() >= maxStuck {
		return nil, errorf(tickwirev1.Code_CODE_BUSY, "too many rooms of this server hang")
	}
	if len(d.rooms) >= d.limits.Rooms {
		d.metrics.reached(limitRooms)
		return nil, errorf(tickwirev1.Code_CODE_TOO_MANY, "the server has as many rooms as it may have")
	}
	if !by.exempt && d.owned[by.from] >= d.limits.RoomsPerAddress {
		d.metrics.reached(limitRoomsAddress)
		return nil, errorf(tickwirev1.Code_CODE_TOO_MANY, "too many rooms were made from this address")
	}
	d.owned[by.from]++
	d.born++
	p := &place{number: d.born, owner: by, made: make(chan struct{}), entered: time.Now(), seats: map[*seat]struct{}{}}
	p.info = RoomInfo{ID: rand.Text(), Game: def.Name, MaxPlayers: def.MaxPlayers, Options: maps.Clone(options)}
	d.rooms[p.info.ID] = p
	if private {
		for p.code == "" || d.codes[p.code] != nil {
			p.code = newCode()
		}
		d.codes[p.code] = p
	} else {
		d.public = append(d.public, p)
	}
	d.metrics.rooms.Set(float64(len(d.rooms)))
	d.count(p, 1)
	return p, nil
}

// enterLobby enters the lobby room, which is made and has no seat taken.
func (d *directory) enterLobby(r *room, def *game.Definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := &place{room: r, lobby: true, made: make(chan struct{}), seats: map[*seat]struct{}{}}
	d.owned[p.owner.from]++
	p.info = RoomInfo{ID: lobbyName, Game: lobbyName, MaxPlayers: def.MaxPlayers}
	close(p.made)
	d.rooms[lobbyName] = p
	d.metrics.rooms.Set(float64(len(d.rooms)))
}

// made says that a room which open or takeOrOpen entered is there, or why it could not be made. If it returns true, the
// caller runs the room and calls tasks.Done when it has ended.
func (d *directory) made(p *place, r *room, failed *Error) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if failed == nil {
		failed = d.refuse() // Run may have been told to stop meanwhile
	}
	p.failed = failed
	if failed != nil {
		close(p.made)
		d.drop(p)
		return false
	}
	p.room = r
	close(p.made)
	d.tasks.Add(1)
	d.tell(p)
	return true
}

// hangs reports whether a room is not made after a time in which it should be.
func (p *place) hangs(limit time.Duration) bool {
	return p.room == nil && time.Since(p.entered) >= limit
}

// wait returns when a room is made, or was not within a limit.
func (p *place) wait(ctx context.Context, limit time.Duration) error {
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case <-p.made:
	case <-late.C:
		return errorf(tickwirev1.Code_CODE_GAME_FAILED, "the game does not make its room")
	case <-ctx.Done():
		return ctx.Err()
	}
	if p.failed != nil {
		return p.failed
	}
	return nil
}

// drop takes a room out of the table, and the seats in it.
func (d *directory) drop(p *place) {
	if p.gone {
		return
	}
	p.gone = true
	delete(d.rooms, p.info.ID)
	delete(d.codes, p.code)
	if d.owned[p.owner.from]--; d.owned[p.owner.from] <= 0 {
		delete(d.owned, p.owner.from)
	}
	if i := slices.Index(d.public, p); i >= 0 {
		d.public = slices.Delete(d.public, i, i+1)
	}
	for h := range p.seats {
		d.free(h)
	}
	d.metrics.rooms.Set(float64(len(d.rooms)))
	d.tell(p)
}

// retire asks whether a room may end because nobody is there. If so nobody can come any more.
func (d *directory) retire(r *room) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.rooms[r.id]
	if p == nil || p.room != r {
		return true
	}
	if p.lobby || p.info.Players > 0 {
		return false
	}
	d.drop(p)
	return true
}

// ended says that a room has ended.
func (d *directory) ended(r *room) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.rooms[r.id]; p != nil && p.room == r {
		d.drop(p)
	}
}

// tell makes the lobby room be told of a public room.
func (d *directory) tell(p *place) {
	if p.newsDue || p.code != "" || p.lobby || p.room == nil {
		return
	}
	p.newsDue = true
	d.news = append(d.news, p)
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// roomNews is what became of one public room.
type roomNews struct {
	info RoomInfo
	gone bool
}

// takeNews returns what became of public rooms since the last call, each room once.
func (d *directory) takeNews() []roomNews {
	d.mu.Lock()
	defer d.mu.Unlock()
	news := make([]roomNews, 0, len(d.news))
	for _, p := range d.news {
		p.newsDue = false
		news = append(news, roomNews{info: p.info, gone: p.gone})
	}
	clear(d.news) // lets go of rooms that have ended
	d.news = d.news[:0]
	return news
}

// newCode is a private room's code: short enough to be said, without characters that look alike.
func newCode() string {
	const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ" // no 0 O, no 1 I L
	code := make([]byte, 0, codeLength)
	for len(code) < codeLength {
		var b [1]byte
		rand.Read(b[:]) // never fails
		if n := int(b[0] & 31); n < len(alphabet) {
			code = append(code, alphabet[n])
		}
	}
	return string(code)
}

// codeLength is the length of a private room's code.
const codeLength = 6

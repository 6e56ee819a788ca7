package server

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Directory knows which rooms there are. It has plain values only, so that it can be one table or many nodes. It is
// safe for use by many goroutines.
type Directory interface {
	// Rooms returns a page of the public rooms, oldest first, and where the next page begins; "" if there is none.
	Rooms(ctx context.Context, f Filter) (rooms []RoomInfo, next string, err error)
	// Find returns a room by its ID, or by its code if it is private. Rooms that are not there, and private ones asked
	// for by ID, are the same *Error.
	Find(ctx context.Context, id, code string) (RoomInfo, error)
}

// RoomInfo is a room as a Directory knows it.
type RoomInfo struct {
	ID, Game   string
	Players    int // seats taken, those that wait for their player included
	MaxPlayers int
	Options    map[string]string
}

// Filter chooses rooms.
type Filter struct {
	Game    string            // empty: all
	Options map[string]string // a room must have all of them
	Limit   int
	Page    string // what an earlier answer gave as next
}

// directory is the table of this node's rooms, with their seats. One lock guards it; nothing is called under it.
type directory struct {
	limits  *Limits
	metrics *metrics
	signer  *signer
	changed chan struct{} // holds one value while news is not empty

	stuck atomic.Int32 // rooms given up because their game hangs

	mu     sync.Mutex
	stage  stage
	tasks  *sync.WaitGroup // what Run waits for; added to only while stage is running
	born   uint64
	rooms  map[string]*place
	codes  map[string]*place
	public []*place           // oldest first
	seats  map[string]*seat   // by session
	people map[string][]*seat // the same by identity
	queue  []*seat            // some of them, in the order in which sweep is to look at them
	held   map[address]int    // seats that wait for their first player, by who asked
	conns  map[address]int    // open WebSockets, by who opened them; not those of the exempt
	owned  map[address]int    // rooms, by who asked for them
	news   []*place           // what the lobby room has not been told
}

// stage is how far a Server's life has come.
type stage int

const (
	stageNew stage = iota
	stageRunning
	stageStopping
)

// asker is the address that asked for a seat or a room.
type asker struct {
	from   address
	exempt bool // from limits per address
}

func newDirectory(l *Limits, m *metrics, s *signer) *directory {
	return &directory{
		limits: l, metrics: m, signer: s, changed: make(chan struct{}, 1), tasks: &sync.WaitGroup{},
		rooms: map[string]*place{}, codes: map[string]*place{},
		seats: map[string]*seat{}, people: map[string][]*seat{},
		held: map[address]int{}, conns: map[address]int{}, owned: map[address]int{},
	}
}

// errAbsent is the one answer for rooms that are not there and rooms that the caller may not know of.
func errAbsent() *Error {
	return errorf(tickwirev1.Code_CODE_NOT_FOUND, "there is no such room")
}

// advance moves on in the Server's life, if it was where it should be.
func (d *directory) advance(from, to stage) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stage != from {
		return false
	}
	d.stage = to
	return true
}

// running reports nothing while seats may be given.
func (d *directory) running() *Error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refuse()
}

// ready reports nothing while all that the Server offers is there.
func (d *directory) ready() *Error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return err
	}
	if d.rooms[lobbyName] == nil {
		return errorf(tickwirev1.Code_CODE_GAME_FAILED, "the lobby room has failed")
	}
	return nil
}

func (d *directory) refuse() *Error {
	switch d.stage {
	case stageRunning:
		return nil
	case stageNew:
		return errorf(tickwirev1.Code_CODE_STOPPING, "the server is not running yet")
	default:
		return errorf(tickwirev1.Code_CODE_STOPPING, "the server is stopping")
	}
}

// Rooms implements Directory.
func (d *directory) Rooms(_ context.Context, f Filter) ([]RoomInfo, string, error) {
	after := uint64(0)
	if f.Page != "" {
		var err error
		if after, err = strconv.ParseUint(f.Page, 36, 64); err != nil {
			return nil, "", errorf(tickwirev1.Code_CODE_OUT_OF_RANGE, "page is not what an earlier answer gave")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []RoomInfo
	for _, p := range d.public {
		switch {
		case p.number <= after || p.room == nil || !p.matches(f.Game, f.Options):
		case len(found) == f.Limit:
			return found, strconv.FormatUint(after, 36), nil
		default:
			after = p.number
			found = append(found, p.info)
		}
	}
	return found, "", nil
}

// Find implements Directory.
func (d *directory) Find(_ context.Context, id, code string) (RoomInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.rooms[id]
	if code != "" {
		p = d.codes[strings.ToUpper(code)]
	}
	if p == nil || p.code != "" && code == "" {
		return RoomInfo{}, errAbsent()
	}
	return p.info, nil
}

// take takes a seat of a room that Find has found.
func (d *directory) take(id string) (*place, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return nil, err
	}
	p := d.rooms[id]
	if p == nil {
		return nil, errAbsent()
	}
	if p.info.Players >= p.info.MaxPlayers {
		return nil, errorf(tickwirev1.Code_CODE_FULL, "the room has no free seat")
	}
	d.count(p, 1)
	return p, nil
}

// takeOrOpen takes a seat of the oldest public room that matches and has one. If there is none it enters a new room,
// which the caller must make and then give to made. Those who come before it is made wait for it, so that players who
// come together play together.
func (d *directory) takeOrOpen(
	def *game.Definition, options map[string]string, by asker,
) (p *place, isNew bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return nil, false, err
	}
	for _, p := range d.public {
		if p.info.Players < p.info.MaxPlayers && p.matches(def.Name, options) && !p.hangs(d.limits.TickLost) {
			d.count(p, 1)
			return p, false, nil
		}
	}
	p, err = d.enter(def, options, false, by)
	return p, err == nil, err
}

// open enters a new room with one seat taken, which the caller must make and then give to made.
func (d *directory) open(def *game.Definition, options map[string]string, private bool, by asker) (*place, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.refuse(); err != nil {
		return nil, err
	}
	return d.enter(def, options, private, by)
}

// count adds to the seats taken of a room.
func (d *directory) count(p *place, n int) {
	p.info.Players = max(0, p.info.Players+n)
	d.tell(p)
}

// giveBack frees a seat that was taken and will not be held.
func (d *directory) giveBack(p *place) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count(p, -1)
}

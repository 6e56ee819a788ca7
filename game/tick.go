package game

import "iter"

// Tick is what a game may know and do in one step besides its own tables. It is good during the call that it was given
// to.
type Tick struct {
	world   *World
	number  uint32
	rate    int
	seats   []*seat  // who is there, ascending
	players []Player // the same, for the search
	spare   []*seat  // who left; their memory
	leaving *seat    // who is leaving, while Leave is called
	out     Output
	buffers buffers
}

// seat is a player who is there, and what it sent ahead.
type seat struct {
	player   Player
	name     string
	identity string
	away     bool      // its connection is lost
	refused  bool      // by Join: it leaves without having been there
	grace    uint32    // seconds that the game has set, and 1; 0: none
	now      ptr       // its input of this tick; nil if the game takes none
	waiting  []waiting // ascending by tick
	applied  uint32    // tick that the newest input which the game has been given was meant for
	since    uint32    // tick in which the game was given it
	view     uint32    // what was on the screen then
	dropped  uint64    // inputs that came too late, too early or twice
}

// buffers hold the values of a step's events.
type buffers struct {
	values []int64
	blobs  [][]byte
	bytes  []byte
}

// Number is the number of this tick; the first is 1.
func (t *Tick) Number() uint32 { return t.number }

// Rate is in ticks a second: a tick is 1/Rate seconds.
func (t *Tick) Rate() int { return t.rate }

// Rand is the world's only source of chance.
func (t *Tick) Rand() *Rand { return &t.world.rand }

// Players goes through who is there, in the order they joined.
func (t *Tick) Players() iter.Seq[Player] {
	return func(yield func(Player) bool) {
		for _, s := range t.seats {
			if !yield(s.player) {
				return
			}
		}
	}
}

// Name is a player's display name; "" if the player is not there. In Leave it is still that of who leaves.
func (t *Tick) Name(p Player) string {
	if s := t.known(p); s != nil {
		return s.name
	}
	return ""
}

// Identity is who a player is beyond this room, as the server authenticated it: it is the same whenever and wherever the
// player plays. "" if the server did not say, or if the player is not there. In Leave it is still that of who leaves.
func (t *Tick) Identity(p Player) string {
	if s := t.known(p); s != nil {
		return s.identity
	}
	return ""
}

// Away says that a player has lost its connection and is not back yet. In Leave it says so of who leaves.
func (t *Tick) Away(p Player) bool {
	s := t.known(p)
	return s != nil && s.away
}

// SetGrace says for how many seconds a player's seat is kept when its connection is lost, in place of Definition.Grace:
// 0, which is not at all, to 300. For one who is away already the time counts from the loss. It panics if seconds is not
// in that range. For a player who is not there it does nothing.
func (t *Tick) SetGrace(p Player, seconds int) {
	if seconds < 0 || seconds > MaxGrace {
		panic("game: SetGrace takes 0 to 300 seconds")
	}
	if s := t.seat(p); s != nil {
		s.grace = uint32(seconds) + 1
		t.out.Graces = append(t.out.Graces, Grace{p, seconds})
	}
}

// Kick removes a player, who is told why. The game's Leave is called at a later tick.
func (t *Tick) Kick(p Player, why string) {
	if t.seat(p) != nil {
		t.out.Kicks = append(t.out.Kicks, Kick{p, why})
	}
}

// rewindMillis is how far back a game may look.
const rewindMillis = 250

// View is the tick that was on a player's screen when it made its input, for Table.At: not older than 250 ms, and at
// most the tick before this one.
func (t *Tick) View(p Player) uint32 {
	newest := t.number - 1
	s := t.seat(p)
	if s == nil || s.view == 0 {
		return newest
	}
	oldest := newest - min(newest, uint32(rewindMillis*t.rate/1000))
	return max(oldest, min(s.view, newest))
}

// known finds a player who is there, or who is leaving just now.
func (t *Tick) known(p Player) *seat {
	if t.leaving != nil && t.leaving.player == p {
		return t.leaving
	}
	return t.seat(p)
}

// seat finds a player.
func (t *Tick) seat(p Player) *seat {
	i, ok := t.place(p)
	if !ok {
		return nil
	}
	return t.seats[i]
}

// place is where a player sits, or would, and whether it is there.
func (t *Tick) place(p Player) (at int, ok bool) {
	at = search(t.players, p)
	return at, at < len(t.players) && t.players[at] == p
}

// enter seats a player.
func (t *Tick) enter(p Player, name, identity string) *seat {
	s := &seat{}
	if n := len(t.spare); n > 0 {
		s, t.spare = t.spare[n-1], t.spare[:n-1]
		*s = seat{now: s.now, waiting: s.waiting[:0]}
	}
	s.player, s.name, s.identity = p, name, identity
	if in := t.world.input; in != nil {
		if s.now == nil {
			s.now = in.alloc(1)
		}
		in.shape.unpack(s.now, nil, nil)
	}
	at, _ := t.place(p)
	t.seats, t.players = insert(t.seats, at, s), insert(t.players, at, p)
	return s
}

// leave frees a player's seat and returns it; nil if there is none. It is good until somebody enters.
func (t *Tick) leave(p Player) *seat {
	i, ok := t.place(p)
	if !ok {
		return nil
	}
	s := t.seats[i]
	t.spare = append(t.spare, s)
	t.seats = append(t.seats[:i], t.seats[i+1:]...)
	t.players = append(t.players[:i], t.players[i+1:]...)
	return s
}

// begin clears what the step before left for the outside.
func (t *Tick) begin() {
	t.number++
	o, b := &t.out, &t.buffers
	clear(o.Events)
	o.Events, o.Answers, o.Kicks, o.Graces, o.Over = o.Events[:0], o.Answers[:0], o.Kicks[:0], o.Graces[:0], false
	b.values, b.blobs, b.bytes = b.values[:0], b.blobs[:0], b.bytes[:0]
	for _, c := range t.world.commands {
		clear(c.came)
		c.came = c.came[:0]
	}
}

package world

import (
	"slices"
	"testing"

	"github.com/tickwire/tickwire/game"
)

// allowance is how many bytes a frame may have, as a server has it by default.
const allowance = 16 << 10

// client is what one player gets.
type client struct {
	player  game.Player
	view    game.View
	sight   game.Sight
	held    game.Baseline
	replica *game.Replica
}

func (m *meadow) client(p game.Player) *client {
	m.tb.Helper()
	replica, err := game.NewReplica(m.sim.Schema())
	if err != nil {
		m.tb.Fatal(err)
	}
	return &client{player: p, replica: replica}
}

// frame makes the client's next frame and applies it. It returns the frame's length.
func (m *meadow) frame(e *game.Encoder, c *client) int {
	m.tb.Helper()
	if err := m.sim.View(c.player, &c.view); err != nil {
		m.tb.Fatal(err)
	}
	base, body := e.Frame(nil, &c.held, 1, e.See(&c.sight, &c.view, &c.held, allowance))
	if err := c.replica.Apply(m.sim.Now(), base, body); err != nil {
		m.tb.Fatal(err)
	}
	return len(body)
}

// ids are the rows of a table that the client has.
func (c *client) ids(name string) []game.ID {
	return c.replica.IDs(slices.IndexFunc(c.replica.Schema().Tables, func(t *game.TableSchema) bool { return t.Name == name }))
}

// places finds all rows of a table by where they are.
func places[T any](t *game.Table[T], at func(*T) (x, y int32)) map[game.ID][2]int32 {
	all := map[game.ID][2]int32{}
	for id, row := range t.All() {
		x, y := at(row)
		all[id] = [2]int32{x, y}
	}
	return all
}

// TestView looks at what some players hold while a crowded world goes on: all that is near, nothing that is far, their own
// bags, and their bands.
func TestView(t *testing.T) {
	m := crowded(t, 300)
	encoder := game.NewEncoder(m.sim.Schema(), m.sim.History())
	var clients []*client
	for _, p := range m.players[:12] {
		clients = append(clients, m.client(p))
	}
	seen := 0
	for range 300 {
		m.step(m.inbox()...)
		encoder.Begin()
		for _, c := range clients {
			m.frame(encoder, c)
			if len(c.ids("bags")) != 1 || c.ids("bags")[0] != c.player {
				t.Fatalf("player %d holds the bags of %v", c.player, c.ids("bags"))
			}
			if c.replica.Hash() != encoder.Hash(&c.held) {
				t.Fatalf("tick %d: player %d holds something else than the server says", m.sim.Now(), c.player)
			}
		}
		if m.sim.Now()%20 != 0 {
			continue
		}
		walkers := places(m.game.walkers, func(w *Walker) (int32, int32) { return w.X, w.Y })
		for _, c := range clients {
			at := walkers[c.player]
			checkNear(t, c, "walkers", at, walkers)
			checkNear(t, c, "food", at, places(m.game.food, func(f *Food) (int32, int32) { return f.X, f.Y }))
			checkNear(t, c, "rocks", at, places(m.game.rocks, func(r *Rock) (int32, int32) { return r.X, r.Y }))
			checkBand(t, m, c)
			seen += len(c.ids("walkers"))
		}
	}
	if seen < 15*12*8 {
		t.Errorf("the players saw %d walkers in all: this is no crowd", seen)
	}
}

// checkNear looks whether a client has all rows within Sight, and none beyond farSight.
func checkNear(t *testing.T, c *client, table string, at [2]int32, rows map[game.ID][2]int32) {
	t.Helper()
	held := c.ids(table)
	for id, place := range rows {
		dx, dy := distance(place[0], at[0]), distance(place[1], at[1])
		far := root(dx*dx + dy*dy)
		has := slices.Contains(held, id)
		if !has && far < Sight*unit-2*eighth || has && far > farSight*unit+2*eighth { // clients see no finer than that
			t.Errorf("player %d, %s %d, %d units away: held is %v", c.player, table, id, far/unit, has)
		}
	}
}

// checkBand looks whether a client knows where its band is, and no others, and the name of everybody it sees.
func checkBand(t *testing.T, m *meadow, c *client) {
	t.Helper()
	band := m.game.names.Get(c.player).Band
	for p, name := range m.game.names.All() {
		mate := name.Band == band
		if slices.Contains(c.ids("mates"), p) != mate {
			t.Errorf("player %d of band %d is told where %d of band %d is: %v", c.player, band, p, name.Band, !mate)
		}
		if (mate || slices.Contains(c.ids("walkers"), p)) && !slices.Contains(c.ids("names"), p) {
			t.Errorf("player %d is not told the name of %d", c.player, p)
		}
	}
}

// TestBodies holds the world to its budget: what a client gets a tick, in a world as dense as one of 1,500 at the default
// size, in which everybody walks.
func TestBodies(t *testing.T) {
	const ticks, budget, wholeBudget = 400, 20, 1100
	m := crowded(t, 500)
	encoder := game.NewEncoder(m.sim.Schema(), m.sim.History())
	var clients []*client
	for _, p := range m.players[:25] {
		clients = append(clients, m.client(p))
	}
	whole, bytes, most, rows := 0, 0, 0, 0
	for tick := range 100 + ticks {
		m.step(m.inbox()...)
		encoder.Begin()
		for _, c := range clients {
			n := m.frame(encoder, c)
			switch {
			case tick == 0:
				whole = max(whole, n)
			case tick >= 100:
				bytes, most, rows = bytes+n, max(most, n), rows+len(c.ids("walkers"))
			}
		}
	}
	mean := float64(bytes) / float64(ticks*len(clients))
	t.Logf("a frame: mean %.1f B, greatest %d B, first at most %d B; %.1f walkers are seen", mean, most, whole,
		float64(rows)/float64(ticks*len(clients)))
	if mean > budget || whole > wholeBudget {
		t.Errorf("the mean frame has %.1f B of state, the budget is %d B; a whole one has %d B, the budget is %d B",
			mean, budget, whole, wholeBudget)
	}
}

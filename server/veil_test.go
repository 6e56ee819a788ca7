package server_test

import (
	"strconv"
	"sync"

	"github.com/tickwire/tickwire/game"
)

// The game "veil": bodies walk about, each player sees those near its own, and its own purse. Every row carries words that
// stand nowhere else.
type veil struct {
	bodies *game.Table[veilBody]
	purses *game.Table[veilPurse]
	farewl *game.Events[veilWord]
	truth  *truth
}

type veilBody struct {
	X, Y   int32 `sync:"pos,unit=16,lerp"`
	Sign   string
	dx, dy int32
}

type veilPurse struct {
	Gold uint32
	Note string
}

type veilWord struct{ Text string }

const (
	veilEnter = 100 * 16
	veilLeave = 112 * 16
	veilSize  = 250 * 16
	veilWilds = 60  // bodies that are no players'
	veilKick  = 330 // the tick in which the player whose name is "out" must go
)

// truth is what really was, by tick, for the tests to compare with.
type truth struct {
	mu    sync.Mutex
	ticks map[uint32]map[game.ID]veilBody
	gold  map[uint32]map[game.ID]veilPurse
}

func sign(id game.ID) string { return "the-body-" + strconv.Itoa(int(id)) + "-is-here" }
func note(id game.ID) string { return "the-purse-" + strconv.Itoa(int(id)) + "-is-mine" }

func veilOf(seen *truth) game.Definition {
	return game.Definition{Name: "veil", Rate: 20, MaxPlayers: 16, New: func(w *game.World) game.Game {
		g := &veil{
			bodies: game.NewTable[veilBody](w, "bodies"), purses: game.NewTable[veilPurse](w, "purses"),
			farewl: game.NewEvents[veilWord](w, "farewell"), truth: seen,
		}
		for range veilWilds {
			id := g.bodies.Add(veilBody{})
			g.place(id, w.Rand())
		}
		return g
	}}
}

func (g *veil) place(id game.ID, r *game.Rand) {
	b := g.bodies.Get(id)
	*b = veilBody{X: int32(r.Intn(veilSize)), Y: int32(r.Intn(veilSize)), Sign: sign(id)}
	b.dx, b.dy = int32(r.Range(-60, 60)), int32(r.Range(-60, 60))
}

func (g *veil) Join(t *game.Tick, p game.Player) error {
	g.bodies.Put(p, veilBody{})
	g.place(p, t.Rand())
	g.purses.Put(p, veilPurse{Note: note(p)})
	return nil
}

func (g *veil) Leave(_ *game.Tick, p game.Player, _ game.Reason) {
	g.bodies.Delete(p)
	g.purses.Delete(p)
}

func (g *veil) Tick(t *game.Tick) error {
	for _, b := range g.bodies.All() {
		b.X, b.Y = b.X+b.dx, b.Y+b.dy
		if b.X < 0 || b.X > veilSize {
			b.dx = -b.dx
		}
		if b.Y < 0 || b.Y > veilSize {
			b.dy = -b.dy
		}
		if t.Rand().Chance(1, 40) {
			b.dx, b.dy = int32(t.Rand().Range(-60, 60)), int32(t.Rand().Range(-60, 60))
		}
	}
	bodies, purses := map[game.ID]veilBody{}, map[game.ID]veilPurse{}
	for id, p := range g.purses.All() {
		p.Gold += uint32(id)
		purses[id] = *p
		if t.Number() >= veilKick && t.Name(id) == "out" {
			g.farewl.Send(t, id, veilWord{"farewell"})
			t.Kick(id, "you are out")
		}
	}
	for id, b := range g.bodies.All() {
		bodies[id] = *b
	}
	g.truth.mu.Lock()
	defer g.truth.mu.Unlock()
	g.truth.ticks[t.Number()], g.truth.gold[t.Number()] = bodies, purses
	return nil
}

func (g *veil) View(p game.Player, v *game.View) {
	v.Row(g.bodies, p)
	v.Row(g.purses, p)
	if b := g.bodies.Get(p); b != nil {
		v.Near(g.bodies, game.Area{X: b.X, Y: b.Y, Enter: veilEnter, Leave: veilLeave})
	}
}

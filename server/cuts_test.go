package server_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/server"
	"github.com/tickwire/tickwire/server/link"
	"github.com/tickwire/tickwire/server/servertest"
)

// ledger is a game that keeps account of all that its players send.
type ledger struct {
	rows  *game.Table[account]
	moves *game.Inputs[move]
	pay   *game.Commands[payment]
	paid  *game.Events[payment]
	hour  *game.Events[payment]
}

// account is what has come of one player.
type account struct {
	Presses, Payments, Faults uint32
	Jitter                    int32 `sync:"pos"`
}

type move struct {
	Press bool `sync:"edge"`
}

type payment struct{ N uint32 }

func ledgers() server.Options {
	all := server.Limits{HandshakesPerSecond: 1000, CallsPerSecond: 1000} // they come from one address
	return server.Options{Limits: all, Games: []game.Definition{{Name: "ledger", MaxPlayers: 64, New: newLedger}}}
}

func newLedger(w *game.World) game.Game {
	return &ledger{
		game.NewTable[account](w, "accounts"), game.NewInputs[move](w), game.NewCommands[payment](w, "pay"),
		game.NewEvents[payment](w, "paid"), game.NewEvents[payment](w, "hour"),
	}
}

func (g *ledger) Join(_ *game.Tick, p game.Player) error {
	g.rows.Put(p, account{})
	return nil
}

func (g *ledger) Leave(_ *game.Tick, p game.Player, _ game.Reason) { g.rows.Delete(p) }

func (g *ledger) Tick(t *game.Tick) error {
	for c := range g.pay.All(t) {
		row := g.rows.Get(c.Player)
		if c.Value.N != row.Payments+1 {
			row.Faults++
		}
		row.Payments = c.Value.N
		g.paid.Send(t, c.Player, c.Value)
	}
	for p := range t.Players() {
		row := g.rows.Get(p)
		if g.moves.Of(t, p).Press {
			row.Presses++
		}
		row.Jitter += int32(t.Rand().Range(-5, 5))
	}
	if t.Number()%30 == 0 {
		g.hour.Broadcast(t, payment{t.Number() / 30})
	}
	return nil
}

// payer is a player who keeps account of what it sends, and of what it is told.
type payer struct {
	t    *testing.T
	room *client.Room
	wire wire

	presses  uint32 // sent, and counted by the game before the next
	payments uint32
	paid     []uint32
	hours    []uint32
	whole    int
}

// wire is the newest connection of a client, over a link with a round trip.
type wire struct {
	mu   sync.Mutex
	rnd  *rand.Rand
	conn *link.Conn // nil: cut
}

// through puts a link on a connection.
func (w *wire) through(conn net.Conn) net.Conn {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = link.Through(conn, link.Options{
		Latency: 20 * time.Millisecond, Jitter: 15 * time.Millisecond, Seed: w.rnd.Uint64(),
	})
	return w.conn
}

// cut cuts it: what is on its way in either direction is lost. False: it was cut already.
func (w *wire) cut() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return false
	}
	w.conn.Link().Cut()
	w.conn = nil
	return true
}

// cutSeed is where the random cuts begin: a failure is had again with the seed that it prints.
var cutSeed = flag.Uint64("cuts", 1, "seed of the random cuts")

// A thousand connections of a full room are cut at random moments. Everybody keeps the seat; nothing that was sent is
// lost or happens twice, nothing that was told is missed or heard twice, and all copies are right.
func TestAThousandCuts(t *testing.T) {
	t.Parallel()
	seed := *cutSeed
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		const players, cuts = 64, 1000
		rnd := rand.New(rand.NewPCG(seed, 0))
		s := servertest.Start(t, ledgers())
		ctx, cancel := context.WithTimeout(t.Context(), 110*time.Second)
		defer cancel()
		payers := make([]*payer, players)
		var playing sync.WaitGroup
		for i := range payers {
			p := &payer{t: t, wire: wire{rnd: rand.New(rand.NewPCG(seed, uint64(i)+1))}}
			p.join(s)
			payers[i] = p
			playing.Go(func() { p.pay(ctx) })
		}
		for done := 0; done < cuts; {
			<-time.After(time.Duration(rnd.Int64N(int64(150 * time.Millisecond))))
			if payers[rnd.IntN(players)].wire.cut() {
				done++
			}
		}
		playing.Wait()
		for i, p := range payers {
			p.check(fmt.Sprintf("seed %d, player %d", seed, i))
		}
		dropped, whole := 0, 0
		for _, p := range payers {
			dropped += p.room.Stats().Dropped
			whole += p.whole
			if err := p.room.Leave(); err != nil {
				t.Errorf("leave: %v", err)
			}
		}
		t.Logf("%d connections were lost, %d players came back to a whole state", dropped, whole)
		if n := metric(t, s, "desyncs_total"); n != 0 {
			t.Errorf("seed %d: %v desyncs", seed, n)
		}
	})
}

// join takes a seat.
func (p *payer) join(s *servertest.Server) {
	p.t.Helper()
	c := client.New(s.URL, &client.Options{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := s.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return p.wire.through(conn), nil
	}})
	p.t.Cleanup(func() {
		c.Close()
		<-time.After(time.Second) // what is on its way must arrive before time stops
	})
	room, err := c.JoinOrCreate(p.t.Context(), "ledger", &client.JoinOptions{
		OnFrame: p.frame,
		OnReconnect: func(_ *client.Room, r client.Reconnected) {
			if r.LostEvents != 0 {
				p.t.Errorf("%d events are lost", r.LostEvents)
			}
			if r.Whole {
				p.whole++
			}
		},
	})
	if err != nil {
		p.t.Fatalf("join: %v", err)
	}
	p.room = room
	listen := func(name string, to *[]uint32) {
		if _, err := client.OnEvent(room, name, func(_ uint32, v payment) { *to = append(*to, v.N) }); err != nil {
			p.t.Fatal(err)
		}
	}
	listen("paid", &p.paid)
	listen("hour", &p.hours)
}

// frame presses again when the press before has been counted.
func (p *payer) frame(r *client.Room, _ *client.Frame) {
	presses := uint32(0)
	for id, row := range client.Rows[account](r, "accounts") {
		if id == r.Player() {
			presses = row.Presses
		}
	}
	press := presses == p.presses
	if press {
		p.presses++
	}
	if err := r.Send(move{press}); err != nil {
		p.t.Errorf("send: %v", err)
	}
}

// pay pays 1, 2, 3 … until ctx is done.
func (p *payer) pay(ctx context.Context) {
	for ctx.Err() == nil {
		n := p.payments + 1
		err := p.room.Command(p.t.Context(), "pay", payment{n})
		if err != nil {
			p.t.Errorf("payment %d: %v", n, err)
			return
		}
		p.payments = n
		select {
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// check compares what was sent with what the game has.
func (p *payer) check(who string) {
	p.t.Helper()
	if err := p.room.Err(); err != nil {
		p.t.Errorf("%s: %v", who, errors.Unwrap(err))
		return
	}
	rows, err := client.TableOf[account](p.room, "accounts")
	if err != nil {
		p.t.Fatal(err)
	}
	row, ok := rows.Get(p.room.Player())
	if !ok {
		p.t.Errorf("%s: the seat is gone", who)
		return
	}
	if row.Faults != 0 || row.Payments != p.payments {
		p.t.Errorf("%s: %d payments were made, %d came, %d out of turn", who, p.payments, row.Payments, row.Faults)
	}
	if row.Presses+1 < p.presses || row.Presses > p.presses {
		p.t.Errorf("%s: %d presses, %d came", who, p.presses, row.Presses)
	}
	if len(p.paid) != int(p.payments) {
		p.t.Errorf("%s: %d payments, heard of %d", who, p.payments, len(p.paid))
	}
	for what, heard := range map[string][]uint32{"payments": p.paid, "hours": p.hours} {
		for i := range heard[1:] {
			if heard[i+1] != heard[i]+1 {
				p.t.Errorf("%s: heard of the %s %v", who, what, slices.Clip(heard))
				break
			}
		}
	}
	if stats := p.room.Stats(); stats.Desyncs != 0 || stats.BadFrames != 0 || stats.EventsLost != 0 {
		p.t.Errorf("%s: %+v", who, stats)
	}
}

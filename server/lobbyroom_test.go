package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// watcher is a client of the lobby room that reads the plain codec.
type watcher struct {
	*socket
	rows map[uint32]roomRow
}

// roomRow is a room as the watcher sees it.
type roomRow struct {
	id, game     string
	players, max int32
}

func watchRooms(t *testing.T, s http.Handler, web *httptest.Server) *watcher {
	t.Helper()
	seat := ask(t, s, "Join", `{"roomId":"lobby"}`, func(r *http.Request) { r.Host = web.Listener.Addr().String() }).Seat
	w := &watcher{openSocket(t, seat.URL, seat.Ticket), map[uint32]roomRow{}}
	w.say(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
	return w
}

// until reads frames until the rows are as wanted.
func (w *watcher) until(want map[string]roomRow) {
	w.t.Helper()
	for range 50 { // 10 s at 5 Hz
		f := w.frame()
		if f.GetBase() == 1 {
			clear(w.rows)
		}
		for _, table := range f.GetDelta().GetTables() {
			for _, id := range table.GetGone() {
				delete(w.rows, id)
			}
			for _, r := range table.GetRows() {
				w.put(r)
			}
		}
		w.say(&tickwirev1.ClientFrame{Ack: f.GetTick()})
		if w.matches(want) {
			return
		}
	}
	w.t.Fatalf("rooms: %v, want %v", w.rows, want)
}

// put takes a changed row: columns is a mask of id, game, players, max.
func (w *watcher) put(r *tickwirev1.Row) {
	row, cells, blobs := w.rows[r.GetId()], r.GetCells(), r.GetBlobs()
	columns := r.GetColumns()
	for i, text := range []*string{&row.id, &row.game} {
		if columns>>i&1 != 0 && len(blobs) > 0 {
			*text, blobs = string(blobs[0]), blobs[1:]
		}
	}
	for i, number := range []*int32{&row.players, &row.max} {
		if columns>>(i+2)&1 != 0 && len(cells) > 0 {
			*number, cells = cells[0], cells[1:]
		}
	}
	w.rows[r.GetId()] = row
}

func (w *watcher) matches(want map[string]roomRow) bool {
	if len(w.rows) != len(want) {
		return false
	}
	for _, row := range w.rows {
		if want[row.id] != row {
			return false
		}
	}
	return true
}

func TestLobbyRoom(t *testing.T) {
	t.Parallel()
	s := running(t, Options{})
	web := httptest.NewServer(s)
	defer web.Close()
	first := ask(t, s, "Create", `{"game":"duo"}`).Seat
	w := watchRooms(t, s, web)
	want := map[string]roomRow{first.RoomID: {first.RoomID, "duo", 1, 2}}
	w.until(want)

	ask(t, s, "Create", `{"game":"duo","private":true}`) // never shown
	second := ask(t, s, "Create", `{"game":"duo"}`).Seat
	ask(t, s, "Join", `{"roomId":"`+first.RoomID+`"}`)
	want[first.RoomID] = roomRow{first.RoomID, "duo", 2, 2}
	want[second.RoomID] = roomRow{second.RoomID, "duo", 1, 2}
	w.until(want)

	s.directory.mu.Lock()
	r := s.directory.rooms[first.RoomID].room
	s.directory.mu.Unlock()
	s.directory.ended(r)
	delete(want, first.RoomID)
	w.until(want)
}

// The lobby as a game: the same news lead to the same rows, whatever their order between rooms.
func TestLobbyGame(t *testing.T) {
	t.Parallel()
	sim, err := game.NewSim(lobbyDefinition(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c := sim.Schema().Commands; len(c) != 1 || !c[0].Internal {
		t.Fatalf("commands: %v", c)
	}
	news := func(n lobbyNews) game.Entry {
		values, blobs := game.Pack(n, nil, nil)
		if err := sim.Schema().Commands[0].Check(values, blobs); err != nil {
			t.Fatal(err)
		}
		return game.Entry{Kind: game.EntryCommand, Values: values, Blobs: blobs}
	}
	replica, err := game.NewReplica(sim.Schema())
	if err != nil {
		t.Fatal(err)
	}
	encoder, baseline := game.NewEncoder(sim.Schema(), sim.History()), game.Baseline{}
	for _, c := range []struct {
		why   string
		inbox []game.Entry
		want  []string
	}{
		{"two rooms", []game.Entry{news(lobbyNews{ID: "A", Game: "duo"}), news(lobbyNews{ID: "B"})}, []string{"A", "B"}},
		{"a room that changes", []game.Entry{news(lobbyNews{ID: "A", Game: "duo", Players: 2})}, []string{"A", "B"}},
		{"one goes, one comes", []game.Entry{news(lobbyNews{ID: "A", Gone: true}), news(lobbyNews{ID: "C"})}, []string{"B", "C"}},
		{
			"one that comes and goes",
			[]game.Entry{news(lobbyNews{ID: "D"}), news(lobbyNews{ID: "D", Gone: true})},
			[]string{"B", "C"},
		},
		{"one that was never there", []game.Entry{news(lobbyNews{ID: "E", Gone: true})}, []string{"B", "C"}},
		{
			"one that goes and comes back",
			[]game.Entry{news(lobbyNews{ID: "C", Gone: true}), news(lobbyNews{ID: "C"})},
			[]string{"B", "C"},
		},
		{"nothing", nil, []string{"B", "C"}},
	} {
		if _, err := sim.Step(c.inbox); err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		encoder.Begin()
		base, body := encoder.Frame(nil, &baseline, 1, nil)
		if err := replica.Apply(sim.Now(), base, body); err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		if n := replica.Len(0); n != len(c.want) {
			t.Fatalf("%s: %d rows, want %v", c.why, n, c.want)
		}
		for row, want := range c.want {
			if got := replica.Texts(0, row)[0]; got != want {
				t.Errorf("%s: row %d is %q, want %q", c.why, row, got, want)
			}
		}
	}
}

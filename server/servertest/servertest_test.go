package servertest

import (
	"testing"

	"connectrpc.com/connect"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server"
)

// still is a game in which nothing happens.
type still struct{}

func (still) Tick(*game.Tick) error { return nil }

// A ticket in the log is found, with all that the server logs by itself before it.
func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	options := server.Options{Games: []game.Definition{{Name: "still", New: func(w *game.World) game.Game {
		game.NewVar(w, "x", struct{ A uint8 }{})
		return still{}
	}}}}
	log := watch(&options)
	s := Start(t, options)
	lobby := tickwirev1connect.NewLobbyServiceClient(s.HTTPClient(), s.URL)
	res, err := lobby.JoinOrCreate(t.Context(), connect.NewRequest(&tickwirev1.JoinOrCreateRequest{Game: "still"}))
	if err != nil {
		t.Fatal(err)
	}
	if found := leaks(log, s.Server); len(found) != 0 {
		t.Errorf("before any: %v", found)
	}
	options.Log.Info().Str("ticket", res.Msg.GetSeat().GetTicket()).Msg("as nobody should")
	if found := leaks(log, s.Server); len(found) != 1 {
		t.Errorf("after one: %v", found)
	}
}

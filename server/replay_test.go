package server_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/proto/tickwire/v1/tickwirev1connect"
	"github.com/tickwire/tickwire/server/servertest"
)

// One ticket shown by many at the same time lets in exactly one of them.
func TestOneTicketManySockets(t *testing.T) {
	const thieves = 20
	s := servertest.StartTCP(t, patientPilots())
	a := newAttacker(s.URL, "pilot", "")
	for range 20 {
		ticket := seatIn(t, s).GetTicket()
		statuses := make([]int, thieves)
		var all sync.WaitGroup
		start := make(chan struct{})
		for n := range thieves {
			all.Go(func() {
				<-start
				m, status, err := a.shake(t.Context(), ticket)
				if err != nil {
					t.Errorf("handshake: %v", err)
					return
				}
				statuses[n] = status
				m.leave()
			})
		}
		close(start)
		all.Wait()
		slices.Sort(statuses)
		if statuses[0] != http.StatusSwitchingProtocols || statuses[1] != http.StatusUnauthorized ||
			statuses[thieves-1] != http.StatusUnauthorized {
			t.Fatalf("answers %v, want 101 once and 401 for the others", statuses)
		}
	}
}

// Whoever asks for a private room by its ID learns no more than of one that is not there: not from the answer, and not
// from how long that takes.
func TestAbsentAndForbiddenAreOne(t *testing.T) {
	const tries = 400
	o := patientPilots()
	o.Limits.Lookups = 1 << 20
	s := servertest.Start(t, o)
	lobby := tickwirev1connect.NewLobbyServiceClient(&http.Client{Transport: direct{s}}, s.URL)
	made, err := lobby.Create(t.Context(), connect.NewRequest(&tickwirev1.CreateRequest{Game: "pilot", Private: true}))
	if err != nil {
		t.Fatal(err)
	}
	private := made.Msg.GetSeat().GetRoomId()
	absent := []byte(private)
	absent[0] ^= 1
	ask := func(id string) (string, time.Duration) {
		req := connect.NewRequest(&tickwirev1.JoinRequest{Room: &tickwirev1.JoinRequest_RoomId{RoomId: id}})
		start := time.Now()
		_, err := lobby.Join(t.Context(), req)
		return err.Error(), time.Since(start)
	}
	median := func(all []time.Duration) time.Duration {
		slices.Sort(all)
		return all[len(all)/2]
	}
	for round := 1; ; round++ {
		var times [2][]time.Duration
		for range tries {
			no, forbidden := ask(private)
			no2, gone := ask(string(absent))
			if no != no2 {
				t.Fatalf("a private room: %q, none: %q", no, no2)
			}
			times[0], times[1] = append(times[0], forbidden), append(times[1], gone)
		}
		forbidden, gone := median(times[0]), median(times[1])
		t.Logf("medians of %d: private %v, absent %v", tries, forbidden, gone)
		if (forbidden - gone).Abs() <= gone/10+5*time.Microsecond {
			return
		}
		if round == 5 {
			t.Fatal("the time tells which is there")
		}
	}
}

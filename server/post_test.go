package server

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// post is a session's mail with what its client has got so far.
type post struct {
	mail mail
	tick uint32
	got  []uint32 // events
	told []uint32 // answers
}

// say adds so many events.
func (p *post) say(n, size int) {
	for range n {
		p.mail.addEvent(p.tick, appendEvent(nil, &game.Event{Type: 1, Blobs: [][]byte{make([]byte, size)}}))
	}
}

// fly sends a frame; if it arrives the client takes it in, if it is acknowledged the server knows.
func (p *post) fly(t *testing.T, arrives, acknowledged bool) {
	t.Helper()
	p.tick++
	f := &tickwirev1.ServerFrame{}
	if err := proto.Unmarshal(p.mail.appendTo(nil, p.tick), f); err != nil {
		t.Fatal(err)
	}
	p.mail.sent(p.tick)
	if !arrives {
		return
	}
	for _, e := range f.GetEvents() {
		p.got = append(p.got, e.GetSeq())
	}
	for _, a := range f.GetAnswers() {
		p.told = append(p.told, a.GetSeq())
	}
	if acknowledged {
		p.mail.ack(p.tick)
	}
}

// newest is what the client says in its hello.
func (p *post) newest() uint32 {
	if len(p.got) == 0 {
		return 0
	}
	return p.got[len(p.got)-1]
}

// What a lost connection swallowed comes again on the next, in order, and what the client has got does not.
func TestMailOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	var p post
	p.say(2, 5)
	p.fly(t, true, true) // 1 2
	p.say(2, 5)
	p.mail.addAnswer(game.Answer{Seq: 7})
	p.fly(t, true, false) // 3 4, and the acknowledgement is lost
	p.say(1, 5)
	p.fly(t, false, false) // 5 is lost
	p.say(1, 5)            // 6 while the player is away
	if lost := p.mail.restart(p.newest(), true); lost != 0 {
		t.Errorf("%d events are lost", lost)
	}
	p.fly(t, true, true)
	if want := []uint32{1, 2, 3, 4, 5, 6}; !slices.Equal(p.got, want) {
		t.Errorf("got events %v, want %v", p.got, want)
	}
	if want := []uint32{7, 7}; !slices.Equal(p.told, want) {
		t.Errorf("got answers %v, want %v: one that was not acknowledged comes again", p.told, want)
	}
	if len(p.mail.letters) != 0 || len(p.mail.bytes) != 0 || p.mail.size != 0 || p.mail.flown != 0 {
		t.Errorf("after all is acknowledged there is %+v", p.mail)
	}
}

func TestMailBounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why         string
		count, size int
		full        bool
	}{
		{"as many as there may be", maxMail, 1, false},
		{"one more", maxMail + 1, 1, true},
		{"as many bytes as there may be", 1, maxMailBytes - 6, false},
		{"one more byte", 1, maxMailBytes - 5, true},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			var p post
			p.say(tc.count, tc.size)
			if p.mail.full() != tc.full || p.mail.stuck() != tc.full {
				t.Errorf("full %v, stuck %v with %d bytes", p.mail.full(), p.mail.stuck(), p.mail.size)
			}
			p.mail.trim(true)
			if p.mail.full() != tc.full {
				t.Error("what a client that is here has not been sent must stay")
			}
			p.mail.trim(false)
			if p.mail.full() {
				t.Error("what is kept for one who is away must be bounded")
			}
		})
	}
}

// Who stays away too long is told how much it missed.
func TestMailSaysWhatIsLost(t *testing.T) {
	t.Parallel()
	var p post
	p.say(3, 1)
	p.mail.addAnswer(game.Answer{Seq: 1, Why: strings.Repeat("x", 100)})
	p.fly(t, true, true)
	for range maxMail + 40 {
		p.say(1, 1)
		p.mail.trim(false)
	}
	if lost := p.mail.restart(p.newest(), true); lost != 40 {
		t.Errorf("%d events are lost, want 40", lost)
	}
	p.fly(t, true, true)
	if first := p.got[3]; first != 44 || len(p.got) != 3+maxMail {
		t.Errorf("the first event after the gap is %d, %d in all", first, len(p.got))
	}
}

// One who kept its state and has had no event yet misses those that gave way: it is no fresh page.
func TestMailOfOneWhoHadNoEvent(t *testing.T) {
	t.Parallel()
	var p post
	p.say(maxMail+40, 1)
	p.mail.trim(false)
	if lost := p.mail.restart(0, true); lost != 40 {
		t.Errorf("%d events are lost, want 40", lost)
	}
}

// One who acknowledges nothing on any of its connections makes nothing grow.
func TestMailOfOneWhoNeverAcknowledges(t *testing.T) {
	t.Parallel()
	var p post
	for range 10 {
		for seq := range uint32(100) {
			p.mail.addAnswer(game.Answer{Seq: seq + 1})
			p.mail.trim(true)
		}
		p.fly(t, true, false)
		p.mail.restart(0, false)
		if len(p.mail.letters) > maxMail {
			t.Fatalf("%d answers are kept", len(p.mail.letters))
		}
	}
}

// One who kept nothing gets what was not acknowledged, and misses nothing.
func TestMailForAFreshPage(t *testing.T) {
	t.Parallel()
	var p post
	p.say(3, 1)
	p.fly(t, true, true)
	p.say(2, 1)
	p.fly(t, false, false)
	p.got = nil
	if lost := p.mail.restart(0, false); lost != 0 {
		t.Errorf("%d events are lost", lost)
	}
	p.fly(t, true, true)
	if want := []uint32{4, 5}; !slices.Equal(p.got, want) {
		t.Errorf("got events %v, want %v", p.got, want)
	}
}

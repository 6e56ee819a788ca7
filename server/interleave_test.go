package server_test

import (
	"encoding/binary"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
	"github.com/tickwire/tickwire/server/servertest"
)

// What a player says right before it leaves is heard, once, though all of it came while a tick was running.
func TestLastWordsAreHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, slows(20*time.Millisecond))
		witness, c := play(t, s), play(t, s)
		for range 2 {
			witness.frame()
			c.frame()
		}
		<-time.After(23 * time.Millisecond) // into the next tick
		c.message(&tickwirev1.ClientFrame{Commands: []*tickwirev1.Command{{Seq: 1, Blobs: [][]byte{[]byte("bye all")}}}})
		c.bytes(wsFrame(0x80|opClose, binary.BigEndian.AppendUint16(nil, 1000)))
		heard := 0
		for start := time.Now(); since(start) < time.Second; {
			heard += len(witness.frame().GetEvents())
		}
		if heard != 1 {
			t.Errorf("the others heard %d events, want 1", heard)
		}
	})
}

// A hello that was held up on its way takes the seat from nobody who opened a socket later: that would void the newest
// token, which is all that the client has.
func TestALateHelloOfAnOlderSocket(t *testing.T) {
	t.Parallel()
	for _, gone := range []bool{false, true} { // the client has given the older socket up
		synctest.Test(t, func(t *testing.T) {
			s := servertest.Start(t, patientPilots())
			c, w := enterPilot(t, s)
			c.drop()
			older := socketFor(t, s, w.GetToken())
			<-time.After(time.Second)
			newer := socketFor(t, s, w.GetToken())
			newer.mute = true // its first acknowledgement is on its way
			got := newer.hello()
			older.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
			if gone {
				older.bytes(wsFrame(0x80|opClose, binary.BigEndian.AppendUint16(nil, 1001)))
			} else if code, _ := older.end(false); code != tickwirev1.Code_CODE_SUPERSEDED {
				t.Errorf("the older socket ended with %v", code)
			}
			settle()
			ended := newer.living()
			settle()
			select {
			case code := <-ended:
				t.Fatalf("gone %v: the newer socket ended with %v", gone, code)
			default:
			}
			wantResume(t, s, "the newest token", got.GetToken(), 0)
			_ = newer.conn.Close()
			<-ended
		})
	}
}

// How late inputs were before a connection was lost says nothing about those of the next.
func TestSlackAfterComingBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		c := play(t, s)
		steer := func(ahead uint32) {
			c.message(&tickwirev1.ClientFrame{First: c.tick + ahead, Inputs: []*tickwirev1.Input{{}}})
		}
		for range 60 {
			c.frame()
			steer(4)
		}
		<-time.After(2 * time.Second)
		steer(5) // two seconds late
		settle()
		c.drop()
		<-time.After(20 * time.Second)
		c = socketFor(t, s, c.token)
		c.hello()
		for range 5 {
			slack := c.frame().GetSlack()
			steer(4)
			if slack < 0 {
				t.Errorf("tick %d: the slack is %d eighths, as 20 s ago", c.tick, slack)
			}
		}
	})
}

// A client that comes back with another codec begins with a whole state: what one codec leaves behind is not all that
// the other builds on.
func TestTheCodecIsAgreedAnew(t *testing.T) {
	t.Parallel()
	packed, plain := tickwirev1.Codec_CODEC_PACKED, tickwirev1.Codec_CODEC_PLAIN
	for _, tc := range []struct {
		why      string
		from, to tickwirev1.Codec
		whole    bool
	}{
		{"packed again", packed, packed, false},
		{"plain again", plain, plain, false},
		{"packed, then plain", packed, plain, true},
		{"plain, then packed", plain, packed, true},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := servertest.Start(t, patientPilots())
				c, _ := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
				hello := func(codec tickwirev1.Codec, tick uint32) *tickwirev1.ServerFrame {
					c.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{
						Codecs: []tickwirev1.Codec{codec}, LastTick: tick,
					}})
					return c.frame()
				}
				hello(tc.from, 0)
				for range 5 {
					c.frame()
				}
				held := c.tick
				c.drop()
				c = socketFor(t, s, c.token)
				f := hello(tc.to, held)
				if got := f.GetWelcome().GetCodec(); got != tc.to {
					t.Errorf("the codec is %v, want %v", got, tc.to)
				}
				if whole := f.GetBase() == 1; whole != tc.whole {
					t.Errorf("the first frame has base %d", f.GetBase())
				}
			})
		})
	}
}

// A client that finds its copy bad gets a whole state at once, though it has not acknowledged what came before: it
// never will, and nothing else would open its window.
func TestResyncWithAClosedWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, pilots())
		c := play(t, s)
		for range 30 {
			c.frame()
		}
		const busy = 400 * time.Millisecond
		c.mute = true
		start, held := time.Now(), c.tick
		time.AfterFunc(busy, func() {
			c.message(&tickwirev1.ClientFrame{Resync: &tickwirev1.Resync{
				Tick: held, Reason: tickwirev1.ResyncReason_RESYNC_REASON_FRAME,
			}})
		})
		for c.frame().GetBase() != 1 {
			continue
		}
		if took := since(start) - busy; took < 0 || took > 100*time.Millisecond {
			t.Errorf("the whole state came %v after it was asked for", took)
		}
	})
}

// A client has its time to acknowledge from the first frame on, which may come late where frames are far apart.
func TestConfirmWithALongStride(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := pilots()
		o.Games[0].Rate, o.Games[0].Stride = 1, 20
		s := servertest.Start(t, o)
		for range 4 {
			c := play(t, s)
			for welcomed := false; !welcomed; {
				switch op, payload, err := c.next(); {
				case err != nil:
					t.Fatalf("read: %v", err)
				case op == opClose:
					t.Fatalf("cut with %v before the Welcome was sent", tickwirev1.Code(binary.BigEndian.Uint16(payload)))
				case op == opPing:
					c.bytes(wsFrame(0x80|opPong, payload))
				case op == opBinary:
					welcomed = c.take(payload).GetWelcome() != nil
				}
			}
			_ = c.conn.Close()
			<-time.After(33 * time.Second) // another one comes at another time between two frames
		}
	})
}

// A client that never acknowledges anything, on any of its connections, makes its answers pile up to a bound.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		c, status := upgrade(t, s, seatIn(t, s).GetTicket(), nil)
		if status != http.StatusSwitchingProtocols {
			t.Fatalf("status %d", status)
		}
		seq, most := uint32(0), 0
		for range 12 {
			c.mute = true
			c.message(&tickwirev1.ClientFrame{Hello: &tickwirev1.Hello{}})
			most = max(most, len(c.frame().GetAnswers()))
			for range 7 {
				f := &tickwirev1.ClientFrame{}
				for range 8 {
					seq++
					f.Commands = append(f.Commands, &tickwirev1.Command{Seq: seq})
				}
				c.message(f)
				<-time.After(850 * time.Millisecond)
			}
			c.drop()
			c = socketFor(t, s, c.token)
		}
		if most != 256 {
			t.Errorf("%d answers of %d wait, want 256", most, seq)
		}
	})
}

// Only what a player does keeps it in the game: a client that does no more than come back, again and again, is idle.
func TestComingBackIsNoDeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := servertest.Start(t, patientPilots())
		start := time.Now()
		c, _ := enterPilot(t, s)
		ended := c.living()
		<-time.After(4 * time.Minute)
		_ = c.conn.Close()
		<-ended
		settle()
		c = socketFor(t, s, c.token)
		c.hello()
		if code, took := <-c.living(), since(start); code != tickwirev1.Code_CODE_IDLE || took > 301*time.Second {
			t.Errorf("cut with %v after %v", code, took)
		}
	})
}

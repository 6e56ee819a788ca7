package client

import (
	"context"
	"time"

	"github.com/lxzan/gws"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// Resume takes a seat again with the newest token of its room, for a program that was restarted and kept nothing else. The
// state comes whole and old events do not come again, but for those that were never acknowledged. If another program has
// the seat now, its connection ends with CodeSuperseded. It fails with CodeUnauthenticated, CodeForbidden or CodeNotFound
// if the token is no longer good or the seat is free. Of o, nil or not, the callbacks and NoReconnect count.
func (c *Client) Resume(ctx context.Context, token string, o *JoinOptions) (*Room, error) {
	seat, err := c.resume(ctx, token)
	if err != nil {
		return nil, err
	}
	return c.connect(ctx, seat, c.defaults(o))
}

// resume buys a ticket with a token.
func (c *Client) resume(ctx context.Context, token string) (*tickwirev1.Seat, error) {
	res, err := c.lobby.Resume(ctx, request(c, &tickwirev1.ResumeRequest{Token: token}))
	if c.closed.Load() && c.own != nil {
		c.own.CloseIdleConnections() // this call has made one
	}
	if err != nil {
		return nil, lobbyError(err)
	}
	return res.Msg.GetSeat(), nil
}

// hello is the first frame on a line: what this client can read, and what it still has.
func (r *Room) hello() []byte {
	codecs := []Codec{r.client.opts.Codec}
	if r.client.opts.Codec != Plain {
		codecs = append(codecs, Plain)
	}
	return appendHello(nil, &hello{
		codecs: codecs, agent: agent, tick: r.held(), event: r.lastEvent, input: r.frame.Applied,
	})
}

// held is the tick of the copy; 0 if there is none that can be trusted.
func (r *Room) held() uint32 {
	if r.behind || r.resync != tickwirev1.ResyncReason_RESYNC_REASON_UNSPECIFIED {
		return 0
	}
	return r.acked
}

// maxResend bounds the messages of catchUp, as the server bounds what it takes.
const maxResend = 1024

// catchUp sends again what the server has not got, and lets everybody send on the line.
func (r *Room) catchUp(l *line, w *tickwirev1.Welcome, now time.Time) {
	r.out.Lock()
	p, in := &r.pending, &r.input
	p.resume(w.GetLastCommand())
	in.last = max(in.last, w.GetLastInput())
	b := r.buf[:0]
	if r.pace != 0 {
		b = appendPace(b, r.pace)
	}
	for _, c := range p.batch(now) {
		if len(b) > 0 && len(b)+len(c.bytes) > maxResend {
			r.put(l, b)
			b = b[:0]
		}
		b = append(b, c.bytes...)
	}
	last := uint32(0) // the tick of the input before in b
	for i := range in.ring {
		s := in.slot(i)
		if s.tick == 0 || s.tick <= w.GetLastInput() {
			continue
		}
		if last != 0 && s.tick != last+1 || len(b) > 0 && len(b)+len(s.bytes) > maxResend {
			r.put(l, b)
			b, last = b[:0], 0
		}
		if last == 0 {
			b = appendNumber(b, fieldClientFirst, s.tick)
		}
		b, last = append(b, s.bytes...), s.tick
	}
	if len(b) > 0 {
		r.put(l, b)
	}
	r.buf, r.up = b, true
	r.out.Unlock()
	l.flush()
}

// put queues one message on a line; r.out is held.
func (r *Room) put(l *line, b []byte) {
	l.put(gws.OpcodeBinary, b)
	r.sent++
	r.bytesSent += len(b)
}

// cameBack ends an absence, with the first state on the new line.
func (r *Room) cameBack(f *Frame) {
	a := &r.away
	a.on = false
	back := Reconnected{LostEvents: a.lost, Whole: f.Kind == Whole, Took: f.At.Sub(a.since)}
	a.lost = 0
	r.mu.Lock()
	r.stats.Resumed++
	r.mu.Unlock()
	if r.opts.OnReconnect != nil {
		r.call(func() { r.opts.OnReconnect(r, back) })
	}
}

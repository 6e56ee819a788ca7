package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/lxzan/gws"
)

// What the first byte of a message of Colyseus says, less the modifiers in its upper bits.
const (
	colyseusJoin  = 10
	colyseusError = 11
	colyseusState = 14
	colyseusPatch = 15
	colyseusBytes = 17
	colyseusCodes = 0x1f
)

// colyseusRate is the patches a second of the rooms in peers/colyseus.
const colyseusRate = 20

// colyseusInput is the type of message by which those rooms take an input.
const colyseusInput = 0

// colyseusBot is a player of the rooms in peers/colyseus. It takes a seat over HTTP, and answers each patch with one input.
// It does not decode the state; the test beside the rooms does.
type colyseusBot struct {
	gws.BuiltinEventHandler
	socketBot

	room string
	step uint32
	full bool // the whole state has come
	bad  string
}

func newColyseusBot(cfg *config, g *gauges, number int) player {
	return &colyseusBot{socketBot: socketBot{cfg: cfg, gauges: g, number: number, done: make(chan struct{})}}
}

// colyseusSeat is the answer of the matchmaker.
type colyseusSeat struct {
	SessionID string `json:"sessionId"` //nolint:tagliatelle // theirs
	RoomID    string `json:"roomId"`    //nolint:tagliatelle // theirs
	ProcessID string `json:"processId"` //nolint:tagliatelle // theirs
}

func (c *colyseusBot) join(ctx context.Context) error {
	seat, err := c.reserve(ctx)
	if err != nil {
		return err
	}
	c.room = seat.RoomID
	path := "/" + url.PathEscape(seat.ProcessID) + "/" + url.PathEscape(seat.RoomID)
	return c.open(ctx, path+"?sessionId="+url.QueryEscape(seat.SessionID), c)
}

// reserve asks for a seat.
func (c *colyseusBot) reserve(ctx context.Context) (*colyseusSeat, error) {
	options := map[string]string{"name": fmt.Sprintf("bot-%d", c.number)}
	maps.Copy(options, c.cfg.options)
	body, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost,
		c.cfg.url+"/matchmake/joinOrCreate/"+url.PathEscape(c.cfg.game), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.gauges.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // only read
	const most = 64 << 10
	answer, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the matchmaker answered %s: %s", res.Status, answer)
	}
	seat := &colyseusSeat{}
	if err := json.Unmarshal(answer, seat); err != nil {
		return nil, fmt.Errorf("the matchmaker's answer: %w", err)
	}
	if seat.RoomID == "" || seat.SessionID == "" {
		return nil, errors.New("the matchmaker answered without a seat")
	}
	return seat, nil
}

// OnMessage takes what comes.
func (c *colyseusBot) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }() // it only gives memory back
	now := time.Now()
	b := m.Bytes()
	if len(b) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch b[0] & colyseusCodes {
	case colyseusJoin:
		_ = c.socket.WriteMessage(gws.OpcodeBinary, []byte{colyseusJoin}) // OnClose will tell
	case colyseusState:
		c.full = true
		c.own.wholes++
		c.own.bytes += len(b)
	case colyseusPatch:
		c.patch(now, len(b))
	case colyseusError:
		c.bad = "REFUSED"
	default: // events of the game
		c.own.bytes += len(b)
	}
}

// patch counts a patch, which the rooms send once a tick, and answers it.
func (c *colyseusBot) patch(now time.Time, size int) {
	if !c.full {
		c.own.badFrames++
		return
	}
	c.framed(now, size, size-1)
	c.own.ticks++
	axes, button := blindly(c.number, c.step)
	c.step++
	input := byte(axes[0]+1) | byte(axes[1]+1)<<2 //nolint:gosec // 0 to 2 each
	if button {
		input |= 1 << 4
	}
	c.send([]byte{colyseusBytes, colyseusInput, input})
}

// OnClose notes why.
func (c *colyseusBot) OnClose(_ *gws.Conn, err error) {
	c.closed(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bad != "" && c.lost != "" {
		c.lost = c.bad
	}
}

// ended also finds those that never got a state.
func (c *colyseusBot) ended() string {
	if lost := c.socketBot.ended(); lost != "" {
		return lost
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.full {
		return "STATE " + strconv.Itoa(c.own.wholes)
	}
	return ""
}

func (c *colyseusBot) about() (room string, rate int) { return c.room, colyseusRate }

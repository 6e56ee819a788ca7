package client_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	client "github.com/tickwire/tickwire/clients/go"
)

func TestErrorSentences(t *testing.T) {
	refused := errors.New("connection refused")
	gone := client.New("http://fake", &client.Options{
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, refused },
	})
	_, err := gone.JoinOrCreate(t.Context(), "ships", nil)
	var e *client.Error
	if !errors.As(err, &e) || e.Code != client.CodeUnreachable || !e.Retry ||
		err.Error() != "tickwire: the lobby cannot be reached: connection refused" {
		t.Errorf("no lobby: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, nil)
		for _, c := range []struct {
			why  string
			err  error
			text string
		}{
			{
				"an input's field", g.room.Send(map[string]any{"trust": 1}),
				`tickwire: the input has no field "trust"; it has thrust, fire`,
			},
			{
				"an input's struct", g.room.Send(struct{ X int }{}),
				"tickwire: struct { X int } has no field of the input; it has thrust, fire",
			},
			{
				"an input's kind", g.room.Send(map[string]any{"thrust": "up"}),
				`tickwire: the input: field "thrust" cannot take a string`,
			},
			{
				"a command's field", g.room.Post("say", map[string]any{"txt": 1}, nil),
				`tickwire: command "say" has no field "txt"; it has text, to`,
			},
			{
				"a table without the columns", second(client.TableOf[struct{ Health int }](g.room, "ships")),
				`tickwire: struct { Health int } has no field for a column of table "ships", which has x, y, angle, hp, on`,
			},
			{"a table's rows only", second(client.TableOf[struct{}](g.room, "ships")), ""},
			{
				"a column of other kind", second(client.TableOf[struct{ HP string }](g.room, "ships")),
				"game: schema: table ships, column hp: does not fit a string",
			},
			{"a kick", &client.Error{Code: client.CodeKicked, Message: "out"}, "tickwire: CODE_KICKED: out"},
			{"a kick without a word", &client.Error{Code: client.CodeKicked}, "tickwire: CODE_KICKED (4430)"},
			{"a loss", &client.Error{Code: client.CodeLost, Message: "the connection was lost"}, "tickwire: the connection was lost"},
			{"a close code", &client.Error{Code: 1011, Message: "oops"}, "tickwire: WebSocket 1011: oops"},
			{"nothing", &client.Error{Code: client.CodeLost}, "tickwire: the connection failed"},
		} {
			if got := text(c.err); got != c.text {
				t.Errorf("%s: %q, want %q", c.why, got, c.text)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		calls := 0
		dial := func(ctx context.Context, network, address string) (net.Conn, error) {
			if calls++; calls > 1 {
				return nil, refused
			}
			return f.dial(ctx, network, address)
		}
		cl := client.New("http://fake", &client.Options{Dial: dial})
		defer cl.Close()
		_, err := cl.JoinOrCreate(t.Context(), "ships", nil)
		if !errors.Is(err, refused) || err.Error() != "tickwire: no connection: connection refused" {
			t.Errorf("no WebSocket: %v", err)
		}
	})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func second[T any](_ T, err error) error { return err }

// The codes have the numbers of the protocol, and there is one for each.
func TestCodes(t *testing.T) {
	codes := []client.Code{
		client.CodeFailed, client.CodeOver, client.CodeMalformed, client.CodeUnauthenticated, client.CodeForbidden,
		client.CodeNotFound, client.CodeLate, client.CodeIdle, client.CodeSuperseded, client.CodeSilent, client.CodeExpired,
		client.CodeSlow, client.CodeOutOfRange, client.CodeFull, client.CodeTooMany, client.CodeKicked,
		client.CodeGameFailed, client.CodeStopping, client.CodeBusy,
	}
	if len(codes) != len(tickwirev1.Code_name) {
		t.Errorf("%d codes, the protocol has %d", len(codes), len(tickwirev1.Code_name))
	}
	seen := map[client.Code]bool{}
	for _, c := range codes {
		if _, ok := tickwirev1.Code_name[int32(c)]; !ok || seen[c] {
			t.Errorf("code %d", c)
		}
		seen[c] = true
	}
}

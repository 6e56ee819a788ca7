package client

import (
	"time"

	"google.golang.org/protobuf/proto"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	"github.com/tickwire/tickwire/game"
)

// welcome takes the first frame of a line.
func (r *Room) welcome(l *line, b []byte, now time.Time) *Error {
	w := &tickwirev1.Welcome{}
	if !l.greeted.IsZero() || proto.Unmarshal(b, w) != nil {
		return newError(codeProtocol, "the server sent a welcome that is not one")
	}
	const most = 1000
	if w.GetRate() == 0 || w.GetRate() > most || w.GetStride() == 0 || w.GetStride() > most {
		return newError(codeProtocol, "the server's tick rate cannot be used")
	}
	first := r.schema == nil
	var err *Error
	if first {
		err = r.begin(w)
	} else {
		err = r.goOn(w)
	}
	if err != nil {
		return err
	}
	r.away.grace = time.Duration(min(w.GetGrace(), maxGrace)) * time.Second
	r.away.lost += int(w.GetLostEvents())
	r.pingAt = time.Time{}
	r.lead.restart()
	r.mu.Lock()
	r.token, r.stride = w.GetToken(), w.GetStride()
	r.mu.Unlock()
	l.admit(now)
	r.catchUp(l, w, now)
	if first {
		close(r.welcomed)
	}
	return nil
}

// maxGrace bounds what a server may say of its grace, in seconds.
const maxGrace = 3600

// begin sets all that stays the same while the room lasts.
func (r *Room) begin(w *tickwirev1.Welcome) *Error {
	schema, err := SchemaOf(w.GetSchema())
	if err != nil {
		return newError(codeProtocol, "the server's schema cannot be used: "+err.Error())
	}
	replica, err := game.NewReplica(schema)
	if err != nil {
		return newError(codeProtocol, "the server's schema cannot be used: "+err.Error())
	}
	r.player, r.game, r.rate = game.ID(w.GetPlayer()), w.GetGame(), w.GetRate()
	for _, m := range schema.Commands {
		r.commands = append(r.commands, newPacker("command", m))
	}
	for _, m := range schema.Events {
		r.events = append(r.events, newPacker("event", m))
	}
	if schema.Input != nil {
		r.inputs = newPacker("input", schema.Input)
		for i, f := range schema.Input.Fields {
			if f.Edge && !r.inputs.slot[i].blob {
				r.input.edges = append(r.input.edges, r.inputs.slot[i].index)
			}
		}
	}
	r.joinedLate = w.GetResumed()
	r.away.lost = -int(w.GetLostEvents()) // those of another program's time are not ours
	r.schema, r.replica = schema, replica
	r.notes.init(len(schema.Events))
	return nil
}

// goOn checks that a room which had a line before is still the same. The copy stays as it is: the next state is a
// difference to it, or whole.
func (r *Room) goOn(w *tickwirev1.Welcome) *Error {
	same := w.GetResumed() && w.GetSessionId() == r.SessionID() && game.ID(w.GetPlayer()) == r.player && w.GetRate() == r.rate
	if same && w.Schema != nil { // sent again because our copy was of no use
		schema, err := SchemaOf(w.GetSchema())
		same = err == nil && schema.CodecHash() == r.schema.CodecHash()
	}
	if !same {
		return newError(codeProtocol, "the server gave another session instead of the one that was resumed")
	}
	r.behind, r.resync = false, tickwirev1.ResyncReason_RESYNC_REASON_UNSPECIFIED
	return nil
}

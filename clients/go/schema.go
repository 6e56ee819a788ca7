package client

import (
	"errors"
	"strconv"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"

	"github.com/tickwire/tickwire/game"
)

// SchemaOf turns the schema that a server sent into one that the codec can use. The bytes are not trusted: numbers that
// do not fit are errors here, and all the rest is checked by Prepare.
func SchemaOf(p *tickwirev1.Schema) (*game.Schema, error) {
	s := &game.Schema{}
	for _, t := range p.GetTables() {
		table := &game.TableSchema{Name: t.GetName(), Order: t.GetOrder(), Single: t.GetSingle()}
		for _, c := range t.GetColumns() {
			column, err := columnOf(c)
			if err != nil {
				return nil, errors.New("table " + strconv.Quote(t.GetName()) + ": " + err.Error())
			}
			table.Columns = append(table.Columns, column)
		}
		s.Tables = append(s.Tables, table)
	}
	if p.GetInput() != nil {
		s.Input = messageOf(p.GetInput())
	}
	for _, m := range p.GetCommands() {
		s.Commands = append(s.Commands, messageOf(m))
	}
	for _, m := range p.GetEvents() {
		s.Events = append(s.Events, messageOf(m))
	}
	for _, m := range append(append([]*game.Message{s.Input}, s.Commands...), s.Events...) {
		if err := checkMessage(m); err != nil {
			return nil, err
		}
	}
	if err := s.Prepare(); err != nil {
		return nil, err
	}
	return s, nil
}

func columnOf(c *tickwirev1.Column) (game.Column, error) {
	const byteMax, jumpMax = 0xff, 0x7fffffff
	if c.GetBits() > byteMax || c.GetK() > byteMax || c.GetKe() > byteMax || c.GetDrop() > byteMax ||
		c.GetJump() > jumpMax || c.GetKind() < 0 || c.GetKind() > byteMax {
		return game.Column{}, errors.New("column " + strconv.Quote(c.GetName()) + ": a number is out of range")
	}
	return game.Column{
		Name: c.GetName(), Kind: game.Kind(c.GetKind()), //nolint:gosec // checked
		Bits: uint8(c.GetBits()), K: uint8(c.GetK()), KE: uint8(c.GetKe()), Drop: uint8(c.GetDrop()), //nolint:gosec // checked
		Jump: int32(c.GetJump()), Unsigned: c.GetUnsigned(), Unit: c.GetUnit(), //nolint:gosec // checked
		Lerp: c.GetLerp(), Step: c.GetStep(),
	}, nil
}

func messageOf(m *tickwirev1.Message) *game.Message {
	message := &game.Message{Name: m.GetName(), Internal: m.GetInternal()}
	for _, f := range m.GetFields() {
		message.Fields = append(message.Fields, game.Field{
			Name: f.GetName(), Kind: game.FieldKind(f.GetKind()), //nolint:gosec // checkMessage refuses unknown kinds
			Min: f.GetMin(), Max: f.GetMax(), Edge: f.GetEdge(), Step: f.GetStep(), Unsigned: f.GetUnsigned(),
		})
	}
	return message
}

func checkMessage(m *game.Message) error {
	if m == nil {
		return nil
	}
	for _, f := range m.Fields {
		if f.Kind < game.FieldInt || f.Kind > game.FieldBytes {
			return errors.New("message " + strconv.Quote(m.Name) + ": field " + strconv.Quote(f.Name) + " has an unknown kind")
		}
	}
	return nil
}

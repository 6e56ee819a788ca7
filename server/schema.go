package server

import (
	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// schemaProto is a game's schema as Welcome sends it.
func schemaProto(s *game.Schema) *tickwirev1.Schema {
	out := &tickwirev1.Schema{StateHash: s.StateHash(), CodecHash: s.CodecHash()}
	for _, t := range s.Tables {
		out.Tables = append(out.Tables, tableProto(t))
	}
	if s.Input != nil {
		out.Input = messageProto(s.Input)
	}
	for _, m := range s.Commands {
		out.Commands = append(out.Commands, messageProto(m))
	}
	for _, m := range s.Events {
		out.Events = append(out.Events, messageProto(m))
	}
	return out
}

func tableProto(t *game.TableSchema) *tickwirev1.Table {
	out := &tickwirev1.Table{Name: t.Name, Order: t.Order, Single: t.Single}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, &tickwirev1.Column{
			Name:     c.Name,
			Kind:     tickwirev1.ColumnKind(c.Kind),
			Bits:     uint32(c.Bits),
			K:        uint32(c.K),
			Ke:       uint32(c.KE),
			Jump:     uint32(c.Jump), //nolint:gosec // never negative
			Unsigned: c.Unsigned,
			Unit:     c.Unit,
			Drop:     uint32(c.Drop),
			Lerp:     c.Lerp,
			Step:     c.Step,
		})
	}
	return out
}

func messageProto(m *game.Message) *tickwirev1.Message {
	out := &tickwirev1.Message{Name: m.Name, Internal: m.Internal}
	for _, f := range m.Fields {
		out.Fields = append(out.Fields, &tickwirev1.Field{
			Name:     f.Name,
			Kind:     tickwirev1.FieldKind(f.Kind),
			Min:      f.Min,
			Max:      f.Max,
			Edge:     f.Edge,
			Step:     f.Step,
			Unsigned: f.Unsigned,
		})
	}
	return out
}

package game

import "math"

// StateHash is equal for two schemas that show clients the same: it covers names and kinds. What a server saves has
// fields that no client hears of; see Sim.StateHash.
func (s *Schema) StateHash() uint64 { return s.hash(false) }

// CodecHash is equal for two schemas that are coded alike: it covers all of the schema that decides bits on the wire.
func (s *Schema) CodecHash() uint64 { return s.hash(true) }

// savedHash covers what checkpoints and recordings depend on: all that is saved of the tables, and the messages.
func (w *World) savedHash() uint64 {
	h := newSchemaHasher()
	h.number(w.schema.StateHash())
	for _, s := range w.stores {
		h.text(s.schema.Name)
		h.flag(s.schema.Single)
		h.number(uint64(len(s.shape.saved)))
		for i := range s.shape.saved {
			h.text(s.shape.saved[i].name)
			h.text(s.shape.saved[i].typ)
		}
	}
	return h.sum
}

// schemaHasher is FNV-1a over numbers and texts that cannot run into each other.
type schemaHasher struct{ sum uint64 }

func newSchemaHasher() *schemaHasher { return &schemaHasher{14695981039346656037} }

func (h *schemaHasher) number(v uint64) {
	for range 8 {
		h.sum = (h.sum ^ v&0xff) * 1099511628211
		v >>= 8
	}
}

func (h *schemaHasher) text(s string) {
	h.number(uint64(len(s)))
	for i := range len(s) {
		h.sum = (h.sum ^ uint64(s[i])) * 1099511628211
	}
}

func (h *schemaHasher) flag(b bool) {
	if b {
		h.number(1)
	} else {
		h.number(0)
	}
}

func (s *Schema) hash(exact bool) uint64 {
	h := newSchemaHasher()
	h.number(uint64(len(s.Tables)))
	for _, t := range s.Tables {
		h.table(t, exact)
	}
	h.flag(s.Input != nil)
	if s.Input != nil {
		h.message(s.Input, exact)
	}
	for _, list := range [][]*Message{s.Commands, s.Events} {
		h.number(uint64(len(list)))
		for _, m := range list {
			h.message(m, exact)
		}
	}
	return h.sum
}

func (h *schemaHasher) table(t *TableSchema, exact bool) {
	h.text(t.Name)
	h.flag(t.Single)
	h.number(uint64(len(t.Columns)))
	for i := range t.Columns {
		c := &t.Columns[i]
		h.text(c.Name)
		h.number(uint64(c.Kind))
		if !exact {
			continue
		}
		for _, v := range [...]uint64{
			uint64(c.Bits), uint64(c.K), uint64(c.KE), uint64(c.Jump), uint64(c.Unit), uint64(c.Drop), math.Float64bits(c.Step),
		} {
			h.number(v)
		}
		h.flag(c.Unsigned)
		h.flag(c.Lerp)
	}
	if exact {
		h.number(uint64(len(t.Order)))
		for _, mask := range t.Order {
			h.number(uint64(mask))
		}
	}
}

func (h *schemaHasher) message(m *Message, exact bool) {
	h.text(m.Name)
	h.flag(m.Internal)
	h.number(uint64(len(m.Fields)))
	for i := range m.Fields {
		f := &m.Fields[i]
		h.text(f.Name)
		h.number(uint64(f.Kind))
		if exact {
			h.number(uint64(f.Min))
			h.number(uint64(f.Max))
			h.number(math.Float64bits(f.Step))
			h.flag(f.Edge)
			h.flag(f.Unsigned)
		}
	}
}

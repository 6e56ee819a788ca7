package game

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

var update = flag.Bool("update", false, "write the golden vectors")

// TestVectors makes every golden vector again, compares it with its file, and decodes the file in both codecs.
func TestVectors(t *testing.T) {
	names := map[string]bool{"malformed.json": true}
	for _, c := range vectorCases() {
		t.Run(c.name, func(t *testing.T) {
			names[c.name+".json"] = true
			play := &vectorPlay{t: t, schema: c.schema, history: NewHistory(c.schema)}
			play.encoder = NewEncoder(c.schema, play.history)
			c.play(play)
			file := vectorFile{Name: c.name, Why: c.why, Schema: schemaJSON(c.schema), Frames: play.frames}
			golden(t, c.name+".json", file)
			for name, apply := range map[string]applyFrame{"packed": applyBody, "plain": applyDelta} {
				if err := checkVector(vectorDir, c.name+".json", apply); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	entries, err := os.ReadDir(vectorDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".json" && !names[e.Name()] {
			t.Errorf("%s is made by no case", e.Name())
		}
	}
}

// TestVectorsMalformed shows that what must be refused is, in both codecs.
func TestVectorsMalformed(t *testing.T) {
	cases := malformedCases()
	golden(t, "malformed.json", cases)
	if err := checkMalformed(vectorDir); err != nil {
		t.Error(err)
	}
	for _, c := range cases {
		for _, d := range c.Deltas {
			if err := checkMalformedDelta(&c, &d); err != nil {
				t.Errorf("%s: %s: %v", c.Name, d.Why, err)
			}
		}
	}
}

// The JSON of malformed.json, as it is written; the codec's own test reads the bodies.
type (
	malformedFile struct {
		Name   string           `json:"name"`
		Why    string           `json:"why"`
		Schema vectorSchema     `json:"schema"`
		Setup  []setupFrame     `json:"setup"`
		Bodies []malformedBody  `json:"bodies"`
		Deltas []malformedDelta `json:"deltas"`
	}
	setupFrame struct {
		Tick  uint32 `json:"tick"`
		Base  uint32 `json:"base"`
		Body  string `json:"body"`
		Delta string `json:"delta"`
	}
	malformedDelta struct {
		Tick  uint32 `json:"tick"`
		Base  uint32 `json:"base"`
		Delta string `json:"delta"`
		Why   string `json:"why"`
	}
)

// checkMalformedDelta shows that a delta is refused, and that the copy then takes a whole frame and nothing else.
func checkMalformedDelta(c *malformedFile, d *malformedDelta) error {
	r, err := NewReplica(c.Schema.schema())
	if err != nil {
		return err
	}
	packed, err := NewReplica(c.Schema.schema())
	if err != nil {
		return err
	}
	for _, f := range c.Setup {
		frame := &vectorFrame{Tick: f.Tick, Base: f.Base, Body: f.Body, Delta: f.Delta}
		if err := errors.Join(applyDelta(r, frame), applyBody(packed, frame)); err != nil {
			return err
		}
		if r.Hash() != packed.Hash() {
			return errors.New("the setup's body and delta differ")
		}
	}
	if err := applyBase(r, d.Base, &vectorFrame{Tick: d.Tick, Delta: d.Delta}); !errors.Is(err, ErrFrame) {
		return fmt.Errorf("it is accepted, or fails otherwise: %w", err)
	}
	if err := applyDelta(r, &vectorFrame{Tick: d.Tick + 1, Base: 0}); !errors.Is(err, ErrFrame) {
		return errors.New("a chain frame is accepted after it")
	}
	return applyDelta(r, &vectorFrame{Tick: d.Tick + 2, Base: 1})
}

// vectorPlay records the frames of a case.
type vectorPlay struct {
	t       *testing.T
	schema  *Schema
	history *History
	encoder *Encoder
	client  Baseline
	other   Baseline // of the plain codec
	held    rigTiers
	frames  []vectorFrame
}

// step captures the states of the next ticks.
func (p *vectorPlay) step(states ...rigState) {
	for _, s := range states {
		capture(p.schema, p.history, p.history.Newest()+1, s)
		p.encoder.Begin()
	}
}

// frame records a frame. The rows of vis are those of each table that the client sees; none: all.
func (p *vectorPlay) frame(stride uint32, vis ...[]int32) {
	p.t.Helper()
	p.rated(stride, nil, vis...)
}

// rated is frame, with the classes that the rows should have.
func (p *vectorPlay) rated(stride uint32, rates [][]uint8, vis ...[]int32) {
	p.t.Helper()
	var v *Visible
	if vis != nil {
		v = &Visible{tables: vis, rates: rates}
	}
	base, body := p.encoder.Frame(nil, &p.client, stride, v)
	sink := &deltaBytes{}
	if b := p.encoder.Plain(sink, &p.other, stride, v); b != base&^Moves {
		p.t.Errorf("plain base %d, packed %d", b, base)
	}
	tick := p.history.Newest()
	f := vectorFrame{
		Tick: tick, Base: base, Stride: stride, Body: hex.EncodeToString(body), Delta: hex.EncodeToString(sink.close()),
		Hash: p.encoder.Hash(&p.client),
	}
	state, moved := p.held.frame(p.schema, p.history, stride, base&^Moves == 1, v, seen{})
	if moved != (base&Moves != 0) {
		p.t.Errorf("tick %d: base %d, but rows change their class: %v", tick, base, moved)
	}
	for _, rows := range state {
		out := []vectorRow{}
		for _, r := range rows {
			x := vectorRow{
				ID: r.id, Cells: append([]int32{}, r.cells...), Texts: []string{}, // never null in the file
				Velocities: append([]int32{}, r.vels...),
			}
			for _, s := range r.texts {
				x.Texts = append(x.Texts, hex.EncodeToString([]byte(s)))
			}
			out = append(out, x)
		}
		f.State = append(f.State, out)
	}
	p.frames = append(p.frames, f)
}

// golden compares a value with its file, or writes it.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(vectorDir, name)
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what the code makes; if the protocol changed on purpose, run with -update", name)
	}
}

func schemaJSON(s *Schema) vectorSchema {
	out := vectorSchema{Tables: []vectorTable{}}
	for _, t := range s.Tables {
		x := vectorTable{Name: t.Name, Order: append([]uint32{}, t.Order...), Single: t.Single, Columns: []vectorColumn{}}
		for _, c := range t.Columns {
			x.Columns = append(x.Columns, vectorColumn(c))
		}
		out.Tables = append(out.Tables, x)
	}
	return out
}

// deltaBytes is a DeltaSink that writes a tickwire.v1.Delta.
type deltaBytes struct {
	out        []byte
	gone, rows []byte
	open       bool
	index      int
}

func (d *deltaBytes) Table(index int) {
	d.flush()
	d.open, d.index = true, index
}

func (d *deltaBytes) Gone(id ID) { d.gone = protowire.AppendVarint(d.gone, uint64(id)) }

func (d *deltaBytes) Row(id ID, columns uint32, cells []int32, texts []string, velocities []int32) {
	row := appendUint(nil, 1, uint64(id))
	row = appendUint(row, 2, uint64(columns))
	row = appendSints(row, 3, cells)
	for _, s := range texts {
		row = protowire.AppendTag(row, 4, protowire.BytesType)
		row = protowire.AppendString(row, s)
	}
	row = appendSints(row, 5, velocities)
	d.rows = protowire.AppendTag(d.rows, 3, protowire.BytesType)
	d.rows = protowire.AppendBytes(d.rows, row)
}

func (d *deltaBytes) flush() {
	if !d.open {
		return
	}
	table := appendUint(nil, 1, uint64(d.index))
	if len(d.gone) > 0 {
		table = protowire.AppendTag(table, 2, protowire.BytesType)
		table = protowire.AppendBytes(table, d.gone)
	}
	table = append(table, d.rows...)
	d.out = protowire.AppendTag(d.out, 1, protowire.BytesType)
	d.out = protowire.AppendBytes(d.out, table)
	d.gone, d.rows, d.open = nil, nil, false
}

func (d *deltaBytes) close() []byte {
	d.flush()
	return d.out
}

func appendUint(b []byte, field protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

func appendSints(b []byte, field protowire.Number, values []int32) []byte {
	if len(values) == 0 {
		return b
	}
	var list []byte
	for _, v := range values {
		list = protowire.AppendVarint(list, protowire.EncodeZigZag(int64(v)))
	}
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), list)
}

// protoFields calls f with the fields of a message.
func protoFields(b []byte, f func(field protowire.Number, number uint64, data []byte) error) error {
	for len(b) > 0 {
		field, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var number uint64
		var data []byte
		if kind == protowire.VarintType {
			number, n = protowire.ConsumeVarint(b)
		} else {
			data, n = protowire.ConsumeBytes(b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		if err := f(field, number, data); err != nil {
			return err
		}
	}
	return nil
}

// varints is a packed list.
func varints(b []byte) (list []uint64) {
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return nil
		}
		list, b = append(list, v), b[n:]
	}
	return list
}

func sints(b []byte) (list []int32) {
	for _, v := range varints(b) {
		list = append(list, int32(protowire.DecodeZigZag(v)))
	}
	return list
}

// applyDelta applies a frame in the plain codec, which has no classes.
func applyDelta(r *Replica, f *vectorFrame) error { return applyBase(r, f.Base&^Moves, f) }

// applyBase is applyDelta with a base.
func applyBase(r *Replica, base uint32, f *vectorFrame) error {
	delta, err := hex.DecodeString(f.Delta)
	if err != nil {
		return err
	}
	if err := r.Begin(f.Tick, base); err != nil {
		return err
	}
	err = protoFields(delta, func(_ protowire.Number, _ uint64, data []byte) error {
		table := 0
		return protoFields(data, func(field protowire.Number, number uint64, data []byte) error {
			switch field {
			case 1:
				table = int(number)
			case 2:
				for _, id := range varints(data) {
					if err := r.Remove(table, ID(id)); err != nil {
						return err
					}
				}
			case 3:
				return applyRow(r, table, data)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return r.End()
}

func applyRow(r *Replica, table int, data []byte) error {
	var id, columns uint64
	var cells, velocities []int32
	var blobs [][]byte
	err := protoFields(data, func(field protowire.Number, number uint64, data []byte) error {
		switch field {
		case 1:
			id = number
		case 2:
			columns = number
		case 3:
			cells = sints(data)
		case 4:
			blobs = append(blobs, data)
		case 5:
			velocities = sints(data)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.Put(table, ID(id), uint32(columns), cells, blobs, velocities)
}

// bitString is the hex of bits written in the order in which they are read; spaces are for the eye.
func bitString(s string) string {
	w := bitWriter{}
	for _, c := range s {
		if c != ' ' {
			w.put(uint64(c-'0'), 1)
		}
	}
	return hex.EncodeToString(w.close())
}

package game

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// This file knows no testing package: the mutation test compiles it into programs of its own.

const vectorDir = "../proto/testdata/vectors"

// The JSON of the golden vectors; proto/testdata/vectors/README.md describes it.
type (
	vectorFile struct {
		Name   string        `json:"name"`
		Why    string        `json:"why"`
		Schema vectorSchema  `json:"schema"`
		Frames []vectorFrame `json:"frames"`
	}
	vectorSchema struct {
		Tables []vectorTable `json:"tables"`
	}
	vectorTable struct {
		Name    string         `json:"name"`
		Columns []vectorColumn `json:"columns"`
		Order   []uint32       `json:"order"`
		Single  bool           `json:"single"`
	}
	vectorColumn struct {
		Name     string  `json:"name"`
		Kind     Kind    `json:"kind"`
		Bits     uint8   `json:"bits"`
		K        uint8   `json:"k"`
		KE       uint8   `json:"ke"`
		Jump     int32   `json:"jump"`
		Unsigned bool    `json:"unsigned"`
		Unit     uint32  `json:"unit"`
		Drop     uint8   `json:"drop"`
		Lerp     bool    `json:"lerp"`
		Step     float64 `json:"step"`
	}
	vectorFrame struct {
		Tick   uint32        `json:"tick"`
		Base   uint32        `json:"base"`
		Stride uint32        `json:"stride"`
		Body   string        `json:"body"`
		Delta  string        `json:"delta"`
		Hash   uint32        `json:"hash"`
		State  [][]vectorRow `json:"state"`
	}
	vectorRow struct {
		ID         ID       `json:"id"`
		Cells      []int32  `json:"cells"`
		Texts      []string `json:"texts"`
		Velocities []int32  `json:"velocities"`
	}
	malformedGroup struct {
		Name   string          `json:"name"`
		Why    string          `json:"why"`
		Schema vectorSchema    `json:"schema"`
		Setup  []malformedBody `json:"setup"`
		Bodies []malformedBody `json:"bodies"`
	}
	malformedBody struct {
		Tick uint32 `json:"tick"`
		Base uint32 `json:"base"`
		Body string `json:"body"`
		Why  string `json:"why,omitempty"`
	}
)

// applyFrame applies a frame of a golden vector to a copy.
type applyFrame func(r *Replica, f *vectorFrame) error

// applyBody applies a frame in the packed codec.
func applyBody(r *Replica, f *vectorFrame) error {
	body, err := hex.DecodeString(f.Body)
	if err != nil {
		return err
	}
	r.SetStride(f.Stride)
	return r.Apply(f.Tick, f.Base, body)
}

// checkVector decodes a golden vector in one codec.
func checkVector(dir, name string, apply applyFrame) error {
	var v vectorFile
	if err := load(dir, name, &v); err != nil {
		return err
	}
	r, err := NewReplica(v.Schema.schema())
	if err != nil {
		return err
	}
	for i := range v.Frames {
		f := &v.Frames[i]
		if err := apply(r, f); err != nil {
			return fmt.Errorf("%s, tick %d: %w", v.Name, f.Tick, err)
		}
		if r.Hash() != f.Hash || r.Tick() != f.Tick {
			return fmt.Errorf("%s, tick %d: hash %08x at tick %d, want %08x", v.Name, f.Tick, r.Hash(), r.Tick(), f.Hash)
		}
		want, err := stateOf(f.State)
		if err == nil {
			err = holds(r, want)
		}
		if err != nil {
			return fmt.Errorf("%s, tick %d: %w", v.Name, f.Tick, err)
		}
	}
	return nil
}

// checkMalformed shows that what must be refused is, and that a copy then takes a whole frame and nothing else.
func checkMalformed(dir string) error {
	var groups []malformedGroup
	if err := load(dir, "malformed.json", &groups); err != nil {
		return err
	}
	var all error
	for _, g := range groups {
		for _, b := range g.Bodies {
			r, err := NewReplica(g.Schema.schema())
			if err != nil {
				return err
			}
			for _, f := range g.Setup {
				if err := applyBody(r, &vectorFrame{Tick: f.Tick, Base: f.Base, Body: f.Body}); err != nil {
					return fmt.Errorf("%s: %w", g.Name, err)
				}
			}
			if err := applyBody(r, &vectorFrame{Tick: b.Tick, Base: b.Base, Body: b.Body}); !errors.Is(err, ErrFrame) {
				all = errors.Join(all, fmt.Errorf("%s: %s: %w", g.Name, b.Why, err))
			}
			if err := r.Apply(b.Tick+1, 0, []byte{0}); !errors.Is(err, ErrFrame) {
				all = errors.Join(all, fmt.Errorf("%s: %s: a chain frame is accepted after it", g.Name, b.Why))
			}
			if err := r.Apply(b.Tick+2, 1, []byte{1}); err != nil {
				all = errors.Join(all, fmt.Errorf("%s: %s: no whole frame is accepted after it: %w", g.Name, b.Why, err))
			}
		}
	}
	return all
}

// load reads a golden file.
func load(dir, name string, v any) error {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// schema is the schema of a golden vector.
func (v vectorSchema) schema() *Schema {
	s := &Schema{}
	for _, t := range v.Tables {
		x := &TableSchema{Name: t.Name, Order: t.Order, Single: t.Single}
		for _, c := range t.Columns {
			x.Columns = append(x.Columns, Column(c))
		}
		s.Tables = append(s.Tables, x)
	}
	return s
}

// stateOf is the state of a golden vector.
func stateOf(tables [][]vectorRow) (rigState, error) {
	var out rigState
	for _, rows := range tables {
		var x []rigRow
		for _, r := range rows {
			row := rigRow{id: r.ID, cells: r.Cells, vels: r.Velocities}
			for _, s := range r.Texts {
				text, err := hex.DecodeString(s)
				if err != nil {
					return nil, err
				}
				row.texts = append(row.texts, string(text))
			}
			x = append(x, row)
		}
		out = append(out, x)
	}
	return out, nil
}

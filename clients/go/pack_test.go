package client

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/tickwire/tickwire/game"
)

func testMessage() *game.Message {
	return &game.Message{Name: "m", Fields: []game.Field{
		{Name: "pos.x", Kind: game.FieldInt, Min: -100, Max: 100},
		{Name: "teamID", Kind: game.FieldInt, Min: 0, Max: 9},
		{Name: "text", Kind: game.FieldString, Max: 8},
		{Name: "aim", Kind: game.FieldFloat, Min: -64, Max: 64, Step: 0.25},
		{Name: "cells.1", Kind: game.FieldBool, Max: 1},
		{Name: "raw", Kind: game.FieldBytes, Max: 4},
	}}
}

type packed struct {
	Raw    []byte
	Cells  [2]bool
	Aim    float32
	Text   string
	TeamID uint8
	Pos    struct{ X, Y int16 }
	secret int //nolint:unused // must not be looked at
}

func TestPack(t *testing.T) {
	full := packed{Raw: []byte{1}, Cells: [2]bool{false, true}, Aim: -1.5, Text: "hé", TeamID: 3}
	full.Pos.X = -7
	for _, c := range []struct {
		why    string
		value  any
		values []int64
		blobs  [][]byte
		fails  bool
	}{
		{"fields are found by name", full, []int64{-7, 3, -6, 1}, [][]byte{[]byte("hé"), {1}}, false},
		{"a pointer is as good", &full, []int64{-7, 3, -6, 1}, [][]byte{[]byte("hé"), {1}}, false},
		{"a struct may have some of the fields", struct{ Aim float64 }{0.5}, []int64{0, 0, 2, 0}, [][]byte{nil, nil}, false},
		{"floats are rounded to their step", struct{ Aim float64 }{0.4}, []int64{0, 0, 2, 0}, [][]byte{nil, nil}, false},
		{"a map", map[string]any{"pos.x": 5, "TEXT": "a"}, []int64{5, 0, 0, 0}, [][]byte{[]byte("a"), nil}, false},
		{"nothing is all zeros", nil, []int64{0, 0, 0, 0}, [][]byte{nil, nil}, false},
		{"a field that the message lacks", map[string]any{"foo": 1}, nil, nil, true},
		{"a value out of range", map[string]any{"teamID": 10}, nil, nil, true},
		{"a negative number for an unsigned field", map[string]any{"teamID": -1}, nil, nil, true},
		{"text that is too long", map[string]any{"text": "123456789"}, nil, nil, true},
		{"text for a number", map[string]any{"teamID": "1"}, nil, nil, true},
		{"a number for text", map[string]any{"text": 1}, nil, nil, true},
		{"a null", map[string]any{"text": nil}, nil, nil, true},
		{"no struct at all", 5, nil, nil, true},
		{"a struct of something else", struct{ Foo int }{}, nil, nil, true},
	} {
		values, blobs, err := newPacker("command", testMessage()).pack(c.value, nil, nil)
		if (err != nil) != c.fails {
			t.Errorf("%s: error %v", c.why, err)
		}
		if !c.fails && (!slices.Equal(values, c.values) || !slices.EqualFunc(blobs, c.blobs, bytes.Equal)) {
			t.Errorf("%s: %v %q, want %v %q", c.why, values, blobs, c.values, c.blobs)
		}
	}
}

func TestUnpack(t *testing.T) {
	p := newPacker("command", testMessage())
	var got packed
	if err := p.unpack(reflect.ValueOf(&got), []int64{-7, 3, -6, 1}, [][]byte{[]byte("hé"), {1}}); err != nil {
		t.Fatal(err)
	}
	want := packed{Raw: []byte{1}, Cells: [2]bool{false, true}, Aim: -1.5, Text: "hé", TeamID: 3}
	want.Pos.X = -7
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	var short packed
	if err := p.unpack(reflect.ValueOf(&short), []int64{5}, nil); err != nil || short.Pos.X != 5 || short.Text != "" {
		t.Errorf("what is left out must be zero: %+v (%v)", short, err)
	}
}

package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// program has a section of another kind on either side of its data.
func program(body []byte) []byte {
	b := append([]byte(header), 1, 2, 'x', 'y', sectionData)
	b = append(b, byte(len(body)|0x80), byte(len(body)>>7)|0x80, 0) // as the Go linker does, longer than it need be
	return append(append(b, body...), 0, 1, 'z')
}

// section writes segments as they come.
func section(segments ...segment) []byte {
	b := []byte{byte(len(segments))}
	for _, s := range segments {
		b = appendConst(append(b, 0, opConst), s.offset)
		b = append(append(b, opEnd, byte(len(s.data))), s.data...)
	}
	return b
}

// memory is what a program starts with.
func memory(t *testing.T, p []byte) (image []byte, segments int) {
	t.Helper()
	r := reader{b: p[len(header)+4:]}
	if id := r.byte(); id != sectionData {
		t.Fatalf("section %d instead of the data", id)
	}
	list, err := parse(r.bytes(r.number()))
	if err != nil || string(r.b) != "\x00\x01z" {
		t.Fatalf("%v, and then %q", err, r.b)
	}
	image = make([]byte, 1<<15)
	for _, s := range list {
		copy(image[s.offset:], s.data)
	}
	return image, len(list)
}

func TestJoin(t *testing.T) {
	text := func(offset uint64, data string) segment { return segment{offset, []byte(data)} }
	for _, tc := range []struct {
		why  string
		list []segment
		want int
	}{
		{"nothing", nil, 0},
		{"one", []segment{text(70, "a")}, 1},
		{"side by side", []segment{text(70, "a"), text(71, "b")}, 1},
		{"a short gap", []segment{text(70, "a"), text(71+maxGap, "b")}, 1},
		{"a long gap", []segment{text(70, "a"), text(72+maxGap, "b")}, 2},
		{"another one in the gap, first", []segment{text(80, "x"), text(70, "a"), text(90, "b")}, 1},
		{"large offsets", []segment{text(9000, "a"), text(20000, "b"), text(9010, "c")}, 2},
	} {
		before := program(section(tc.list...))
		after, err := join(before)
		if err != nil {
			t.Errorf("%s: %v", tc.why, err)
			continue
		}
		want, _ := memory(t, before)
		got, n := memory(t, after)
		if n != tc.want || !bytes.Equal(got, want) || !bytes.HasPrefix(after, before[:12]) {
			t.Errorf("%s: %d segments instead of %d, or other bytes: %x", tc.why, n, tc.want, after)
		}
	}
}

// TestJoinKeepsMemory scatters bytes at random.
func TestJoinKeepsMemory(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var list []segment
		for at := uint64(0); len(list) < 100; {
			at += dice.Uint64N(2 * maxGap)
			s := segment{at, bytes.Repeat([]byte{byte(dice.Uint32())}, 1+dice.IntN(20))}
			list, at = append(list, s), s.end()
		}
		dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		before := program(section(list...))
		after, err := join(before)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := memory(t, before)
		if got, n := memory(t, after); !bytes.Equal(got, want) || n >= len(list) {
			t.Fatalf("%d segments of %d, or other bytes", n, len(list))
		}
	}
}

func TestJoinRefuses(t *testing.T) {
	good := program(section(segment{70, []byte("abc")}))
	at := slices.Index(good, opConst)
	with := func(i int, b byte) []byte {
		p := slices.Clone(good)
		p[i] = b
		return p
	}
	for _, tc := range []struct {
		why  string
		p    []byte
		want error
	}{
		{"empty", nil, errDamaged},
		{"another file", []byte("#!/bin/sh\n" + strings.Repeat("x", 20)), errDamaged},
		{"cut off", good[:len(good)-4], errDamaged},
		{"more segments than there are", with(at-2, 2), errDamaged},
		{"a second memory", with(at-1, 1), errForm},
		{"an offset that is computed", with(at, 0x23), errForm},
		{"a negative offset", with(at+2, 0x7f), errDamaged},
		{"a segment that is longer than the section", with(at+4, 99), errDamaged},
		{"a count of segments", append(slices.Clone(good), sectionCount, 1, 1), errForm},
		{"two for one byte", program(section(segment{70, []byte("ab")}, segment{71, []byte("c")})), errForm},
	} {
		if _, err := join(tc.p); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v instead of %v", tc.why, err, tc.want)
		}
	}
}

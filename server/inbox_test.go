package server

import (
	"slices"
	"sync"
	"testing"
)

func TestInboxKeepsOrderAndCopies(t *testing.T) {
	t.Parallel()
	in := newInbox()
	s := &session{}
	values, blob := []int64{1, 2}, []byte("ab")
	in.put(entry{kind: entryHello, session: s})
	in.putMessage(entry{kind: entryInput, session: s, tick: 7}, values, [][]byte{blob})
	values[0], blob[0] = 99, 'x'
	in.putMessage(entry{kind: entryCommand, session: s, seq: 1}, nil, nil)
	b := in.take()
	kinds := []entryKind{entryHello, entryInput, entryCommand}
	if len(b.entries) != len(kinds) {
		t.Fatalf("entries: got %d, want %d", len(b.entries), len(kinds))
	}
	for i, k := range kinds {
		if b.entries[i].kind != k {
			t.Errorf("entry %d: got kind %d, want %d", i, b.entries[i].kind, k)
		}
	}
	e := b.entries[1]
	if got := b.values[e.values.from:e.values.to]; got[0] != 1 || got[1] != 2 {
		t.Errorf("values were not copied: %v", got)
	}
	if got := b.blobs[e.blobs.from:e.blobs.to]; string(got[0]) != "ab" {
		t.Errorf("blobs were not copied: %q", got)
	}
	if n := len(in.take().entries); n != 0 {
		t.Errorf("a second take found %d entries", n)
	}
}

func TestInboxBoundsOneSession(t *testing.T) {
	t.Parallel()
	in := newInbox()
	greedy, other := &session{}, &session{}
	in.putMessage(entry{kind: entryInput, session: other, tick: 1}, nil, nil)
	for tick := range uint32(100) {
		if !in.putMessage(entry{kind: entryInput, session: greedy, tick: tick}, nil, nil) {
			t.Fatal("an input was refused")
		}
	}
	for seq := range uint32(maxCommandsWaiting) {
		if !in.putMessage(entry{kind: entryCommand, session: greedy, seq: seq}, nil, nil) {
			t.Fatalf("command %d within the limit was refused", seq)
		}
	}
	if in.putMessage(entry{kind: entryCommand, session: greedy}, nil, nil) {
		t.Error("a command over the limit was taken")
	}
	var kept []uint32
	others := 0
	entries := in.take().entries
	if n := len(entries); n != 1+maxInputsWaiting+maxCommandsWaiting {
		t.Errorf("%d entries wait: what gave way still has a place", n)
	}
	for _, e := range entries {
		switch {
		case e.session == other:
			others++
		case e.kind == entryInput:
			kept = append(kept, e.tick)
		}
	}
	if others != 1 {
		t.Error("one session's flood cost another its input")
	}
	const most = maxInputsWaiting
	if len(kept) != most || kept[0] != 100-most || kept[most-1] != 99 || !slices.IsSorted(kept) {
		t.Errorf("the newest %d inputs should be left, got %v", most, kept)
	}
	if !in.putMessage(entry{kind: entryCommand, session: greedy}, nil, nil) {
		t.Error("the limit did not start anew after a take")
	}
}

func TestInboxClosed(t *testing.T) {
	t.Parallel()
	in := newInbox()
	in.close()
	if in.put(entry{kind: entryConnected}) {
		t.Error("a closed inbox took an entry")
	}
	if n := len(in.take().entries); n != 0 {
		t.Errorf("a closed inbox holds %d entries", n)
	}
}

func TestInboxFromManyGoroutines(t *testing.T) {
	t.Parallel()
	in := newInbox()
	var writers sync.WaitGroup
	const each = 1000
	for range 4 {
		s := &session{}
		writers.Go(func() {
			for range each {
				in.put(entry{kind: entryAck, session: s})
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	total := 0
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		total += len(in.take().entries)
	}
	if total != 4*each {
		t.Errorf("took %d entries, want %d", total, 4*each)
	}
}

func TestInboxAllocatesNothing(t *testing.T) {
	in := newInbox()
	s := &session{}
	values := []int64{1, -1, 1}
	round := func() {
		for range 64 {
			in.put(entry{kind: entryAck, session: s})
			in.putMessage(entry{kind: entryInput, session: s}, values, nil)
		}
		in.take()
	}
	round()
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Errorf("a round of puts and a take allocates %v times", n)
	}
}

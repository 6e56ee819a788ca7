package server_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// The first bytes of whole frames.
const (
	fin  = 0x80
	data = fin | opBinary
	text = fin | opText
	shut = fin | opClose
	ping = fin | opPing
	pong = fin | opPong
)

// mark is the id of the Ping in the messages below: whoever gets a Pong with it knows that the message was taken.
const mark = 77

// marked is a ClientFrame of exactly n bytes, which a field that nobody knows fills; as short as it can be if n is 0.
func marked(n int) []byte {
	b := protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType),
		protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), mark))
	if n == 0 {
		return b
	}
	b = protowire.AppendTag(b, 100, protowire.BytesType)
	room := n - len(b) - 1
	if room > 127 {
		room--
	}
	return protowire.AppendBytes(b, bytes.Repeat([]byte{'x'}, room))
}

// masked is a frame with a mask that changes every byte.
func masked(head byte, payload []byte) []byte {
	b := wsFrame(head, slices.Clone(payload))
	at := len(b) - len(payload)
	key := []byte{0xA5, 0x5A, 0xFF, 0x01}
	copy(b[at-4:], key)
	for i := range payload {
		b[at+i] ^= key[i%4]
	}
	return b
}

// bare is a frame without a mask.
func bare(head byte, payload []byte) []byte {
	return append([]byte{head, byte(len(payload))}, payload...)
}

// wide is a frame whose length is written in 2 or 8 bytes, however short it is.
func wide(head byte, size int, length uint64, payload []byte) []byte {
	b := []byte{head, 0x80 | 126}
	if size == 8 {
		b = binary.BigEndian.AppendUint64([]byte{head, 0x80 | 127}, length)
	} else {
		b = binary.BigEndian.AppendUint16(b, uint16(length))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

// closing is a close frame.
func closing(code uint16, reason string) []byte {
	return wsFrame(shut, append(binary.BigEndian.AppendUint16(nil, code), reason...))
}

// parts puts frames behind each other.
func parts(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

// pieces are the fragments of a message, cut at the given places.
func pieces(message []byte, at ...int) []byte {
	var all []byte
	head, from := byte(opBinary), 0
	for _, to := range at {
		all = append(all, masked(head, message[from:to])...)
		head, from = 0, to
	}
	return append(all, wsFrame(fin|head, message[from:])...)
}

// ends is a case in which the connection ends with a code.
func ends(code tickwirev1.Code, section, why string, send []byte) rfc {
	return rfc{section: section, why: why, send: send, code: code}
}

// takes is a case in which the server takes a message.
func takes(section, why string, send []byte) rfc {
	return rfc{section: section, why: why, send: send, taken: true}
}

// lives is a case in which nothing comes of what is sent.
func lives(section, why string, send []byte) rfc { return rfc{section: section, why: why, send: send} }

// echo is the case with pongs.
func (r rfc) echo(pongs ...string) rfc {
	r.pongs = pongs
	return r
}

// inPieces is the case at a server that takes fragments.
func (r rfc) inPieces() rfc {
	r.split = true
	return r
}

// named says something of a close code.
func named(what string, code uint16) string { return fmt.Sprintf("code %d %s", code, what) }

// framing are the rules of section 5.2: bits, opcodes, masks and lengths.
func framing() []rfc {
	letter, message := []byte("p"), marked(0)
	return []rfc{
		ends(1002, "5.2", "RSV1: compression was not agreed", wsFrame(data|0x40, message)),
		ends(1002, "5.2", "RSV2 means nothing", wsFrame(data|0x20, message)),
		ends(1002, "5.2", "RSV3 means nothing", wsFrame(data|0x10, message)),
		ends(1002, "5.2", "RSV1 and RSV2", wsFrame(data|0x60, message)),
		ends(1002, "5.2", "RSV1 and RSV3", wsFrame(data|0x50, message)),
		ends(1002, "5.2", "RSV2 and RSV3", wsFrame(data|0x30, message)),
		ends(1002, "5.2", "all reserved bits", wsFrame(data|0x70, message)),
		ends(1002, "5.2", "all reserved bits of nothing", wsFrame(data|0x70, nil)),
		ends(1002, "5.2", "RSV1 on a ping", wsFrame(ping|0x40, letter)),
		ends(1002, "5.2", "RSV2 on a pong", wsFrame(pong|0x20, letter)),
		ends(1002, "5.2", "RSV3 on a close", wsFrame(shut|0x10, []byte{3, 232})),
		ends(1002, "5.2", "all reserved bits on a ping", wsFrame(ping|0x70, letter)),
		ends(1002, "5.2", "RSV1 on a continuation",
			parts(wsFrame(opBinary, message), wsFrame(fin|0x40, nil))).inPieces(),
		ends(1002, "5.2", "reserved bits go before a text frame's refusal", wsFrame(text|0x40, letter)),

		ends(1002, "5.2", "opcode 3 is reserved", wsFrame(fin|3, message)),
		ends(1002, "5.2", "opcode 4 is reserved", wsFrame(fin|4, message)),
		ends(1002, "5.2", "opcode 5 is reserved", wsFrame(fin|5, message)),
		ends(1002, "5.2", "opcode 6 is reserved", wsFrame(fin|6, message)),
		ends(1002, "5.2", "opcode 7 is reserved", wsFrame(fin|7, message)),
		ends(1002, "5.2", "opcode 7 in fragments", wsFrame(7, message)).inPieces(),
		ends(1002, "5.2", "control opcode 11 is reserved", wsFrame(fin|11, nil)),
		ends(1002, "5.2", "control opcode 12 is reserved", wsFrame(fin|12, nil)),
		ends(1002, "5.2", "control opcode 13 is reserved", wsFrame(fin|13, nil)),
		ends(1002, "5.2", "control opcode 14 is reserved", wsFrame(fin|14, nil)),
		ends(1002, "5.2", "control opcode 15 is reserved", wsFrame(fin|15, letter)),

		ends(1002, "5.1", "an unmasked message", bare(data, message)),
		ends(1002, "5.1", "an unmasked message of nothing", bare(data, nil)),
		ends(1002, "5.1", "an unmasked ping", bare(ping, letter)),
		ends(1002, "5.1", "an unmasked pong", bare(pong, nil)),
		ends(1002, "5.1", "an unmasked close", bare(shut, []byte{3, 232})),
		takes("5.3", "a mask of zeros is a mask", wsFrame(data, message)),
		takes("5.3", "a mask that changes every byte", masked(data, message)),
		lives("5.3", "the mask of a ping is taken off", masked(ping, []byte("masked"))).echo("masked"),

		takes("5.2", "125 bytes: the longest short length", masked(data, marked(125))),
		takes("5.2", "126 bytes: the shortest of two bytes", masked(data, marked(126))),
		takes("5.2", "4096 bytes: just within the limit", masked(data, marked(4096))),
		ends(1009, "7.4.1", "4097 bytes: one over the limit", wsFrame(data, marked(4097))),
		ends(1009, "7.4.1", "65535 bytes are claimed", wide(data, 2, 65535, nil)),
		ends(1009, "7.4.1", "65536 bytes are claimed", wide(data, 8, 65536, nil)),
		ends(1009, "7.4.1", "4 GiB are claimed", wide(data, 8, 1<<32, nil)),
		ends(1009, "7.4.1", "all that a length can say", wide(data, 8, 1<<63-1, nil)),
		ends(1002, "5.2", "nothing in a length of two bytes", wide(data, 2, 0, nil)),
		ends(1002, "5.2", "125 bytes in a length of two", wide(data, 2, 125, marked(125))),
		ends(1002, "5.2", "nothing in a length of eight bytes", wide(data, 8, 0, nil)),
		ends(1002, "5.2", "126 bytes in a length of eight", wide(data, 8, 126, marked(126))),
		ends(1002, "5.2", "65535 bytes in a length of eight", wide(data, 8, 65535, nil)),
		ends(1002, "5.2", "the top bit of a length", wide(data, 8, 1<<63, nil)),
		ends(1002, "5.2", "the top bit, and a length that would pass", wide(data, 8, 1<<63|300, nil)),
		ends(1002, "5.2", "all bits of a length", wide(data, 8, 1<<64-1, nil)),
	}
}

// messages are the rules of sections 5.4 and 5.6: fragments, text and binary.
func messages() []rfc {
	message, long := marked(0), marked(4096)
	start, whole, nothing := wsFrame(opBinary, message[:2]), wsFrame(data, message), wsFrame(opBinary, nil)
	between, end := wsFrame(ping, []byte("between")), wsFrame(fin, message[2:])
	return []rfc{
		takes("5.6", "a binary message", whole),
		lives("5.6", "a binary message of nothing", wsFrame(data, nil)),
		ends(1003, "5.6", "text is not taken", wsFrame(text, []byte("hi"))),
		ends(1003, "5.6", "text of nothing neither", wsFrame(text, nil)),
		ends(1003, "5.6", "text that is not UTF-8 is text", wsFrame(text, []byte{0xFF})),
		ends(1003, "5.6", "text in fragments", wsFrame(opText, []byte("hi"))).inPieces(),

		ends(1003, "5.4", "the first fragment, where none are taken", wsFrame(opBinary, message)),
		ends(1003, "5.4", "an empty first fragment, where none are taken", wsFrame(opBinary, nil)),
		ends(1002, "5.4", "the end of nothing", wsFrame(fin, message)),
		ends(1002, "5.4", "the middle of nothing", wsFrame(0, message)),
		ends(1002, "5.4", "the end of nothing, where fragments are taken", wsFrame(fin, message)).inPieces(),
		ends(1002, "5.4", "the middle of nothing, there", wsFrame(0, nil)).inPieces(),

		takes("5.4", "a first and a last fragment", pieces(message, 2)).inPieces(),
		takes("5.4", "one between", pieces(message, 1, 3)).inPieces(),
		takes("5.4", "an empty one between", pieces(message, 2, 2)).inPieces(),
		takes("5.4", "an empty first", pieces(message, 0)).inPieces(),
		takes("5.4", "an empty last", pieces(message, len(message))).inPieces(),
		lives("5.4", "three of nothing", pieces(nil, 0, 0)).inPieces(),
		takes("5.4", "eight of eight", pieces(long, 1, 2, 3, 4, 5, 6, 7)).inPieces(),
		ends(1003, "5.4", "nine of eight", pieces(long, 1, 2, 3, 4, 5, 6, 7, 8)).inPieces(),
		takes("5.4", "two messages, one after the other", parts(pieces(long, 9), pieces(message, 1))).inPieces(),
		takes("5.4", "a whole message after one in fragments", parts(pieces(nil, 0), whole)).inPieces(),
		takes("5.4", "the limit is for all of a message", pieces(long, 4000)).inPieces(),
		ends(1009, "5.4", "one byte over it in the last fragment", pieces(marked(4097), 4090)).inPieces(),
		ends(1009, "5.4", "a fragment that is over it alone", wsFrame(opBinary, marked(4097))).inPieces(),
		ends(1002, "5.4", "a message within a message", parts(nothing, whole)).inPieces(),
		ends(1002, "5.4", "a message's first fragment within a message", parts(nothing, nothing)).inPieces(),
		ends(1003, "5.4", "text within a message", parts(nothing, wsFrame(text, nil))).inPieces(),
		ends(1002, "5.4", "more of a message that has ended", parts(pieces(message, 1), wsFrame(fin, nil))).inPieces(),

		takes("5.5", "a ping between two fragments", parts(start, between, end)).echo("between").inPieces(),
		takes("5.5", "a pong between two fragments", parts(start, wsFrame(pong, nil), end)).inPieces(),
		ends(1002, "5.5", "a ping between does not end a message",
			parts(nothing, between, whole)).echo("between").inPieces(),
		ends(1000, "5.5", "a close between two fragments",
			parts(wsFrame(opBinary, message), closing(1000, ""))).inPieces(),
		takes("5.4", "many frames in one write", parts(bytes.Repeat(wsFrame(data, nil), 50), between, between,
			bytes.Repeat(masked(data, message), 50), between)).echo("between", "between", "between"),
	}
}

// controls are the rules of section 5.5: pings, pongs and closing.
func controls() []rfc {
	full, over := strings.Repeat("\x00\xFFx\n\xFE", 25), closing(1000, "")
	one, two := wsFrame(ping, []byte("1")), wsFrame(ping, nil)
	all := []rfc{
		lives("5.5.2", "a ping of nothing", wsFrame(ping, nil)).echo(""),
		lives("5.5.2", "a ping is echoed, byte for byte", masked(ping, []byte(full))).echo(full),
		lives("5.5.2", "each of several pings, in order", parts(one, two, one)).echo("1", "", "1"),
		ends(1002, "5.5", "a ping of 126 bytes", wsFrame(ping, make([]byte, 126))),
		ends(1002, "5.5", "a ping with a length of two bytes", wide(ping, 2, 5, []byte("12345"))),
		ends(1002, "5.5", "a ping with a length of eight bytes", wide(ping, 8, 5, []byte("12345"))),
		ends(1002, "5.5", "a fragment of a ping", wsFrame(opPing, nil)).inPieces(),
		ends(1002, "5.5", "a ping in two fragments",
			parts(wsFrame(opPing, []byte("a")), wsFrame(fin, []byte("b")))).inPieces(),
		lives("5.5.3", "a pong that nobody asked for", wsFrame(pong, nil)),
		lives("5.5.3", "a pong with 125 bytes that nobody asked for", masked(pong, []byte(full))),
		ends(1002, "5.5", "a pong of 126 bytes", wsFrame(pong, make([]byte, 126))),
		ends(1002, "5.5", "a fragment of a pong", wsFrame(opPong, nil)).inPieces(),
		ends(1002, "5.5", "a fragment of a close", wsFrame(opClose, []byte{3, 232})).inPieces(),

		ends(1005, "5.5.1", "a close without a code is answered by one", wsFrame(shut, nil)),
		ends(1002, "5.5.1", "half a code", wsFrame(shut, []byte{3})),
		ends(1002, "5.5", "a close of 126 bytes", closing(1000, strings.Repeat("x", 124))),
		ends(1000, "5.5.1", "a reason", closing(1000, "enough")),
		ends(1000, "5.5.1", "the longest reason", closing(1000, strings.Repeat("x", 123))),
		ends(1000, "5.5.1", "a reason in UTF-8", closing(1000, "g\u00fcnug \u4e16 \U0001F600")),
		ends(1007, "5.5.1", "a reason that is not UTF-8", closing(1000, "\xFF")),
		ends(1007, "5.5.1", "a letter that is cut", closing(1000, "\xE2\x82")),
		ends(1007, "5.5.1", "a letter in too many bytes", closing(1000, "\xC0\x80")),
		ends(1007, "5.5.1", "half a pair of UTF-16", closing(1000, "\xED\xA0\x80")),
		ends(1007, "5.5.1", "beyond the last letter", closing(1000, "\xF4\x90\x80\x80")),
		ends(1000, "5.5.1", "a message after the close", parts(over, wsFrame(data, []byte{0xFF}))),
		ends(1000, "5.5.1", "text after the close", parts(over, wsFrame(text, nil))),
		ends(1000, "5.5.1", "a ping after the close gets no pong", parts(over, one)),
		ends(1000, "5.5.1", "a second close", parts(over, closing(999, ""))),
		ends(1000, "5.5.1", "an unmasked frame after the close", parts(over, bare(data, nil))),
		ends(1000, "5.5.1", "before it all counts", parts(one, over)).echo("1"),
	}
	// Codes of the RFC, and of the registry that it made, get 1000: they are all the client's wish to end. Its own are
	// told back to it.
	for _, code := range []uint16{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013} {
		all = append(all, ends(1000, "7.4.1", named("may be sent", code), closing(code, "")))
	}
	for _, code := range []uint16{3000, 3999, 4000, 4999} {
		all = append(all, ends(tickwirev1.Code(code), "7.4.2", named("is the client's own", code), closing(code, "mine")))
	}
	for _, code := range []uint16{0, 1, 999, 1004, 1005, 1006, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		all = append(all, ends(1002, "7.4", named("may not be sent", code), closing(code, "")))
	}
	return all
}

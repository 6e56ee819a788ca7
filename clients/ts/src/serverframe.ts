import { blobs, read, s64s, type Spec, text, u32 } from "./spec.js";
import { delimited, type Long, Reader, varint } from "./wire.js";

/** ServerFrame is one decoded message of the server. Bytes are views of the message's memory. */
export interface ServerFrame {
  tick: number;
  base: number;
  inputAge: number;
  slack: number;
  body?: Uint8Array;
  delta?: Uint8Array;
  events: WireEvent[];
  hash?: number;
  pong?: Pong;
  welcome?: Uint8Array;
  bye?: Bye;
  answers: Answer[];
  stride: number;
  closing: number;
}

interface Pong {
  id: number;
  tick: number;
  heldUs: number;
}

interface Bye {
  code: number;
  message: string;
}

/** WireEvent is an event as it is sent. */
export interface WireEvent {
  seq: number;
  type: number;
  age: number;
  values: Long[];
  blobs: Uint8Array[];
}

/** Answer is what became of a command. */
export interface Answer {
  seq: number;
  refusal: number;
  why: string;
}

const event: Spec<WireEvent> = {
  make: () => ({ seq: 0, type: 0, age: 0, values: [], blobs: [] }),
  fields: [, u32("seq"), u32("type"), u32("age"), s64s("values"), blobs("blobs")],
};
const answer: Spec<Answer> = { make: () => ({ seq: 0, refusal: 0, why: "" }), fields: [, u32("seq"), u32("refusal"), text("why")] };
const pong: Spec<Pong> = { make: () => ({ id: 0, tick: 0, heldUs: 0 }), fields: [, u32("id"), u32("tick"), u32("heldUs")] };
const bye: Spec<Bye> = { make: () => ({ code: 0, message: "" }), fields: [, u32("code"), text("message")] };

const none: never[] = [];

/** readServerFrame decodes a frame. It throws MALFORMED. */
export function readServerFrame(data: Uint8Array): ServerFrame {
  const frame: ServerFrame = { tick: 0, base: 0, inputAge: 0, slack: 0, events: none, answers: none, stride: 0, closing: 0 };
  const reader = new Reader(data);
  while (reader.more) {
    const tag = reader.u32();
    if (!readField(frame, tag, reader)) reader.pass(tag);
  }
  return frame;
}

function readField(frame: ServerFrame, tag: number, reader: Reader): boolean {
  switch (tag) {
    case (1 << 3) | varint:
      frame.tick = reader.u32();
      return true;
    case (2 << 3) | varint:
      frame.base = reader.u32();
      return true;
    case (3 << 3) | varint:
      frame.inputAge = reader.u32();
      return true;
    case (4 << 3) | varint:
      frame.slack = reader.s32();
      return true;
    case (5 << 3) | delimited:
      frame.body = reader.bytes();
      return true;
    case (6 << 3) | delimited:
      frame.delta = reader.bytes();
      return true;
    case (7 << 3) | delimited:
      if (frame.events === none) frame.events = [];
      frame.events.push(read(reader.message(), event));
      return true;
    case (8 << 3) | 5:
      frame.hash = reader.fixed32();
      return true;
    case (9 << 3) | delimited:
      frame.pong = read(reader.message(), pong);
      return true;
    case (10 << 3) | delimited:
      frame.welcome = reader.bytes();
      return true;
    case (11 << 3) | delimited:
      frame.bye = read(reader.message(), bye);
      return true;
    case (12 << 3) | delimited:
      if (frame.answers === none) frame.answers = [];
      frame.answers.push(read(reader.message(), answer));
      return true;
    case (13 << 3) | varint:
      frame.stride = reader.u32();
      return true;
    case (14 << 3) | varint:
      frame.closing = reader.u32();
      return true;
  }
  return false;
}

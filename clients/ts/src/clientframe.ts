import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Packed } from "./messages.js";
import { delimited, type Long, varint } from "./wire.js";

/** ClientFrame is what one message to the server may carry. */
export interface ClientFrame {
  ack?: number;
  /** The tick that inputs[0] is meant for. */
  first?: number;
  /** Of consecutive ticks; at most maxInputs. */
  inputs?: readonly Packed[];
  view?: number;
  ping?: number;
  hello?: Hello;
  /** Encoded with writeCommand. */
  commands?: readonly Uint8Array[];
  resync?: { tick: number; reason: number };
  pace?: number;
}

/** Hello opens a connection. */
export interface Hello extends Kept {
  codecs: readonly number[];
  agent: string;
}

/** Kept is what a client still has of a session; all 0: nothing. Fields are those of Hello in session.proto. */
export interface Kept {
  lastTick: number;
  lastEvent: number;
  lastInput: number;
}

/** The greatest number of inputs in a frame. */
export const maxInputs = 32;

/** writeClientFrame encodes a frame. */
export function writeClientFrame(frame: ClientFrame): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  number(w, 1, frame.ack ?? 0);
  if (frame.inputs) {
    number(w, 2, frame.first ?? 0);
    for (const input of frame.inputs) {
      w.tag(3, delimited).fork();
      message(w, input, 1);
      w.join();
    }
    number(w, 4, frame.view ?? 0);
  }
  if (frame.ping !== undefined) {
    w.tag(5, delimited).fork();
    number(w, 1, frame.ping);
    w.join();
  }
  if (frame.hello) {
    w.tag(6, delimited).fork();
    w.tag(1, delimited).fork();
    for (const codec of frame.hello.codecs) w.uint32(codec);
    w.join();
    w.tag(2, delimited).string(frame.hello.agent);
    number(w, 3, frame.hello.lastTick);
    number(w, 4, frame.hello.lastEvent);
    number(w, 5, frame.hello.lastInput);
    w.join();
  }
  for (const command of frame.commands ?? []) w.tag(7, delimited).bytes(command);
  if (frame.resync) {
    w.tag(8, delimited).fork();
    number(w, 1, frame.resync.tick);
    number(w, 2, frame.resync.reason);
    w.join();
  }
  if (frame.pace !== undefined) w.tag(9, varint).uint32(frame.pace); // 0 says something, too
  return w.finish();
}

/** writeCommand encodes a command. */
export function writeCommand(seq: number, type: number, packed: Packed): Uint8Array {
  const w = new BinaryWriter();
  number(w, 1, seq);
  number(w, 2, type);
  message(w, packed, 3);
  return w.finish();
}

function number(w: BinaryWriter, field: number, value: number): void {
  if (value !== 0) w.tag(field, varint).uint32(value);
}

/** message writes values as a field and blobs as the next one; trailing zeros are left out. */
function message(w: BinaryWriter, { values, blobs }: Packed, field: number): void {
  let n = values.length;
  while (n > 0 && values[n - 1] == 0) n--;
  if (n > 0) {
    w.tag(field, delimited).fork();
    for (let i = 0; i < n; i++) long(w, values[i]!);
    w.join();
  }
  let m = blobs.length;
  while (m > 0 && blobs[m - 1]!.length === 0) m--;
  for (let i = 0; i < m; i++) w.tag(field + 1, delimited).bytes(blobs[i]!);
}

function long(w: BinaryWriter, value: Long): void {
  if (typeof value === "number" && value === (value | 0)) w.sint32(value);
  else w.sint64(BigInt.asIntN(64, BigInt(value)));
}

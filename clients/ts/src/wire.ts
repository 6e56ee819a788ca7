import { FrameError } from "./frameerror.js";

/** Wire types of protobuf that Reader knows. */
export const varint = 0;
export const delimited = 2;

/** Integers of a message: numbers, or bigints where a number cannot hold them. */
export type Long = number | bigint;

/** Reader reads protobuf fields without making objects. A read past the end throws. */
export class Reader {
  pos: number;
  readonly data: Uint8Array;
  readonly end: number;

  constructor(data: Uint8Array, from = 0, end = data.length) {
    this.data = data;
    this.pos = from;
    this.end = end;
  }

  get more(): boolean {
    return this.pos < this.end;
  }

  /** u32 reads the low 32 bits of a varint. */
  u32(): number {
    const { data } = this;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.end) throw cut();
      const byte = data[this.pos++]!;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw malformed("a number has no end");
  }

  s32(): number {
    const u = this.u32();
    return (u >>> 1) ^ -(u & 1);
  }

  /** s64 reads a zigzag varint of 64 bits. */
  s64(): Long {
    const { data } = this;
    let low = 0; // bits 0 … 27
    let high = 0; // the rest, as a number
    let big: bigint | undefined; // the rest, if a number cannot hold it
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.end) throw cut();
      const byte = data[this.pos++]!;
      const seven = byte & 0x7f;
      if (i < 4) low |= seven << (7 * i);
      else if (i < 7) high += seven * 2 ** (7 * (i - 4));
      else big = (big ?? BigInt(high)) | (BigInt(seven) << BigInt(7 * (i - 4)));
      if (byte < 0x80) return big === undefined ? unzigSafe(high * 2 ** 28 + low) : unzigBig((big << 28n) | BigInt(low));
    }
    throw malformed("a number has no end");
  }

  fixed32(): number {
    const at = this.skip(4);
    const d = this.data;
    return (d[at]! | (d[at + 1]! << 8) | (d[at + 2]! << 16) | (d[at + 3]! << 24)) >>> 0;
  }

  double(): number {
    const { buffer, byteOffset } = this.data;
    return new DataView(buffer, byteOffset).getFloat64(this.skip(8), true);
  }

  /** bytes is a view of the frame's memory. */
  bytes(): Uint8Array {
    const n = this.u32();
    const at = this.skip(n);
    return this.data.subarray(at, at + n);
  }

  text(): string {
    return utf8(this.bytes());
  }

  /** message is a reader of a nested message. */
  message(): Reader {
    const n = this.u32();
    const at = this.skip(n);
    return new Reader(this.data, at, at + n);
  }

  /** pass skips a field that is not known. */
  pass(tag: number): void {
    switch (tag & 7) {
      case varint:
        this.u32();
        return;
      case 1:
        this.skip(8);
        return;
      case delimited:
        this.skip(this.u32());
        return;
      case 5:
        this.skip(4);
        return;
      default:
        throw malformed("a field of no known type");
    }
  }

  /** each calls read for a repeated number: one, or many packed. */
  each(tag: number, read: (reader: Reader) => void): void {
    if ((tag & 7) !== delimited) return read(this);
    for (const list = this.message(); list.more; ) read(list);
  }

  private skip(n: number): number {
    const at = this.pos;
    if (n > this.end - at) throw cut();
    this.pos = at + n;
    return at;
  }
}

const decoder = new TextDecoder();

/** utf8 decodes text; what is not UTF-8 becomes U+FFFD. */
export function utf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function unzigSafe(u: number): number {
  if (u <= 0xffffffff) return (u >>> 1) ^ -(u & 1);
  return u % 2 === 0 ? u / 2 : -(u + 1) / 2;
}

function unzigBig(u: bigint): Long {
  const value = BigInt.asIntN(64, (u >> 1n) ^ -(u & 1n));
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function cut(): FrameError {
  return malformed("cut short");
}

function malformed(why: string): FrameError {
  return new FrameError("bad message: " + why);
}

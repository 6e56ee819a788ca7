import { badFrame } from "./frameerror.js";

/** The greatest body in bytes: bit positions stay far below 2^31. */
const maxBody = 1 << 24;

/** width is the number of bits that hold 0 … n-1; n is at least 1. */
export function width(n: number): number {
  return 32 - Math.clz32(n - 1);
}

/** unzig undoes the zigzag of a signed number. */
export function unzig(u: number): number {
  return (u >>> 1) ^ -(u & 1);
}

/**
 * BitReader reads a bit stream, lowest bit of the first byte first. Reading past the end throws; but an Exp-Golomb number
 * that the end cuts is given, and what is read after it throws.
 */
export class BitReader {
  // A copy of the body with zeros after it. A number begins with a one, so none begins past the end.
  private data = new Uint8Array(2048);
  private view = new DataView(this.data.buffer);
  private pos = 0;
  private end = 0;

  /** load starts reading a body; the bytes are copied. */
  load(body: Uint8Array): void {
    const size = body.length;
    if (size > maxBody) throw badFrame("too long");
    if (size + 16 > this.data.length) {
      this.data = new Uint8Array(2 * size);
      this.view = new DataView(this.data.buffer);
    }
    this.data.set(body);
    this.data.fill(0, size, size + 16);
    this.pos = 0;
    this.end = size * 8;
  }

  /** finish throws unless all is read but the fill of the last byte. */
  finish(): void {
    const left = this.end - this.pos;
    if (left < 0) throw badFrame("cut short");
    if (left >= 8) throw badFrame("bytes left over");
    if (left > 0 && this.bits(left) !== 0) throw badFrame("fill is not zero");
  }

  /** bits reads n bits, n <= 32; 32 are a signed number. */
  bits(n: number): number {
    if (n > 16) return this.bits(16) | (this.bits(n - 16) << 16);
    const value = this.peek() & ((1 << n) - 1);
    if ((this.pos += n) > this.end) throw badFrame("cut short");
    return value;
  }

  /** eg reads an Exp-Golomb number of parameter k <= 20. It is small, so that engines put it into the loop over rows. */
  eg(k: number): number {
    const w = this.peek();
    const stop = w | 0x10000; // there are at most 16 zeros
    const z = 31 - Math.clz32(stop & -stop);
    const used = 2 * z + 1 + k;
    if (used > 25) return this.long(k, z);
    this.pos += used;
    const rest = w >>> (z + 1);
    const ones = (1 << z) - 1;
    return ((ones + (rest & ones)) << k) | ((rest >>> z) & ((1 << k) - 1));
  }

  /** long reads a number that one look may not show in full; it begins with z zeros. */
  private long(k: number, z: number): number {
    this.pos += z;
    if (z === 16) return this.bits(32) >>> 0;
    const high = this.bits(z + 1) >>> 1;
    return ((((1 << z) - 1 + high) << k) | this.bits(k)) >>> 0;
  }

  /** bytes reads n whole bytes into memory of their own. */
  bytes(n: number): Uint8Array {
    if (n * 8 > this.end - this.pos) throw badFrame("cut short");
    const out = new Uint8Array(n);
    return out.map(() => this.bits(8));
  }

  /** peek is the next 25 bits, or some more. */
  private peek(): number {
    return this.view.getUint32(this.pos >>> 3, true) >>> (this.pos & 7);
  }
}

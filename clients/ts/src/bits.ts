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

/** BitReader reads a bit stream, lowest bit of the first byte first. Reading past the end throws. */
export class BitReader {
  // A copy of the body with zeros after it, so that a read needs no bounds check before the fact.
  private data = new Uint8Array(2048);
  private view = new DataView(this.data.buffer);
  private pos = 0;
  private end = 0;

  /** load starts reading a body; the bytes are copied. */
  load(body: Uint8Array): void {
    const size = body.length;
    if (size > maxBody) throw badFrame("too long");
    if (size + 8 > this.data.length) {
      this.data = new Uint8Array(2 * size + 8);
      this.view = new DataView(this.data.buffer);
    }
    this.data.set(body);
    this.data.fill(0, size, size + 8);
    this.pos = 0;
    this.end = size * 8;
  }

  /** finish throws unless all is read but the fill of the last byte. */
  finish(): void {
    const left = this.end - this.pos;
    if (left >= 8) throw badFrame("bytes left over");
    if (left > 0 && this.bits(left) !== 0) throw badFrame("fill is not zero");
  }

  /** bits reads n bits, n <= 31. */
  bits(n: number): number {
    const value = this.peek() & ((1 << n) - 1);
    this.skip(n);
    return value;
  }

  /** eg reads an Exp-Golomb number of parameter k <= 20. */
  eg(k: number): number {
    const w = this.peek();
    if ((w & 0xffff) === 0) {
      this.skip(16);
      const raw = this.peek();
      this.skip(32);
      return raw >>> 0;
    }
    const z = 31 - Math.clz32(w & -w);
    const used = 2 * z + 1;
    const high = ((1 << z) - 1 + ((w >>> (z + 1)) & ((1 << z) - 1))) << k;
    if (used + k <= 32) {
      this.skip(used + k);
      // When used is 31, k is at most 1: shifts stay below 32.
      return (high | ((w >>> used) & ((1 << k) - 1))) >>> 0;
    }
    this.skip(used);
    const low = this.peek() & ((1 << k) - 1);
    this.skip(k);
    return (high | low) >>> 0;
  }

  /** bytes reads n whole bytes into memory of their own. */
  bytes(n: number): Uint8Array {
    if (n * 8 > this.end - this.pos) throw badFrame("cut short");
    const out = new Uint8Array(n);
    return out.map(() => this.bits(8));
  }

  private peek(): number {
    const i = this.pos >>> 3;
    const s = this.pos & 7;
    // The two shifts together are 32 - s, and give 0 when s is 0.
    return (this.view.getUint32(i, true) >>> s) | ((this.data[i + 4]! << 1) << (31 - s));
  }

  private skip(n: number): void {
    if ((this.pos += n) > this.end) throw badFrame("cut short");
  }
}

import { badFrame } from "./frameerror.js";
import { layoutOf } from "./layout.js";
import { Rows } from "./rows.js";
import type { Schema } from "./schema.js";

/** Bases of a frame: a difference to the last frame, or to nothing. Greater ones are ring: base - 1 ticks ago. */
export const chain = 0;
export const whole = 1;

/** What is added to a base if rows change their class. */
export const moves = 64;

/** The slowest class of rows: those of class c are told in every 2^c-th frame. */
export const slowest = 2;

/** The oldest base: further back the server's ring does not hold the velocities. */
const maxBase = 63;

/**
 * Replica is this client's copy of a room's state. A frame that is bad or whose hash differs leaves it untrusted: it
 * then takes only a whole frame.
 */
export class Replica {
  readonly schema: Schema;
  readonly tables: readonly Rows[];
  /** The tick of the last frame that was applied. */
  tick = 0;
  /** The highest ID told since the last whole frame; packed codec. */
  maxId = 0;
  /** Ticks between two frames from the next one on. */
  stride = 1;
  /** The stride of the last frame. */
  last = 1;
  /** The ticks of the last frames that were due for the classes; kept while some rows are slow. */
  readonly told = [0, 0, 0];
  /** Whether rows may be of other classes than 0. */
  slow = false;
  /** Whether the copy is that of tick; if not, the next frame must be whole. */
  trusted = false;

  constructor(schema: Schema) {
    this.schema = schema;
    this.tables = schema.tables.map((table) => new Rows(layoutOf(table)));
  }

  /** begin checks the base of a frame; the copy is untrusted until end. */
  begin(tick: number, base: number): void {
    const follows = this.trusted && tick > this.tick && base <= maxBase;
    const fits = base === whole || (follows && (base === chain || tick - (base - 1) === this.tick));
    this.trusted = false;
    if (!fits) throw badFrame("not a change of the state held");
    if (base !== whole) return;
    this.maxId = 0;
    this.slow = false;
    for (const rows of this.tables) rows.clear();
  }

  /** end says that a frame was applied in full. */
  end(tick: number): void {
    this.tick = tick;
    this.last = this.stride;
    this.trusted = true;
  }

  /** hash is the hash of all rows, as ServerFrame.hash. */
  hash(): number {
    let sum = 0;
    for (let table = 0; table < this.tables.length; table++) sum = (sum + hashRows(table, this.tables[table]!)) | 0;
    return sum >>> 0;
  }
}

function hashRows(table: number, rows: Rows): number {
  const { span, blobs } = rows.layout;
  const { ids, cells } = rows;
  let sum = 0;
  for (let row = 0, at = 0; row < rows.count; row++) {
    let h = mix(mix(0x7477, table), ids[row]!);
    for (const end = at + span - 1; at < end; at++) h = mix(h, cells[at]!);
    at++; // its class
    if (blobs > 0) {
      for (const { bytes } of rows.blobs[row]!) {
        h = mix(h, bytes.length);
        for (const byte of bytes) h = mix(h, byte);
      }
    }
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    sum = (sum + (h ^ (h >>> 16))) | 0;
  }
  return sum;
}

/** mix takes one word into a murmur3 hash. */
function mix(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  h ^= k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

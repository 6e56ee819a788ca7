import type { Replica } from "./replica.js";
import type { Blob, Rows } from "./rows.js";

/** Sample is the state of one tick, kept to be drawn later. */
export interface Sample {
  tick: number;
  /** The server's time of the tick, in milliseconds. */
  at: number;
  tables: SampleTable[];
}

/** SampleTable is a copy of a table's rows. */
export interface SampleTable {
  count: number;
  ids: Uint32Array;
  cells: Int32Array;
  blobs: Blob[][];
}

/** More samples than this are never needed: 300 ms at 128 a second. */
const maxSamples = 48;

/** How far ahead of the newest sample motion is carried on, in milliseconds; then it stops. */
const maxAhead = 100;

/** Samples are the last states, oldest first. */
export class Samples {
  readonly list: Sample[] = [];
  private readonly spare: Sample[] = [];

  /** take copies the state of a tick. */
  take(replica: Replica, at: number): void {
    const last = this.list[this.list.length - 1];
    if (last && at <= last.at) this.clear(); // time went back: a new beginning
    if (this.list.length === maxSamples) this.spare.push(this.list.shift()!);
    const sample = this.spare.pop() ?? { tick: 0, at: 0, tables: [] };
    sample.tick = replica.tick;
    sample.at = at;
    replica.tables.forEach((rows, i) => (sample.tables[i] = copy(rows, sample.tables[i])));
    this.list.push(sample);
  }

  /** clear drops all. */
  clear(): void {
    this.spare.push(...this.list.splice(0));
  }

  /** forget drops the samples that are not needed to draw a moment or a later one. */
  forget(moment: number): void {
    while (this.list.length > 2 && this.list[1]!.at <= moment) this.spare.push(this.list.shift()!);
  }
}

/** Between says how to draw a moment: each value is that of `from` plus `share` of the way to `to`. */
export interface Between<T> {
  from: T;
  to?: T;
  share: number;
}

/**
 * between finds how to draw a moment out of samples in order of time. Before the first one it is the first; after the
 * last one motion goes on for 100 ms, which is a negative share of the way back.
 */
export function between<T extends { readonly at: number }>(samples: readonly T[], moment: number): Between<T> | undefined {
  let i = samples.length - 1;
  while (i > 0 && samples[i]!.at > moment) i--;
  const from = samples[i];
  if (!from) return undefined;
  const after = samples[i + 1];
  if (moment <= from.at) return { from, share: 0 };
  if (after) return { from, to: after, share: (moment - from.at) / (after.at - from.at) };
  const before = samples[i - 1];
  if (!before) return { from, share: 0 };
  return { from, to: before, share: -Math.min(moment - from.at, maxAhead) / (from.at - before.at) };
}

function copy(rows: Rows, old: SampleTable | undefined): SampleTable {
  const { count, layout } = rows;
  const size = count * layout.span;
  const fits = old !== undefined && old.ids.length >= count && old.cells.length >= size;
  const table = fits ? old : { count, ids: new Uint32Array(rows.ids.length), cells: new Int32Array(rows.cells.length), blobs: [] };
  table.count = count;
  table.ids.set(rows.ids.subarray(0, count));
  table.cells.set(rows.cells.subarray(0, size));
  table.blobs = layout.blobs > 0 ? rows.blobs.map((blobs) => blobs.slice()) : [];
  return table;
}

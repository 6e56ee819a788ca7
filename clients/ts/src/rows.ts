import { badFrame } from "./frameerror.js";
import type { Layout } from "./layout.js";

/** Blob is a string or bytes of a row. It never changes, so rows and copies may share it. */
export interface Blob {
  readonly bytes: Uint8Array;
  /** The text, once it was asked for. */
  text?: string;
}

/** RowWatch is told where rows go. */
export interface RowWatch {
  /** A row is about to leave; whole says that all do, and that some may enter again before the frame ends. */
  leave(row: number, whole: boolean): void;
  /** A row takes another place. The rows that move up are told from the first, those that move down from the last. */
  move(from: number, to: number): void;
  /** A row has entered. */
  enter(id: number, row: number): void;
  /** All rows are in their places. */
  settled(): void;
}

export const noBlob: Blob = { bytes: new Uint8Array(0), text: "" };

/** The greatest number of rows of a table: it bounds what a frame can cost. */
const maxRows = 1 << 20;

/** Rows are the rows of one table that this client holds, ascending by ID, cells, velocities and class side by side. */
export class Rows {
  readonly layout: Layout;
  count = 0;
  ids = new Uint32Array(16);
  cells: Int32Array;
  blobs: Blob[][] = [];
  // Rows that enter, until merge puts them in their places.
  staged = 0;
  stagedIds = new Uint32Array(4);
  stagedCells: Int32Array;
  stagedBlobs: Blob[][] = [];
  watch: RowWatch | undefined;

  constructor(layout: Layout) {
    this.layout = layout;
    this.cells = new Int32Array(16 * layout.span);
    this.stagedCells = new Int32Array(4 * layout.span);
  }

  /** find is the index of the row with this ID, or -1. */
  find(id: number): number {
    return findId(this.ids, this.count, id);
  }

  /** clear drops all rows, for a whole frame. */
  clear(): void {
    for (let row = 0; row < this.count; row++) this.watch?.leave(row, true);
    this.blobs.length = 0;
    this.count = 0;
    this.staged = 0;
  }

  /** remove drops n rows given by index, strictly ascending, in a list with space for one more. */
  remove(gone: Uint32Array, n: number): void {
    const { span, blobs } = this.layout;
    let to = gone[0]!;
    gone[n] = this.count;
    for (let j = 0; j < n; j++) {
      const from = gone[j]! + 1;
      const end = gone[j + 1]!;
      this.watch?.leave(from - 1, false);
      for (let row = from; row < end; row++) this.watch?.move(row, to + row - from);
      this.ids.copyWithin(to, from, end);
      this.cells.copyWithin(to * span, from * span, end * span);
      if (blobs > 0) this.blobs.copyWithin(to, from, end);
      to += end - from;
    }
    this.count = to;
    if (blobs > 0) this.blobs.length = to;
  }

  /** stage makes place for a row that enters, like the one staged before it, and is its first cell in stagedCells. */
  stage(id: number): number {
    const { span, blobs } = this.layout;
    const n = this.staged++;
    if (this.count + n >= maxRows) throw badFrame("too many rows");
    if (n === this.stagedIds.length) {
      this.stagedIds = grow(this.stagedIds, new Uint32Array(2 * n));
      this.stagedCells = grow(this.stagedCells, new Int32Array(2 * n * span));
    }
    this.stagedIds[n] = id;
    const at = n * span;
    if (n > 0) this.stagedCells.copyWithin(at, at - span, at);
    else this.stagedCells.fill(0, 0, span);
    if (blobs > 0) this.stagedBlobs[n] = n > 0 ? this.stagedBlobs[n - 1]!.slice() : new Array<Blob>(blobs).fill(noBlob);
    return at;
  }

  /** merge puts the staged rows in their places; their IDs ascend. */
  merge(): void {
    const { span, blobs } = this.layout;
    const { staged } = this;
    let held = this.count - 1;
    let next = staged - 1;
    this.count += staged;
    if (this.count > this.ids.length) {
      const size = Math.max(this.count, 2 * this.ids.length);
      this.ids = grow(this.ids, new Uint32Array(size));
      this.cells = grow(this.cells, new Int32Array(size * span));
    }
    for (let to = this.count - 1; next >= 0; to--) {
      const id = this.stagedIds[next]!;
      const there = held < 0 ? 0 : this.ids[held]!;
      if (there === id) throw badFrame("a row twice");
      const stays = there > id;
      const from = stays ? held-- : next--;
      const cells = stays ? this.cells : this.stagedCells;
      this.ids[to] = stays ? there : id;
      for (let i = 0; i < span; i++) this.cells[to * span + i] = cells[from * span + i]!;
      if (blobs > 0) this.blobs[to] = (stays ? this.blobs : this.stagedBlobs)[from]!;
      if (stays) this.watch?.move(from, to);
      else this.watch?.enter(id, to);
    }
    this.staged = 0;
    this.stagedBlobs.length = 0;
    this.watch?.settled();
  }
}

/** findId is the index of an ID among the first n, which ascend, or -1. */
export function findId(ids: Uint32Array, n: number, id: number): number {
  let low = 0;
  let high = n - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const there = ids[middle]!;
    if (there === id) return middle;
    if (there < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function grow<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

import type { Layout } from "./layout.js";
import { type Blob, noBlob, type Rows, type RowWatch } from "./rows.js";

/** Store is where the values of rows are. */
export interface Store {
  readonly cells: Int32Array | Float64Array;
  /** The blobs of each row. Empty if the table has none. */
  readonly blobs: readonly Blob[][];
}

/** Handle says where one row is now; the row's object reads through it. */
export interface Handle {
  store: Store;
  /** The index of the row. */
  row: number;
  /** The index of its first cell. */
  at: number;
  /** The row's object. */
  view?: unknown;
}

/** RowSource is where the rows of a Table are: the copy itself, or a picture between two moments. */
export interface RowSource {
  readonly count: number;
  readonly ids: Uint32Array;
  find(id: number): number;
  handle(row: number): Handle;
  /** The handle of a row that may not be there; it shows zeros until the row comes. */
  awaited(id: number): Handle;
}

/** Handles gives and keeps up the handles of a table's rows: one for each row that somebody has asked for. */
export class Handles implements RowSource, RowWatch {
  private readonly rows: Rows;
  // The row of a Var keeps its object through every absence.
  private readonly lasting: boolean;
  private readonly list: (Handle | undefined)[] = [];
  // Handles of rows that a whole frame dropped; a row that is in that frame, too, gets its own again.
  private readonly orphans = new Map<number, Handle>();

  constructor(rows: Rows, lasting: boolean) {
    this.rows = rows;
    this.lasting = lasting;
    rows.watch = this;
  }

  get count(): number {
    return this.rows.count;
  }

  get ids(): Uint32Array {
    return this.rows.ids;
  }

  find(id: number): number {
    return this.rows.find(id);
  }

  handle(row: number): Handle {
    while (this.list.length <= row) this.list.push(undefined); // no holes: arrays with holes are slow
    return (this.list[row] ??= { store: this.rows, row, at: row * this.rows.layout.span });
  }

  awaited(id: number): Handle {
    const row = this.find(id);
    if (row >= 0) return this.handle(row);
    const handle = this.orphans.get(id) ?? emptyHandle(this.rows.layout);
    this.orphans.set(id, handle);
    return handle;
  }

  leave(row: number, whole: boolean): void {
    const handle = this.list[row];
    if (!handle) return;
    if (whole || this.lasting) this.orphans.set(this.rows.ids[row]!, handle);
    detach(handle, this.rows.layout);
    this.list[row] = undefined;
  }

  move(from: number, to: number): void {
    const handle = this.list[from];
    if (from < this.list.length) this.list[from] = undefined;
    this.seat(handle, to);
  }

  enter(id: number, row: number): void {
    this.seat(this.orphans.get(id), row);
    this.orphans.delete(id);
  }

  settled(): void {
    if (!this.lasting) this.orphans.clear();
    if (this.list.length > this.rows.count) this.list.length = this.rows.count;
  }

  private seat(handle: Handle | undefined, row: number): void {
    if (!handle) {
      if (row < this.list.length) this.list[row] = undefined;
      return;
    }
    while (this.list.length <= row) this.list.push(undefined);
    this.list[row] = handle;
    handle.store = this.rows;
    handle.row = row;
    handle.at = row * this.rows.layout.span;
  }
}

/** detach lets the object of a row that goes keep the values it has. */
export function detach(handle: Handle, layout: Layout): void {
  const { cells, blobs } = handle.store;
  const own = blobs[handle.row];
  handle.store = { cells: cells.slice(handle.at, handle.at + layout.span), blobs: own ? [own] : [] };
  handle.row = 0;
  handle.at = 0;
}

/** emptyHandle is the handle of a row of zeros. */
export function emptyHandle(layout: Layout): Handle {
  const blobs = layout.blobs > 0 ? [new Array<Blob>(layout.blobs).fill(noBlob)] : [];
  return { store: { cells: new Int32Array(layout.span), blobs }, row: 0, at: 0 };
}

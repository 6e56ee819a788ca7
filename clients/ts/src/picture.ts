import { detach, emptyHandle, type Handle, type RowSource, type Store } from "./handles.js";
import { type Layout, layoutOf, type Slot } from "./layout.js";
import { type Blob, findId } from "./rows.js";
import type { Between, Sample, SampleTable } from "./samples.js";
import { Kind, type Schema, type TableSchema } from "./schema.js";

/** Picture is the state of a moment between two ticks. Its rows are those that were there at the tick before. */
export class Picture {
  readonly tables: readonly PictureTable[];

  constructor(schema: Schema) {
    this.tables = schema.tables.map((table) => new PictureTable(table));
  }

  /** draw makes it the picture of a moment. stride is the number of ticks between two frames. */
  draw({ from, to, share }: Between<Sample>, stride: number): void {
    const frames = to ? Math.max(1, Math.abs(to.tick - from.tick) / stride) : 1;
    this.tables.forEach((table, i) => table.draw(from.tables[i]!, to?.tables[i], share, frames));
  }
}

interface Lerp {
  readonly slot: Slot;
  readonly unsigned: boolean;
  /** 2^bits for an angle, else 0. */
  readonly turn: number;
}

/** PictureTable is one table of a picture. Its cells need not be whole numbers. */
export class PictureTable implements RowSource, Store {
  count = 0;
  ids = new Uint32Array(16);
  cells: Float64Array;
  blobs: readonly Blob[][] = [];

  private readonly layout: Layout;
  private readonly lerps: readonly Lerp[];
  private readonly lasting: boolean;
  private readonly handles = new Map<number, Handle>();

  constructor(table: TableSchema) {
    this.layout = layoutOf(table);
    this.lasting = table.single;
    this.cells = new Float64Array(16 * this.layout.span);
    this.lerps = table.columns.flatMap((c, i) => {
      const moves = c.kind === Kind.POS || c.kind === Kind.INT || c.kind === Kind.FLOAT || c.kind === Kind.ANGLE;
      if (!c.lerp || !moves) return [];
      return [{ slot: this.layout.columns[i]!, unsigned: c.unsigned, turn: c.kind === Kind.ANGLE ? 2 ** c.bits : 0 }];
    });
  }

  find(id: number): number {
    return findId(this.ids, this.count, id);
  }

  handle(row: number): Handle {
    const id = this.ids[row]!;
    let handle = this.handles.get(id);
    if (!handle) this.handles.set(id, (handle = { store: this, row, at: row * this.layout.span }));
    return handle;
  }

  awaited(id: number): Handle {
    const handle = this.handles.get(id) ?? emptyHandle(this.layout);
    this.handles.set(id, handle);
    return handle;
  }

  /** draw takes the rows of `from`, moved by a share of the way to where they are in `to`. */
  draw(from: SampleTable, to: SampleTable | undefined, share: number, frames: number): void {
    const same = this.sameRows(from);
    if (!same) this.unseat(from);
    this.reserve(from);
    const size = from.count * this.layout.span;
    for (let i = 0; i < size; i++) this.cells[i] = from.cells[i]!;
    this.blobs = from.blobs;
    if (!same) this.seat();
    if (to && share !== 0 && this.lerps.length > 0) this.move(from, to, share, frames);
  }

  private move(from: SampleTable, to: SampleTable, share: number, frames: number): void {
    const { span } = this.layout;
    for (let row = 0, other = 0; row < from.count; row++) {
      const id = from.ids[row]!;
      while (other < to.count && to.ids[other]! < id) other++;
      if (other === to.count) return;
      if (to.ids[other] !== id) continue;
      this.moveRow(from.cells, row * span, to.cells, other * span, share, frames);
    }
  }

  private moveRow(from: Int32Array, a: number, to: Int32Array, b: number, share: number, frames: number): void {
    for (const { slot } of this.lerps) {
      if (slot.kind !== Kind.POS) continue;
      const step = Math.abs((to[b + slot.cell]! - from[a + slot.cell]!) | 0);
      if (step > slot.jump * frames) return; // it jumped: it stays where it is until then
    }
    for (const { slot, unsigned, turn } of this.lerps) {
      const start = from[a + slot.cell]!;
      const way = (to[b + slot.cell]! - start) | 0;
      let value: number;
      if (turn > 0) {
        value = ((start >>> 0) + ((way << slot.shift) >> slot.shift) * share) % turn;
        if (value < 0) value += turn;
      } else {
        value = unsigned ? Math.max(0, (start >>> 0) + way * share) : start + way * share;
      }
      this.cells[a + slot.cell] = value;
    }
  }

  private sameRows(from: SampleTable): boolean {
    if (from.count !== this.count) return false;
    for (let row = 0; row < this.count; row++) {
      if (from.ids[row] !== this.ids[row]) return false;
    }
    return true;
  }

  private reserve(from: SampleTable): void {
    if (from.count > this.ids.length) {
      this.ids = new Uint32Array(from.ids.length);
      this.cells = new Float64Array(from.ids.length * this.layout.span);
    }
    this.ids.set(from.ids.subarray(0, from.count));
    this.count = from.count;
  }

  /** unseat lets the objects of rows that are not in `from` keep their last values. */
  private unseat(from: SampleTable): void {
    for (const [id, handle] of this.handles) {
      if (handle.store !== this || findId(from.ids, from.count, id) >= 0) continue;
      detach(handle, this.layout);
      if (!this.lasting) this.handles.delete(id);
    }
  }

  private seat(): void {
    for (const [id, handle] of this.handles) {
      const row = this.find(id);
      if (row < 0) continue;
      handle.store = this;
      handle.row = row;
      handle.at = row * this.layout.span;
    }
  }
}

import { Handles, type RowSource } from "./handles.js";
import type { Replica } from "./replica.js";
import type { Schema } from "./schema.js";
import { Shape } from "./shape.js";
import type { Table } from "./table.js";

/** The ID of a Var's only row. */
const varId = 1;

/** liveState is the state of a copy, which must have no other. */
export function liveState({ schema, tables }: Replica): object {
  return makeState(schema, schema.tables.map((table, i) => new Handles(tables[i]!, table.single)));
}

/** makeState makes the objects by which a program reads tables: one property for each. */
export function makeState(schema: Schema, sources: readonly RowSource[]): object {
  const state = {};
  schema.tables.forEach((table, i) => {
    const source = sources[i]!;
    const shape = new Shape(table);
    const value = table.single ? shape.view(source.awaited(varId)) : new RowTable(source, shape);
    Object.defineProperty(state, table.name, { value, enumerable: true });
  });
  return state;
}

class RowTable implements Table<unknown> {
  readonly #source: RowSource;
  readonly #shape: Shape;

  constructor(source: RowSource, shape: Shape) {
    this.#source = source;
    this.#shape = shape;
  }

  get size(): number {
    return this.#source.count;
  }

  get(id: number): unknown {
    const row = this.#source.find(id);
    return row < 0 ? undefined : this.#shape.view(this.#source.handle(row));
  }

  has(id: number): boolean {
    return this.#source.find(id) >= 0;
  }

  *ids(): IterableIterator<number> {
    for (let row = 0; row < this.#source.count; row++) yield this.#source.ids[row]!;
  }

  *values(): IterableIterator<unknown> {
    for (let row = 0; row < this.#source.count; row++) yield this.#shape.view(this.#source.handle(row));
  }

  *[Symbol.iterator](): Iterator<[number, unknown]> {
    const source = this.#source;
    for (let row = 0; row < source.count; row++) yield [source.ids[row]!, this.#shape.view(source.handle(row))];
  }

  /** So that JSON shows a table as an object of rows by ID. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this);
  }
}

import { Kind, type Column, type Schema, type TableSchema } from "../src/schema.js";

/** hex makes bytes of hex digits; blanks are skipped. */
export function hex(digits: string): Uint8Array {
  const clean = digits.replace(/\s/g, "");
  return Uint8Array.from({ length: clean.length / 2 }, (_, i) => parseInt(clean.slice(2 * i, 2 * i + 2), 16));
}

/** toHex is the digits of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** column is a column with the defaults of its kind. */
export function column(name: string, kind: Kind, more: Partial<Column> = {}): Column {
  const bits = kind === Kind.BOOL ? 1 : kind === Kind.WIDE ? 64 : kind === Kind.STRING || kind === Kind.BYTES ? 0 : kind === Kind.ANGLE ? 8 : 32;
  const k = kind === Kind.POS ? 0 : 2;
  const ke = kind === Kind.POS ? 11 : kind === Kind.ANGLE ? 7 : 6;
  return { name, kind, bits, k, ke, jump: 0, unsigned: false, unit: 1, drop: 0, lerp: false, step: 0, ...more };
}

/** table is a table of columns. */
export function table(name: string, columns: Column[], more: Partial<TableSchema> = {}): TableSchema {
  return { name, columns, order: [], single: false, ...more };
}

/** schemaOf is a schema with tables only. */
export function schemaOf(...tables: TableSchema[]): Schema {
  return { tables, commands: [], events: [] };
}

/** random is a small seeded generator of numbers from 0 to 1, so that a failure can be seen again. */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

import { readdirSync, readFileSync } from "node:fs";
import type { Schema, TableSchema } from "../src/schema.js";

export interface VectorRow {
  id: number;
  cells: number[] | null;
  texts: string[] | null;
  velocities: number[] | null;
}

export interface VectorFrame {
  tick: number;
  base: number;
  body: string;
  delta: string;
  hash: number;
  state: (VectorRow[] | null)[];
}

export interface Vector {
  name: string;
  why: string;
  schema: { tables: TableSchema[] };
  frames: VectorFrame[];
}

export interface Malformed {
  name: string;
  why: string;
  schema: { tables: TableSchema[] };
  setup: VectorFrame[] | null;
  bodies: (VectorFrame & { why: string })[];
}

const folder = new URL("../../../proto/testdata/vectors/", import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

/** vectors are the golden cases that clients in all languages read. */
export const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && file !== "malformed.json")
  .map((file) => read(file) as Vector);

/** malformed are the bodies that all must refuse. */
export const malformed = read("malformed.json") as Malformed[];

/** schemaOfVector is the schema of a case. Go writes empty lists as null. */
export function schemaOfVector({ schema }: { schema: { tables: TableSchema[] } }): Schema {
  const tables = schema.tables.map((t) => ({ ...t, order: t.order ?? [], columns: t.columns ?? [] }));
  return { tables, commands: [], events: [] };
}

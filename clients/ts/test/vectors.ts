import { readdirSync, readFileSync } from "node:fs";
import type { Schema, TableSchema } from "../src/schema.js";

export interface VectorRow {
  id: number;
  cells: number[];
  texts: string[];
  velocities: number[];
}

export interface VectorFrame {
  tick: number;
  base: number;
  stride: number;
  body: string;
  delta: string;
  hash: number;
  state: VectorRow[][];
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
  setup: Pick<VectorFrame, "tick" | "base" | "body" | "delta">[];
  bodies: (Pick<VectorFrame, "tick" | "base" | "body"> & { why: string })[];
  deltas: (Pick<VectorFrame, "tick" | "base" | "delta"> & { why: string })[];
}

const folder = new URL("../../../proto/testdata/vectors/", import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

/** vectors are the golden cases that clients in all languages read. */
export const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && file !== "malformed.json")
  .map((file) => read(file) as Vector);

/** malformed are the bodies and deltas that all must refuse. */
export const malformed = read("malformed.json") as Malformed[];

/** schemaOfVector is the schema of a case. */
export function schemaOfVector({ schema: { tables } }: { schema: { tables: TableSchema[] } }): Schema {
  return { tables, commands: [], events: [] };
}

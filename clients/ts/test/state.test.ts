import { describe, expect, test } from "vitest";
import { Replica } from "../src/replica.js";
import { Kind, type Schema } from "../src/schema.js";
import { liveState } from "../src/state.js";
import type { Table } from "../src/table.js";
import { column, schemaOf, table } from "./support.js";

/** put makes rows enter with these cells. */
function put(replica: Replica, index: number, rows: Record<number, number[]>, texts: string[] = []): void {
  const t = replica.tables[index]!;
  for (const [id, cells] of Object.entries(rows)) {
    const at = t.stage(Number(id));
    t.stagedCells.fill(0, at, at + t.layout.span);
    cells.forEach((cell, i) => (t.stagedCells[at + i] = cell));
    texts.forEach((text, i) => (t.stagedBlobs[t.staged - 1]![i] = { bytes: new TextEncoder().encode(text) }));
  }
  t.merge();
}

function live<S>(schema: Schema): { replica: Replica; state: S } {
  const replica = new Replica(schema);
  return { replica, state: liveState(replica) as S };
}

test("values are read as their columns say", () => {
  const { replica, state } = live<{ t: Table<unknown> }>(
    schemaOf(
      table("t", [
        column("pos.x", Kind.POS, { unit: 1024, drop: 5 }),
        column("pos.y", Kind.POS, { unit: 1024, drop: 5 }),
        column("dir", Kind.ANGLE),
        column("turn", Kind.ANGLE, { unsigned: true }),
        column("big", Kind.INT, { unsigned: true }),
        column("on", Kind.BOOL),
        column("gold", Kind.WIDE),
        column("mask", Kind.WIDE, { unsigned: true }),
        column("heat", Kind.FLOAT, { step: 0.25 }),
        column("cells.0", Kind.INT),
        column("cells.1", Kind.INT),
        column("grid.0.a", Kind.INT),
        column("grid.1.a", Kind.INT),
        column("name", Kind.STRING),
        column("raw", Kind.BYTES),
      ]),
    ),
  );
  put(replica, 0, { 4: [32, -32, 200, 200, -1, 1, -2, -1, -1, -1, 6, 8, 9, 5, 6] }, ["Zoë", "ab"]);
  const row = state.t.get(4);
  expect(row).toEqual({
    pos: { x: 1, y: -1 },
    dir: -56,
    turn: 200,
    big: 2 ** 32 - 1,
    on: true,
    gold: -2n,
    mask: 2n ** 64n - 1n,
    heat: 1.5,
    cells: [8, 9],
    grid: [{ a: 5 }, { a: 6 }],
    name: "Zoë",
    raw: new TextEncoder().encode("ab"),
  });
  expect(Array.isArray((row as { cells: unknown }).cells)).toBe(true);
  expect({ ...(row as object) }).toEqual(row);
  expect(() => ((row as { heat: number }).heat = 3)).toThrow(TypeError);
});

describe("objects of rows", () => {
  const schema = schemaOf(table("t", [column("v", Kind.INT), column("s", Kind.STRING)]), table("w", [column("v", Kind.INT)], { single: true }));
  type S = { t: Table<{ v: number; s: string }>; w: { v: number } };

  test("stay the same through moves, growth and whole frames, and are live", () => {
    const { replica, state } = live<S>(schema);
    put(replica, 0, { 5: [50], 9: [90] }, ["x"]);
    const nine = state.t.get(9)!;
    put(replica, 0, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i + 10, [i]])), ["y"]);
    put(replica, 0, { 1: [10] });
    expect([nine.v, nine.s, state.t.get(9) === nine]).toEqual([90, "x", true]);
    replica.tables[0]!.remove(Uint32Array.of(0, 1, 0), 2);
    expect([nine.v, nine.s, state.t.get(9) === nine, state.t.get(5)]).toEqual([90, "x", true, undefined]);
    replica.tables[0]!.cells[0] = 91;
    expect(nine.v).toBe(91);
    replica.begin(7, 1);
    put(replica, 0, { 3: [30], 9: [99] }, ["z"]);
    expect([nine.v, nine.s, state.t.get(9) === nine]).toEqual([99, "z", true]);
    expect([...state.t].map(([id, row]) => [id, row.v])).toEqual([[3, 30], [9, 99]]);
    expect([...state.t.ids()]).toEqual([3, 9]);
    expect([state.t.size, state.t.has(3), state.t.has(4)]).toEqual([2, true, false]);
  });

  test("keep their last values when the row has gone, and are new when it comes back", () => {
    const { replica, state } = live<S>(schema);
    put(replica, 0, { 1: [10], 2: [20] }, ["s"]);
    const one = state.t.get(1)!;
    replica.tables[0]!.remove(Uint32Array.of(0, 0), 1);
    put(replica, 0, { 1: [11] });
    expect([one.v, one.s]).toEqual([10, "s"]);
    expect(state.t.get(1)).not.toBe(one);
    const two = state.t.get(2)!;
    replica.begin(9, 1);
    put(replica, 0, { 1: [12] });
    expect(two.v).toBe(20);
    put(replica, 0, { 2: [21] });
    expect(two.v).toBe(20);
  });

  test("the object of a Var is there before its row, and lasts", () => {
    const { replica, state } = live<S>(schema);
    const { w } = state;
    expect(w.v).toBe(0);
    replica.begin(1, 1);
    put(replica, 1, { 1: [3] });
    expect([w.v, state.w === w]).toEqual([3, true]);
    replica.tables[1]!.remove(Uint32Array.of(0, 0), 1);
    put(replica, 1, {});
    expect(w.v).toBe(3);
    put(replica, 1, { 1: [4] });
    expect(w.v).toBe(4);
    replica.begin(9, 1);
    put(replica, 1, { 1: [5] });
    expect(w.v).toBe(5);
  });
});

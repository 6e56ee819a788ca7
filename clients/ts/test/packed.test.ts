import { expect, test } from "vitest";
import { applyPacked } from "../src/packed.js";
import { Replica } from "../src/replica.js";
import { Kind } from "../src/schema.js";
import { column, hex, schemaOf, table } from "./support.js";

const ships = schemaOf(
  table("ships", [
    column("x", Kind.POS),
    column("y", Kind.POS),
    column("angle", Kind.ANGLE, { unsigned: true }),
    column("hp", Kind.INT, { bits: 8, unsigned: true }),
    column("on", Kind.BOOL),
  ]),
);

const example = [
  { tick: 1, base: 1, body: "ce 47 64 44 32 54 90 23 1b ab 11 c7 70 01", hash: 0xe3ea6395, ids: [1, 2], x: [100, -7] },
  { tick: 2, base: 0, body: "23 70 b3 06", hash: 0xe2146365, ids: [1, 2], x: [113, -7] },
  { tick: 3, base: 0, body: "1a 75 94 4a 45 05 44 05 90 03", hash: 0xec4e4383, ids: [1, 3], x: [127, 5] },
  { tick: 6, base: 4, body: "64 28 a2 07", hash: 0x2ddc5b9c, ids: [1, 3], x: [165, 5] },
];

test("the worked example of the protocol", () => {
  const replica = new Replica(ships);
  for (const frame of example) {
    applyPacked(replica, frame.tick, frame.base, hex(frame.body));
    const rows = replica.tables[0]!;
    expect([...rows.ids.subarray(0, rows.count)]).toEqual(frame.ids);
    expect(frame.ids.map((_, row) => rows.cells[row * rows.layout.span])).toEqual(frame.x);
    expect(replica.hash()).toBe(frame.hash);
    expect(replica.tick).toBe(frame.tick);
  }
});

test.each([
  { why: "a chain frame needs a state", setup: 0, tick: 2, base: 0, body: "23 70 b3 06" },
  { why: "a ring frame of another tick", setup: 3, tick: 7, base: 4, body: "64 28 a2 07" },
  { why: "a frame of the past", setup: 2, tick: 2, base: 0, body: "23 70 b3 06" },
  { why: "cut short", setup: 1, tick: 2, base: 0, body: "23 70" },
  { why: "a byte left over", setup: 1, tick: 2, base: 0, body: "23 70 b3 06 00" },
  { why: "empty", setup: 0, tick: 1, base: 1, body: "" },
])("refused: $why", ({ setup, tick, base, body }) => {
  const replica = new Replica(ships);
  for (const frame of example.slice(0, setup)) applyPacked(replica, frame.tick, frame.base, hex(frame.body));
  expect(() => applyPacked(replica, tick, base, hex(body))).toThrow(/bad frame/);
  expect(replica.trusted).toBe(false);
  expect(() => applyPacked(replica, tick + 1, 0, hex("0d"))).toThrow(/bad frame/);
  const whole = example[0]!;
  applyPacked(replica, whole.tick, 1, hex(whole.body));
  expect(replica.hash()).toBe(whole.hash);
});

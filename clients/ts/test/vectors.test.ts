import { describe, expect, test } from "vitest";
import { applyPacked } from "../src/packed.js";
import { applyPlain } from "../src/plain.js";
import { moves, Replica } from "../src/replica.js";
import { hex, toHex } from "./support.js";
import { malformed, schemaOfVector, vectors } from "./vectors.js";

test("there are vectors", () => expect(vectors.map((v) => v.name)).toContain("worked-example"));

for (const vector of vectors) {
  describe(`${vector.name}: ${vector.why}`, () => {
    test.each(["packed", "plain"] as const)("%s", (codec) => {
      const replica = new Replica(schemaOfVector(vector));
      for (const frame of vector.frames) {
        replica.stride = frame.stride;
        if (codec === "packed") applyPacked(replica, frame.tick, frame.base, hex(frame.body));
        else applyPlain(replica, frame.tick, frame.base & ~moves, hex(frame.delta));
        expect(stateOf(replica), `tick ${frame.tick}`).toEqual(frame.state);
        expect(replica.hash(), `tick ${frame.tick}`).toBe(frame.hash);
      }
    });
  });
}

for (const group of malformed) {
  const cases = (["body", "delta"] as const).flatMap((codec) =>
    (codec === "body" ? group.bodies : group.deltas).map((bad) => ({ codec, ...bad })),
  );
  test.each(cases)(`${group.name}: $why`, ({ codec, tick, base, ...bad }) => {
    const replica = new Replica(schemaOfVector(group));
    const apply = (at: number, from: number, bytes: { body?: string; delta?: string }): void =>
      (codec === "body" ? applyPacked : applyPlain)(replica, at, from, hex(bytes[codec]!));
    for (const frame of group.setup) apply(frame.tick, codec === "body" ? frame.base : frame.base & ~moves, frame);
    expect(() => apply(tick, base, bad)).toThrow(/bad frame/);
    expect(replica.trusted).toBe(false);
    const first = group.setup.find((frame) => (frame.base & ~moves) === 1);
    if (!first) return;
    expect(() => apply(tick + 1, 0, bad)).toThrow(/bad frame/);
    apply(first.tick, codec === "body" ? first.base : 1, first);
    expect(replica.trusted).toBe(true);
  });
}

function stateOf(replica: Replica): unknown {
  return replica.tables.map((rows) =>
    Array.from({ length: rows.count }, (_, row) => {
      const { span, cells } = rows.layout;
      const at = row * span;
      return {
        id: rows.ids[row],
        cells: [...rows.cells.subarray(at, at + cells)],
        texts: (rows.blobs[row] ?? []).map((blob) => toHex(blob.bytes)),
        velocities: [...rows.cells.subarray(at + cells, at + span - 1)],
      };
    }),
  );
}

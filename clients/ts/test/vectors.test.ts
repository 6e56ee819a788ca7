import { describe, expect, test } from "vitest";
import { applyPacked } from "../src/packed.js";
import { applyPlain } from "../src/plain.js";
import { Replica } from "../src/replica.js";
import { hex, toHex } from "./support.js";
import { malformed, schemaOfVector, type VectorFrame, vectors } from "./vectors.js";

test("there are vectors", () => expect(vectors.map((v) => v.name)).toContain("worked-example"));

for (const vector of vectors) {
  describe(`${vector.name}: ${vector.why}`, () => {
    test.each(["packed", "plain"] as const)("%s", (codec) => {
      const replica = new Replica(schemaOfVector(vector));
      for (const frame of vector.frames) {
        if (codec === "packed") applyPacked(replica, frame.tick, frame.base, hex(frame.body));
        else applyPlain(replica, frame.tick, frame.base, hex(frame.delta));
        expect(stateOf(replica), `tick ${frame.tick}`).toEqual(expected(frame));
        expect(replica.hash(), `tick ${frame.tick}`).toBe(frame.hash);
      }
    });
  });
}

for (const group of malformed) {
  test.each(group.bodies)(`${group.name}: $why`, ({ tick, base, body }) => {
    const replica = new Replica(schemaOfVector(group));
    for (const frame of group.setup ?? []) applyPacked(replica, frame.tick, frame.base, hex(frame.body));
    expect(() => applyPacked(replica, tick, base, hex(body))).toThrow(/bad frame/);
    expect(replica.trusted).toBe(false);
    const first = group.setup?.find((frame) => frame.base === 1);
    if (!first) return;
    expect(() => applyPacked(replica, tick + 1, 0, hex(body))).toThrow(/bad frame/);
    applyPacked(replica, first.tick, 1, hex(first.body));
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
        velocities: [...rows.cells.subarray(at + cells, at + span)],
      };
    }),
  );
}

function expected(frame: VectorFrame): unknown {
  return frame.state.map((rows) =>
    (rows ?? []).map(({ id, cells, texts, velocities }) => ({ id, cells: cells ?? [], texts: texts ?? [], velocities: velocities ?? [] })),
  );
}

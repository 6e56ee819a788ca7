import { create, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { FrameError } from "../src/frameerror.js";
import { ServerFrameSchema } from "../src/gen/tickwire/v1/session_pb.js";
import { applyPacked } from "../src/packed.js";
import { applyPlain } from "../src/plain.js";
import { moves, Replica } from "../src/replica.js";
import { Kind, type Schema } from "../src/schema.js";
import { readServerFrame } from "../src/serverframe.js";
import { liveState } from "../src/state.js";
import { bodies, schema as fakeSchema, schemaFrom } from "./fake.js";
import { hex, random } from "./support.js";
import { schemaOfVector, vectors } from "./vectors.js";

/** corrupt flips, cuts, adds or replaces a few bytes. */
function corrupt(bytes: Uint8Array, next: () => number): Uint8Array {
  const int = (n: number): number => Math.floor(next() * n);
  const out = [...bytes];
  for (let times = 1 + int(3); times > 0; times--) {
    const at = int(out.length + 1);
    const kind = int(4);
    if (kind === 0) out.splice(at, 1 + int(4));
    else if (kind === 1) out.splice(at, 0, int(256));
    else if (kind === 2) out[at] = (out[at] ?? 0) ^ (1 << int(8));
    else out[at] = int(256);
  }
  return Uint8Array.from(out);
}

test.each(["packed", "plain"] as const)("20,000 corrupted %s frames give a typed error or a copy", (codec) => {
  const next = random(7);
  const apply = codec === "packed" ? applyPacked : applyPlain;
  let refused = 0;
  for (let n = 0; n < 20_000; n++) {
    const vector = vectors[n % vectors.length]!;
    const replica = new Replica(schemaOfVector(vector));
    const victim = Math.floor(next() * vector.frames.length);
    for (const [i, frame] of vector.frames.entries()) {
      const bytes = hex(codec === "packed" ? frame.body : frame.delta);
      const base = codec === "packed" ? frame.base : frame.base & ~moves;
      replica.stride = frame.stride;
      if (i < victim) {
        apply(replica, frame.tick, base, bytes);
        continue;
      }
      try {
        apply(replica, frame.tick, base, corrupt(bytes, next));
        JSON.stringify(liveState(replica), (_, v: unknown) => (typeof v === "bigint" ? String(v) : v));
        replica.hash();
      } catch (e) {
        if (!(e instanceof FrameError)) throw e;
        refused++;
      }
      break;
    }
  }
  expect(refused).toBeGreaterThan(codec === "packed" ? 8_000 : 4_000);
});

test("20,000 corrupted messages give a typed error or a frame", () => {
  const next = random(8);
  const frame = create(ServerFrameSchema, {
    tick: 1, base: 1, slack: -3, inputAge: 2, stride: 2, body: bodies.whole, hash: 0xe3ea6395, pong: { id: 1, heldUs: 300 },
    events: [{ seq: 1, type: 2, age: 3, values: [1n, -(2n ** 63n)], blobs: [new Uint8Array(3)] }],
    answers: [{ seq: 1, refusal: 2, why: "no" }], bye: { code: 4200, message: "over" },
  });
  const bytes = toBinary(ServerFrameSchema, frame);
  expect(readServerFrame(bytes).events[0]!.values).toEqual([1, -(2n ** 63n)]);
  let refused = 0;
  for (let n = 0; n < 20_000; n++) {
    try {
      readServerFrame(corrupt(bytes, next));
    } catch (e) {
      if (!(e instanceof FrameError)) throw e;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(4_000);
});

test("a few bytes cannot cost much memory", () => {
  const schema: Schema = { tables: [{ name: "t", columns: [], order: [], single: false }], commands: [], events: [] };
  const many = new Uint8Array(1 << 20).fill(0xff); // each row that enters is a few bits
  expect(() => applyPacked(new Replica(schema), 1, 1, many)).toThrow(FrameError);
  const text = { name: "s", kind: Kind.STRING, bits: 0, k: 0, ke: 0, jump: 0, unsigned: false, unit: 1, drop: 0, lerp: false, step: 0 };
  const texts: Schema = { ...schema, tables: [{ ...schema.tables[0]!, columns: [text] }] };
  expect(() => applyPacked(new Replica(texts), 1, 1, hex("02 00 00 ff ff ff"))).toThrow(FrameError);
});

test("schemas that are wrong in one place are refused with the place", () => {
  const good = schemaFrom(fakeSchema);
  expect(good.tables[0]!.columns[0]).toMatchObject({ name: "x", kind: Kind.POS, ke: 11, unit: 1 });
  const column = { name: "c", kind: 1, bits: 8 };
  const field = { name: "f", kind: 1 };
  const wrong: [string, object][] = [
    ["table a", { tables: [{ name: "a" }, { name: "a" }] }],
    ["table ", { tables: [{ name: "" }] }],
    ["table __proto__", { tables: [{ name: "__proto__" }] }],
    ["tables", { tables: Array.from({ length: 256 }, (_, i) => ({ name: "t" + i })) }],
    ["columns of table a", { tables: [{ name: "a", columns: Array.from({ length: 32 }, (_, i) => ({ ...column, name: "c" + i })) }] }],
    ["unknown kind", { tables: [{ name: "a", columns: [{ ...column, kind: 9 }] }] }],
    ["unknown kind", { tables: [{ name: "a", columns: [{ ...column, kind: 0 }] }] }],
    ["bits", { tables: [{ name: "a", columns: [{ ...column, bits: 0 }] }] }],
    ["bits", { tables: [{ name: "a", columns: [{ ...column, kind: 4, bits: 33 }] }] }],
    ["k or ke is too great", { tables: [{ name: "a", columns: [{ ...column, k: 17 }] }] }],
    ["k or ke is too great", { tables: [{ name: "a", columns: [{ ...column, kind: 3, k: 14 }] }] }],
    ["jump", { tables: [{ name: "a", columns: [{ ...column, kind: 3, jump: 2 ** 31 }] }] }],
    ["step", { tables: [{ name: "a", columns: [{ ...column, kind: 6, step: NaN }] }] }],
    ["mask", { tables: [{ name: "a", columns: [column], order: [1, 1] }] }],
    ["twice", { tables: [{ name: "a", columns: [column, column] }] }],
    ["below another", { tables: [{ name: "a", columns: [column, { ...column, name: "c.x" }] }] }],
    ["twice", { tables: [{ name: "a", columns: [{ ...column, name: "c.x" }, column] }] }],
    ["not a name", { tables: [{ name: "a", columns: [{ ...column, name: "__proto__.x" }] }] }],
    ["not a name", { tables: [{ name: "a", columns: [{ ...column, name: "c..x" }] }] }],
    ["not a name", { tables: [{ name: "a", columns: [{ ...column, name: "" }] }] }],
    ["command c, field f", { commands: [{ name: "c", fields: [{ ...field, kind: 6 }] }] }],
    ["event e", { events: [{ name: "e" }, { name: "e" }] }],
    ["the input, field f", { input: { fields: [{ ...field, step: Infinity }] } }],
  ];
  for (const [place, schema] of wrong) {
    expect(() => schemaFrom(schema), place).toThrow(new RegExp(`^bad schema: .*${place}`));
  }
});

import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { writeClientFrame } from "../src/clientframe.js";
import { ClientFrameSchema } from "../src/gen/tickwire/v1/session_pb.js";
import { Shaper } from "../src/messages.js";
import { type Field, FieldKind } from "../src/schema.js";
import { Reader } from "../src/wire.js";
import { schemaFrom } from "./fake.js";

function field(name: string, kind: FieldKind, more: Partial<Field> = {}): Field {
  return { name, kind, min: 0, max: 100, edge: false, step: 1, unsigned: false, ...more };
}

const shaper = new Shaper(
  {
    name: "buy",
    internal: false,
    fields: [
      field("item", FieldKind.INT, { min: -5 }),
      field("at.x", FieldKind.FLOAT, { step: 0.25, min: -400, max: 400 }),
      field("note", FieldKind.STRING, { max: 4 }),
      field("at.y", FieldKind.FLOAT, { step: 0.25, min: -400, max: 400 }),
      field("sure", FieldKind.BOOL),
      field("raw", FieldKind.BYTES, { max: 2 }),
      field("bits.0", FieldKind.BOOL),
      field("bits.1", FieldKind.BOOL),
      field("big", FieldKind.INT, { min: 0, max: 2n ** 64n - 1n, unsigned: true }),
    ],
  },
  "buy",
);

describe("packing", () => {
  test("what is packed comes back, nested, quantised, in the fields' order", () => {
    const value = { item: -5, at: { x: 1.3, y: -100 }, note: "zoë", sure: true, raw: Uint8Array.of(1, 2), bits: [false, true], big: 2n ** 64n - 1n };
    const packed = shaper.pack(value);
    expect(packed.values).toEqual([-5, 5, -400, 1, 0, 1, 2n ** 64n - 1n]);
    const wire = writeClientFrame({ first: 3, inputs: [packed] });
    const [input] = fromBinary(ClientFrameSchema, wire).inputs;
    expect(input!.values).toEqual([-5n, 5n, -400n, 1n, 0n, 1n, -1n]);
    const numbers = input!.values.map((v) => (Number.isSafeInteger(Number(v)) ? Number(v) : v));
    expect(shaper.unpack(numbers, input!.blobs)).toEqual({ ...value, at: { x: 1.25, y: -100 } });
  });

  test("trailing zeros are left out, and what is left out is zero", () => {
    const input = fromBinary(ClientFrameSchema, writeClientFrame({ inputs: [shaper.pack({ item: 1 })] })).inputs[0]!;
    expect([input.values, input.blobs]).toEqual([[1n], []]);
    expect(shaper.unpack([1], [])).toMatchObject({ item: 1, at: { x: 0, y: 0 }, note: "", sure: false, bits: [false, false], big: 0 });
  });

  test.each([
    [{ item: 101 }, "item must be from -5 to 100"],
    [{ item: 1.5 }, "item must be a whole number"],
    [{ item: NaN }, "item must be a whole number"],
    [{ item: null }, "item must be a whole number"],
    [{ at: { x: 101 } }, "at.x must be from -400 to 400 times 0.25"],
    [{ at: { x: NaN } }, "at.x must be a whole number"],
    [{ at: { z: 1 } }, "at.z is not one of its fields"],
    [{ at: 3 }, "at must be an object"],
    [{ note: "zoë!" }, "note must have at most 4 bytes"],
    [{ note: 4 }, "note must be a string"],
    [{ raw: "ab" }, "raw must be a Uint8Array"],
    [{ sure: 2 }, "sure must be true or false"],
    [{ bits: [true, true, true] }, "bits.2 is not one of its fields"],
    [{ big: -1n }, "big must be from 0"],
    [{ constructor: 1 }, "constructor is not one of its fields"],
  ] as [object, string][])("%o is refused", (value, why) => expect(() => shaper.pack(value)).toThrow("buy: " + why));
});

test("numbers of 64 bits are read exactly", () => {
  const numbers = [0n, -1n, 1n, 127n, -128n, 2n ** 31n, -(2n ** 32n) - 1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
  const bytes = writeClientFrame({ inputs: [{ values: [...numbers, 1], blobs: [] }] });
  const frame = new Reader(bytes);
  expect(frame.u32()).toBe((3 << 3) | 2);
  const input = frame.message();
  expect(input.u32()).toBe((1 << 3) | 2);
  const got: unknown[] = [];
  input.each((1 << 3) | 2, (list) => got.push(list.s64()));
  expect(got).toEqual([...numbers, 1n].map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)));
});

test("bounds of 64 bits are read from the schema", () => {
  const field = { name: "n", kind: FieldKind.INT as number, min: -(2n ** 63n), max: 2n ** 63n - 1n };
  const schema = schemaFrom({ input: { fields: [field, { ...field, name: "u", unsigned: true, min: 0n, max: -1n }] } });
  expect(schema.input!.fields.map((f) => [f.min, f.max])).toEqual([[-(2n ** 63n), 2n ** 63n - 1n], [0, 2n ** 64n - 1n]]);
});

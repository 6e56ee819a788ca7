import { delimited, type Long, type Reader, varint } from "./wire.js";

/**
 * Spec says how to read one kind of protobuf message into an object: a hundred times smaller than a library that can read
 * all kinds. Fields are by number; what is not in the list, or of another wire type, is skipped.
 */
export interface Spec<M> {
  readonly make: () => M;
  readonly fields: readonly (FieldSpec<M> | undefined)[];
}

interface FieldSpec<in M> {
  readonly type: number;
  read(message: M, reader: Reader): void;
}

/** read reads a message. */
export function read<M>(reader: Reader, { make, fields }: Spec<M>): M {
  const message = make();
  while (reader.more) {
    const tag = reader.u32();
    const field = fields[tag >>> 3];
    const type = tag & 7;
    if (field?.type === type) field.read(message, reader);
    else if (field?.type === packed && type === varint) field.read(message, reader);
    else if (field?.type === packed && type === delimited) for (const list = reader.message(); list.more; ) field.read(message, list);
    else reader.pass(tag);
  }
  return message;
}

/** The type of a repeated number: it may come one by one or packed. */
const packed = 8;

type With<K extends string, T> = { [key in K]: T };

export function u32<K extends string>(key: K): FieldSpec<With<K, number>> {
  return { type: varint, read: (m, r) => void (m[key] = r.u32()) };
}

export function bool<K extends string>(key: K): FieldSpec<With<K, boolean>> {
  return { type: varint, read: (m, r) => void (m[key] = r.u32() !== 0) };
}

export function s64<K extends string>(key: K): FieldSpec<With<K, Long>> {
  return { type: varint, read: (m, r) => void (m[key] = r.s64()) };
}

export function double<K extends string>(key: K): FieldSpec<With<K, number>> {
  return { type: 1, read: (m, r) => void (m[key] = r.double()) };
}

export function text<K extends string>(key: K): FieldSpec<With<K, string>> {
  return { type: delimited, read: (m, r) => void (m[key] = r.text()) };
}

export function u32s<K extends string>(key: K): FieldSpec<With<K, number[]>> {
  return { type: packed, read: (m, r) => void m[key].push(r.u32()) };
}

export function s64s<K extends string>(key: K): FieldSpec<With<K, Long[]>> {
  return { type: packed, read: (m, r) => void m[key].push(r.s64()) };
}

export function blobs<K extends string>(key: K): FieldSpec<With<K, Uint8Array[]>> {
  return { type: delimited, read: (m, r) => void m[key].push(r.bytes()) };
}

export function one<K extends string, M>(key: K, spec: Spec<M>): FieldSpec<{ [key in K]?: M }> {
  return { type: delimited, read: (m, r) => void (m[key] = read(r.message(), spec)) };
}

export function many<K extends string, M>(key: K, spec: Spec<M>): FieldSpec<With<K, M[]>> {
  return { type: delimited, read: (m, r) => void m[key].push(read(r.message(), spec)) };
}

/** map reads a map of texts by text. */
export function map<K extends string>(key: K): FieldSpec<With<K, Record<string, string>>> {
  const entry: Spec<{ key: string; value: string }> = { make: () => ({ key: "", value: "" }), fields: [, text("key"), text("value")] };
  return {
    type: delimited,
    read: (m, r) => {
      const pair = read(r.message(), entry);
      // defineProperty, because a key may be anything, also "__proto__".
      Object.defineProperty(m[key], pair.key, { value: pair.value, enumerable: true, configurable: true, writable: true });
    },
  };
}

import { Code, TickwireError } from "./error.js";
import { type Branch, type Node, treeOf } from "./names.js";
import { type Field, FieldKind, type MessageSchema } from "./schema.js";
import { type Long, utf8 } from "./wire.js";

/** Packed is a message as it is sent: numbers and blobs in the order of the fields. */
export interface Packed {
  values: Long[];
  blobs: Uint8Array[];
}

const encoder = new TextEncoder();
const none = new Uint8Array(0);

/** Shaper turns the objects of one kind of message into what is sent, and back. */
export class Shaper {
  readonly name: string;
  private readonly fields: readonly Field[];
  private readonly tree: Branch;
  /** For each field its index among the values, or among the blobs. */
  private readonly places: readonly number[];
  private readonly sizes: { readonly values: number; readonly blobs: number };

  constructor(message: MessageSchema, name = message.name) {
    this.name = name;
    this.fields = message.fields;
    this.tree = treeOf(message.fields.map((f) => f.name));
    let values = 0;
    let blobs = 0;
    this.places = message.fields.map((f) => (isBlob(f) ? blobs++ : values++));
    this.sizes = { values, blobs };
  }

  /** pack checks an object and packs it; what is left out is zero. It throws OUT_OF_RANGE. */
  pack(value: object): Packed {
    const out: Packed = { values: new Array<Long>(this.sizes.values).fill(0), blobs: new Array<Uint8Array>(this.sizes.blobs).fill(none) };
    this.packNode(this.tree, value, "", out);
    return out;
  }

  /** unpack makes an object; what was left out is zero. */
  unpack(values: readonly Long[], blobs: readonly Uint8Array[]): object {
    return this.unpackNode(this.tree, values, blobs) as object;
  }

  /** merge takes over from `older` the presses that `newer` does not have. */
  merge(newer: Packed, older: Packed): void {
    this.eachEdge(newer, (list, i) => {
      const before = list === newer.values ? older.values : older.blobs;
      if (isZero(list[i]!)) list[i] = before[i]!;
    });
  }

  /** release clears the presses. */
  release(packed: Packed): void {
    this.eachEdge(packed, (list, i) => {
      list[i] = list === packed.values ? 0 : none;
    });
  }

  private eachEdge(packed: Packed, visit: (list: (Long | Uint8Array)[], i: number) => void): void {
    this.fields.forEach((f, i) => {
      if (f.edge) visit(isBlob(f) ? packed.blobs : packed.values, this.places[i]!);
    });
  }

  private packNode(node: Node, value: unknown, path: string, out: Packed): void {
    if ("index" in node) {
      const field = this.fields[node.index]!;
      const place = this.places[node.index]!;
      if (isBlob(field)) out.blobs[place] = this.blob(field, value);
      else out.values[place] = this.number(field, value);
      return;
    }
    if (typeof value !== "object" || value === null) throw this.wrong(path, "must be an object");
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue;
      const inner = node.keys.get(key);
      if (!inner) throw this.wrong(path + key, "is not one of its fields");
      this.packNode(inner, part, `${path}${key}.`, out);
    }
  }

  private unpackNode(node: Node, values: readonly Long[], blobs: readonly Uint8Array[]): unknown {
    if (!("index" in node)) {
      const parts = [...node.keys].map(([key, inner]) => [key, this.unpackNode(inner, values, blobs)] as const);
      return node.array ? parts.map((p) => p[1]) : Object.fromEntries(parts);
    }
    const field = this.fields[node.index]!;
    const place = this.places[node.index]!;
    if (field.kind === FieldKind.BYTES) return (blobs[place] ?? none).slice();
    if (field.kind === FieldKind.STRING) return utf8(blobs[place] ?? none);
    const n = values[place] ?? 0;
    if (field.kind === FieldKind.BOOL) return n !== 0;
    if (field.kind === FieldKind.FLOAT) return Number(n) * field.step;
    return field.unsigned && n < 0 ? BigInt.asUintN(64, BigInt(n)) : n;
  }

  private number(field: Field, value: unknown): Long {
    if (field.kind === FieldKind.BOOL) {
      if (typeof value === "boolean") return value ? 1 : 0;
      if (value === 0 || value === 1) return value;
      throw this.wrong(field.name, "must be true or false");
    }
    let n = value;
    if (field.kind === FieldKind.FLOAT && typeof value === "number") n = Math.floor(value / field.step + 0.5);
    if (typeof n === "bigint" ? false : !Number.isSafeInteger(n)) throw this.wrong(field.name, "must be a whole number");
    const long = n as Long;
    if (long < field.min || long > field.max) {
      const scale = field.kind === FieldKind.FLOAT ? ` times ${field.step}` : "";
      throw this.wrong(field.name, `must be from ${field.min} to ${field.max}${scale}, not ${String(value)}`);
    }
    return long;
  }

  private blob(field: Field, value: unknown): Uint8Array {
    const text = field.kind === FieldKind.STRING;
    if (text ? typeof value !== "string" : !(value instanceof Uint8Array)) {
      throw this.wrong(field.name, text ? "must be a string" : "must be a Uint8Array");
    }
    const bytes = typeof value === "string" ? encoder.encode(value) : (value as Uint8Array).slice();
    if (bytes.length > field.max) throw this.wrong(field.name, `must have at most ${field.max} bytes`);
    return bytes;
  }

  private wrong(field: string, why: string): TickwireError {
    return new TickwireError(Code.OUT_OF_RANGE, `${this.name}: ${field.replace(/\.$/, "") || "it"} ${why}`);
  }
}

function isBlob(field: Field): boolean {
  return field.kind === FieldKind.STRING || field.kind === FieldKind.BYTES;
}

function isZero(value: Long | Uint8Array): boolean {
  return value instanceof Uint8Array ? value.length === 0 : value == 0;
}

import type { Handle } from "./handles.js";
import { layoutOf, type Slot } from "./layout.js";
import { type Branch, type Leaf, treeOf } from "./names.js";
import type { Blob } from "./rows.js";
import { type Column, Kind, type TableSchema } from "./schema.js";
import type { Value } from "./table.js";
import { utf8 } from "./wire.js";

type Read = (handle: Handle) => Value;

/** Shape makes the objects of a table's rows. They read the store when they are asked, so a frame costs them nothing. */
export class Shape {
  private readonly root: Branch;
  private readonly reads: readonly Read[];
  private readonly plans = new Map<Branch, PropertyDescriptorMap>();

  constructor(table: TableSchema) {
    const { columns } = layoutOf(table);
    this.root = treeOf(table.columns.map((c) => c.name));
    this.reads = table.columns.map((c, i) => readOf(c, columns[i]!));
  }

  /** view is the object of the row behind a handle: always the same. */
  view(handle: Handle): unknown {
    return (handle.view ??= this.make(handle, this.root));
  }

  private make(handle: Handle, branch: Branch): object {
    if (branch.array) return this.makeArray(handle, branch);
    const view = new RowView(handle, this.plan(branch));
    for (const [key, node] of branch.keys) {
      if (!isLeaf(node)) Object.defineProperty(view, key, { value: this.make(handle, node), enumerable: true });
    }
    return view;
  }

  private makeArray(handle: Handle, branch: Branch): object {
    const list: unknown[] = [];
    let i = 0;
    for (const node of branch.keys.values()) {
      const property = isLeaf(node) ? { get: bound(this.reads[node.index]!, handle) } : { value: this.make(handle, node) };
      Object.defineProperty(list, i++, { ...property, enumerable: true });
    }
    return list;
  }

  /** plan is the properties of all objects of a branch; they share the getters, so that engines share their layout. */
  private plan(branch: Branch): PropertyDescriptorMap {
    let plan = this.plans.get(branch);
    if (plan) return plan;
    plan = {};
    for (const [key, node] of branch.keys) {
      if (isLeaf(node)) plan[key] = { get: RowView.getter(this.reads[node.index]!), enumerable: true };
    }
    this.plans.set(branch, plan);
    return plan;
  }
}

class RowView {
  readonly #handle: Handle;

  constructor(handle: Handle, plan: PropertyDescriptorMap) {
    this.#handle = handle;
    Object.defineProperties(this, plan);
  }

  static getter(read: Read): (this: RowView) => Value {
    return function (this: RowView) {
      return read(this.#handle);
    };
  }
}

function isLeaf(node: Branch | Leaf): node is Leaf {
  return "index" in node;
}

function bound(read: Read, handle: Handle): () => Value {
  return () => read(handle);
}

function readOf(column: Column, slot: Slot): Read {
  const { cell } = slot;
  switch (column.kind) {
    case Kind.BOOL:
      return (h) => h.store.cells[h.at + cell] !== 0;
    case Kind.WIDE:
      return readWide(column, cell);
    case Kind.STRING:
      return (h) => {
        const blob = h.store.blobs[h.row]![cell]!;
        return (blob.text ??= utf8(blob.bytes));
      };
    case Kind.BYTES:
      return (h) => (h.store.blobs[h.row]![cell] as Blob).bytes;
    case Kind.FLOAT:
      return (h) => h.store.cells[h.at + cell]! * column.step;
    case Kind.ANGLE:
      return readAngle(column, cell);
    default:
      return readNumber(column, cell);
  }
}

function readNumber(column: Column, cell: number): Read {
  const scale = 2 ** column.drop / column.unit;
  if (!column.unsigned) return (h) => h.store.cells[h.at + cell]! * scale;
  return (h) => {
    const v = h.store.cells[h.at + cell]!;
    return (v < 0 ? v + 2 ** 32 : v) * scale;
  };
}

/** An angle's cell is 0 … 2^bits - 1; a signed one is shown as -2^(bits-1) … 2^(bits-1) - 1. */
function readAngle(column: Column, cell: number): Read {
  const scale = 2 ** column.drop / column.unit;
  const turn = 2 ** column.bits;
  const top = column.unsigned ? turn : turn / 2;
  return (h) => {
    let v = h.store.cells[h.at + cell]!;
    if (v < 0) v += 2 ** 32;
    return (v >= top ? v - turn : v) * scale;
  };
}

function readWide(column: Column, cell: number): Read {
  const drop = BigInt(column.drop);
  const fit = column.unsigned ? BigInt.asUintN : BigInt.asIntN;
  return (h) => {
    const { cells } = h.store;
    const low = BigInt(cells[h.at + cell]! >>> 0);
    const high = BigInt(cells[h.at + cell + 1]! | 0);
    return fit(64, ((high << 32n) | low) << drop);
  };
}

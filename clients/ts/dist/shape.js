import { layoutOf } from "./layout.js";
import { treeOf } from "./names.js";
import { Kind } from "./schema.js";
import { utf8 } from "./wire.js";
/** Shape makes the objects of a table's rows. They read the store when they are asked, so a frame costs them nothing. */
export class Shape {
    root;
    reads;
    plans = new Map();
    constructor(table) {
        const { columns } = layoutOf(table);
        this.root = treeOf(table.columns.map((c) => c.name));
        this.reads = table.columns.map((c, i) => readOf(c, columns[i]));
    }
    /** view is the object of the row behind a handle: always the same. */
    view(handle) {
        return (handle.view ??= this.make(handle, this.root));
    }
    make(handle, branch) {
        if (branch.array)
            return this.makeArray(handle, branch);
        const view = new RowView(handle, this.plan(branch));
        for (const [key, node] of branch.keys) {
            if (!isLeaf(node))
                Object.defineProperty(view, key, { value: this.make(handle, node), enumerable: true });
        }
        return view;
    }
    makeArray(handle, branch) {
        const list = [];
        let i = 0;
        for (const node of branch.keys.values()) {
            const property = isLeaf(node) ? { get: bound(this.reads[node.index], handle) } : { value: this.make(handle, node) };
            Object.defineProperty(list, i++, { ...property, enumerable: true });
        }
        return list;
    }
    /** plan is the properties of all objects of a branch; they share the getters, so that engines share their layout. */
    plan(branch) {
        let plan = this.plans.get(branch);
        if (plan)
            return plan;
        plan = {};
        for (const [key, node] of branch.keys) {
            if (isLeaf(node))
                plan[key] = { get: RowView.getter(this.reads[node.index]), enumerable: true };
        }
        this.plans.set(branch, plan);
        return plan;
    }
}
class RowView {
    #handle;
    constructor(handle, plan) {
        this.#handle = handle;
        Object.defineProperties(this, plan);
    }
    static getter(read) {
        return function () {
            return read(this.#handle);
        };
    }
}
function isLeaf(node) {
    return "index" in node;
}
function bound(read, handle) {
    return () => read(handle);
}
function readOf(column, slot) {
    const { cell } = slot;
    switch (column.kind) {
        case Kind.BOOL:
            return (h) => h.store.cells[h.at + cell] !== 0;
        case Kind.WIDE:
            return readWide(column, cell);
        case Kind.STRING:
            return (h) => {
                const blob = h.store.blobs[h.row][cell];
                return (blob.text ??= utf8(blob.bytes));
            };
        case Kind.BYTES:
            return (h) => h.store.blobs[h.row][cell].bytes;
        case Kind.FLOAT:
            return (h) => h.store.cells[h.at + cell] * column.step;
        case Kind.ANGLE:
            return readAngle(column, cell);
        default:
            return readNumber(column, cell);
    }
}
function readNumber(column, cell) {
    const scale = 2 ** column.drop / column.unit;
    if (!column.unsigned)
        return (h) => h.store.cells[h.at + cell] * scale;
    return (h) => {
        const v = h.store.cells[h.at + cell];
        return (v < 0 ? v + 2 ** 32 : v) * scale;
    };
}
/** An angle's cell is 0 … 2^bits - 1; a signed one is shown as -2^(bits-1) … 2^(bits-1) - 1. */
function readAngle(column, cell) {
    const scale = 2 ** column.drop / column.unit;
    const turn = 2 ** column.bits;
    const top = column.unsigned ? turn : turn / 2;
    return (h) => {
        let v = h.store.cells[h.at + cell];
        if (v < 0)
            v += 2 ** 32;
        return (v >= top ? v - turn : v) * scale;
    };
}
function readWide(column, cell) {
    const drop = BigInt(column.drop);
    const fit = column.unsigned ? BigInt.asUintN : BigInt.asIntN;
    return (h) => {
        const { cells } = h.store;
        const low = BigInt(cells[h.at + cell] >>> 0);
        const high = BigInt(cells[h.at + cell + 1] | 0);
        return fit(64, ((high << 32n) | low) << drop);
    };
}
//# sourceMappingURL=shape.js.map
import { badFrame } from "./bits.js";
/** The greatest number of rows of a table: it bounds what a frame can cost. */
const maxRows = 1 << 20;
const noBlob = { bytes: new Uint8Array(0), text: "" };
/** Rows are the rows of one table that this client holds, ascending by ID, cells and velocities side by side. */
export class Rows {
    layout;
    count = 0;
    ids = new Uint32Array(16);
    cells;
    blobs = [];
    // Rows that enter, until merge puts them in their places.
    staged = 0;
    stagedIds = new Uint32Array(4);
    stagedCells;
    stagedBlobs = [];
    // One for each row that somebody has asked for; the others are empty.
    handles = [];
    // Handles of rows that were dropped by clear; a row that comes back gets its own again.
    orphans = new Map();
    // The row of a Var keeps its object through every absence.
    lasting;
    constructor(layout, lasting = false) {
        this.layout = layout;
        this.lasting = lasting;
        this.cells = new Int32Array(16 * layout.span);
        this.stagedCells = new Int32Array(4 * layout.span);
    }
    /** find is the index of the row with this ID, or -1. */
    find(id) {
        const { ids } = this;
        let low = 0;
        let high = this.count - 1;
        while (low <= high) {
            const middle = (low + high) >>> 1;
            const there = ids[middle];
            if (there === id)
                return middle;
            if (there < id)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
    /** handle is the handle of a row. */
    handle(row) {
        return (this.handles[row] ??= { store: this, row, at: row * this.layout.span });
    }
    /** awaited is the handle of a row that may not be here yet. */
    awaited(id) {
        const row = this.find(id);
        if (row >= 0)
            return this.handle(row);
        const handle = this.orphans.get(id) ?? emptyHandle(this.layout);
        this.orphans.set(id, handle);
        return handle;
    }
    /** clear drops all rows. Those that enter before the next merge ends keep their handles. */
    clear() {
        for (let row = 0; row < this.count; row++)
            this.detach(row, this.orphans);
        this.handles.length = 0;
        this.blobs.length = 0;
        this.count = 0;
        this.staged = 0;
    }
    /** remove drops rows given by index, strictly ascending. */
    remove(gone, n) {
        const { span, blobs } = this.layout;
        let to = gone[0];
        for (let j = 0; j < n; j++) {
            this.detach(gone[j], this.lasting ? this.orphans : undefined);
            const from = gone[j] + 1;
            const end = j + 1 < n ? gone[j + 1] : this.count;
            this.ids.copyWithin(to, from, end);
            this.cells.copyWithin(to * span, from * span, end * span);
            for (let row = from; row < end; row++, to++) {
                if (blobs > 0)
                    this.blobs[to] = this.blobs[row];
                this.move(this.handles[row], to);
            }
        }
        this.count = to;
        if (this.handles.length > to)
            this.handles.length = to;
        if (blobs > 0)
            this.blobs.length = to;
    }
    /** stage makes place for a row that enters, like the one staged before it, and is its first cell in stagedCells. */
    stage(id) {
        const { span, blobs } = this.layout;
        if (this.count + this.staged >= maxRows)
            throw badFrame("too many rows");
        const n = this.staged++;
        if (n === this.stagedIds.length) {
            this.stagedIds = grow(this.stagedIds, 2 * n);
            const cells = new Int32Array(2 * n * span);
            cells.set(this.stagedCells);
            this.stagedCells = cells;
        }
        this.stagedIds[n] = id;
        const at = n * span;
        if (n > 0)
            this.stagedCells.copyWithin(at, at - span, at);
        else
            this.stagedCells.fill(0, 0, span);
        if (blobs > 0)
            this.stagedBlobs[n] = n > 0 ? this.stagedBlobs[n - 1].slice() : new Array(blobs).fill(noBlob);
        return at;
    }
    /** stageEmpty is stage for a row that starts with zeros. */
    stageEmpty(id) {
        const at = this.stage(id);
        this.stagedCells.fill(0, at, at + this.layout.span);
        this.stagedBlobs[this.staged - 1]?.fill(noBlob);
        return at;
    }
    /** merge puts the staged rows in their places; their IDs ascend. */
    merge() {
        if (this.staged === 0)
            return this.forget();
        const { span, blobs } = this.layout;
        let held = this.count - 1;
        let next = this.staged - 1;
        this.reserve(this.count + this.staged);
        this.count += this.staged;
        for (let to = this.count - 1; next >= 0; to--) {
            const id = this.stagedIds[next];
            const there = held >= 0 ? this.ids[held] : 0;
            if (there === id)
                throw badFrame("a row enters twice");
            if (there > id) {
                this.ids[to] = there;
                this.cells.copyWithin(to * span, held * span, (held + 1) * span);
                if (blobs > 0)
                    this.blobs[to] = this.blobs[held];
                this.move(this.handles[held], to);
                held--;
                continue;
            }
            this.ids[to] = id;
            for (let i = 0; i < span; i++)
                this.cells[to * span + i] = this.stagedCells[next * span + i];
            if (blobs > 0)
                this.blobs[to] = this.stagedBlobs[next];
            this.move(this.orphans.get(id), to);
            if (this.lasting)
                this.orphans.delete(id);
            next--;
        }
        this.staged = 0;
        this.stagedBlobs.length = 0;
        this.forget();
    }
    forget() {
        if (!this.lasting)
            this.orphans.clear();
    }
    reserve(rows) {
        while (this.handles.length < rows)
            this.handles.push(undefined);
        if (rows <= this.ids.length)
            return;
        const size = Math.max(rows, 2 * this.ids.length);
        this.ids = grow(this.ids, size);
        const cells = new Int32Array(size * this.layout.span);
        cells.set(this.cells);
        this.cells = cells;
    }
    move(handle, row) {
        this.handles[row] = handle;
        if (!handle)
            return;
        handle.store = this;
        handle.row = row;
        handle.at = row * this.layout.span;
    }
    // The object of a row that has gone keeps the values it had.
    detach(row, orphans) {
        const handle = this.handles[row];
        if (!handle)
            return;
        orphans?.set(this.ids[row], handle);
        const blobs = this.blobs[row];
        handle.store = { cells: this.cells.slice(handle.at, handle.at + this.layout.span), blobs: blobs ? [blobs] : [] };
        handle.row = 0;
        handle.at = 0;
    }
}
/** emptyHandle is the handle of a row of zeros. */
export function emptyHandle(layout) {
    const blobs = layout.blobs > 0 ? [new Array(layout.blobs).fill(noBlob)] : [];
    return { store: { cells: new Int32Array(layout.span), blobs }, row: 0, at: 0 };
}
function grow(from, size) {
    const to = new Uint32Array(size);
    to.set(from);
    return to;
}
//# sourceMappingURL=rows.js.map
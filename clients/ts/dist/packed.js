import { badFrame, BitReader, unzig, width } from "./bits.js";
import { chain, whole } from "./replica.js";
import { Kind } from "./schema.js";
// Exp-Golomb parameters that the schema does not choose.
const countK = 0;
const sparseK = 3;
const idK = 2;
const textK = 4;
const enterVelocityK = 3;
/** The greatest length of a text. */
const maxText = 65_535;
const reader = new BitReader();
let gone = new Uint32Array(64);
/** applyPacked applies a body of the packed codec. If it throws, the replica takes only a whole frame. */
export function applyPacked(replica, tick, base, body) {
    replica.begin(tick, base);
    reader.load(body);
    if (base !== whole) {
        const age = base === chain ? -1 : reader.eg(0);
        if (age >= base && age > 0)
            throw badFrame("more strides than ticks");
        readLeaves(replica.tables);
        for (const rows of replica.tables)
            readStay(rows, age);
    }
    readEnters(replica);
    reader.finish();
    replica.end(tick);
}
function readLeaves(tables) {
    let left = reader.eg(countK);
    if (left === 0)
        return;
    let held = 0;
    for (const rows of tables)
        held += rows.count;
    if (left > held)
        throw badFrame("more rows leave than there are");
    const bits = width(held);
    let index = reader.bits(bits);
    let first = 0;
    for (const rows of tables) {
        const end = first + rows.count;
        let n = 0;
        while (left > 0 && index < end) {
            if (n === gone.length)
                gone = Uint32Array.from({ length: 2 * n }, (_, i) => gone[i] ?? 0);
            gone[n++] = index - first;
            if (--left === 0)
                break;
            const next = reader.bits(bits);
            if (next <= index)
                throw badFrame("rows leave out of order");
            index = next;
        }
        first = end;
        if (n > 0)
            rows.remove(gone, n);
    }
    if (left > 0)
        throw badFrame("a row leaves that is not there");
}
/** readStay reads what changed in the rows that a table still has. age is the ring's, or -1 for chain. */
function readStay(rows, age) {
    const { count, layout } = rows;
    if (count === 0)
        return;
    if (reader.bits(1) === 0) {
        for (let row = 0; row < count; row++)
            change(rows, row, 0, age);
        return;
    }
    if (reader.bits(1) === 0) {
        for (let row = 0; row < count; row++)
            change(rows, row, readMask(layout), age);
        return;
    }
    let changed = reader.eg(sparseK) + 1;
    let row = 0;
    for (; changed > 0; changed--) {
        const next = row + reader.eg(sparseK);
        if (next >= count)
            throw badFrame("a row changes that is not there");
        for (; row < next; row++)
            change(rows, row, 0, age);
        change(rows, row++, readMask(layout), age);
    }
    for (; row < count; row++)
        change(rows, row, 0, age);
}
function readMask(layout) {
    const { masks, groups } = layout;
    if (!masks)
        return reader.bits(1) === 0 ? 0 : reader.bits(groups.length);
    const code = reader.eg(0);
    if (code >= masks.length)
        throw badFrame("no such mask");
    return masks[code];
}
/** change moves a row on by one frame and reads the groups of its mask. */
function change(rows, row, mask, age) {
    const { cells, layout } = rows;
    const at = row * layout.span;
    if (mask === 0) {
        for (const slot of layout.moving)
            coast(cells, at, slot, age);
        return;
    }
    const { groups } = layout;
    for (let g = 0; g < groups.length; g++) {
        const group = groups[g];
        const told = (mask >>> g) & 1;
        if (group.kind === Kind.POS) {
            for (const slot of group.slots) {
                if (told === 0)
                    coast(cells, at, slot, age);
                else if (age < 0)
                    readChain(cells, at, slot);
                else
                    readRing(cells, at, slot, age);
            }
        }
        else if (told !== 0) {
            const slot = group.slots[0];
            if (slot.kind === Kind.STRING || slot.kind === Kind.BYTES)
                rows.blobs[row][slot.cell] = readBlob();
            else
                readCell(cells, at + slot.cell, slot, slot.k);
        }
    }
}
/** coast moves a pos column of which nothing is told: its velocity holds. */
function coast(cells, at, slot, age) {
    const v = cells[at + slot.velocity];
    if (v === 0)
        return;
    cells[at + slot.cell] += age < 0 ? v : Math.imul(2 * v, age) >> 1;
}
function readChain(cells, at, slot) {
    const p = cells[at + slot.cell];
    const now = (p + cells[at + slot.velocity] + unzig(reader.eg(slot.k))) | 0;
    const step = (now - p) | 0;
    cells[at + slot.cell] = now;
    cells[at + slot.velocity] = step > slot.jump || step < -slot.jump ? 0 : step;
}
function readRing(cells, at, slot, age) {
    const before = cells[at + slot.velocity];
    const v = (before + unzig(reader.eg(slot.k))) | 0;
    cells[at + slot.velocity] = v;
    cells[at + slot.cell] += (Math.imul(before + v, age) >> 1) + unzig(reader.eg(slot.k + spread(age)));
}
/** spread is how much wider the residuals of pos columns are coded against an older state. */
function spread(age) {
    return Math.max(0, 32 - Math.clz32(age) - 3);
}
/** readCell reads the change of a column that is not predicted, into the cell at `to`. */
function readCell(cells, to, slot, k) {
    switch (slot.kind) {
        case Kind.BOOL:
            cells[to] ^= 1;
            return;
        case Kind.WIDE:
            cells[to] += unzig(reader.eg(k));
            cells[to + 1] += unzig(reader.eg(k));
            return;
        case Kind.ANGLE:
            cells[to] = ((cells[to] + unzig((reader.eg(k) + 1) >>> 0)) << slot.shift) >>> slot.shift;
            return;
        default:
            cells[to] += unzig((reader.eg(k) + 1) >>> 0);
    }
}
function readBlob() {
    const n = reader.eg(textK);
    if (n > maxText)
        throw badFrame("text too long");
    return { bytes: reader.bytes(n) };
}
function readEnters(replica) {
    const { tables } = replica;
    const bits = width(tables.length);
    let left = reader.eg(countK);
    let table = 0;
    let id = replica.maxId;
    for (; left > 0; left--) {
        const next = reader.bits(bits);
        if (next < table || next >= tables.length)
            throw badFrame("tables out of order");
        while (table < next)
            tables[table++].merge();
        const rows = tables[table];
        const before = rows.staged > 0 ? id : 0;
        id = (id + 1 + unzig(reader.eg(idK))) >>> 0;
        if (id <= before)
            throw badFrame("rows enter out of order");
        if (id > replica.maxId)
            replica.maxId = id;
        enter(rows, rows.stage(id));
    }
    while (table < tables.length)
        tables[table++].merge();
}
/** enter reads a new row; it starts as a copy of the one that entered before it. */
function enter(rows, at) {
    const { layout, stagedCells: cells } = rows;
    const { groups } = layout;
    const mask = groups.length > 0 ? reader.bits(groups.length) : 0;
    for (let g = 0; g < groups.length; g++) {
        if (((mask >>> g) & 1) === 0)
            continue;
        const group = groups[g];
        for (const slot of group.slots) {
            if (slot.kind === Kind.POS) {
                cells[at + slot.velocity] += unzig(reader.eg(enterVelocityK));
                cells[at + slot.cell] += unzig(reader.eg(slot.ke));
            }
            else if (slot.kind === Kind.STRING || slot.kind === Kind.BYTES) {
                rows.stagedBlobs[rows.staged - 1][slot.cell] = readBlob();
            }
            else {
                readCell(cells, at + slot.cell, slot, slot.ke);
            }
        }
    }
}
//# sourceMappingURL=packed.js.map
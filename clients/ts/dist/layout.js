import { Kind } from "./schema.js";
/** The greatest number of groups for which masks have codes of their own. */
const maxRanked = 8;
/** layoutOf derives a table's layout. */
export function layoutOf(table) {
    const columns = table.columns;
    const cells = columns.reduce((n, c) => n + (isBlob(c.kind) ? 0 : c.kind === Kind.WIDE ? 2 : 1), 0);
    const slots = [];
    const groups = [];
    const moving = [];
    let cell = 0;
    let blobs = 0;
    for (const c of columns) {
        const slot = {
            kind: c.kind,
            cell: isBlob(c.kind) ? blobs++ : cell,
            velocity: cells + moving.length,
            k: c.k,
            ke: c.ke,
            jump: c.jump > 0 ? c.jump : 2 ** 31,
            shift: 32 - c.bits,
        };
        if (!isBlob(c.kind))
            cell += c.kind === Kind.WIDE ? 2 : 1;
        slots.push(slot);
        if (c.kind === Kind.POS)
            moving.push(slot);
        const last = groups[groups.length - 1];
        if (c.kind === Kind.POS && last?.kind === Kind.POS)
            last.slots.push(slot);
        else
            groups.push({ kind: c.kind, slots: [slot] });
    }
    const layout = { cells, blobs, span: cells + moving.length, columns: slots, groups, moving };
    return groups.length <= maxRanked ? { ...layout, masks: masksOf(groups.length, table.order) } : layout;
}
/** isBlob says whether a column of this kind has no cell. */
export function isBlob(kind) {
    return kind === Kind.STRING || kind === Kind.BYTES;
}
/** masksOf lists all masks of n groups: those of order first, then the others ascending. */
function masksOf(n, order) {
    const size = 1 << n;
    const masks = new Set(order.filter((mask) => mask < size));
    for (let mask = 0; mask < size; mask++)
        masks.add(mask);
    return Uint8Array.from(masks);
}
//# sourceMappingURL=layout.js.map
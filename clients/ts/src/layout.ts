import { Kind, type TableSchema } from "./schema.js";

/** Layout is how a table's rows lie in memory, and what the codec must know of each column. */
export interface Layout {
  /** Cells of a row; its velocities follow, and its class. */
  readonly cells: number;
  /** Strings and bytes of a row. */
  readonly blobs: number;
  /** Cells, velocities and class of a row. */
  readonly span: number;
  readonly columns: readonly Slot[];
  /** How many runs of columns have a bit in a mask: adjacent pos columns share one, any other column has its own. */
  readonly groups: number;
  /** The masks by their codes; absent if there are more than 8 groups: masks are then sent as they are. */
  readonly masks: Uint8Array | undefined;
  /** All pos columns: what moves even if nothing is said of a row. */
  readonly moving: readonly Slot[];
}

/** Slot is one column. */
export interface Slot {
  readonly kind: Kind;
  /** Its group's bit in a mask. */
  readonly bit: number;
  /** Where its cell is in the row; where its blob is among the blobs, for strings and bytes. */
  readonly cell: number;
  /** Where its velocity is in the row; pos only. */
  readonly velocity: number;
  readonly k: number;
  readonly ke: number;
  /** The greatest step that is not a jump; 2^31 if it never jumps. */
  readonly jump: number;
  /** 32 - bits for an angle, else 0. */
  readonly shift: number;
}

/** The greatest number of groups for which masks have codes of their own. */
const maxRanked = 8;

/** layoutOf derives a table's layout. */
export function layoutOf(table: TableSchema): Layout {
  const columns = table.columns;
  const cells = columns.reduce((n, c) => n + (isBlob(c.kind) ? 0 : c.kind === Kind.WIDE ? 2 : 1), 0);
  const slots: Slot[] = [];
  const moving: Slot[] = [];
  let cell = 0;
  let blobs = 0;
  let groups = 0;
  for (const c of columns) {
    if (c.kind !== Kind.POS || slots.at(-1)?.kind !== Kind.POS) groups++;
    const slot: Slot = {
      kind: c.kind,
      bit: 1 << (groups - 1),
      cell: isBlob(c.kind) ? blobs++ : cell,
      velocity: cells + moving.length,
      k: c.k,
      ke: c.ke,
      jump: c.jump > 0 ? c.jump : 2 ** 31,
      shift: c.kind === Kind.ANGLE ? 32 - c.bits : 0,
    };
    if (!isBlob(c.kind)) cell += c.kind === Kind.WIDE ? 2 : 1;
    slots.push(slot);
    if (c.kind === Kind.POS) moving.push(slot);
  }
  const masks = groups > maxRanked ? undefined : masksOf(groups, table.order);
  return { cells, blobs, span: cells + moving.length + 1, columns: slots, groups, masks, moving };
}

/** isBlob says whether a column of this kind has no cell. */
export function isBlob(kind: Kind): boolean {
  return kind === Kind.STRING || kind === Kind.BYTES;
}

/** masksOf lists all masks of n groups: those of order first, then the others ascending. */
function masksOf(n: number, order: readonly number[]): Uint8Array {
  const size = 1 << n;
  const masks = new Set(order.filter((mask) => mask < size));
  for (let mask = 0; mask < size; mask++) masks.add(mask);
  return Uint8Array.from(masks);
}

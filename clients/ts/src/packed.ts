import { BitReader, unzig, width } from "./bits.js";
import { badFrame } from "./frameerror.js";
import { isBlob, type Layout } from "./layout.js";
import { chain, type Replica, whole } from "./replica.js";
import type { Blob, Rows } from "./rows.js";
import { Kind } from "./schema.js";

// Exp-Golomb parameters that the schema does not choose.
const sparseK = 3;
const idK = 2;
const textK = 4;
const enterVelocityK = 3;

// What stands for an age where there is none.
const chaining = -1;
const entering = -2;

const order = "out of order";
const missing = "no such row";

/** The greatest length of a text. */
const maxText = 65_535;

const reader = new BitReader();
let gone = new Uint32Array(64);

/** applyPacked applies a body of the packed codec. If it throws, the replica takes only a whole frame. */
export function applyPacked(replica: Replica, tick: number, base: number, body: Uint8Array): void {
  replica.begin(tick, base);
  reader.load(body);
  if (base !== whole) {
    const age = base === chain ? chaining : reader.eg(0);
    if (age >= base) throw badFrame("its age is not its base");
    readLeaves(replica.tables);
    for (const rows of replica.tables) readStay(rows, age);
  }
  readEnters(replica);
  reader.finish();
  replica.end(tick);
}

function readLeaves(tables: readonly Rows[]): void {
  let left = reader.eg(0);
  if (left === 0) return;
  let held = 0;
  for (const rows of tables) held += rows.count;
  if (left > held) throw badFrame(missing);
  if (held >= gone.length) gone = new Uint32Array(2 * held);
  const bits = width(held);
  let index = reader.bits(bits);
  let first = 0;
  for (const rows of tables) {
    const end = first + rows.count;
    let n = 0;
    while (left > 0 && index < end) {
      gone[n++] = index - first;
      if (--left === 0) break;
      const next = reader.bits(bits);
      if (next <= index) throw badFrame(order);
      index = next;
    }
    first = end;
    if (n > 0) rows.remove(gone, n);
  }
  if (left > 0) throw badFrame(missing);
}

/** readStay reads what changed in the rows that a table still has. */
function readStay(rows: Rows, age: number): void {
  const { count } = rows;
  if (count === 0) return;
  const some = reader.bits(1) === 1;
  if (some && reader.bits(1) === 1) {
    let row = 0;
    for (let after = reader.eg(sparseK); after >= 0; after--) {
      const next = row + reader.eg(sparseK);
      if (next >= count) throw badFrame(missing);
      change(rows, row, next, false, age);
      row = next + 1;
      change(rows, next, row, true, age);
    }
    change(rows, row, count, false, age);
  } else {
    change(rows, 0, count, some, age);
  }
}

/** readMask reads which groups of a row changed. */
function readMask({ masks, groups }: Layout, age: number): number {
  if (age === entering) return reader.bits(groups);
  if (!masks) return reader.bits(1) === 0 ? 0 : reader.bits(groups);
  const code = reader.eg(0);
  if (code >= masks.length) throw badFrame("no such mask");
  return masks[code]!;
}

/**
 * change makes rows what they are now; if some of their groups are told, a mask comes first. age is the ring's, or one of
 * the above. This one loop has little else that it calls, so that engines make one piece of it and of the reader.
 */
function change(rows: Rows, row: number, end: number, some: boolean, age: number): void {
  const { layout } = rows;
  const { span } = layout;
  const cells = age === entering ? rows.stagedCells : rows.cells;
  const wide = age < 8 ? 0 : 29 - Math.clz32(age); // changes against an older state are coded wider
  for (; row < end; row++) {
    const mask = some ? readMask(layout, age) : 0;
    const slots = mask === 0 ? layout.moving : layout.columns;
    const at = row * span;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      const { kind } = slot;
      const k = age === entering ? slot.ke : slot.k + wide;
      const told = (mask & slot.bit) !== 0;
      const to = at + slot.cell;
      if (kind === Kind.POS) {
        const from = at + slot.velocity;
        let step = cells[from]!;
        if (age !== chaining) {
          if (told) cells[from]! += unzig(reader.eg(age === entering ? enterVelocityK : slot.k));
          step = age === entering ? 0 : Math.imul(step + cells[from]!, age) >> 1;
        }
        if (told) {
          step = (step + unzig(reader.eg(k))) | 0;
          if (age === chaining) cells[from] = Math.abs(step) > slot.jump ? 0 : step;
        }
        cells[to]! += step;
      } else if (!told) {
        continue;
      } else if (kind === Kind.BOOL) {
        cells[to]! ^= 1;
      } else if (kind === Kind.WIDE) {
        readWide(cells, to, k);
      } else if (isBlob(kind)) {
        (age === entering ? rows.stagedBlobs : rows.blobs)[row]![slot.cell] = readBlob();
      } else {
        const value = cells[to]! + unzig(reader.eg(k) + 1);
        cells[to] = (value << slot.shift) >>> slot.shift;
      }
    }
  }
}

function readWide(cells: Int32Array, to: number, k: number): void {
  cells[to]! += unzig(reader.eg(k));
  cells[to + 1]! += unzig(reader.eg(k));
}

function readBlob(): Blob {
  const n = reader.eg(textK);
  if (n > maxText) throw badFrame("text too long");
  return { bytes: reader.bytes(n) };
}

function readEnters(replica: Replica): void {
  const { tables } = replica;
  const bits = width(tables.length);
  let left = reader.eg(0);
  let table = 0;
  let id = replica.maxId;
  for (; left > 0; left--) {
    const next = reader.bits(bits);
    if (next < table || next >= tables.length) throw badFrame(order);
    while (table < next) tables[table++]!.merge();
    const rows = tables[table]!;
    const before = rows.staged > 0 ? id : 0;
    id = (id + 1 + unzig(reader.eg(idK))) >>> 0;
    if (id <= before) throw badFrame(order);
    if (id > replica.maxId) replica.maxId = id;
    rows.stage(id); // a copy of the row that entered before it
    change(rows, rows.staged - 1, rows.staged, true, entering);
  }
  while (table < tables.length) tables[table++]!.merge();
}

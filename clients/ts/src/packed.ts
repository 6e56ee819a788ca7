import { BitReader, unzig, width } from "./bits.js";
import { badFrame } from "./frameerror.js";
import { isBlob, type Layout } from "./layout.js";
import { chain, moves, type Replica, slowest, whole } from "./replica.js";
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
const slowly = -3;

const order = "out of order";
const missing = "no such row";

/** The greatest length of a text. */
const maxText = 65_535;

const reader = new BitReader();
let gone = new Uint32Array(64);
/** The classes for which the frame is due. */
const due = [true, true, true];

/** applyPacked applies a body of the packed codec; base is as it is sent. If it throws, the replica takes only a whole frame. */
export function applyPacked(replica: Replica, tick: number, base: number, body: Uint8Array): void {
  const from = base & ~moves;
  replica.begin(tick, from);
  reader.load(body);
  const { told, tables } = replica;
  if (from === chain) replica.stride = tick - replica.tick;
  for (let c = 1; c <= slowest; c++) {
    const n = replica.stride * 2 ** c;
    due[c] = from === whole || replica.stride !== replica.last || Math.floor(tick / n) !== Math.floor(replica.tick / n);
  }
  if (from !== whole) {
    const age = from === chain ? chaining : reader.eg(0);
    if (age >= from) throw badFrame("its age is not its base");
    readPlaces(tables, false);
    for (const rows of tables) readStay(rows, age, 0, replica.slow);
    if (replica.slow) for (let c = 1; c <= slowest; c++) readSlow(replica, tick, c);
  }
  readEnters(replica);
  for (let c = 1; c <= slowest; c++) if (due[c]) told[c] = tick;
  if (from !== base) {
    replica.slow = true;
    readPlaces(tables, true);
  }
  reader.finish();
  replica.end(tick);
}

/** readSlow reads what changed in the rows of a slower class, or moves them on. */
function readSlow({ tables, stride, last, told, tick: before }: Replica, tick: number, c: number): void {
  const age = Math.floor((tick - told[c]!) / stride);
  const back = Math.floor((before - told[c]!) / last);
  const regular = stride === last && tick - told[c]! === stride * 2 ** c;
  for (const rows of tables) {
    const { cells, layout } = rows;
    for (let end = rows.count * layout.span; end > 0; end -= layout.span) {
      if (cells[end - 1] !== c) continue;
      const at = end - layout.span;
      for (const { cell, velocity } of layout.moving) {
        cells[at + cell]! += Math.imul(cells[at + velocity]!, (due[c] ? 0 : age) - back);
      }
    }
    if (due[c]) readStay(rows, regular ? slowly : age, c, true);
  }
}

/** readPlaces reads places in the list of rows: of those that leave, or of those that change their class. */
function readPlaces(tables: readonly Rows[], moving: boolean): void {
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
      if (moving) readClass(rows, index - first);
      else gone[n++] = index - first;
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

/** readClass reads the new class of a row. */
function readClass({ cells, layout: { span } }: Rows, row: number): void {
  const own = row * span + span - 1;
  const from = cells[own]!;
  let to = reader.bits(1);
  if (to >= from) to++; // it is one of the two others
  if (!due[from] || !due[to]) throw badFrame("a class that is not told");
  cells[own] = to;
}

/** readStay reads what changed in the rows of a class that a table still has. */
function readStay(rows: Rows, age: number, c: number, slow: boolean): void {
  let { count } = rows;
  if (slow) {
    const { span } = rows.layout;
    for (let end = count * span; end > 0; end -= span) if (rows.cells[end - 1] !== c) count--;
  }
  if (count === 0) return;
  const some = reader.bits(1) === 1;
  if (some && reader.bits(1) === 1) {
    let row = 0;
    for (let after = reader.eg(sparseK); after >= 0; after--) {
      const skip = reader.eg(sparseK);
      if (skip >= count) throw badFrame(missing);
      row = change(rows, row, skip, false, age, c);
      row = change(rows, row, 1, true, age, c);
      count -= skip + 1;
    }
    change(rows, row, count, false, age, c);
  } else {
    change(rows, 0, count, some, age, c);
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
 * change makes the next rows of a class what they are now, and is the row after them; if some of their groups are told, a
 * mask comes first. age is the ring's, or one of the above. This one loop has little else that it calls, so that engines
 * make one piece of it and of the reader.
 */
function change(rows: Rows, row: number, left: number, some: boolean, age: number, c: number): number {
  const { layout } = rows;
  const { span } = layout;
  const cells = age === entering ? rows.stagedCells : rows.cells;
  const wide = age < 8 ? 0 : 29 - Math.clz32(age); // changes against an older state are coded wider
  for (; left > 0; row++) {
    const at = row * span;
    if (cells[at + span - 1] !== c) continue;
    left--;
    const mask = some ? readMask(layout, age) : 0;
    let turn = 0; // strides since the velocity became what it is, and the group of which it was told
    let turned = 0;
    const slots = mask === 0 ? layout.moving : layout.columns;
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
          if (age === slowly && told && slot.bit !== turned) {
            turned = slot.bit;
            turn = reader.bits(c) + 1;
          }
          if (told) cells[from]! += unzig(reader.eg(age === entering ? enterVelocityK : slot.k));
          const now = cells[from]!;
          if (age === slowly) step = Math.imul(step, (1 << c) - turn) + Math.imul(now, turn);
          else step = age === entering ? 0 : Math.imul(step + now, age) >> 1;
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
  return row;
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
    change(rows, rows.staged - 1, 1, true, entering, 0);
  }
  while (table < tables.length) tables[table++]!.merge();
}

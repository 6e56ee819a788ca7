import { BitReader, unzig, width } from "./bits.js";
import { badFrame } from "./frameerror.js";
import { isBlob, type Layout, type Slot } from "./layout.js";
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
  const { count, layout, cells, blobs } = rows;
  if (count === 0) return;
  const some = reader.bits(1) === 1;
  const sparse = some && reader.bits(1) === 1;
  // Rows left until the next that changes, and how many change after it.
  let after = sparse ? reader.eg(sparseK) : 0;
  let run = sparse ? reader.eg(sparseK) : some ? 0 : count;
  for (let row = 0; row < count; row++) {
    const told = run === 0;
    change(cells, row * layout.span, blobs[row], layout, told ? readMask(layout) : 0, age);
    if (!told) run--;
    else if (sparse) run = after-- > 0 ? reader.eg(sparseK) : count;
  }
  if (sparse && after >= 0) throw badFrame(missing);
}

function readMask(layout: Layout): number {
  const { masks, groups } = layout;
  if (!masks) return reader.bits(1) === 0 ? 0 : reader.bits(groups.length);
  const code = reader.eg(0);
  if (code >= masks.length) throw badFrame("no such mask");
  return masks[code]!;
}

/** change makes one row what it is now: its mask says which groups are told. age is the ring's, or one of the above. */
function change(cells: Int32Array, at: number, blobs: Blob[] | undefined, layout: Layout, mask: number, age: number): void {
  if (mask === 0) {
    for (const slot of layout.moving) move(cells, at, slot, false, age);
    return;
  }
  const { groups } = layout;
  for (let g = 0; g < groups.length; g++) {
    const { kind, slots } = groups[g]!;
    const told = ((mask >>> g) & 1) !== 0;
    if (kind === Kind.POS) {
      for (const slot of slots) move(cells, at, slot, told, age);
    } else if (told) {
      const slot = slots[0]!;
      if (isBlob(kind)) blobs![slot.cell] = readBlob();
      else readCell(cells, at + slot.cell, slot, age === entering ? slot.ke : slot.k + spread(age));
    }
  }
}

/** move takes a pos column to where its velocity leads, and what is told beyond that. */
function move(cells: Int32Array, at: number, slot: Slot, told: boolean, age: number): void {
  const { k } = slot;
  const before = cells[at + slot.velocity]!;
  let velocity = before;
  if (told && age !== chaining) velocity = (before + unzig(reader.eg(age === entering ? enterVelocityK : k))) | 0;
  let step = age === chaining ? before : age === entering ? 0 : Math.imul(before + velocity, age) >> 1;
  if (told) {
    step = (step + unzig(reader.eg(age === entering ? slot.ke : k + spread(age)))) | 0;
    if (age === chaining) velocity = step > slot.jump || step < -slot.jump ? 0 : step;
    cells[at + slot.velocity] = velocity;
  }
  cells[at + slot.cell]! += step;
}

/** spread is how much wider changes are coded against an older state. */
function spread(age: number): number {
  return age < 8 ? 0 : 29 - Math.clz32(age);
}

/** readCell reads the change of a column that is not predicted, into the cell at `to`. */
function readCell(cells: Int32Array, to: number, { kind, shift }: Slot, k: number): void {
  if (kind === Kind.BOOL) {
    cells[to]! ^= 1;
  } else if (kind === Kind.WIDE) {
    cells[to]! += unzig(reader.eg(k));
    cells[to + 1]! += unzig(reader.eg(k));
  } else {
    const value = cells[to]! + unzig((reader.eg(k) + 1) >>> 0);
    cells[to] = kind === Kind.ANGLE ? (value << shift) >>> shift : value;
  }
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
    const at = rows.stage(id); // a copy of the row that entered before it
    const { layout, stagedCells, stagedBlobs, staged } = rows;
    change(stagedCells, at, stagedBlobs[staged - 1], layout, reader.bits(layout.groups.length), entering);
  }
  while (table < tables.length) tables[table++]!.merge();
}

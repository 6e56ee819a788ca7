import { badFrame } from "./frameerror.js";
import { isBlob } from "./layout.js";
import type { Replica } from "./replica.js";
import { noBlob, type Rows } from "./rows.js";
import { Kind } from "./schema.js";
import { delimited, Reader, varint } from "./wire.js";

// Field numbers and wire types of state.proto.
const deltaTables = (1 << 3) | delimited;
const tableIndex = (1 << 3) | varint;
const tableGone = 2;
const tableRows = (3 << 3) | delimited;
const rowId = (1 << 3) | varint;
const rowColumns = (2 << 3) | varint;
const rowCells = 3;
const rowBlobs = (4 << 3) | delimited;
const rowVelocities = 5;

/** One row of a delta, in memory that is used again. */
const row = {
  id: 0,
  columns: 0,
  cells: new Int32Array(64),
  cellCount: 0,
  blobs: [] as Uint8Array[],
  velocities: new Int32Array(32),
  velocityCount: 0,
};
let gone = new Uint32Array(64);

/** applyPlain applies a Delta message. If it throws, the replica takes only a whole frame. */
export function applyPlain(replica: Replica, tick: number, base: number, delta: Uint8Array): void {
  replica.begin(tick, base);
  let last = -1;
  for (const reader = new Reader(delta); reader.more; ) {
    const tag = reader.u32();
    if (tag !== deltaTables) {
      reader.pass(tag);
      continue;
    }
    last = readTable(replica, last, reader.message());
  }
  for (const rows of replica.tables) rows.merge();
  replica.end(tick);
}

/** readTable applies a TableDelta and is the number of its table, which must be above `last`. */
function readTable(replica: Replica, last: number, reader: Reader): number {
  const start = reader.pos;
  let table = 0;
  let n = 0;
  const leave = (list: Reader): void => {
    if (n + 1 >= gone.length) gone = Uint32Array.from({ length: 2 * n }, (_, i) => gone[i] ?? 0);
    gone[n++] = list.u32();
  };
  while (reader.more) {
    const tag = reader.u32();
    if (tag === tableIndex) table = reader.u32();
    else if (tag >>> 3 === tableGone) reader.each(tag, leave);
    else reader.pass(tag);
  }
  const rows = replica.tables[table];
  if (!rows || table <= last) throw badFrame("tables out of order");
  if (n > 0) remove(rows, n);
  reader.pos = start;
  let id = 0;
  while (reader.more) {
    const tag = reader.u32();
    if (tag !== tableRows) {
      reader.pass(tag);
      continue;
    }
    readRow(reader.message());
    if (row.id <= id) throw badFrame("rows out of order");
    id = row.id;
    put(rows);
  }
  return table;
}

function remove(rows: Rows, n: number): void {
  for (let i = 0; i < n; i++) {
    const at = rows.find(gone[i]!);
    if (at < 0 || (i > 0 && at <= gone[i - 1]!)) throw badFrame("a row leaves that is not there");
    gone[i] = at;
  }
  rows.remove(gone, n);
}

function readRow(reader: Reader): void {
  row.id = 0;
  row.columns = 0;
  row.cellCount = 0;
  row.blobs.length = 0;
  row.velocityCount = 0;
  while (reader.more) {
    const tag = reader.u32();
    if (tag === rowId) row.id = reader.u32();
    else if (tag === rowColumns) row.columns = reader.u32();
    else if (tag >>> 3 === rowCells) reader.each(tag, readCell);
    else if (tag === rowBlobs) row.blobs.push(reader.bytes());
    else if (tag >>> 3 === rowVelocities) reader.each(tag, readVelocity);
    else reader.pass(tag);
  }
}

function readCell(list: Reader): void {
  if (row.cellCount === row.cells.length) throw badFrame("too many cells");
  row.cells[row.cellCount++] = list.s32();
}

function readVelocity(list: Reader): void {
  if (row.velocityCount === row.velocities.length) throw badFrame("too many velocities");
  row.velocities[row.velocityCount++] = list.s32();
}

/** stageEmpty stages a row of zeros. */
function stageEmpty(rows: Rows, id: number): number {
  const at = rows.stage(id);
  rows.stagedCells.fill(0, at, at + rows.layout.span);
  rows.stagedBlobs[rows.staged - 1]?.fill(noBlob);
  return at;
}

/** put assigns what was read to the row, which is staged if it is new. */
function put(rows: Rows): void {
  const { layout } = rows;
  const held = rows.find(row.id);
  const at = held >= 0 ? held * layout.span : stageEmpty(rows, row.id);
  const cells = held >= 0 ? rows.cells : rows.stagedCells;
  if (row.columns >= 2 ** layout.columns.length) throw badFrame("no such column");
  let cell = 0;
  let blob = 0;
  for (let i = 0; i < layout.columns.length; i++) {
    if (((row.columns >>> i) & 1) === 0) continue;
    const slot = layout.columns[i]!;
    if (isBlob(slot.kind)) {
      const bytes = row.blobs[blob++];
      if (!bytes) throw badFrame("a text is missing");
      (held >= 0 ? rows.blobs[held]! : rows.stagedBlobs[rows.staged - 1]!)[slot.cell] = { bytes: bytes.slice() };
      continue;
    }
    cells[at + slot.cell] = row.cells[cell++]!;
    if (slot.kind === Kind.WIDE) cells[at + slot.cell + 1] = row.cells[cell++]!;
  }
  if (cell !== row.cellCount || blob !== row.blobs.length) throw badFrame("cells and columns differ in number");
  if (row.velocityCount === 0) return;
  if (row.velocityCount !== layout.moving.length) throw badFrame("velocities and columns differ in number");
  for (let i = 0; i < row.velocityCount; i++) cells[at + layout.cells + i] = row.velocities[i]!;
}

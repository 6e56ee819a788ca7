// Prints what applying a packed chain frame costs for each row, and reading the rows after it. Run `npm run build` first.
import { applyPacked } from "../dist/packed.js";
import { Replica } from "../dist/replica.js";
import { liveState } from "../dist/state.js";

const frames = 400;

/** A writer of bit streams, the reverse of BitReader. */
class Writer {
  bits = [];
  put(value, n) {
    for (let i = 0; i < n; i++) this.bits.push((value >>> i) & 1);
  }
  eg(k, u) {
    const q = (u >>> k) + 1;
    const z = 31 - Math.clz32(q);
    this.put(1 << z, z + 1);
    this.put(q, z);
    this.put(u, k);
  }
  bytes() {
    const out = new Uint8Array(Math.ceil(this.bits.length / 8));
    this.bits.forEach((bit, i) => (out[i >>> 3] |= bit << (i & 7)));
    return out;
  }
}

let seed = 1;
const random = (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0), Math.floor((seed / 2 ** 32) * n));
const zig = (r) => ((r << 1) ^ (r >> 31)) >>> 0;

const column = (name, kind, bits, k, ke) => ({ name, kind, bits, k, ke, jump: 0, unsigned: false, unit: 1, drop: 0, lerp: true, step: 0 });
const ships = {
  name: "ships",
  columns: [column("x", 3, 32, 0, 11), column("y", 3, 32, 0, 11), column("angle", 4, 8, 2, 7), column("hp", 1, 8, 2, 6), column("on", 2, 1, 2, 6)],
  order: [3, 2, 0, 1],
  single: false,
};

function whole(rows) {
  const w = new Writer();
  w.eg(0, rows);
  for (let i = 0; i < rows; i++) {
    w.eg(2, 0); // the next id; one table takes no bits
    w.put(15, 4);
    for (let axis = 0; axis < 2; axis++) {
      w.eg(3, zig(random(9) - 4));
      w.eg(11, zig(random(4000) - 2000));
    }
    w.eg(7, random(100));
    w.eg(6, random(60));
  }
  return w.bytes();
}

/** A frame of busy play: most ships steer and turn, few are hit. */
function chain(rows) {
  const w = new Writer();
  w.eg(0, 0);
  w.put(1, 2);
  for (let i = 0; i < rows; i++) {
    const rank = [0, 0, 0, 0, 1, 2, 3, 3, 7][random(9)];
    const mask = [3, 2, 0, 1, 4, 5, 6, 7][rank];
    w.eg(0, rank);
    if (mask & 1) for (let axis = 0; axis < 2; axis++) w.eg(0, zig(random(3) - 1));
    if (mask & 2) w.eg(2, random(12));
    if (mask & 4) w.eg(2, random(30));
  }
  w.eg(0, 0);
  return w.bytes();
}

for (const rows of [64, 1000, 5000]) {
  const replica = new Replica({ tables: [ships], commands: [], events: [] });
  const { ships: table } = liveState(replica);
  applyPacked(replica, 1, 1, whole(rows));
  const bodies = Array.from({ length: 50 }, () => chain(rows));
  let sum = 0;
  const best = (what) => {
    let least = Infinity;
    const n = Math.max(20, Math.floor((frames * 64) / rows));
    for (let round = 0; round < 15; round++) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < n; i++) what(i);
      least = Math.min(least, Number(process.hrtime.bigint() - start) / n / rows);
    }
    return least.toFixed(1);
  };
  const apply = best((i) => applyPacked(replica, replica.tick + 1, 0, bodies[i % bodies.length]));
  const hash = best(() => (sum ^= replica.hash()));
  const read = best(() => {
    for (const [, row] of table) sum += row.x + row.y + row.angle;
  });
  const size = bodies.reduce((n, b) => n + b.length, 0) / bodies.length;
  console.log(`${rows} rows, ${size.toFixed(0)} B a frame: apply ${apply} ns a row, hash ${hash}, read x, y and angle ${read}`);
}

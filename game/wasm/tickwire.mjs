// Runs Tickwire's sample games and codec in JavaScript. Load wasm_exec.js, which comes with Go, before: it makes the
// global class Go.
//
//   const game = await load(bytes)            // of game.wasm, or a compiled WebAssembly.Module
//   const sim = game.sim("arena", 7n)
//   sim.step([{ kind: JOIN, player: sim.nextID, name: "Ada" }])
//   const replica = sim.replica()
//   const { base, body } = sim.frame()
//   replica.apply(sim.now, base, body)
//   for (const ship of replica.rows("ships")) draw(ship.id, ship.cells)

export const JOIN = 1;
export const LEAVE = 2;
export const INPUT = 3;
export const COMMAND = 4;
export const DROP = 5;
export const RESUME = 6;
export const CLOSING = 7;

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Starts the program. */
export async function load(source) {
  const go = new globalThis.Go();
  const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
  const instance = await WebAssembly.instantiate(module, go.importObject);
  void go.run(instance); // ends never
  return new Game(instance.exports);
}

class Game {
  constructor(exports) {
    this.x = exports;
  }

  /** Makes a game by its name. The seed is a bigint. */
  sim(name, seed = 0n, options = {}) {
    const words = [name, ...Object.entries(options).flat()];
    return new Sim(this, this.call("simNew", this.put(utf8.encode(words.join("\0") + "\0")), seed));
  }

  /** Copies bytes to where the next call finds them, and returns how many they are. */
  put(bytes) {
    const at = this.x.buffer(bytes.length) >>> 0;
    new Uint8Array(this.x.mem.buffer, at, bytes.length).set(bytes);
    return bytes.length;
  }

  /** A copy of what the last call left. */
  get result() {
    return new Uint8Array(this.x.mem.buffer, this.x.result() >>> 0, this.x.resultSize()).slice();
  }

  call(name, ...args) {
    const n = this.x[name](...args);
    if (n === -1) throw new Error(text.decode(this.result));
    return n;
  }
}

class Sim {
  constructor(game, handle) {
    this.game = game;
    this.handle = handle;
  }

  get now() {
    return this.game.x.simNow(this.handle) >>> 0;
  }

  get nextID() {
    return this.game.x.simNextID(this.handle) >>> 0;
  }

  /** Hash of all state, a bigint. */
  get hash() {
    return BigInt.asUintN(64, this.game.x.simHash(this.handle));
  }

  /** Runs a tick. It returns true if the game has ended itself. */
  step(entries = []) {
    return this.game.call("simStep", this.handle, this.game.put(pack(entries))) === 1;
  }

  /** The frame that brings this sim's own replica up to date. */
  frame() {
    const base = this.game.call("simFrame", this.handle);
    return { base, body: this.game.result };
  }

  checkpoint() {
    this.game.call("simCheckpoint", this.handle);
    return this.game.result;
  }

  restore(bytes) {
    this.game.call("simRestore", this.handle, this.game.put(bytes));
  }

  /** An empty copy of what this sim shows. */
  replica() {
    return new Replica(this.game, this.game.call("replicaNew", this.handle));
  }

  free() {
    this.game.x.simFree(this.handle);
  }
}

class Replica {
  constructor(game, handle) {
    this.game = game;
    this.handle = handle;
  }

  get hash() {
    return this.game.x.replicaHash(this.handle) >>> 0;
  }

  apply(tick, base, body) {
    const n = this.game.put(body);
    this.game.call("replicaApply", this.handle, tick, base, n);
  }

  /** The rows of a table: their ids, cells, velocities and texts (as bytes), in the order of the schema. */
  rows(name) {
    const table = this.game.call("replicaTable", this.handle, this.game.put(utf8.encode(name)));
    const count = this.game.call("replicaRows", this.handle, table);
    if (count === 0) return [];
    const words = new Int32Array(this.game.result.buffer);
    this.game.call("replicaTexts", this.handle, table);
    const bytes = this.game.result;
    const view = new DataView(bytes.buffer);
    const [cells, velocities, texts] = words;
    const rows = [];
    for (let i = 0, at = 3, from = 0; i < count; i++, at += 1 + cells + velocities) {
      const row = {
        id: words[at] >>> 0,
        cells: words.slice(at + 1, at + 1 + cells),
        velocities: words.slice(at + 1 + cells, at + 1 + cells + velocities),
        texts: [],
      };
      for (let t = 0; t < texts; t++) {
        const n = view.getUint32(from, true);
        row.texts.push(bytes.subarray(from + 4, from + 4 + n));
        from += 4 + n;
      }
      rows.push(row);
    }
    return rows;
  }

  free() {
    this.game.x.replicaFree(this.handle);
  }
}

/** Packs entries for the program; main.go describes the words. */
export function pack(entries) {
  const parts = entries.map((e) => ({
    ...e,
    values: e.values ?? [],
    blobs: e.kind === JOIN ? [utf8.encode(e.name ?? ""), utf8.encode(e.identity ?? "")] : (e.blobs ?? []),
  }));
  let size = 0;
  for (const e of parts) {
    size += 32 + 8 * e.values.length;
    for (const b of e.blobs) size += 4 + ((b.length + 3) & ~3);
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const word = (w) => {
    view.setUint32(at, w, true);
    at += 4;
  };
  for (const e of parts) {
    const other = e.kind === LEAVE ? e.reason : e.type;
    for (const w of [e.kind, e.player, e.tick, e.view, e.seq, other]) word(w ?? 0);
    word(e.values.length);
    word(e.blobs.length);
    for (const v of e.values) {
      view.setBigInt64(at, BigInt(v), true);
      at += 8;
    }
    for (const b of e.blobs) {
      word(b.length);
      bytes.set(b, at);
      at += (b.length + 3) & ~3;
    }
  }
  return bytes;
}

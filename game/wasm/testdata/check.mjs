// Plays what wasm_test.go recorded, and writes what it sees as JSON: node check.mjs wasm_exec.js game.wasm script.json
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { load } from "../tickwire.mjs";

const [runtime, program, script] = process.argv.slice(2);
createRequire(import.meta.url)(runtime);
const game = await load(await readFile(program));
const { name, seed, options, ticks, frames, checkpoint } = JSON.parse(await readFile(script, "utf8"));

const entries = (tick) =>
  (tick ?? []).map((e) => ({ ...e, blobs: (e.blobs ?? []).map((b) => Buffer.from(b, "base64")) }));

// The program of one game gets frames and checkpoints from the server.
const serves = game.x.simFrame !== undefined;
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

const seen = { hashes: [], frames: 0, errors: [] };
let sim = game.sim(name, BigInt(seed), options ?? {});
const replica = sim.replica();
for (const [i, tick] of ticks.entries()) {
  if (i === ticks.length / 2) {
    const next = game.sim(name, 0n, options ?? {}); // a fresh one, of another seed
    next.restore(serves ? sim.checkpoint() : bytes(checkpoint));
    sim.free();
    sim = next;
  }
  sim.step(entries(tick));
  seen.hashes.push(sim.hash.toString());
  const { base, body } = serves ? sim.frame() : { base: frames[i].base, body: bytes(frames[i].body) };
  replica.apply(sim.now, base, body);
  seen.frames++;
}
seen.replica = replica.hash;
seen.rows = {};
for (const table of ["ships", "pilots", "rules"]) {
  seen.rows[table] = replica.rows(table).map((r) => ({
    id: r.id,
    cells: [...r.cells],
    velocities: [...r.velocities],
    texts: r.texts.map((t) => Buffer.from(t).toString()),
  }));
}

// What is wrong is an error in words, and the program lives on.
const refused = [
  () => game.sim("no such game"),
  () => sim.step([{ kind: 99 }]),
  () => sim.restore(new Uint8Array([1, 2, 3])),
  () => replica.apply(1, 7, new Uint8Array([255])),
  () => replica.rows("no such table"),
  () => game.call("simStep", 1000, 0),
  () => game.call("simStep", sim.handle, game.put(new Uint8Array(30))),
];
for (const attempt of refused) {
  try {
    attempt();
    seen.errors.push("");
  } catch (error) {
    seen.errors.push(error.message);
  }
}
console.log(JSON.stringify(seen));
process.exit(0);

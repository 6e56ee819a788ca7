// Plays a match without a server and prints it, so that a test can compare it with Tickwire's own. On standard input is a
// Match as JSON, whose inputs are [axis, axis, button] of each player in each tick; on standard output one line a tick with
// all rows as clients of Tickwire hold them.

import { text } from "node:stream/consumers";

import { Arena } from "./arena/rules.js";
import { readOptions } from "./world/land.js";
import { World } from "./world/rules.js";

/**
 * @typedef {object} Match
 * @property {string} game
 * @property {number} seed
 * @property {number} players
 * @property {object} options
 * @property {[number, number, number][][]} inputs
 */

/**
 * @param {Match} match
 * @returns {(inputs: [number, number, number][]) => Record<string, number[][]>}
 */
function arena({ seed, players }) {
  const arena = new Arena(seed, { fired() {}, ended() {}, hit() {}, killed() {} });
  for (let i = 1; i <= players; i++) arena.join(i);
  return (inputs) => {
    arena.ships.forEach((ship, i) => {
      const [thrust, turn, fire] = inputs[i];
      Object.assign(ship, { thrust, turn, fire: fire !== 0 });
    });
    arena.tick();
    return {
      ships: arena.ships.map((s) => [s.x >> 5, s.y >> 5, s.angle >> 2, s.hp, Number(s.shield)]),
      pilots: arena.ships.map((s) => [s.score, s.deaths, Number(s.away)]),
      shots: arena.shots.map((s) => [(s.x + 32) >> 6, (s.y + 32) >> 6]),
    };
  };
}

/**
 * @param {Match} match
 * @returns {(inputs: [number, number, number][]) => Record<string, number[][]>}
 */
function world({ seed, players, options }) {
  const world = new World(seed, readOptions(options), { laid() {}, picked() {}, bumped() {} });
  for (let i = 1; i <= players; i++) world.join(i, "x");
  return (inputs) => {
    world.walkers.forEach((walker, i) => {
      const [dx, dy, run] = inputs[i];
      Object.assign(walker, { dx, dy, running: run !== 0 });
    });
    world.step();
    return {
      walkers: world.walkers.map((w) => [w.x >> 5, w.y >> 5, w.angle >> 2, w.size, Number(w.run)]),
      bags: world.walkers.map((w) => [...w.bag, w.swiftSeconds, w.hardSeconds]),
      mates: world.walkers.map((w) => [w.mateX, w.mateY]),
      food: [...world.land.food.values()].map((f) => [f.x >> 7, f.y >> 7, f.kind]),
      rocks: world.land.rocks.map((r) => [r.x >> 7, r.y >> 7, r.radius >> 7]),
      map: Array.from({ length: 16 }, (_, i) => [...world.density.subarray(16 * i, 16 * i + 16)]),
    };
  };
}

/** @type {Match} */
const match = JSON.parse(await text(process.stdin));
const step = match.game === "world" ? world(match) : arena(match);
console.log(match.inputs.map((inputs) => JSON.stringify(step(inputs))).join("\n"));

// Joins a running server beside others and finds out whether it really plays:
//
//     node check.js HOST:PORT GAME [OPTION=VALUE …]
//
// It decodes the state with Colyseus' own client, steers, and wants to see its own place and those of others move; in the
// world also food and its own bag, and nothing that is out of sight. It prints what it saw as one line of JSON, and exits
// with 1 if that is not enough.

import { Client } from "@colyseus/sdk";

const [address = "", game = "arena", ...options] = process.argv.slice(2);
const WAIT = 10_000;
const FAR = 36 + 1; // units; a walker may have moved on by one tick

const room = await new Client(`http://${address}`).joinOrCreate(game, {
  name: "check",
  ...Object.fromEntries(options.map((option) => option.split("="))),
});
room.onMessage("*", () => {}); // events are none of its business

/** @type {Map<string, Set<string>>} */
const places = new Map();
const saw = { patches: 0, seen: 0, moved: 0, own: 0, shots: 0, food: 0, bags: 0, farthest: 0 };

/**
 * Notes where everybody is.
 * @param {any} state
 */
function look(state) {
  saw.patches++;
  const movers = game === "world" ? state.walkers : state.ships;
  movers?.forEach((/** @type {any} */ row, /** @type {string} */ key) => {
    const seen = places.get(key) ?? new Set();
    places.set(key, seen.add(`${row.x},${row.y}`));
  });
  saw.seen = places.size;
  saw.moved = [...places.values()].filter((seen) => seen.size > 2).length;
  saw.own = places.get(room.sessionId)?.size ?? 0;
  if (game === "world") lookAround(state);
  else saw.shots = Math.max(saw.shots, state.shots.filter((/** @type {any} */ shot) => shot.live).length);
}

/**
 * Notes what of the world is in sight, and how far away, in units.
 * @param {any} state
 */
function lookAround(state) {
  const own = state.walkers?.get(room.sessionId);
  if (own === undefined) return;
  saw.food = Math.max(saw.food, state.food?.size ?? 0);
  saw.bags = Math.max(saw.bags, state.bags.size);
  const measure = (/** @type {number} */ perUnit) => (/** @type {any} */ row) => {
    saw.farthest = Math.max(saw.farthest, Math.hypot(row.x / perUnit - own.x / 32, row.y / perUnit - own.y / 32));
  };
  state.walkers.forEach(measure(32));
  state.food?.forEach(measure(8));
  state.rocks?.forEach(measure(8));
}

/** @returns {boolean} whether all has been seen */
function convinced() {
  const enough = saw.moved > 1 && saw.own > 2;
  return enough && (game === "world" ? saw.food > 0 && saw.bags === 1 && saw.patches > 60 : saw.shots > 0);
}

room.onStateChange(look);
// Ahead and to the right, with fire or at a run.
const steering = setInterval(() => room.sendBytes(0, new Uint8Array([2 | (2 << 2) | 16])), 50);
const until = Date.now() + WAIT;
while (!convinced() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
clearInterval(steering);

console.log(JSON.stringify(saw));
const enough = convinced() && saw.farthest <= FAR;
await room.leave();
process.exit(enough ? 0 : 1);

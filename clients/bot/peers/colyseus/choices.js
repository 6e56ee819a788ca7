// Measures ways to write the arena's schema: node choices.js prints the bytes of a patch and what it costs to copy the match
// into the state and to encode it, while 64 ships fly and shoot. Each way plays the same match.

import { Encoder, schema, t } from "@colyseus/schema";

import { Mirror } from "./arena/mirror.js";
import { Arena } from "./arena/rules.js";
import { CELL, UNIT } from "./arena/ship.js";
import { Rand } from "./rand.js";

const SHIPS = 64;
const WARM = 400;
const TICKS = 4000;

/**
 * One way to write the schema.
 * @typedef {object} Way
 * @property {any} state
 * @property {(ship: import("./arena/ship.js").Ship) => void} add
 * @property {(arena: Arena) => void} update
 * @property {(shot: import("./arena/shot.js").Shot) => void} fired
 * @property {(shot: import("./arena/shot.js").Shot) => void} ended
 */

/** The way that is used. @returns {Way} */
function chosen() {
  const mirror = new Mirror();
  return {
    state: mirror.state,
    add: (ship) => mirror.add(String(ship.id), "x", ship),
    update: () => mirror.update(),
    fired: (shot) => mirror.fired(shot),
    ended: (shot) => mirror.ended(shot),
  };
}

// What all ways but the chosen one keep with the ship; that has the scores with the pilot.
const REST = { hp: t.uint8(), shield: t.boolean(), score: t.uint16(), deaths: t.uint16() };

/**
 * @param {any} row
 * @param {import("./arena/ship.js").Ship} ship
 */
function copyRest(row, ship) {
  row.hp = ship.hp;
  row.shield = ship.shield;
  row.score = ship.score;
  row.deaths = ship.deaths;
}

const span = (/** @type {number} */ units) => t.quantized({ min: -units, max: units });
const units = (/** @type {number} */ length) => length / UNIT;
const cells = (/** @type {number} */ length) => length >> 5;

/**
 * Ships with places of some type, and shots that are told every tick.
 * @param {() => any} x
 * @param {() => any} y
 * @param {() => any} angle
 * @param {(length: number) => number} place
 * @returns {Way}
 */
function plain(x, y, angle, place) {
  const ShipRow = schema({ x: x(), y: y(), angle: angle(), ...REST });
  const ShotRow = schema({ x: x(), y: y() });
  const State = schema({ ships: t.map(ShipRow), shots: t.map(ShotRow) });
  const state = new State();
  const rows = new Map();
  let fired = 0;
  return {
    state,
    add(ship) {
      const row = new ShipRow();
      rows.set(ship, row);
      state.ships.set(String(ship.id), row);
    },
    update(arena) {
      for (const ship of arena.ships) {
        const row = rows.get(ship);
        row.x = place(ship.x);
        row.y = place(ship.y);
        row.angle = ship.angle;
        copyRest(row, ship);
      }
      for (const shot of arena.shots) {
        shot.row.x = place(shot.x);
        shot.row.y = place(shot.y);
      }
    },
    fired(shot) {
      shot.row = new ShotRow();
      Object.assign(shot.row, { x: place(shot.x), y: place(shot.y), key: String(++fired) });
      state.shots.set(shot.row.key, shot.row);
    },
    ended: (shot) => void state.shots.delete(shot.row.key),
  };
}

/**
 * The chosen way with another type for ships' places.
 * @param {any} Row
 * @param {(row: any, ship: any) => void} copy
 * @returns {Way}
 */
function likeChosen(Row, copy) {
  const base = chosen();
  const State = schema({ ships: t.map(Row), rest: t.ref(/** @type {any} */ (base.state.constructor)) });
  const state = /** @type {any} */ (new State());
  state.rest = base.state;
  const rows = new Map();
  return {
    ...base,
    state,
    add(ship) {
      const row = new Row();
      rows.set(ship, row);
      copy(row, ship);
      state.ships.set(String(ship.id), row);
    },
    update(arena) {
      for (const ship of arena.ships) copy(rows.get(ship), ship);
    },
  };
}

/** @type {Record<string, () => Way>} */
const ways = {
  "int16 and uint8, shots reckoned by clients (chosen)": chosen,
  "the same with quantized places": () =>
    likeChosen(
      schema({ x: span(48), y: span(30), angle: t.angle({ bits: 8 }), ...REST }),
      (row, ship) => {
        row.x = units(ship.x);
        row.y = units(ship.y);
        row.angle = (ship.angle * Math.PI) / 128;
        copyRest(row, ship);
      },
    ),
  "the same with place and angle packed by hand into one uint32": () =>
    likeChosen(schema({ pose: t.uint32(), ...REST }), (row, ship) => {
      row.pose = ((ship.x / CELL + 2048) * 4096 + ship.y / CELL + 2048) * 64 + (ship.angle >> 2);
      copyRest(row, ship);
    }),
  "int16 and uint8, shots told every tick": () => plain(t.int16, t.int16, t.uint8, cells),
  "quantized, shots told every tick": () => plain(() => span(48), () => span(30), t.uint8, units),
  "float32, shots told every tick": () => plain(t.float32, t.float32, t.uint8, units),
  "number, shots told every tick": () => plain(t.number, t.number, t.number, units),
};

/**
 * Plays a match and returns what a patch costs.
 * @param {() => Way} make
 */
function measure(make) {
  const way = make();
  const arena = new Arena(7, { fired: way.fired, ended: way.ended, hit() {}, killed() {} });
  for (let i = 1; i <= SHIPS; i++) way.add(arena.join(i));
  const encoder = new Encoder(way.state);
  const rand = new Rand(3);
  let [bytes, micros] = [0, 0];
  for (let tick = 0; tick < WARM + TICKS; tick++) {
    for (const ship of arena.ships) {
      if ((tick + ship.id * 7) % 12 === 0) {
        Object.assign(ship, { thrust: rand.range(-1, 1), turn: rand.range(-1, 1), fire: rand.below(2) === 1 });
      }
    }
    arena.tick();
    const start = performance.now();
    way.update(arena);
    const patch = encoder.encode({ offset: 1 });
    encoder.discardChanges();
    if (tick < WARM) continue;
    micros += (performance.now() - start) * 1000;
    bytes += patch.length;
  }
  return { bytes: bytes / TICKS, micros: micros / TICKS };
}

for (const [name, make] of Object.entries(ways)) {
  const { bytes, micros } = measure(make);
  console.log(`${bytes.toFixed(0).padStart(6)} B ${micros.toFixed(0).padStart(5)} us  ${name}`);
}

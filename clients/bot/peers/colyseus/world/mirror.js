// Copies a world into its schema. A field that is set to what it is already costs no bytes and next to no time.

import { CELL, EIGHTH } from "./land.js";
import { BagRow, FoodRow, MateRow, RockRow, WalkerRow, WorldState } from "./schema.js";
import { SIGHT } from "./sight.js";
import { MAX_SIZE, MIN_SIZE } from "./walker.js";

/** @typedef {import("./walker.js").Walker} Walker */

/**
 * What a player has in the state.
 * @typedef {object} Rows
 * @property {InstanceType<typeof WalkerRow>} walker
 * @property {InstanceType<typeof BagRow>} bag
 * @property {InstanceType<typeof MateRow>} mate
 */

export class Mirror {
  state = new WorldState();
  /** @type {Map<Walker, Rows>} */
  rows = new Map();

  /** @param {import("./rules.js").World} world */
  begin({ land, density }) {
    this.state.size = Math.trunc((2 * land.half) / 1024);
    this.state.minSize = MIN_SIZE;
    this.state.maxSize = MAX_SIZE;
    this.state.sight = SIGHT;
    for (const n of density) this.state.map.push(n);
    land.rocks.forEach((rock, i) => {
      rock.row = new RockRow();
      rock.row.x = rock.x / EIGHTH;
      rock.row.y = rock.y / EIGHTH;
      rock.row.radius = rock.radius / EIGHTH;
      this.state.rocks.set(String(i), rock.row);
    });
    for (const food of land.food.values()) this.laid(food);
  }

  /** @param {import("./land.js").Food} food */
  laid(food) {
    food.row = new FoodRow();
    food.row.x = food.x / EIGHTH;
    food.row.y = food.y / EIGHTH;
    food.row.kind = food.kind;
    this.state.food.set(food.id.toString(36), food.row);
  }

  /** @param {import("./land.js").Food} food */
  picked(food) {
    this.state.food.delete(food.id.toString(36));
  }

  /**
   * @param {string} key
   * @param {Walker} walker
   * @returns {Rows}
   */
  add(key, walker) {
    const rows = { walker: new WalkerRow(), bag: new BagRow(), mate: new MateRow() };
    rows.walker.name = rows.mate.name = walker.name;
    rows.walker.band = walker.band?.id ?? 0;
    this.rows.set(walker, rows);
    walker.row = rows.walker;
    this.#copy(walker, rows);
    this.state.walkers.set(key, rows.walker);
    this.state.bags.set(key, rows.bag);
    this.state.mates.set(key, rows.mate);
    return rows;
  }

  /**
   * @param {string} key
   * @param {Walker} walker
   */
  remove(key, walker) {
    walker.gone = true;
    this.rows.delete(walker);
    this.state.walkers.delete(key);
    this.state.bags.delete(key);
    this.state.mates.delete(key);
  }

  /** @param {import("./rules.js").World} world */
  update({ density }) {
    for (const [walker, rows] of this.rows) this.#copy(walker, rows);
    for (let i = 0; i < density.length; i++) {
      if (this.#density[i] !== density[i]) this.state.map[i] = this.#density[i] = density[i];
    }
  }

  /** What the state's map is, as arrays of the schema are slow to read. */
  #density = new Uint8Array(256);

  /**
   * @param {Walker} walker
   * @param {Rows} rows
   */
  #copy(walker, { walker: row, bag, mate }) {
    row.x = walker.x / CELL;
    row.y = walker.y / CELL;
    row.angle = walker.angle;
    row.size = walker.size;
    row.run = walker.run;
    row.away = walker.away;
    bag.berries = walker.bag[0];
    bag.shells = walker.bag[1];
    bag.stones = walker.bag[2];
    bag.swift = walker.swiftSeconds;
    bag.hard = walker.hardSeconds;
    mate.x = walker.mateX;
    mate.y = walker.mateY;
  }
}

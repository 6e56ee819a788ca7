// The world's play, without any server: plain objects. The room copies what clients see into its schema after each tick.

import { Rand } from "../rand.js";
import { Bands, tagOf } from "./band.js";
import { Grid } from "./grid.js";
import { BERRY, CELL, FOOD_RADIUS, KINDS, Land, SHELL, SPARE, toCell, UNIT, within } from "./land.js";
import { ANGLES, MAX_SIZE, MIN_SIZE, radius, RATE, Walker } from "./walker.js";

const BAG_ROOM = 99;
const SWIFT = 4 * RATE;
const HARD = 6 * RATE;
const ROB = 3 * RATE;
const MUCH_BIGGER = 2;
const ROB_PART = 4;
const MATE_TICKS = RATE / 2;
const NEARBY = (8 * UNIT) / CELL;
export const MAP_CELLS = 16;
const MAP_TICKS = RATE;
const MOST_HINT = 15;

/** @typedef {import("./land.js").Food} Food */

/**
 * What the room is told.
 * @typedef {object} Listener
 * @property {(food: Food) => void} laid
 * @property {(walker: Walker, food: Food) => void} picked
 * @property {(by: Walker, target: Walker, taken: number[]) => void} bumped
 */

export class World {
  /** In the order in which they joined. @type {Walker[]} */
  walkers = [];
  /** Where the crowds are, once a second. */
  density = new Uint8Array(MAP_CELLS * MAP_CELLS);
  tick = 0;

  #bands = new Bands();

  /**
   * @param {number} seed
   * @param {{size: number, food: number, rocks: number}} options
   * @param {Listener} listener
   */
  constructor(seed, options, listener) {
    this.rand = new Rand(seed);
    this.listener = listener;
    this.land = new Land(options.size, options, this.rand);
    this.land.laid = listener.laid;
    /** @type {Grid<Walker>} */
    this.crowd = new Grid(this.land.half);
  }

  /**
   * @param {number} id greater than any before
   * @param {string} name
   * @returns {Walker}
   */
  join(id, name) {
    const walker = new Walker(id, name);
    const tag = tagOf(name);
    const friend = this.#bands.enlist(walker, tag);
    if (tag === "" || friend === undefined) {
      [walker.x, walker.y] = this.land.anywhere();
    } else {
      walker.x = friend.x + this.rand.range(-NEARBY, NEARBY) * CELL;
      walker.y = friend.y + this.rand.range(-NEARBY, NEARBY) * CELL;
    }
    this.#settle(walker);
    walker.report();
    this.walkers.push(walker);
    return walker;
  }

  /** @param {Walker} walker */
  leave(walker) {
    this.#bands.discharge(walker);
    this.walkers.splice(this.walkers.indexOf(walker), 1);
  }

  /** Moves the walkers and lets them pick what they touch; then the big ones take from the small. */
  step() {
    this.tick++;
    this.land.refresh();
    for (const walker of this.walkers) {
      if (!walker.away) walker.step((w) => this.#settle(w));
      walker.tire();
      walker.wearOff();
      this.#pick(walker);
    }
    this.crowd.fill(this.walkers);
    this.#rob();
    if (this.tick % MATE_TICKS === 0) for (const walker of this.walkers) walker.report();
    if (this.tick % MAP_TICKS === 0) this.#count();
  }

  /**
   * Eats a piece from the bag.
   * @param {Walker} walker
   * @param {number} kind
   */
  eat(walker, kind) {
    if (!(walker.bag[kind] > 0) || (kind === BERRY && walker.size === MAX_SIZE)) return;
    walker.bag[kind]--;
    if (kind === BERRY) {
      walker.size++;
    } else if (kind === SHELL) {
      walker.swift = SWIFT;
      walker.swiftSeconds = SWIFT / RATE;
    } else {
      walker.hard = HARD;
      walker.hardSeconds = HARD / RATE;
    }
  }

  /**
   * Lays a piece from the bag on the ground, behind the walker.
   * @param {Walker} walker
   * @param {number} kind
   */
  drop(walker, kind) {
    if (!(walker.bag[kind] > 0) || this.land.food.size >= this.land.plenty + SPARE) return;
    walker.bag[kind]--;
    const limit = this.land.half - FOOD_RADIUS;
    const away = radius(walker.size) + FOOD_RADIUS + UNIT / 2;
    let [x, y] = [0, 0];
    for (const turn of [128, 96, 160, 64, 192]) {
      const i = ANGLES.findIndex((angle, at) => angle === ((walker.angle + turn) & 255) && at !== 4);
      x = walker.x + ((i % 3) - 1) * away;
      y = walker.y + (Math.trunc(i / 3) - 1) * away;
      if (within(x, limit) === x && within(y, limit) === y) break;
    }
    this.land.lay(x, y, kind);
  }

  /** @param {Walker} walker to be put where it can be */
  #settle(walker) {
    const r = radius(walker.size);
    const [x, y] = this.land.clear(walker.x, walker.y, r);
    const limit = (this.land.half - r) & ~(CELL - 1);
    walker.x = within(toCell(x), limit);
    walker.y = within(toCell(y), limit);
  }

  /** @param {Walker} walker that gets the oldest piece that it touches and has room for */
  #pick(walker) {
    const reach = radius(walker.size) + FOOD_RADIUS;
    const { x, y, bag } = walker;
    /** @type {Food | undefined} */
    let best;
    this.land.foodGrid.around(x, y, reach, (food) => {
      if (food.gone || (best !== undefined && food.id > best.id)) return;
      const dx = food.x - x;
      const dy = food.y - y;
      if (dx * dx + dy * dy <= reach * reach && bag[food.kind] < BAG_ROOM) best = food;
    });
    if (best === undefined) return;
    bag[best.kind]++;
    this.listener.picked(walker, best);
    this.land.take(best);
  }

  /** Lets those who touch somebody much smaller take a part of each kind. */
  #rob() {
    for (const by of this.crowd.things) {
      if (by.size < MUCH_BIGGER * MIN_SIZE) continue;
      const small = by.size >> 1;
      this.crowd.around(by.x, by.y, radius(by.size) + radius(small), (it) => {
        const reach = radius(by.size) + radius(it.size);
        const dx = it.x - by.x;
        const dy = it.y - by.y;
        if (it.size <= small && dx * dx + dy * dy <= reach * reach) this.#take(by, it);
      });
    }
  }

  /**
   * @param {Walker} by
   * @param {Walker} it
   */
  #take(by, it) {
    if (it.safe > 0 || it.hard > 0 || it.away || by.away) return;
    const taken = [];
    for (let kind = 0; kind < KINDS; kind++) {
      const have = it.bag[kind];
      const room = BAG_ROOM - by.bag[kind];
      taken[kind] = Math.min(Math.trunc((have + ROB_PART - 1) / ROB_PART), room);
    }
    if (taken.every((n) => n === 0)) return;
    taken.forEach((n, kind) => {
      it.bag[kind] = it.bag[kind] - n;
      by.bag[kind] = by.bag[kind] + n;
    });
    it.safe = ROB;
    this.listener.bumped(by, it, taken);
  }

  /** Counts who is where. */
  #count() {
    const { half } = this.land;
    const counts = new Uint16Array(MAP_CELLS * MAP_CELLS);
    const strip = (/** @type {number} */ v) => Math.trunc(((v + half) * MAP_CELLS) / (2 * half));
    for (const { x, y } of this.walkers) counts[strip(y) * MAP_CELLS + strip(x)]++;
    counts.forEach((n, i) => (this.density[i] = Math.min(Math.floor(Math.sqrt(4 * n)), MOST_HINT)));
  }
}

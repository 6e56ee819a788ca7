// Rocks and food of the world: the rules of game/samples/world, in the same integers. Lengths in 1/1024 of a unit.

import { Grid } from "./grid.js";

export const UNIT = 1024;
export const CELL = 32;
export const EIGHTH = UNIT / 8;

const LEAST_ROCK = UNIT;
const MOST_ROCK = 4 * UNIT;
const GAP = 5 * UNIT;
export const FOOD_RADIUS = 3 * EIGHTH;
export const SPARE = 1000;

export const BERRY = 0;
export const SHELL = 1;
export const STONE = 2;
export const KINDS = 3;

/** @typedef {{x: number, y: number, radius: number, row?: any}} Rock */
/** @typedef {{id: number, x: number, y: number, kind: number, gone: boolean, row?: any}} Food */

/** @param {number} v @returns {number} the nearest whole cell */
export const toCell = (v) => (v + CELL / 2) & ~(CELL - 1);

/** @param {number} v @returns {number} the nearest eighth of a unit */
const toEighth = (v) => (v + EIGHTH / 2) & ~(EIGHTH - 1);

/** @param {number} v @param {number} limit @returns {number} v, not beyond the limit on either side of 0 */
export const within = (v, limit) => Math.min(Math.max(v, -limit), limit);

export class Land {
  /** @type {Rock[]} */
  rocks = [];
  /** By ID, oldest first. @type {Map<number, Food>} */
  food = new Map();
  /** @type {(food: Food) => void} */
  laid = () => {};

  #ids = 0;
  #moved = true;

  /**
   * @param {number} size units
   * @param {{food: number, rocks: number}} counts
   * @param {import("../rand.js").Rand} rand
   */
  constructor(size, counts, rand) {
    this.half = (size * UNIT) / 2;
    this.plenty = counts.food;
    this.rand = rand;
    /** @type {Grid<Rock>} */
    this.rockGrid = new Grid(this.half);
    /** @type {Grid<Food>} */
    this.foodGrid = new Grid(this.half);
    this.#layRocks(counts.rocks);
    this.rockGrid.fill(this.rocks);
    for (let i = 0; i < counts.food; i++) this.scatter();
  }

  /** Brings the grid of food up to date. */
  refresh() {
    if (this.#moved) this.foodGrid.fill([...this.food.values()]);
    this.#moved = false;
  }

  /** @param {number} count at most one in each field of a board, so that all of them are apart */
  #layRocks(count) {
    let fields = 1;
    while (fields * fields * 4 < count * 5) fields++;
    const side = Math.trunc((2 * this.half - GAP) / fields);
    const most = Math.min(MOST_ROCK, Math.trunc((side - GAP) / 2));
    if (most < LEAST_ROCK) return;
    for (let i = 0, left = fields * fields; left > 0; i++, left--) {
      if (this.rand.below(left) >= count) continue;
      count--;
      const radius = this.#eighths(LEAST_ROCK, most);
      const room = Math.trunc((side - GAP) / 2) - radius;
      const middle = GAP / 2 - this.half + Math.trunc(side / 2); // of the first field
      const x = toEighth(middle + side * (i % fields)) + this.#eighths(-room, room);
      const y = toEighth(middle + side * Math.trunc(i / fields)) + this.#eighths(-room, room);
      this.rocks.push({ x, y, radius });
    }
  }

  /** @param {number} low @param {number} high @returns {number} a length between two, drawn by lot */
  #eighths(low, high) {
    return this.rand.range(Math.trunc(low / EIGHTH), Math.trunc(high / EIGHTH)) * EIGHTH;
  }

  /** @returns {[number, number]} a place drawn by lot */
  anywhere() {
    const most = Math.trunc(this.half / CELL) - 1;
    const x = this.rand.range(-most, most) * CELL;
    return [x, this.rand.range(-most, most) * CELL];
  }

  /** Puts a new piece of food somewhere. */
  scatter() {
    const [x, y] = this.anywhere();
    const n = this.rand.below(20);
    this.lay(x, y, n >= 17 ? STONE : n >= 12 ? SHELL : BERRY);
  }

  /** @param {number} x @param {number} y @param {number} kind */
  lay(x, y, kind) {
    [x, y] = this.clear(x, y, FOOD_RADIUS);
    const limit = this.half - FOOD_RADIUS;
    const id = ++this.#ids;
    const food = { id, x: toEighth(within(x, limit)), y: toEighth(within(y, limit)), kind, gone: false };
    this.food.set(id, food);
    this.#moved = true;
    this.laid(food);
  }

  /** @param {Food} food that somebody has picked; it comes back elsewhere, unless there is enough */
  take(food) {
    food.gone = true;
    this.food.delete(food.id);
    this.#moved = true;
    if (this.food.size < this.plenty) this.scatter();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @returns {[number, number]} the place nearest to a circle's middle where the circle touches no rock
   */
  clear(x, y, r) {
    let [clearX, clearY] = [x, y];
    this.rockGrid.around(x, y, r + MOST_ROCK, (rock) => {
      const dx = x - rock.x;
      const dy = y - rock.y;
      const apart = r + rock.radius;
      const square = dx * dx + dy * dy;
      if (square >= apart * apart) return false;
      const distance = Math.floor(Math.sqrt(square));
      if (distance === 0) {
        clearX = x + apart;
      } else {
        clearX = rock.x + Math.trunc((dx * apart) / distance);
        clearY = rock.y + Math.trunc((dy * apart) / distance);
      }
      return true;
    });
    return [clearX, clearY];
  }
}

/**
 * Reads a number such as 10 or 1.5, in thousandths.
 * @param {unknown} text
 * @param {number} least
 * @param {number} most
 * @param {number} otherwise
 */
function thousandths(text, least, most, otherwise) {
  const [, whole, part = ""] = /^([0-9]+)(?:\.([0-9]*))?$/.exec(String(text ?? "")) ?? [];
  if (whole === undefined) return otherwise;
  return Math.min(Math.max(Number(whole) * 1000 + Number(`${part}000`.slice(0, 3)), least), most);
}

/**
 * What a room is made with.
 * @param {{size?: unknown, food?: unknown, rocks?: unknown}} options
 */
export function readOptions(options) {
  const size = Math.trunc(thousandths(options.size, 64_000, 2_048_000, 512_000) / 1000);
  const pieces = (/** @type {number} */ density) => Math.trunc((size * size * density) / 1_000_000);
  return {
    size,
    food: Math.min(pieces(thousandths(options.food, 0, 50_000, 10_000)), 16_384),
    rocks: Math.min(pieces(thousandths(options.rocks, 0, 4_000, 1_500)), 4_096),
  };
}

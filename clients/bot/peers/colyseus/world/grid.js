// Finds what is near a place: things by the field that they are in, fields from left to right, then down, and within a field
// in the order in which they were added. So the fields between two of a row are one slice.

const FIELD_BITS = 14; // fields are squares of 16 units

/**
 * @typedef {object} Thing
 * @property {number} x
 * @property {number} y
 */

/** @template {Thing} T */
export class Grid {
  /** @type {T[]} */
  things = [];
  #half;
  #side;
  /** Where each field begins in things, and the end. */
  #starts;

  /** @param {number} half of the world's side */
  constructor(half) {
    this.#half = half;
    this.#side = ((2 * half) >> FIELD_BITS) + 1;
    this.#starts = new Uint32Array(this.#side * this.#side + 1);
  }

  /** @param {T[]} things what is in it from now on */
  fill(things) {
    const starts = this.#starts.fill(0);
    for (const thing of things) starts[this.#field(thing.y) * this.#side + this.#field(thing.x)]++;
    let sum = 0;
    for (let i = 0; i < starts.length; i++) starts[i] = sum += starts[i];
    this.things.length = things.length;
    for (let i = things.length - 1; i >= 0; i--) {
      const thing = things[i];
      this.things[--starts[this.#field(thing.y) * this.#side + this.#field(thing.x)]] = thing;
    }
  }

  /**
   * Calls back for all that may be within reach of a point, until that returns true.
   * @param {number} x
   * @param {number} y
   * @param {number} reach
   * @param {(thing: T) => boolean | void} each
   */
  around(x, y, reach, each) {
    const left = this.#field(x - reach);
    const right = this.#field(x + reach);
    const bottom = this.#field(y + reach);
    for (let row = this.#field(y - reach); row <= bottom; row++) {
      const end = this.#starts[row * this.#side + right + 1];
      for (let i = this.#starts[row * this.#side + left]; i < end; i++) {
        if (each(this.things[i])) return;
      }
    }
  }

  /** @param {number} v */
  #field(v) {
    return Math.min(Math.max(v + this.#half, 0) >> FIELD_BITS, this.#side - 1);
  }
}

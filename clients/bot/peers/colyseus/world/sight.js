// What one client sees of the world: a StateView that follows its walker.

import { StateView } from "@colyseus/schema";

import { UNIT } from "./land.js";

/** How far walkers see, in units; and how far away something is when they lose it. */
export const SIGHT = 32;
const ENTER = SIGHT * UNIT;
const LEAVE = 36 * UNIT;

/** @typedef {{x: number, y: number, gone?: boolean, row?: any}} Thing what has a row */

export class Sight {
  view = new StateView();
  /** @type {Thing[]} */
  #seen = [];

  /**
   * Adds what is always seen: the own walker and bag.
   * @param {import("./walker.js").Walker} walker
   * @param {any} bag
   */
  own(walker, bag) {
    this.view.add(bag);
    this.view.add(walker.row);
    this.#seen.push(walker);
  }

  /**
   * Brings the view up to date with what is near.
   * @param {import("./rules.js").World} world
   * @param {import("./walker.js").Walker} walker
   */
  update(world, walker) {
    const { view } = this;
    const { x, y } = walker;
    const seen = this.#seen;
    let kept = 0;
    for (const thing of seen) {
      if (thing.gone) continue; // its row has left the state, and so all views
      const dx = thing.x - x;
      const dy = thing.y - y;
      if (dx * dx + dy * dy <= LEAVE * LEAVE) seen[kept++] = thing;
      else view.remove(thing.row);
    }
    seen.length = kept;
    const each = (/** @type {Thing} */ thing) => {
      const dx = thing.x - x;
      const dy = thing.y - y;
      if (dx * dx + dy * dy > ENTER * ENTER || thing.gone || view.has(thing.row)) return;
      view.add(thing.row);
      seen.push(thing);
    };
    world.crowd.around(x, y, ENTER, each);
    world.land.foodGrid.around(x, y, ENTER, each);
    world.land.rockGrid.around(x, y, ENTER, each);
  }
}

// Who goes with whom: players by the beginning of their names, all others as they join.

const SIZE = 8;

/** @typedef {import("./walker.js").Walker} Walker */

export class Band {
  /** @type {(Walker | undefined)[]} */
  members = Array.from({ length: SIZE }, () => undefined);

  /**
   * @param {number} id
   * @param {string} tag
   */
  constructor(id, tag) {
    this.id = id;
    this.tag = tag;
  }
}

export class Bands {
  /** @type {Band[]} */
  #all = [];
  #ids = 0;

  /**
   * Puts a walker into the oldest band of a name that has room, or into a new one.
   * @param {Walker} walker
   * @param {string} tag
   * @returns {Walker | undefined} one who is there
   */
  enlist(walker, tag) {
    for (const band of this.#all) {
      if (band.tag !== tag) continue;
      let friend;
      for (let i = 0; i < SIZE; i++) {
        if (band.members[i] === undefined) {
          band.members[i] = walker;
          walker.band = band;
          return friend;
        }
        friend = band.members[i];
      }
    }
    walker.band = new Band(++this.#ids, tag);
    walker.band.members[0] = walker;
    this.#all.push(walker.band);
    return undefined;
  }

  /** @param {Walker} walker */
  discharge(walker) {
    const { band } = walker;
    if (band === undefined) return;
    band.members[band.members.indexOf(walker)] = undefined;
    if (band.members.every((member) => member === undefined)) this.#all.splice(this.#all.indexOf(band), 1);
  }
}

/** @param {string} name @returns {string} the band that a player wants to be in; "" for any */
export function tagOf(name) {
  return /^\[([^\]]{0,16})\]/.exec(name)?.[1] ?? "";
}

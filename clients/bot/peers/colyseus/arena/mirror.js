// Copies a match into its schema. A field that is set to what it is already costs no bytes and next to no time.

import { CELL, HEIGHT, MAX_HP, WIDTH } from "./ship.js";
import { ArenaState, PilotRow, ShipRow, ShotRow } from "./schema.js";

/** @typedef {import("./ship.js").Ship} Ship */
/** @typedef {import("./shot.js").Shot} Shot */
/** @typedef {InstanceType<typeof ShipRow>} ShipRowType */
/** @typedef {InstanceType<typeof PilotRow>} PilotRowType */
/** @typedef {InstanceType<typeof ShotRow>} ShotRowType */

export class Mirror {
  state = new ArenaState();

  /** @type {Map<Ship, {ship: ShipRowType, pilot: PilotRowType}>} */
  #rows = new Map();
  /** @type {ShotRowType[]} */
  #free = [];

  constructor() {
    this.state.width = WIDTH;
    this.state.height = HEIGHT;
    this.state.maxHP = MAX_HP;
    this.state.tick = 0;
  }

  /**
   * @param {string} key
   * @param {string} name
   * @param {Ship} ship
   */
  add(key, name, ship) {
    const rows = { ship: new ShipRow(), pilot: new PilotRow() };
    rows.pilot.name = name;
    rows.pilot.number = ship.id;
    this.#rows.set(ship, rows);
    this.#copy(ship, rows);
    this.state.ships.set(key, rows.ship);
    this.state.pilots.set(key, rows.pilot);
  }

  /**
   * @param {string} key
   * @param {Ship} ship
   */
  remove(key, ship) {
    this.#rows.delete(ship);
    this.state.ships.delete(key);
    this.state.pilots.delete(key);
  }

  /** @param {Shot} shot */
  fired(shot) {
    let row = this.#free.pop();
    if (row === undefined) {
      row = new ShotRow();
      this.#place(shot, row);
      this.state.shots.push(row);
    } else {
      this.#place(shot, row);
    }
    shot.row = row;
  }

  /** @param {Shot} shot */
  ended(shot) {
    shot.row.live = false;
    this.#free.push(shot.row);
  }

  /** Copies all ships. */
  update() {
    this.state.tick++;
    for (const [ship, rows] of this.#rows) this.#copy(ship, rows);
  }

  /**
   * @param {Ship} ship
   * @param {{ship: ShipRowType, pilot: PilotRowType}} rows
   */
  #copy(ship, { ship: row, pilot }) {
    row.x = ship.x / CELL;
    row.y = ship.y / CELL;
    row.angle = ship.angle;
    row.hp = ship.hp;
    row.shield = ship.shield;
    pilot.score = ship.score;
    pilot.deaths = ship.deaths;
    pilot.away = ship.away;
  }

  /**
   * @param {Shot} shot
   * @param {ShotRowType} row
   */
  #place(shot, row) {
    row.x = (shot.x + CELL / 2) >> 5;
    row.y = (shot.y + CELL / 2) >> 5;
    row.angle = shot.angle;
    row.live = true;
    row.born = this.state.tick;
  }
}

// The arena's match, without any server: plain objects, which are the fastest state there is in JavaScript. The room
// copies what clients see into its schema after each tick.

import { Rand } from "../rand.js";
import { COOLDOWN, cos, RADIUS, RESPAWN, Ship, sin } from "./ship.js";
import { Shot } from "./shot.js";

const SHOT_SPEED = 1408;

/**
 * What the room is told.
 * @typedef {object} Listener
 * @property {(shot: Shot) => void} fired
 * @property {(shot: Shot) => void} ended
 * @property {(target: Ship, by: Ship | undefined) => void} hit
 * @property {(victim: Ship, killer: Ship | undefined) => void} killed
 */

export class Arena {
  /** In the order in which they joined. @type {Ship[]} */
  ships = [];
  /** In the order in which they were fired. @type {Shot[]} */
  shots = [];

  /** @type {Ship[]} */
  #targets = [];

  /**
   * @param {number} seed
   * @param {Listener} listener
   */
  constructor(seed, listener) {
    this.rand = new Rand(seed);
    this.listener = listener;
  }

  /**
   * @param {number} id greater than any before
   * @returns {Ship}
   */
  join(id) {
    const ship = new Ship(id);
    ship.spawn(this.rand);
    this.ships.push(ship);
    return ship;
  }

  /** @param {Ship} ship whose shots fly on */
  leave(ship) {
    this.ships.splice(this.ships.indexOf(ship), 1);
  }

  /** Moves the ships, then the shots: a shot hits where a ship is now. */
  tick() {
    for (const ship of this.ships) {
      if (ship.hp > 0) this.#play(ship);
      else if (ship.wait > 0) ship.wait--;
      else ship.spawn(this.rand);
    }
    this.#targets.length = 0;
    for (const ship of this.ships) if (ship.hp > 0) this.#targets.push(ship);
    let kept = 0;
    for (let i = 0; i < this.shots.length; i++) {
      const shot = this.shots[i];
      const ship = shot.first(this.#targets);
      if (ship !== undefined) this.#strike(shot, ship);
      if (ship === undefined && shot.fly()) this.shots[kept++] = shot;
      else this.listener.ended(shot);
    }
    this.shots.length = kept;
  }

  /** @param {Ship} ship */
  #play(ship) {
    let { thrust, turn, fire } = ship;
    if (ship.away) ({ thrust, turn, fire } = this.#dodge(ship));
    ship.fly(thrust, turn);
    ship.tire();
    if (!fire || ship.cooldown > 0) return;
    ship.cooldown = COOLDOWN;
    ship.shield = false;
    const shot = new Shot(ship);
    this.shots.push(shot);
    this.listener.fired(shot);
  }

  /**
   * @param {Shot} shot
   * @param {Ship} ship
   */
  #strike(shot, ship) {
    if (ship.shield) return;
    const by = this.ships.find((s) => s.id === shot.owner);
    this.listener.hit(ship, by);
    if (ship.hp > 1) {
      ship.hp--;
      return;
    }
    ship.hp = 0;
    ship.wait = RESPAWN;
    ship.vx = ship.vy = 0;
    ship.deaths++;
    if (by !== undefined) by.score++;
    this.listener.killed(ship, by);
  }

  /**
   * Flies the ship of a player who is away: it slips out of the way of the nearest shot that comes at it.
   * @param {Ship} ship
   */
  #dodge(ship) {
    let nearest = 2 ** 62;
    let thrust = 0;
    let turn = 0;
    for (const shot of this.shots) {
      const x = ship.x - shot.x;
      const y = ship.y - shot.y;
      let { vx, vy } = shot;
      const ahead = x * vx + y * vy;
      const aside = x * vy - y * vx;
      const margin = 2 * RADIUS * SHOT_SPEED;
      if (shot.owner === ship.id || ahead < 0 || ahead >= nearest || aside > margin || aside < -margin) continue;
      nearest = ahead;
      if (aside < 0) {
        vx = -vx;
        vy = -vy;
      }
      let [gx, gy] = [vy, -vx];
      const dx = cos(ship.angle);
      const dy = sin(ship.angle);
      thrust = turn = 1;
      if (gx * dx + gy * dy < 0) [thrust, gx, gy] = [-1, -gx, -gy];
      if (dx * gy - dy * gx < 0) turn = -1;
    }
    return { thrust, turn, fire: false };
  }
}
